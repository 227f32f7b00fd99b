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
            handler.onConnected(connection);
        } catch (final RuntimeException failure) {
            connection.fail(failure);
        }
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
            consumed = handler.onReceive(connection, address, lengthBytes);
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
    boolean takeResume() {
        final boolean due = resumeDue;
        if (due) {
            resumeDue = false;
            receivePaused = false;
        }
        return due;
    }

    /** All that the peer has sent is consumed. @return whether nothing more needs to be told of it */
    boolean tellPeerFinished() {
        if (!peerFinishedTold && connected && !connection.isOrphan()) {
            peerFinishedTold = true;
            try {
                handler.onPeerFinished(connection);
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

    boolean waitsForRoom() {
        return writeBlocked && connected;
    }

    void tellWritable() {
        writeBlocked = false;
        try {
            handler.onWritable(connection);
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
            handler.onClosed(connection, reason);
        } catch (final RuntimeException failure) {
            tellFailure(failure);
        }
    }

    void tellFailure(final RuntimeException failure) {
        connection.counters().increment(TcpCounter.HANDLER_FAILURES);
        handler.onFailure(connection, failure);
    }
}
