package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.Acknowledgment.*;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpCounter;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.congestion.CongestionEvent;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;

/**
 * The end of a flight, whose loss no later segment shows, is asked for after two round-trip times and not after a
 * timeout (RFC 8985, 7): by new data, or by the last segment once more.
 *
 * <p>If that retransmission repaired a loss the acknowledgment doesn't show it: so this finds out whether both copies
 * arrived, and reduces the window if not (7.4).
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class TailLossProbe {

    /** On top of the round trips: what the peer's scheduling may cost. */
    static final long LEAST_TIMEOUT_NS = 2_000_000;
    private static final long UNSAMPLED_TIMEOUT_NS = 1_000_000_000;

    private final Flight flight;
    private final RetransmissionTimer timer;
    private final boolean enabled;
    // SND.NXT after the probe, while that is unanswered.
    private boolean outstanding;
    private int highSequence;
    private boolean retransmitted;

    public TailLossProbe(final Flight flight, final RetransmissionTimer timer, final TcpConfig config) {
        this.flight = flight;
        this.timer = timer;
        this.enabled = config.is(TcpSetting.TAIL_LOSS_PROBE);
    }

    /**
     * RFC 8985, 7.2.
     *
     * @param advancing the timeout would start anew
     * @return whether the timer is armed for it
     */
    public boolean schedule(final boolean advancing, final long nowNs) {
        if (!enabled || !flight.sack || flight.state != CaState.OPEN && flight.state != CaState.CWR) {
            return false;
        }
        final RttEstimator rtt = flight.rtt;
        long timeoutNs = UNSAMPLED_TIMEOUT_NS;
        if (rtt.hasSample()) {
            // A single segment's acknowledgment may be delayed.
            timeoutNs = 2 * rtt.smoothedNs() + (flight.packetsOut == 1 ? rtt.minRtoNs() : LEAST_TIMEOUT_NS);
        }
        final long rtoNs = advancing ? rtt.rtoNs() : timer.untilTimeoutNs(nowNs);
        if (rtoNs > 0) {
            timeoutNs = Math.min(timeoutNs, rtoNs);
        }
        timer.arm(Purpose.LOSS_PROBE, timeoutNs, nowNs);
        return true;
    }

    /** One at a time. */
    public boolean isOutstanding() {
        return outstanding;
    }

    boolean isRetransmission() {
        return outstanding && retransmitted;
    }

    /** @param old the last segment once more, not new data */
    public void onSent(final boolean old) {
        outstanding = true;
        retransmitted = old;
        highSequence = flight.nxt;
        flight.counters.increment(TcpCounter.LOSS_PROBES);
    }

    boolean endsAt(final int end) {
        return outstanding && highSequence == end;
    }

    void forget() {
        outstanding = false;
    }

    /** RFC 8985, 7.4.2. */
    void onAcknowledgment(final Acknowledgment ack, final WindowReduction reduction, final LossRecovery recovery) {
        if (!outstanding || SeqNum.lessThan(ack.number, highSequence)) {
            return;
        }
        if (!retransmitted || ack.has(DSACK_OF_PROBE)) {
            outstanding = false;
        } else if (SeqNum.greaterThan(ack.number, highSequence)) {
            // Nobody saw a second copy: the first was lost.
            outstanding = false;
            reduction.begin(CongestionEvent.LOSS, ack.nowNs);
            flight.state = CaState.CWR;
            reduction.end();
            recovery.keepOpen();
            flight.counters.increment(TcpCounter.LOSS_PROBE_RECOVERY);
        } else if (ack.isPureDuplicate()) {
            outstanding = false;
        }
    }

    /** See {@link ConnectionImage}. */
    public void keep(final ConnectionImage image) {
        outstanding = image.of(outstanding);
        highSequence = image.sequence(highSequence);
        retransmitted = image.of(retransmitted);
    }
}
