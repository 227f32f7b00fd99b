package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * What the peer's SYN has offered and the flow's settings accept.
 *
 * @param peerMssBytes the MSS option, or {@link TcpOptions#ABSENT}
 * @param peerScale shift of the peer's windows, or {@link TcpOptions#ABSENT} if scaling is not in use
 * @param timestamps in every segment (RFC 7323)
 * @param sackPermitted in both directions (RFC 2018, 2)
 * @param ecn RFC 3168, 6.1.1
 */
record Negotiation(int peerMssBytes, int peerScale, boolean timestamps, boolean sackPermitted, boolean ecn) {

    /** Before the peer's SYN has come. */
    static final Negotiation NONE = new Negotiation(TcpOptions.ABSENT, TcpOptions.ABSENT, false, false, false);

    /** The peer's SYN answers ours, which has asked for ECN if {@code ecnAsked}. */
    static Negotiation ofActive(final TcpConfig config, final TcpSegment syn, final boolean ecnAsked) {
        // Without ACK the SYNs have crossed, and the peer's asks too.
        final int agreement = syn.has(ACK) ? ECE : ECE | CWR;
        return of(config, syn.options(), ecnAsked && (syn.flags() & (ECE | CWR)) == agreement);
    }

    /** The peer's SYN comes to a listener. */
    static Negotiation ofPassive(final TcpConfig config, final TcpSegment syn) {
        final boolean asked = (syn.flags() & (ECE | CWR)) == (ECE | CWR);
        // RFC 3168, 6.1.1: a SYN must not be marked as ECN-capable; one that is was made so on the way.
        final boolean genuine = syn.ecnCodePoint() == TcpSegment.ECN_NOT_ECT;
        final boolean agreed = config.congestionControl().requiresEcn() || config.is(TcpSetting.ECN) && genuine;
        return of(config, syn.options(), asked && agreed);
    }

    private static Negotiation of(final TcpConfig config, final TcpOptions offered, final boolean ecn) {
        return new Negotiation(offered.mssBytes(),
                config.is(TcpSetting.WINDOW_SCALING) ? offered.windowScale() : TcpOptions.ABSENT,
                config.is(TcpSetting.TIMESTAMPS) && offered.hasTimestamps(),
                config.is(TcpSetting.SACK) && offered.sackPermitted(), ecn);
    }

    /** What our own SYN asks for. */
    static Negotiation asked(final TcpConfig config, final boolean ecn) {
        return new Negotiation(TcpOptions.ABSENT, config.is(TcpSetting.WINDOW_SCALING) ? 0 : TcpOptions.ABSENT,
                config.is(TcpSetting.TIMESTAMPS), config.is(TcpSetting.SACK), ecn);
    }

    boolean scaling() {
        return peerScale != TcpOptions.ABSENT;
    }

    /** Writes the options of our SYN or SYN,ACK, in the order of Linux. */
    void putOptions(final SegmentWriter writer, final int mssBytes, final int windowScale, final int timestampValue,
            final int timestampEcho) {
        writer.mssOption(mssBytes);
        if (timestamps && sackPermitted) {
            writer.sackPermittedAndTimestampsOption(timestampValue, timestampEcho);
        } else if (timestamps) {
            writer.timestampsOption(timestampValue, timestampEcho);
        } else if (sackPermitted) {
            writer.sackPermittedOption();
        }
        if (scaling()) {
            writer.windowScaleOption(windowScale);
        }
    }

    /** See {@link ConnectionImage}. */
    Negotiation keep(final ConnectionImage image) {
        return new Negotiation(image.of(peerMssBytes), image.of(peerScale), image.of(timestamps),
                image.of(sackPermitted), image.of(ecn));
    }
}
