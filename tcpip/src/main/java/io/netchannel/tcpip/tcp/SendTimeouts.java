package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;

/**
 * What happens when the sender's timer expires: takes notes, and sends with the next emission.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendTimeouts {

    private final TcpSender sender;
    private final TcpConnection connection;
    private final SendParts parts;
    private final Flight flight;
    private final RetransmissionTimer timer;
    private final Transmission transmission;
    private final Retransmission retransmission;
    private final SenderInfo info;
    private final TcpCounters counters;
    private boolean firstDue;
    private boolean lossProbeDue;
    private boolean pureProbeDue;

    SendTimeouts(final TcpSender sender, final TcpConnection connection, final SendParts parts,
            final Transmission transmission, final Retransmission retransmission, final SenderInfo info) {
        this.sender = sender;
        this.connection = connection;
        this.parts = parts;
        this.flight = parts.flight;
        this.timer = parts.timer;
        this.transmission = transmission;
        this.retransmission = retransmission;
        this.info = info;
        this.counters = connection.counters();
    }

    /** @return false if the peer has been silent for too long: the connection is dead */
    boolean onTimer(final long nowNs) {
        if (nowNs < timer.deadlineNs()) {
            return true;
        }
        switch (timer.purpose()) {
            case RETRANSMIT -> {
                return onRetransmissionTimeout(nowNs);
            }
            case LOSS_PROBE -> {
                lossProbeDue = true;
                timer.rearm(nowNs);
            }
            case REORDERING -> parts.recovery.onReorderingTimeout(nowNs);
            case WINDOW_PROBE -> {
                return onProbeTimeout(nowNs);
            }
            default -> {
                // Nothing is armed.
            }
        }
        return true;
    }

    private boolean onProbeTimeout(final long nowNs) {
        if (flight.packetsOut() > 0 || !sender.hasUnsent()) {
            parts.windowProbe.end();
            timer.rearm(nowNs);
            return true;
        }
        return parts.windowProbe.onTimer(connection.isOrphan(), nowNs);
    }

    private boolean onRetransmissionTimeout(final long nowNs) {
        if (flight.packetsOut() == 0) {
            timer.cancel();
            return true;
        }
        final boolean shut = parts.window.bytes() == 0 && !connection.isOrphan();
        if (shut) {
            // The peer has drawn its window back: retransmissions are probes of it.
            if (parts.limit.isShutTooLong(sender.acks().lastHeardNs(), nowNs)) {
                return false;
            }
        } else {
            counters.increment(TcpCounter.TIMEOUTS);
            if (parts.limit.isDoubtful(nowNs) && parts.mtu.onBlackHole(nowNs)) {
                sender.size().sync();
            }
            if (parts.limit.isOver(connection.isOrphan(), connection.hasSoftError(), nowNs)) {
                return false;
            }
            countFailure();
            info.onTimeout(flight.retransmits() == 0, nowNs);
        }
        parts.recovery.onTimeout(!shut, nowNs);
        parts.usage.touch(nowNs);
        parts.rtt.backOff();
        timer.arm(Purpose.RETRANSMIT, parts.rtt.rtoNs(), nowNs);
        firstDue = true;
        lossProbeDue = false;
        return true;
    }

    // What recovery was at when the timeout proved that it had failed.
    private void countFailure() {
        if (flight.retransmits() > 0) {
            return;
        }
        final boolean sack = flight.sack();
        if (flight.state() == CaState.RECOVERY) {
            counters.increment(sack ? TcpCounter.SACK_RECOVERY_FAIL : TcpCounter.RENO_RECOVERY_FAIL);
        } else if (flight.state() == CaState.LOSS) {
            counters.increment(TcpCounter.LOSS_FAILURES);
        } else if (flight.state() == CaState.DISORDER || flight.sackedOut() > 0) {
            counters.increment(sack ? TcpCounter.SACK_FAILURES : TcpCounter.RENO_FAILURES);
        }
    }

    // -- emission

    /**
     * Sends what an expired timer has asked for.
     *
     * @return as {@link Transmission#push}
     */
    int sendDue(final long nowNs) {
        int result = SegmentWriter.SENT;
        if (firstDue) {
            result = flight.packetsOut() > 0 ? retransmission.first(nowNs) : SegmentWriter.SENT;
            if (result == SegmentWriter.SENT) {
                firstDue = false;
                if (flight.packetsOut() > 0) {
                    timer.arm(Purpose.RETRANSMIT, parts.limit.timeoutNs(nowNs), nowNs);
                }
            }
        } else if (lossProbeDue) {
            result = sendLossProbe(nowNs);
            lossProbeDue = result != SegmentWriter.SENT;
        } else if (parts.windowProbe.isDue()) {
            result = sendWindowProbe(nowNs);
        }
        return result;
    }

    private int sendLossProbe(final long nowNs) {
        if (parts.probe.isOutstanding() || flight.packetsOut() == 0) {
            return SegmentWriter.SENT;
        }
        final boolean fresh = transmission.fitsOne();
        final int result = fresh ? transmission.pushOne(nowNs) : retransmission.probe(nowNs);
        if (result == SegmentWriter.SENT) {
            parts.probe.onSent(!fresh);
            timer.arm(Purpose.RETRANSMIT, parts.rtt.rtoNs(), nowNs);
        }
        return Math.max(result, SegmentWriter.SENT);
    }

    private int sendWindowProbe(final long nowNs) {
        if (flight.packetsOut() > 0 || !sender.hasUnsent()) {
            parts.windowProbe.end();
            return SegmentWriter.SENT;
        }
        if (parts.window.roomBytes(flight.nxt()) > 0) {
            final int result = transmission.pushForced(nowNs);
            if (result == SegmentWriter.SENT) {
                parts.windowProbe.end();
            }
            return result;
        }
        pureProbeDue = true;
        parts.windowProbe.onSent(nowNs);
        return SegmentWriter.SENT;
    }

    /** Whether a window probe without data is to be sent, asked once. */
    boolean takeProbe() {
        final boolean due = pureProbeDue;
        pureProbeDue = false;
        return due;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        firstDue = image.of(firstDue);
        lossProbeDue = image.of(lossProbeDue);
        pureProbeDue = image.of(pureProbeDue);
    }
}
