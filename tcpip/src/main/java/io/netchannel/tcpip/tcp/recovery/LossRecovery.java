package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.Acknowledgment.*;
import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpCounter;
import io.netchannel.tcpip.tcp.congestion.CongestionEvent;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.congestion.RateSample;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;

/**
 * The sender's state machine: takes acknowledgments and expired timers, decides what is lost and how large the window
 * is. It sends nothing: it says what is to be sent again ({@link #due()}).
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class LossRecovery {

    /** Nothing is to be sent again because of what was heard. */
    public static final int NOTHING_DUE = 0;
    /** What is lost, as far as the window goes. */
    public static final int LOST_DUE = 1;
    /** New data first: F-RTO (RFC 5682, 2.1, step 2b) learns from it whether the timeout was right. */
    public static final int NEW_DUE = 2;

    private final Flight flight;
    private final SentSegments segments;
    private final RetransmissionTimer timer;
    private final TailLossProbe probe;
    private final DeliveryRate rate;
    private final Rack rack;
    private final SackProcessor sacks;
    private final CumulativeAck cumulative;
    private final WindowReduction reduction;
    private final Undo undo;
    private int due = NOTHING_DUE;
    // F-RTO is under way.
    private boolean doubtsTimeout;

    public LossRecovery(final Flight flight, final RetransmissionTimer timer, final TailLossProbe probe,
            final DeliveryRate rate, final TcpConfig config) {
        this.flight = flight;
        this.segments = flight.segments;
        this.timer = timer;
        this.probe = probe;
        this.rate = rate;
        this.rack = new Rack(flight, config);
        this.sacks = new SackProcessor(flight, rack, probe, rate);
        this.cumulative = new CumulativeAck(flight, rack, rate);
        this.reduction = new WindowReduction(flight, probe);
        this.undo = new Undo(flight, rack, probe);
    }

    /** What is to be sent again; stays until {@link #done}. */
    public int due() {
        return due;
    }

    /** It was sent, as far as it can be. */
    public void done() {
        due = NOTHING_DUE;
    }

    /** New data could not be sent for F-RTO: it ends, and what is lost is sent again. */
    public void endDoubt() {
        doubtsTimeout = false;
        due = LOST_DUE;
    }

    /** Whether new data was sent since the timeout. */
    public boolean sentNewData() {
        return SeqNum.greaterThan(flight.nxt, flight.highSequence);
    }

    // -- acknowledgments

    /**
     * An acknowledgment that is acceptable; windows are up to date.
     *
     * @param ack reset, with flags
     */
    public void onAcknowledgment(final Acknowledgment ack) {
        final boolean reneged = flight.sackReneged;
        final int priorPackets = flight.packetsOut;
        final int priorDelivered = flight.delivered;
        final int priorLost = flight.lost;
        final int priorHighest = flight.sack ? flight.highestSacked() : ack.priorUna;
        ack.sample.priorInFlightSegments = flight.inFlight();
        if (ack.has(ADVANCES)) {
            flight.retransmits = 0;
            flight.una = ack.number;
        }
        processSacks(ack);
        if (priorPackets == 0) {
            onIdleAcknowledgment(ack);
            return;
        }
        cumulative.process(ack, priorHighest);
        rack.adapt(ack);
        probe.onAcknowledgment(ack, reduction, this);
        if (flight.state != CaState.OPEN || ack.isDubious()) {
            alert(ack, ack.isDuplicate() ? 1 : 0);
        }
        if (ack.has(SET_TIMER) && (flight.packetsOut == 0 || !probe.schedule(true, ack.nowNs))) {
            timer.rearm(ack.nowNs);
        }
        ack.sample.lostSegments = flight.lost - priorLost;
        rate.finish(ack, priorDelivered, reneged);
        control(ack);
    }

    private void processSacks(final Acknowledgment ack) {
        if (flight.sack && ack.options.sackBlocks() > 0) {
            sacks.process(ack);
            if (ack.deliveredBySack > 0) {
                flight.deliver(ack.deliveredBySack, ack.has(ECN_ECHO));
            }
        }
    }

    private void onIdleAcknowledgment(final Acknowledgment ack) {
        if (ack.has(DSACK)) {
            alert(ack, 0);
        }
        probe.onAcknowledgment(ack, reduction, this);
    }

    /** One that was overtaken by others: only what SACK says may still be news. */
    public void onOldAcknowledgment(final Acknowledgment ack) {
        if (flight.sack && ack.options.sackBlocks() > 0) {
            processSacks(ack);
            alert(ack, 0);
        }
    }

    private void control(final Acknowledgment ack) {
        final CongestionWindow window = flight.window;
        final RateSample sample = ack.sample;
        sample.inFlightSegments = flight.inFlight();
        flight.congestion.onAcknowledgment(window, sample);
        if (flight.state.reducesWindow()) {
            reduction.step(sample.deliveredSegments, sample.lostSegments, ack.has(ADVANCES));
        } else if (flight.reordering.exceedsDefault() ? ack.isProgress() : ack.has(DATA_ACKED)) {
            // Linux lets the window grow by all that was delivered, out of order too.
            sample.ackedSegments = sample.deliveredSegments;
            flight.congestion.grow(window, sample);
        }
    }

    // -- the state machine

    private void alert(final Acknowledgment ack, final int duplicates) {
        if (flight.packetsOut == 0) {
            flight.clearSacked();
        }
        if (ack.has(ECN_ECHO)) {
            // The reduction was right, whatever else is found.
            flight.priorThreshold = 0;
        }
        if (ack.has(RENEGED) && ack.has(ADVANCES)) {
            // The peer gets a little time to set right what it said.
            timer.arm(Purpose.RETRANSMIT, Math.max(flight.rtt.smoothedNs() / 2, 10_000_000), ack.nowNs);
            ack.flags &= ~SET_TIMER;
            return;
        }
        if (flight.state == CaState.OPEN) {
            flight.retransmitStampNs = NO_TIME;
        } else if (SeqNum.greaterOrEqual(flight.una, flight.highSequence) && leave(ack)) {
            return;
        }
        switch (flight.state) {
            case RECOVERY -> inRecovery(ack, duplicates);
            case LOSS -> inLoss(ack, duplicates);
            default -> beforeRecovery(ack, duplicates);
        }
    }

    // All of the flight is acknowledged that the state is about. @return whether to stop here
    private boolean leave(final Acknowledgment ack) {
        if (flight.state == CaState.CWR) {
            // Held until the peer has seen CWR.
            if (flight.una != flight.highSequence) {
                reduction.end();
                flight.state = CaState.OPEN;
            }
        } else if (flight.state == CaState.RECOVERY) {
            if (!flight.sack) {
                flight.clearSacked();
            }
            if (undo.recovered(ack)) {
                return true;
            }
            reduction.end();
        }
        return false;
    }

    private void inRecovery(final Acknowledgment ack, final int duplicates) {
        if (!ack.has(ADVANCES)) {
            addRenoSacks(ack, duplicates);
        } else if (undo.partial(ack, this)) {
            return;
        }
        if (undo.byDsack()) {
            tryToOpen(ack);
        }
        detect(ack);
        if (flight.state != CaState.RECOVERY) {
            if (flight.lostOut == 0) {
                return;
            }
            enterRecovery(ack.has(ECN_ECHO), ack.nowNs);
        }
        due = LOST_DUE;
    }

    private void inLoss(final Acknowledgment ack, final int duplicates) {
        processLoss(ack, duplicates);
        detect(ack);
        if (flight.state == CaState.OPEN || ack.has(LOST_RETRANSMISSION)) {
            beforeRecovery(ack, duplicates);
        }
    }

    private void beforeRecovery(final Acknowledgment ack, final int duplicates) {
        if (!flight.sack && ack.has(ADVANCES)) {
            flight.clearSacked();
        }
        addRenoSacks(ack, duplicates);
        if (flight.state.isBelow(CaState.CWR)) {
            undo.byDsack();
        }
        detect(ack);
        if (flight.lostOut == 0) {
            tryToOpen(ack);
            return;
        }
        if (flight.state.isBelow(CaState.CWR) && flight.mtuProbe.isFirst(flight.una)) {
            // It was too large for the path, not the path too full (RFC 4821, 7.7).
            flight.mtuProbe.onLost();
            flight.counters.increment(TcpCounter.MTU_PROBE_FAIL);
            flight.window.segments(flight.window.segments() + 1);
            retransmitLarger(flight.window.mssBytes());
            return;
        }
        enterRecovery(ack.has(ECN_ECHO), ack.nowNs);
        due = LOST_DUE;
    }

    // RFC 5682, 2.1 and 3.1.
    private void processLoss(final Acknowledgment ack, final int duplicates) {
        final boolean recovered = SeqNum.greaterOrEqual(flight.una, flight.highSequence);
        if (ack.has(ADVANCES) && undo.loss(ack, false)) {
            return;
        }
        if (doubtsTimeout) {
            // (3b): something arrived that was never sent again: not all was lost.
            if (ack.has(ORIGINAL_ARRIVED) && undo.loss(ack, true)) {
                return;
            }
            if (sentNewData()) {
                if (ack.has(DATA_SACKED) || duplicates > 0) {
                    // (3a): the loss was real.
                    doubtsTimeout = false;
                }
            } else if (ack.has(ADVANCES) && !recovered) {
                // (2b): the sender tries new data, and comes back by endDoubt() if there is none.
                flight.highSequence = flight.nxt;
                due = NEW_DUE;
                return;
            }
        }
        if (recovered) {
            undo.recovered(ack);
            return;
        }
        if (!flight.sack) {
            if (sentNewData() && duplicates > 0) {
                addRenoSacks(ack, duplicates);
            } else if (ack.has(ADVANCES)) {
                flight.clearSacked();
            }
        }
        due = LOST_DUE;
    }

    private void addRenoSacks(final Acknowledgment ack, final int duplicates) {
        if (flight.sack || duplicates == 0) {
            return;
        }
        final int before = flight.sackedOut;
        flight.sackedOut += duplicates;
        flight.reordering.limitRenoSacks(0);
        if (flight.sackedOut > before) {
            flight.deliver(flight.sackedOut - before, ack.has(ECN_ECHO));
        }
    }

    private void detect(final Acknowledgment ack) {
        if (segments.isEmpty()) {
            return;
        }
        if (!flight.sack) {
            markRenoLost(ack.has(ADVANCES));
            return;
        }
        final int before = flight.retransmittedOut;
        final long waitNs = rack.detect(ack.nowNs);
        if (waitNs > 0) {
            timer.arm(Purpose.REORDERING, waitNs + TailLossProbe.LEAST_TIMEOUT_NS, ack.nowNs);
            ack.flags &= ~SET_TIMER;
        }
        if (flight.retransmittedOut < before) {
            ack.flags |= LOST_RETRANSMISSION;
        }
    }

    // RFC 6582, 3.2: the first is lost after DupThresh duplicates, and again at each partial acknowledgment.
    private void markRenoLost(final boolean advances) {
        final boolean enough = flight.state.isBelow(CaState.RECOVERY)
                && flight.sackedOut >= flight.reordering.segments();
        if (!enough && !(flight.state == CaState.RECOVERY && advances)) {
            return;
        }
        final int head = segments.at(0);
        if (segments.has(head, LOST)) {
            return;
        }
        final int mss = segments.segmentBytes(head);
        if (segments.count(head) > 1) {
            flight.resegmentation().split(0, mss, mss);
        }
        flight.markLost(segments.at(0));
    }

    private void tryToOpen(final Acknowledgment ack) {
        flight.cleanRetransmitStamp();
        if (ack.has(ECN_ECHO)) {
            reduction.enterCwr(ack.nowNs);
        }
        if (flight.state != CaState.CWR) {
            keepOpen();
        }
    }

    /** Open, or disordered if something is out of order still. */
    void keepOpen() {
        final CaState next = flight.leftOut() > 0 || flight.anyRetransmitted() ? CaState.DISORDER : CaState.OPEN;
        if (flight.state != next) {
            flight.state = next;
            flight.highSequence = flight.nxt;
        }
    }

    private void enterRecovery(final boolean marked, final long nowNs) {
        flight.cleanRetransmitStamp();
        flight.counters.increment(flight.sack ? TcpCounter.SACK_RECOVERY : TcpCounter.RENO_RECOVERY);
        flight.priorThreshold = 0;
        undo.begin();
        if (!flight.state.reducesWindow()) {
            if (!marked) {
                flight.priorThreshold = flight.currentThreshold();
            }
            reduction.begin(CongestionEvent.LOSS, nowNs);
        }
        flight.state = CaState.RECOVERY;
    }

    // -- timers

    /** The reordering window is over (RFC 8985, 6.2, step 5). */
    public void onReorderingTimeout(final long nowNs) {
        final int before = flight.inFlight();
        final int priorLost = flight.lost;
        rack.detectByTime(nowNs);
        if (flight.inFlight() != before) {
            if (flight.state != CaState.RECOVERY) {
                enterRecovery(false, nowNs);
                reduction.step(1, flight.lost - priorLost, false);
            }
            due = LOST_DUE;
        }
        timer.rearm(nowNs);
    }

    /**
     * The retransmission timer has expired: all but the most recent counts as lost (RFC 5681, 3.1; RFC 8985, 6.3).
     *
     * @param counted whether it brings the end of the connection nearer; not with a closed window
     */
    public void onTimeout(final boolean counted, final long nowNs) {
        final CaState before = flight.state;
        markTimedOut(nowNs);
        final CongestionWindow window = flight.window;
        if (before.isBelow(CaState.CWR) || SeqNum.lessOrEqual(flight.highSequence, flight.una)
                || before == CaState.LOSS && flight.retransmits == 0) {
            flight.priorThreshold = flight.currentThreshold();
            flight.priorWindow = window.segments();
            window.thresholdSegments(flight.congestion.onCongestion(window, CongestionEvent.TIMEOUT, nowNs));
            undo.begin();
        }
        window.segments(flight.inFlight() + 1);
        window.resetAvoidance();
        if (before.isBelow(CaState.CWR) && flight.sackedOut >= flight.reordering.defaultSegments()) {
            // Duplicates came and were not believed: too much was made of reordering.
            flight.reordering.forget();
        }
        flight.state = CaState.LOSS;
        flight.highSequence = flight.nxt;
        probe.forget();
        flight.queueWindowReduced();
        doubtsTimeout = flight.forwardRto && (before.isBelow(CaState.RECOVERY) || flight.retransmits > 0)
                && !flight.mtuProbe.isUnderWay();
        flight.retransmits += counted ? 1 : 0;
        due = NOTHING_DUE;
    }

    private void markTimedOut(final long nowNs) {
        if (segments.has(segments.at(0), SACKED)) {
            flight.counters.increment(TcpCounter.SACK_RENEGING);
            flight.forgetSacks();
        } else if (!flight.sack) {
            flight.clearSacked();
        }
        for (int i = 0; i < segments.size(); i++) {
            final int slot = segments.at(i);
            if (i == 0 || flight.sackReneged || rack.remainingNs(slot, 0, nowNs) <= 0) {
                flight.markLost(slot);
            }
        }
        flight.hint.clear();
    }

    /** Segments of more than {@code mssBytes} don't come through: send them again, smaller (RFC 1191, 6.4). */
    public void retransmitLarger(final int mssBytes) {
        for (int i = 0; i < segments.size(); i++) {
            final int slot = segments.at(i);
            final int bytes = segments.count(slot) == 1 ? segments.lengthBytes(slot) : segments.segmentBytes(slot);
            if (bytes > mssBytes) {
                flight.markLost(slot);
            }
        }
        if (flight.lostOut == 0) {
            return;
        }
        if (!flight.sack) {
            flight.trimRenoSacks();
        }
        if (flight.state != CaState.LOSS) {
            // The window stays: it isn't congestion, only the unit that has changed.
            flight.highSequence = flight.nxt;
            flight.window.thresholdSegments(flight.currentThreshold());
            flight.priorThreshold = 0;
            flight.undoable = false;
            flight.state = CaState.LOSS;
        }
        due = LOST_DUE;
    }

    /** See {@link ConnectionImage}. */
    public void keep(final ConnectionImage image) {
        due = image.of(due);
        doubtsTimeout = image.of(doubtsTimeout);
        rack.keep(image);
        reduction.keep(image);
    }
}
