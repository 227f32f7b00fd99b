package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

/**
 * The sender's one timer, which serves whatever comes next: a retransmission, the tail's probe, the end of the
 * reordering window, or a probe of the peer's closed window.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class RetransmissionTimer {

    /** What is to be done when the timer expires. */
    public enum Purpose {
        NOTHING,
        /** RFC 6298, 5.4. */
        RETRANSMIT,
        /** RFC 8985, 7. */
        LOSS_PROBE,
        /** RFC 8985, 6.2, step 5. */
        REORDERING,
        /** RFC 9293, 3.8.6.1. */
        WINDOW_PROBE
    }

    private static final long SOONEST_NS = 1_000;

    private final Flight flight;
    private Purpose purpose = Purpose.NOTHING;
    private long deadlineNs = NO_DEADLINE;

    public RetransmissionTimer(final Flight flight) {
        this.flight = flight;
    }

    public Purpose purpose() {
        return purpose;
    }

    public long deadlineNs() {
        return deadlineNs;
    }

    public boolean isArmed() {
        return purpose != Purpose.NOTHING;
    }

    /** Arms it for {@code timeoutNs} from now, or for the longest timeout if that is less. */
    public void arm(final Purpose what, final long timeoutNs, final long nowNs) {
        purpose = what;
        deadlineNs = nowNs + Math.min(timeoutNs, flight.rtt.maxRtoNs());
    }

    public void cancel() {
        purpose = Purpose.NOTHING;
        deadlineNs = NO_DEADLINE;
    }

    /**
     * RFC 6298, 5.1 to 5.3; a timeout that a probe or the reordering window had taken the place of goes on counting
     * from when the oldest segment was sent.
     */
    public void rearm(final long nowNs) {
        if (flight.packetsOut == 0) {
            cancel();
            return;
        }
        final boolean replaced = purpose == Purpose.REORDERING || purpose == Purpose.LOSS_PROBE;
        arm(Purpose.RETRANSMIT, replaced ? Math.max(untilTimeoutNs(nowNs), SOONEST_NS) : flight.rtt.rtoNs(), nowNs);
    }

    /** How long until what was sent longest ago times out. */
    long untilTimeoutNs(final long nowNs) {
        return flight.segments().headSentNs() + flight.rtt.rtoNs() - nowNs;
    }
}
