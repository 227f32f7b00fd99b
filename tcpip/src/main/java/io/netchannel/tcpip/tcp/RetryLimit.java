package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.RttEstimator;

/**
 * When retransmission is given up (RFC 9293, 3.8.3: R1 and R2): after the time that a number of retries would take that
 * began with the least timeout; or after the user's timeout (RFC 5482).
 *
 * <p>Time and not a count, so that a short timeout doesn't make a connection short-lived.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class RetryLimit {

    /** As soon as a timer can be. */
    static final long SOONEST_NS = 2_000_000;

    // Linux's tcp_retries1.
    private static final int DOUBT_RETRIES = 3;

    private final Flight flight;
    private final FlowSettings settings;

    RetryLimit(final Flight flight, final FlowSettings settings) {
        this.flight = flight;
        this.settings = settings;
    }

    /** R1: the path itself is in doubt. */
    boolean isDoubtful(final long nowNs) {
        return exceeds(modelNs(DOUBT_RETRIES), nowNs);
    }

    /** R2. */
    boolean isOver(final boolean orphan, final boolean unreachable, final long nowNs) {
        int retries = settings.config.getInt(TcpSetting.RETRIES);
        if (orphan) {
            final boolean alive = flight.rtt().rtoNs() < flight.rtt().maxRtoNs();
            retries = unreachable && !alive ? 0 : settings.config.getInt(TcpSetting.ORPHAN_RETRIES);
        }
        return exceeds(settings.userTimeoutNs > 0 ? settings.userTimeoutNs : modelNs(retries), nowNs);
    }

    private boolean exceeds(final long limitNs, final long nowNs) {
        return flight.retransmits() > 0 && nowNs - flight.retransmitStampNs() >= limitNs;
    }

    private long modelNs(final int retries) {
        final RttEstimator rtt = flight.rtt();
        final long baseNs = rtt.minRtoNs();
        final int doublings = Long.SIZE - 1 - Long.numberOfLeadingZeros(rtt.maxRtoNs() / baseNs);
        return retries <= doublings
                ? ((2L << retries) - 1) * baseNs
                : ((2L << doublings) - 1) * baseNs + (retries - doublings) * rtt.maxRtoNs();
    }

    /** With the window shut retransmissions are probes, and an answer of the peer's keeps the connection. */
    boolean isShutTooLong(final long lastHeardNs, final long nowNs) {
        final long sinceNs = nowNs - flight.retransmitStampNs();
        final long userNs = settings.userTimeoutNs;
        if (userNs > 0 && sinceNs > userNs) {
            return true;
        }
        final long twiceNs = 2 * flight.rtt().maxRtoNs();
        final long limitNs = userNs > 0 ? Math.min(twiceNs, userNs) : twiceNs;
        return nowNs - lastHeardNs > limitNs && sinceNs > limitNs;
    }

    /** The timeout, or what is left of the user's. */
    long timeoutNs(final long nowNs) {
        final long rtoNs = flight.rtt().rtoNs();
        if (settings.userTimeoutNs == 0) {
            return rtoNs;
        }
        final long remainingNs = settings.userTimeoutNs - (nowNs - flight.retransmitStampNs());
        return Math.min(rtoNs, Math.max(remainingNs, SOONEST_NS));
    }
}
