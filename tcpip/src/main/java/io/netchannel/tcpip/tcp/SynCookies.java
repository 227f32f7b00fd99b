package io.netchannel.tcpip.tcp;

/**
 * Handshakes that the peer remembers for us (RFC 4987, 3.6): what the SYN said is in the numbers of our SYN,ACK, which
 * come back with the ACK.
 *
 * <pre>
 *  sequence number = H0(flow) + the peer's + minute &lt;&lt; 24 + (H1(flow, minute, the peer's) + MSS index) mod 2^24
 *
 *  TSval, less the flow's offset:   31                    6   5     4    3      0
 *                                  +----------------------+-----+------+--------+
 *                                  |    clock, rounded    | ECN | SACK | wscale |   wscale 15: none
 *                                  +----------------------+-----+------+--------+
 * </pre>
 * A number is good for two minutes; the key of H1 changes every 64, H0's stays, so that numbers of one flow go on.
 * H1 knows the peer's number, as Linux's does not: where both sides have sent equally much, as in an echo, each later ACK has
 * the handshake's difference, and one that comes late would open its flow again.
 * Without timestamps only the MSS survives. The MSS is rounded down to one of four.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SynCookies {

    /** {@link #mssOf}: not a number of ours, or too old. */
    static final int INVALID = -1;
    /** How long after a cookie was sent its ACK may come. */
    static final long LIFETIME_NS = 120_000_000_000L;

    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int MAX_AGE_MINUTES = 2;
    private static final int MINUTES_PER_KEY_SHIFT = 6;
    private static final int HASH_BITS = 24;
    private static final int HASH_MASK = (1 << HASH_BITS) - 1;
    private static final int[] IPV4_MSS = {536, 1300, 1440, 1460};
    private static final int[] IPV6_MSS = {1220, 1420, 1440, 8940};

    private static final int OPTION_BITS = 6;
    private static final int OPTION_MASK = (1 << OPTION_BITS) - 1;
    private static final int NO_SCALING = 15;
    private static final int SACK = 1 << 4;
    private static final int ECN = 1 << 5;

    private final IsnGenerator random;
    private final SipHash base;
    private SipHash current;
    private SipHash previous;
    private long generation;

    SynCookies(final IsnGenerator random) {
        this.random = random;
        this.base = newHash();
        this.current = newHash();
        this.previous = current;
    }

    private SipHash newHash() {
        return new SipHash(random.nextRandom(), random.nextRandom());
    }

    private static long hash(final SipHash hash, final TcpSegment segment, final long minute) {
        return hash.hash(segment.destinationHigh(), segment.destinationLow(), segment.sourceHigh(),
                segment.sourceLow(),
                minute << 32 | (long) segment.destinationPort() << 16 | segment.sourcePort());
    }

    private int low(final TcpSegment segment, final int peerSequence, final long minute) {
        final SipHash key = keyOf(minute);
        return (int) key.hash(hash(key, segment, minute), peerSequence, 0, 0, 0);
    }

    private SipHash keyOf(final long minute) {
        return minute >>> MINUTES_PER_KEY_SHIFT == generation ? current : previous;
    }

    private long minute(final long nowNs) {
        final long minute = nowNs / MINUTE_NS;
        if (minute >>> MINUTES_PER_KEY_SHIFT != generation) {
            generation = minute >>> MINUTES_PER_KEY_SHIFT;
            previous = current;
            current = newHash();
        }
        return minute;
    }

    private static int[] table(final TcpSegment segment) {
        return segment.sourceHigh() == 0 ? IPV4_MSS : IPV6_MSS;
    }

    /** The number of our SYN,ACK. */
    int initialSequence(final TcpSegment syn, final Negotiation negotiation, final long nowNs) {
        final int[] table = table(syn);
        int index = table.length - 1;
        while (index > 0 && negotiation.peerMssBytes() < table[index]) {
            index--;
        }
        final long minute = minute(nowNs);
        final int low = low(syn, syn.sequence(), minute) + index & HASH_MASK;
        return (int) hash(base, syn, 0) + syn.sequence() + ((int) minute << HASH_BITS) + low;
    }

    /** The peer's MSS, from the segment that acknowledges a cookie; or {@link #INVALID}. */
    int mssOf(final TcpSegment ack, final long nowNs) {
        final int peerSequence = SeqNum.add(ack.sequence(), -1);
        final int cookie = SeqNum.add(ack.acknowledgment(), -1) - (int) hash(base, ack, 0) - peerSequence;
        final long now = minute(nowNs);
        final int age = (int) now - (cookie >>> HASH_BITS) & 0xFF;
        if (age >= MAX_AGE_MINUTES || age > now) {
            return INVALID;
        }
        final long minute = now - age;
        final int index = cookie - low(ack, peerSequence, minute) & HASH_MASK;
        final int[] table = table(ack);
        return index < table.length ? table[index] : INVALID;
    }

    /** TSval of our SYN,ACK: not later than {@code value}, the clock's. */
    static int timestampValue(final int value, final int offset, final Negotiation negotiation) {
        final int clock = value - offset;
        final int options = (negotiation.scaling() ? negotiation.peerScale() : NO_SCALING)
                | (negotiation.sackPermitted() ? SACK : 0) | (negotiation.ecn() ? ECN : 0);
        final int rounded = clock & ~OPTION_MASK | options;
        return (SeqNum.greaterThan(rounded, clock) ? rounded - (1 << OPTION_BITS) : rounded) + offset;
    }

    /**
     * What was negotiated, from the ACK.
     *
     * @param offset of the flow's timestamps
     * @return null if it is more than {@code config} allows, so that the echo can't be ours
     */
    static Negotiation negotiationOf(final TcpConfig config, final TcpSegment ack, final int mssBytes,
            final int offset) {
        if (!ack.options().hasTimestamps()) {
            return new Negotiation(mssBytes, TcpOptions.ABSENT, false, false, false);
        }
        final int bits = ack.options().timestampEcho() - offset & OPTION_MASK;
        final boolean sack = (bits & SACK) != 0;
        final boolean scaling = (bits & NO_SCALING) != NO_SCALING;
        if (!config.is(TcpSetting.TIMESTAMPS) || sack && !config.is(TcpSetting.SACK)
                || scaling && !config.is(TcpSetting.WINDOW_SCALING)) {
            return null;
        }
        final boolean ecnAllowed = config.is(TcpSetting.ECN) || config.congestionControl().requiresEcn();
        return new Negotiation(mssBytes, scaling ? bits & NO_SCALING : TcpOptions.ABSENT, true, sack,
                ecnAllowed && (bits & ECN) != 0);
    }
}
