package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

/**
 * How one connection ends: by the FINs of both sides (RFC 9293, 3.6), or by a RST where data was lost (RFC 1122,
 * 4.2.2.13; RFC 2525, 2.17).
 *
 * <p>A connection whose application has closed it is an orphan: what was written still goes out, but nobody reads. Its
 * wait for the peer's FIN is bounded, and needs no buffers, so a {@link TimeWait} does it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Closing {

    private final TcpConnection connection;
    private boolean orphan;
    private boolean inputShut;
    // A RST ends the connection, as soon as what was written has gone.
    private boolean resetDue;
    private long finWaitDeadlineNs = NO_DEADLINE;
    private long lingerDeadlineNs = NO_DEADLINE;

    Closing(final TcpConnection connection) {
        this.connection = connection;
    }

    /** The application has closed. */
    boolean isOrphan() {
        return orphan;
    }

    /** Data that comes after our FIN finds nobody. */
    void shutInput() {
        inputShut = true;
    }

    /** Whether there is nobody for data that comes now. */
    boolean refusesData() {
        return resetDue || (inputShut || orphan) && connection.state() != TcpState.ESTABLISHED;
    }

    // -- the application closes

    void close() {
        final TcpReceiver receiver = connection.receiver();
        if (!connection.isOpen() || orphan) {
            return;
        }
        if (connection.isProtocolDone() || connection.state() == TcpState.SYN_SENT) {
            connection.end(connection.isProtocolDone() ? TcpCloseReason.FINISHED : TcpCloseReason.ABORTED);
        } else if (receiver.hasUnread() && !receiver.delivery().isActive()) {
            orphan = true;
            resetBehindData(TcpCounter.ABORT_ON_CLOSE);
        } else if (connection.settings().lingerNs == 0) {
            connection.abort(TcpCounter.ABORT_ON_DATA, TcpCloseReason.ABORTED);
        } else {
            becomeOrphan(connection.stack().nowNs());
        }
    }

    private void becomeOrphan(final long nowNs) {
        connection.finishOutput();
        orphan = true;
        final long lingerNs = connection.settings().lingerNs;
        if (lingerNs > 0) {
            lingerDeadlineNs = nowNs + lingerNs;
        }
        if (connection.state() == TcpState.FIN_WAIT_2) {
            if (connection.settings().finWait2Ns < 0) {
                connection.abort(TcpCounter.ABORT_ON_LINGER, TcpCloseReason.ABORTED);
            } else {
                waitForFin(nowNs);
            }
        }
        connection.stack().markDirty(connection);
    }

    // -- FINs

    /** The peer's FIN has been passed (RFC 9293, 3.10.7.4, eighth). */
    void onPeerFin(final long nowNs) {
        switch (connection.state()) {
            case ESTABLISHED -> connection.moveTo(TcpState.CLOSE_WAIT);
            case FIN_WAIT_1 -> connection.moveTo(TcpState.CLOSING);
            case FIN_WAIT_2 -> connection.enterTimeWait(TcpState.TIME_WAIT, nowNs);
            default -> {
                // A FIN that was passed before.
            }
        }
    }

    /**
     * Our FIN was acknowledged (RFC 9293, 3.10.7.4, fifth).
     *
     * @param segment that did it; a FIN or data that it brings is processed next
     */
    void onFinAcknowledged(final TcpSegment segment, final long nowNs) {
        switch (connection.state()) {
            case FIN_WAIT_1 -> {
                connection.moveTo(TcpState.FIN_WAIT_2);
                if (orphan) {
                    orphanFinAcknowledged(segment, nowNs);
                }
            }
            case CLOSING -> connection.enterTimeWait(TcpState.TIME_WAIT, nowNs);
            case LAST_ACK -> {
                connection.protocolEnds();
                connection.stack().flows().remove(connection);
            }
            default -> {
                // Acknowledged before.
            }
        }
    }

    private void orphanFinAcknowledged(final TcpSegment segment, final long nowNs) {
        if (connection.settings().finWait2Ns < 0) {
            connection.counters().increment(TcpCounter.ABORT_ON_LINGER);
            resetFor(segment, nowNs);
        } else if (segment.sequenceLength() > 0) {
            boundFinWait(nowNs);
        } else {
            waitForFin(nowNs);
        }
    }

    // In FIN-WAIT-2 as an orphan. One with a time of its own can't stand in the queue of all others.
    private void waitForFin(final long nowNs) {
        if (connection.settings().finWait2Ns == 0 && !connection.receiver().delivery().isActive()) {
            connection.enterTimeWait(TcpState.FIN_WAIT_2, nowNs);
            connection.end(TcpCloseReason.FINISHED);
        } else {
            boundFinWait(nowNs);
        }
    }

    private void boundFinWait(final long nowNs) {
        final long ownNs = connection.settings().finWait2Ns;
        finWaitDeadlineNs = nowNs + (ownNs > 0 ? ownNs : connection.config().get(TcpSetting.FIN_WAIT_2_NS));
    }

    // -- RSTs, because data was lost

    /** Data came that nobody will read: the peer must know. */
    void onDataAfterClose(final TcpSegment segment, final long nowNs) {
        if (resetDue) {
            return;
        }
        connection.counters().increment(TcpCounter.ABORT_ON_DATA);
        if (sendWritten(nowNs)) {
            resetFor(segment, nowNs);
        } else {
            resetDue = true;
        }
    }

    /** A callback has closed the connection and left data unread: the peer is told by a RST, and by no FIN. */
    void onUnread() {
        if (!resetDue) {
            connection.sender().withdrawFin();
            resetBehindData(TcpCounter.ABORT_ON_DATA);
        }
    }

    private void resetBehindData(final TcpCounter cause) {
        connection.counters().increment(cause);
        resetDue = true;
        final long nowNs = connection.stack().nowNs();
        if (sendWritten(nowNs)) {
            sendReset(nowNs);
        } else {
            connection.stack().markDirty(connection);
        }
    }

    /** Whether {@link #sendReset} is to follow what was written. */
    boolean isResetDue() {
        return resetDue;
    }

    void sendReset(final long nowNs) {
        connection.output().reset(nowNs);
        connection.end(TcpCloseReason.ABORTED);
    }

    /**
     * What the application has written goes before a reset, as far as the windows let it: Linux sends that as soon as it is written,
     * and whether a peer is told why must not depend on when a turn ends.
     *
     * @return false if it must wait: for room on the link, a buffer, or the connection's next turn
     */
    boolean sendWritten(final long nowNs) {
        final TcpSender sender = connection.sender();
        return !connection.state().isSynchronized() || connection.isProtocolDone() || sender.unsentBytes() == 0
                || sender.emit(nowNs, Emission.MAX_SEGMENTS_PER_TURN) == SegmentWriter.SENT;
    }

    // In the form of an answer, as Linux: with the number that the segment has acknowledged.
    private void resetFor(final TcpSegment segment, final long nowNs) {
        connection.stack().writer().resetFor(segment, connection.settings().differentiatedServices, nowNs);
        connection.end(TcpCloseReason.ABORTED);
    }

    // -- time

    long nextDeadlineNs() {
        return Math.min(finWaitDeadlineNs, lingerDeadlineNs);
    }

    /** @return false if the connection has ended */
    boolean onTimer(final long nowNs) {
        if (lingerDeadlineNs <= nowNs) {
            lingerDeadlineNs = NO_DEADLINE;
            if (connection.sender().isBusy()) {
                connection.abort(TcpCounter.ABORT_ON_LINGER, TcpCloseReason.ABORTED);
                return false;
            }
        }
        if (finWaitDeadlineNs <= nowNs) {
            connection.end(TcpCloseReason.FINISHED);
            return false;
        }
        return true;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        inputShut = image.of(inputShut);
    }
}
