package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.sched.LoopActivity;

/**
 * A connection's way to its application: which callbacks are owed, and that none comes at the wrong time.
 *
 * <p>Where the loop may lend its stack ({@link LoopActivity}) what the application is to be told is noted as segments come, and told at
 * the connection's turn, when nothing of the stack is in progress. While somebody stands in for the loop nothing is told: also an end
 * waits then, and what came in order before it is told of first.
 *
 * <p>An exception from a callback ends the connection, and goes to {@link TcpHandler#onFailure}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Application {

    private final TcpConnection connection;
    private TcpHandler handler;
    private boolean connected;
    private boolean receivePaused;
    private boolean resumeDue;
    private boolean writeBlocked;
    private boolean peerFinishedTold;
    // Noted, to be told at the connection's turn.
    private boolean connectedDue;
    private boolean deliveryDue;
    private TcpCloseReason closeDue;

    Application(final TcpConnection connection) {
        this.connection = connection;
    }

    void attach(final TcpHandler application) {
        handler = application;
    }

    boolean isConnected() {
        return connected;
    }

    /** The handshake is over: now, or at the connection's turn. */
    void noteConnected() {
        if (connection.stack().lends()) {
            connectedDue = true;
        } else {
            tellConnected(true);
        }
    }

    /** @param lends whether nothing of the stack is in progress */
    void tellConnected(final boolean lends) {
        if (handler == null || connected || connection.isOrphan()) {
            return;
        }
        connected = true;
        RuntimeException failure = null;
        enter(lends);
        try {
            handler.onConnected(connection.flow());
        } catch (final RuntimeException thrown) {
            failure = thrown;
        } finally {
            leave();
        }
        failIf(failure);
    }

    // Only where nothing of the stack is in progress but loops that read its fields anew.
    private void enter() {
        final LoopActivity activity = connection.stack().activity();
        if (activity != null) {
            activity.enter(handler);
        }
    }

    private void enter(final boolean lends) {
        if (lends) {
            enter();
        } else {
            enterHeld();
        }
    }

    private void enterHeld() {
        final LoopActivity activity = connection.stack().activity();
        if (activity != null) {
            activity.enterHeld(handler);
        }
    }

    // After leave(): until then the stack is anybody's.
    private void failIf(final RuntimeException failure) {
        if (failure != null) {
            connection.fail(failure);
        }
    }

    private void leave() {
        final LoopActivity activity = connection.stack().activity();
        if (activity != null) {
            activity.leave();
        }
    }

    /** Makes the calls that are owed, at the connection's turn. */
    void tell(final long nowNs) {
        final TcpReceiver receiver = connection.receiver();
        tellConnectedDue(true);
        // Both are asked.
        if (connection.isOpen() && takeResume() | takeDelivery()) {
            receiver.resume();
        }
        if (connection.isOpen() && receiver.finPassed() && !receiver.hasUnread() && tellPeerFinished()
                && connection.isProtocolDone()) {
            connection.end(TcpCloseReason.FINISHED);
        }
        if (closeDue != null) {
            connection.end(closeDue);
        }
        offerRoom(connection.stack().nowNs());
    }

    private void tellConnectedDue(final boolean lends) {
        if (connectedDue && connection.isOpen()) {
            connectedDue = false;
            tellConnected(lends);
            deliveryDue |= connection.receiver().hasUnread();
        }
    }

    // -- receiving

    /** Whether {@link #deliver} may be called. */
    boolean takesData() {
        return connected && !receivePaused && connection.isOpen() && !connection.isOrphan();
    }

    /** Data that came in order waits for the connection's turn; a pause goes on. */
    void deliverLater() {
        deliveryDue = true;
    }

    /** The connection is about to end: what came before that is told of. */
    void deliverNow() {
        if (connection.stack().isStoodIn() || connection.receiver().delivery().isActive()) {
            return;
        }
        tellConnectedDue(false);
        if (takeDelivery()) {
            connection.receiver().deliverLast();
        }
    }

    private boolean takeDelivery() {
        final boolean due = deliveryDue;
        deliveryDue = false;
        return due;
    }

    /**
     * @param lends whether nothing of the stack is in progress
     * @return bytes consumed; less than {@code lengthBytes} pauses
     */
    int deliver(final long address, final int lengthBytes, final boolean lends) {
        int consumed = 0;
        RuntimeException failure = null;
        enter(lends);
        try {
            consumed = handler.onReceive(connection.flow(), address, lengthBytes);
            if (consumed < 0 || consumed > lengthBytes) {
                throw new IllegalStateException("consumed=" + consumed + " is not within 0.." + lengthBytes);
            }
        } catch (final RuntimeException thrown) {
            failure = thrown;
        } finally {
            leave();
        }
        if (failure != null) {
            connection.fail(failure);
            return 0;
        }
        if (consumed < lengthBytes) {
            receivePaused = true;
        }
        return consumed;
    }

    /** Delivery is to go on. */
    void resume() {
        resumeDue = true;
    }

    /** Delivery goes on. */
    void resumeNow() {
        if (connection.receiver().delivery().isActive()) {
            throw new IllegalStateException("receiveNow() within onReceive(); call resumeReceive() there");
        }
        resumeDue = false;
        receivePaused = false;
        connection.receiver().resume();
    }

    /** Whether delivery is to go on, asked once; ends the pause. */
    private boolean takeResume() {
        final boolean due = resumeDue;
        if (due) {
            resumeDue = false;
            receivePaused = false;
        }
        return due;
    }

    /** All that the peer has sent is consumed. @return whether nothing more needs to be told of it */
    private boolean tellPeerFinished() {
        if (!peerFinishedTold && connected && !connection.isOrphan()) {
            peerFinishedTold = true;
            RuntimeException failure = null;
            enter();
            try {
                handler.onPeerFinished(connection.flow());
            } catch (final RuntimeException thrown) {
                failure = thrown;
            } finally {
                leave();
            }
            failIf(failure);
        }
        return peerFinishedTold || connection.isOrphan();
    }

    // -- sending

    /** A write was short. */
    void blockWrites() {
        writeBlocked = true;
    }

    /** A write was short, and the application waits to hear of room. */
    boolean waitsForRoom() {
        return writeBlocked && connected;
    }

    /** A write was short, and there is room again: enough to be worth a call. */
    void offerRoom(final long nowNs) {
        if (!writeBlocked || !connected || !connection.isOpen() || connection.isProtocolDone()) {
            return;
        }
        final TcpSender sender = connection.sender();
        if (!sender.buffer().isWorthCalling()) {
            return;
        }
        if (sender.queue().contiguousWritableBytes() > 0) {
            tellWritable();
        } else {
            connection.timer().retryMemory(nowNs);
        }
    }

    private void tellWritable() {
        writeBlocked = false;
        RuntimeException failure = null;
        enter();
        try {
            handler.onWritable(connection.flow());
        } catch (final RuntimeException thrown) {
            failure = thrown;
        } finally {
            leave();
        }
        failIf(failure);
    }

    // -- end

    /**
     * Somebody stands in for the loop: the end waits for it. Of several ends the first is told.
     *
     * @return false if there is nothing to wait for
     */
    boolean putOffEnd(final TcpCloseReason reason) {
        final TcpStack stack = connection.stack();
        if (!stack.isStoodIn() || !stack.isOpen()) {
            return false;
        }
        if (closeDue == null) {
            closeDue = reason;
        }
        return true;
    }

    /** Whether the connection has ended, and the application will be told. */
    boolean isEndPutOff() {
        return closeDue != null;
    }

    void tellClosed(final TcpCloseReason reason) {
        if (handler == null) {
            return;
        }
        enterHeld();
        try {
            handler.onClosed(connection.flow(), closeDue == null ? reason : closeDue);
        } catch (final RuntimeException failure) {
            tellFailure(failure);
        } finally {
            leave();
        }
    }

    void tellFailure(final RuntimeException failure) {
        connection.counters().increment(TcpCounter.HANDLER_FAILURES);
        handler.onFailure(connection.flow(), failure);
    }

    /** Whether nothing is owed, in either direction. */
    boolean isAtRest() {
        return connected && !receivePaused && !resumeDue && !deliveryDue && !writeBlocked && !peerFinishedTold;
    }

    TcpHandler handler() {
        return handler;
    }

    /** {@link #isAtRest} again, after a rest. */
    void wake(final TcpHandler application) {
        handler = application;
        connected = true;
    }
}
