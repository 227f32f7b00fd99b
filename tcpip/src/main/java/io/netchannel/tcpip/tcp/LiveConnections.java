package io.netchannel.tcpip.tcp;

/**
 * The connections of a stack that have not ended, those whose last FIN is through but whose data waits included. Linked
 * through the connections themselves.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class LiveConnections {

    private TcpConnection first;
    // Of who goes round, a part at a time.
    private TcpConnection cursor;

    void add(final TcpConnection connection) {
        connection.nextLive = first;
        if (first != null) {
            first.previousLive = connection;
        }
        first = connection;
    }

    /** Null if there is none. Others: {@link TcpConnection#nextLive}. */
    TcpConnection first() {
        return first;
    }

    /** One after the other; null behind the last, then the first again. */
    TcpConnection next() {
        cursor = cursor == null ? first : cursor.nextLive;
        return cursor;
    }

    void remove(final TcpConnection connection) {
        if (connection == cursor) {
            cursor = connection.previousLive;
        }
        if (connection.previousLive == null) {
            first = connection.nextLive;
        } else {
            connection.previousLive.nextLive = connection.nextLive;
        }
        if (connection.nextLive != null) {
            connection.nextLive.previousLive = connection.previousLive;
        }
        connection.previousLive = null;
        connection.nextLive = null;
    }

    /** Each removes itself as it ends. */
    void destroyAll() {
        while (first != null) {
            first.destroy();
        }
    }
}
