package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;
import io.netchannel.tcpip.tcp.recovery.RttEstimator;

/**
 * Asks a peer whose window is shut, or too small for what waits, whether it has opened (RFC 9293, 3.8.6.1): with nothing
 * in flight no acknowledgment would say so. The same timer ends corking and silly window avoidance.
 *
 * <p>A peer that answers may go on so for ever; only the user timeout and an orphan's patience end it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class WindowProbe {

    private static final long NOT_PROBING = Long.MIN_VALUE;

    private final Flight flight;
    private final RetransmissionTimer timer;
    private final FlowSettings settings;
    private int probes;
    private int backoff;
    private long sinceNs = NOT_PROBING;
    private boolean due;

    WindowProbe(final Flight flight, final RetransmissionTimer timer, final FlowSettings settings) {
        this.flight = flight;
        this.timer = timer;
        this.settings = settings;
    }

    int probes() {
        return probes;
    }

    int backoff() {
        return backoff;
    }

    boolean isDue() {
        return due;
    }

    /** A segment with an acceptable acknowledgment has come. */
    void onHeard() {
        probes = 0;
    }

    /** An acknowledgment came with nothing in flight. @param fits whether what waits may be sent now */
    void onWindow(final boolean fits, final long nowNs) {
        if (fits) {
            reset();
            if (timer.purpose() == Purpose.WINDOW_PROBE) {
                timer.cancel();
            }
        } else {
            timer.arm(Purpose.WINDOW_PROBE, timeoutNs(nowNs), nowNs);
        }
    }

    private void reset() {
        backoff = 0;
        sinceNs = NOT_PROBING;
        due = false;
    }

    /** Something waits, and nothing is in flight. */
    void watch(final long nowNs) {
        if (!timer.isArmed() && !due) {
            timer.arm(Purpose.WINDOW_PROBE, baseNs(), nowNs);
        }
    }

    /** Nothing waits any more, or something is in flight. */
    void end() {
        probes = 0;
        reset();
    }

    /** The timer has expired. @return false if the peer was silent, or orphaned us, for too long */
    boolean onTimer(final boolean orphan, final long nowNs) {
        timer.cancel();
        if (sinceNs == NOT_PROBING) {
            sinceNs = nowNs;
        } else if (settings.userTimeoutNs > 0 && nowNs - sinceNs >= settings.userTimeoutNs) {
            return false;
        }
        int most = settings.config.getInt(TcpSetting.RETRIES);
        if (orphan) {
            most = settings.config.getInt(TcpSetting.ORPHAN_RETRIES);
            final boolean alive = unboundNs() < flight.rtt().maxRtoNs();
            if (!alive && backoff >= most) {
                return false;
            }
        }
        due = probes < most;
        return due;
    }

    /** The probe was sent and nothing is in flight by it. */
    void onSent(final long nowNs) {
        due = false;
        probes++;
        backoff = Math.min(backoff + 1, settings.config.getInt(TcpSetting.RETRIES));
        timer.arm(Purpose.WINDOW_PROBE, timeoutNs(nowNs), nowNs);
    }

    private long baseNs() {
        return Math.max(flight.rtt().rtoNs(), flight.rtt().minRtoNs());
    }

    private long unboundNs() {
        final RttEstimator rtt = flight.rtt();
        final int most = Long.SIZE - Long.numberOfLeadingZeros(rtt.maxRtoNs() / rtt.minRtoNs());
        return baseNs() << Math.min(backoff, most);
    }

    private long timeoutNs(final long nowNs) {
        final long timeoutNs = Math.min(unboundNs(), flight.rtt().maxRtoNs());
        if (settings.userTimeoutNs == 0 || sinceNs == NOT_PROBING) {
            return timeoutNs;
        }
        final long remainingNs = settings.userTimeoutNs - (nowNs - sinceNs);
        return Math.min(timeoutNs, Math.max(remainingNs, RetryLimit.SOONEST_NS));
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        probes = image.of(probes);
        backoff = image.of(backoff);
        sinceNs = image.of(sinceNs);
        due = image.of(due);
    }
}
