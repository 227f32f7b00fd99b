package io.netchannel.tcpip.tcp;

/**
 * A connection's way to its application: which callbacks are owed, and that none comes at the wrong time.
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

    Application(final TcpConnection connection) {
        this.connection = connection;
    }

    void attach(final TcpHandler application) {
        handler = application;
    }

    boolean isConnected() {
        return connected;
    }

    void tellConnected() {
        if (handler == null || connected || connection.isOrphan()) {
            return;
        }
        connected = true;
        try {
            handler.onConnected(connection.flow());
        } catch (final RuntimeException failure) {
            connection.fail(failure);
        }
    }

    /** Makes the calls that are owed, at the connection's turn. */
    void tell(final long nowNs) {
        final TcpReceiver receiver = connection.receiver();
        if (connection.isOpen() && takeResume()) {
            receiver.resume(nowNs);
        }
        if (connection.isOpen() && receiver.finPassed() && !receiver.hasUnread() && tellPeerFinished()
                && connection.isProtocolDone()) {
            connection.end(TcpCloseReason.FINISHED);
        }
        offerRoom(nowNs);
    }

    // -- receiving

    /** Whether {@link #deliver} may be called. */
    boolean takesData() {
        return connected && !receivePaused && connection.isOpen() && !connection.isOrphan();
    }

    /** @return bytes consumed; less than {@code lengthBytes} pauses */
    int deliver(final long address, final int lengthBytes) {
        int consumed = 0;
        try {
            consumed = handler.onReceive(connection.flow(), address, lengthBytes);
            if (consumed < 0 || consumed > lengthBytes) {
                throw new IllegalStateException("consumed=" + consumed + " is not within 0.." + lengthBytes);
            }
        } catch (final RuntimeException failure) {
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
            try {
                handler.onPeerFinished(connection.flow());
            } catch (final RuntimeException failure) {
                connection.fail(failure);
            }
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
        try {
            handler.onWritable(connection.flow());
        } catch (final RuntimeException failure) {
            connection.fail(failure);
        }
    }

    // -- end

    void tellClosed(final TcpCloseReason reason) {
        if (handler == null) {
            return;
        }
        try {
            handler.onClosed(connection.flow(), reason);
        } catch (final RuntimeException failure) {
            tellFailure(failure);
        }
    }

    void tellFailure(final RuntimeException failure) {
        connection.counters().increment(TcpCounter.HANDLER_FAILURES);
        handler.onFailure(connection.flow(), failure);
    }

    /** Whether nothing is owed, in either direction. */
    boolean isAtRest() {
        return connected && !receivePaused && !resumeDue && !writeBlocked && !peerFinishedTold;
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
