package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.TcpInfo.Field;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;
import io.netchannel.tcpip.tcp.recovery.RttEstimator;

/**
 * The sender's fields of {@link TcpInfo}, in Linux's units.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SenderInfo {

    private static final long UNLIMITED = -1;

    private final TcpSender sender;
    private final SendParts parts;
    private final Flight flight;
    private final Transmission transmission;
    private final FlowSettings settings;
    private int timeouts;
    private int timeoutRecoveries;
    private long timeoutNs;
    private long timeoutSinceNs;
    private boolean timedOut;

    SenderInfo(final TcpSender sender, final SendParts parts, final Transmission transmission,
            final FlowSettings settings) {
        this.sender = sender;
        this.parts = parts;
        this.flight = parts.flight;
        this.transmission = transmission;
        this.settings = settings;
    }

    /** @param first of a series */
    void onTimeout(final boolean first, final long nowNs) {
        timeouts++;
        if (first) {
            timeoutRecoveries++;
            timeoutSinceNs = nowNs;
            timedOut = true;
        }
    }

    /** An acknowledgment was processed: maybe it has ended what a timeout began. */
    void onAcknowledgment(final long nowNs) {
        if (timedOut && flight.state() != CaState.LOSS) {
            timedOut = false;
            timeoutNs += nowNs - timeoutSinceNs;
        }
    }

    void fill(final TcpInfo into, final long nowNs) {
        final boolean probing = parts.timer.purpose() == Purpose.WINDOW_PROBE || parts.windowProbe.backoff() > 0;
        into.set(Field.CA_STATE, flight.state().ordinal());
        // On top of what the handshake and keepalives have told.
        into.set(Field.RETRANSMITS, into.get(Field.RETRANSMITS) + flight.retransmits());
        into.set(Field.PROBES, into.get(Field.PROBES) + parts.windowProbe.probes());
        into.set(Field.BACKOFF, probing ? parts.windowProbe.backoff() : parts.rtt.backoff());
        into.set(Field.SND_WSCALE, parts.window.scale());
        into.set(Field.SND_MSS, sender.mssBytes());
        into.set(Field.UNACKED, flight.packetsOut());
        into.set(Field.SACKED, flight.sackedOut());
        into.set(Field.LOST, flight.lostOut());
        into.set(Field.RETRANS, flight.retransmittedOut());
        into.set(Field.LAST_DATA_SENT, ms(nowNs - flight.lastSentNs()));
        into.set(Field.REORDERING, flight.reordering().segments());
        // On top of what the handshake has told.
        into.set(Field.TOTAL_RETRANS, into.get(Field.TOTAL_RETRANS) + flight.totalRetransmits());
        into.set(Field.REORD_SEEN, flight.reordering().seen());
        into.set(Field.DSACK_DUPS, flight.duplicatesReported());
        into.set(Field.SND_WND, parts.window.bytes());
        fillWindow(into);
        fillTotals(into, nowNs);
    }

    private void fillWindow(final TcpInfo into) {
        final RttEstimator rtt = parts.rtt;
        final CongestionWindow window = flight.window();
        into.set(Field.RTO, us(rtt.rtoNs()));
        into.set(Field.RTT, us(rtt.smoothedNs()));
        into.set(Field.RTTVAR, us(rtt.deviationNs()) >> 2);
        into.set(Field.MIN_RTT, rtt.minimumNs() == Long.MAX_VALUE ? 0xFFFF_FFFFL : us(rtt.minimumNs()));
        into.set(Field.SND_CWND, window.segments());
        into.set(Field.SND_SSTHRESH, window.thresholdSegments());
        into.set(Field.PACING_RATE, parts.pacing.rate());
        into.set(Field.MAX_PACING_RATE, settings.maxPacingRate == 0 ? UNLIMITED : settings.maxPacingRate);
        into.set(Field.DELIVERY_RATE, parts.rate.bytesPerSecond(sender.mssBytes()));
        into.set(Field.DELIVERY_RATE_APP_LIMITED, parts.rate.applicationLimited() ? 1 : 0);
    }

    private void fillTotals(final TcpInfo into, final long nowNs) {
        into.set(Field.BYTES_ACKED, sender.acks().ackedBytes());
        into.set(Field.NOTSENT_BYTES, sender.unsentBytes());
        into.set(Field.DATA_SEGS_OUT, transmission.sentTotalSegments());
        into.set(Field.BYTES_SENT, transmission.sentTotalBytes());
        into.set(Field.BYTES_RETRANS, flight.retransmittedBytes());
        into.set(Field.DELIVERED, Integer.toUnsignedLong(flight.delivered()));
        into.set(Field.DELIVERED_CE, Integer.toUnsignedLong(flight.deliveredMarked()));
        into.set(Field.BUSY_TIME, us(parts.times.busyNs(nowNs)));
        into.set(Field.RWND_LIMITED, us(parts.times.windowLimitedNs(nowNs)));
        into.set(Field.SNDBUF_LIMITED, us(parts.times.bufferLimitedNs(nowNs)));
        into.set(Field.TOTAL_RTO, timeouts);
        into.set(Field.TOTAL_RTO_RECOVERIES, timeoutRecoveries);
        into.set(Field.TOTAL_RTO_TIME, ms(timeoutNs));
    }

    private static long us(final long ns) {
        return ns / 1_000;
    }

    private static long ms(final long ns) {
        return ns / 1_000_000;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        timeouts = image.of(timeouts);
        timeoutRecoveries = image.of(timeoutRecoveries);
        timeoutNs = image.of(timeoutNs);
        timeoutSinceNs = image.of(timeoutSinceNs);
        timedOut = image.of(timedOut);
    }
}
