package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;

/** write() and its kin on a TCP socket. */
final class WriteOperation implements PendingCall.Operation {

    private final StreamSocket socket;
    private final Dialect dialect;
    private final byte[] payload;
    private final int lengthBytes;
    private final boolean more;
    private final boolean mayWait;
    private int writtenBytes;

    /**
     * @param payload or null for zeros
     * @param more whether another write follows at once, for which a segment that isn't full waits
     */
    WriteOperation(final StreamSocket socket, final Dialect dialect, final byte[] payload, final int lengthBytes,
            final boolean more, final boolean mayWait) {
        this.socket = socket;
        this.dialect = dialect;
        this.payload = payload;
        this.lengthBytes = lengthBytes;
        this.more = more;
        this.mayWait = mayWait;
    }

    // Linux sends full frames while it still copies, which makes room for more. @return whether all is written
    private boolean writeSome(final Connection connection, final long nowNs) {
        int before;
        do {
            before = writtenBytes;
            writtenBytes += connection.write(payload, writtenBytes, lengthBytes - writtenBytes);
            if (writtenBytes == lengthBytes) {
                if (more) {
                    connection.flow().moreFollows();
                }
                return true;
            }
            if (writtenBytes > before) {
                socket.send(nowNs);
                connection.tryAgain();
            }
        } while (writtenBytes > before && !connection.isEnded());
        return false;
    }

    @Override
    public long attempt(final PendingCall call, final long nowNs) {
        final Connection connection = socket.connection();
        if (connection == null) {
            return dialect == Dialect.LINUX ? -Errno.EPIPE : -Errno.ENOTCONN;
        }
        if (connection.error() != 0) {
            return writtenBytes > 0 ? writtenBytes : -connection.takeError();
        }
        if (socket.isWriteShut() || connection.isEnded()) {
            return writtenBytes > 0 ? writtenBytes : -Errno.EPIPE;
        }
        if (connection.wasConnected()) {
            if (writeSome(connection, nowNs)) {
                return lengthBytes;
            }
        }
        if (mayWait) {
            return PendingCall.WAIT;
        }
        return writtenBytes > 0 ? writtenBytes : -Errno.EAGAIN;
    }
}
