package io.netchannel.tcpip.tcp;

/**
 * Connections that have something to send or to tell, each once, first come, first served. Linked through the
 * connections themselves: a turn costs only for those that have work, and nothing is allocated.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class DirtyQueue {

    private TcpConnection first;
    private TcpConnection last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    void add(final TcpConnection connection) {
        if (connection.dirty) {
            return;
        }
        connection.dirty = true;
        connection.nextDirty = null;
        if (last == null) {
            first = connection;
        } else {
            last.nextDirty = connection;
        }
        last = connection;
        size++;
    }

    /** Before all others. */
    void addFirst(final TcpConnection connection) {
        if (connection.dirty) {
            return;
        }
        connection.dirty = true;
        connection.nextDirty = first;
        first = connection;
        if (last == null) {
            last = connection;
        }
        size++;
    }

    /** The first, which there must be. */
    TcpConnection remove() {
        final TcpConnection connection = first;
        first = connection.nextDirty;
        if (first == null) {
            last = null;
        }
        connection.nextDirty = null;
        connection.dirty = false;
        size--;
        return connection;
    }
}
