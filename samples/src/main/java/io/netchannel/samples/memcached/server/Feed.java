package io.netchannel.samples.memcached.server;

import io.netchannel.cpu.HostMemory;
import io.netchannel.samples.memcached.protocol.Session;
import java.lang.foreign.Arena;

/**
 * Lines for a session that asked for a log or a dump, as many as fit into its buffer; sent on the session's loop.
 *
 * <p>Threading: under the store's lock, {@link #flush} on the session's loop as well.
 */
final class Feed {

    private final Session session;
    private final MemcachedServer server;
    private final Arena arena = Arena.ofAuto();
    private final long address;
    private final int capacity;
    private int start;
    private int end;
    private boolean scheduled;
    private boolean ended;

    Feed(final MemcachedServer server, final Session session, final int capacityBytes) {
        this.server = server;
        this.session = session;
        this.capacity = capacityBytes;
        this.address = arena.allocate(capacityBytes).address();
    }

    Session session() {
        return session;
    }

    boolean hasRoom(final int bytes) {
        return capacity - (end - start) >= bytes;
    }

    /** Only after {@link #hasRoom} said so. */
    void put(final byte[] line) {
        if (capacity - end < line.length) {
            HostMemory.INSTANCE.copy(address + start, address, end - start);
            end -= start;
            start = 0;
        }
        HostMemory.INSTANCE.copyFromArray(line, 0, address + end, line.length);
        end += line.length;
        schedule();
    }

    /** Nothing comes any more: once all is sent, the session takes commands again. */
    void end() {
        ended = true;
        schedule();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            session.connection().execute(this::flush);
        }
    }

    /** Sends what the connection takes. */
    void flush() {
        boolean over = false;
        server.lock();
        try {
            scheduled = false;
            if (end > start && !session.isClosed()) {
                start += session.sendDirectly(address + start, end - start);
            }
            if (start == end) {
                start = 0;
                end = 0;
                over = ended;
            }
        } finally {
            server.unlock();
        }
        if (over) {
            server.feedEnded(this);
        } else {
            // A dump may have waited for room.
            server.maintain();
        }
    }
}
