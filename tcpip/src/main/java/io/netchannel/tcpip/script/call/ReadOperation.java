package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;

/** read() and its kin on a TCP socket. */
final class ReadOperation implements PendingCall.Operation {

    private final StreamSocket socket;
    private final int lengthBytes;
    private final boolean peek;
    private final boolean mayWait;
    private final int enoughBytes;
    private int readBytes;

    /**
     * @param lengthBytes of the buffer
     * @param waitAll whether less than that is not enough
     */
    ReadOperation(final StreamSocket socket, final int lengthBytes, final boolean peek, final boolean waitAll,
            final boolean mayWait) {
        this.socket = socket;
        this.lengthBytes = lengthBytes;
        this.peek = peek;
        this.mayWait = mayWait;
        this.enoughBytes = Math.max(1,
                waitAll ? lengthBytes : Math.min(socket.options().receiveLowWaterBytes(), lengthBytes));
    }

    @Override
    public long attempt(final PendingCall call, final long nowNs) {
        final Connection connection = socket.connection();
        if (connection == null) {
            return -Errno.ENOTCONN;
        }
        final int unreadBytes = connection.unreadBytes();
        take(connection, unreadBytes);
        if (readBytes >= enoughBytes || lengthBytes == 0 && unreadBytes > 0) {
            return readBytes;
        }
        final long end = end(connection);
        return readBytes > 0 && (end != PendingCall.WAIT || !mayWait) ? readBytes : end;
    }

    private void take(final Connection connection, final int unreadBytes) {
        if (peek) {
            readBytes = Math.min(lengthBytes, unreadBytes);
            return;
        }
        final int taken = Math.min(lengthBytes - readBytes, unreadBytes);
        connection.consume(taken);
        readBytes += taken;
    }

    /** What there is to say when nothing is left to read, in Linux's order: the end, errors, shutdown, waiting. */
    private long end(final Connection connection) {
        if (connection.isPeerFinished() && connection.unreadBytes() == 0) {
            return 0;
        }
        if (connection.error() != 0) {
            return -(readBytes > 0 ? connection.error() : connection.takeError());
        }
        if (socket.isReadShut() || connection.isEnded()) {
            return 0;
        }
        return mayWait ? PendingCall.WAIT : -Errno.EAGAIN;
    }
}
