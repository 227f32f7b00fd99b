package io.netchannel.samples.memcached.server;

import io.netchannel.samples.memcached.store.Crawler;
import io.netchannel.samples.memcached.store.Dump;
import io.netchannel.samples.memcached.store.Store;
import java.nio.charset.StandardCharsets;

/**
 * Writes the items that a crawler shows to a session; the crawler goes on as the client reads.
 *
 * <p>Threading: under the store's lock.
 */
final class DumpVisitor implements Crawler.Visitor {

    static final int BUFFER_BYTES = 256 << 10;
    /** Room for what one step shows: a whole hash bucket. */
    private static final int ROOM_BYTES = 64 << 10;

    private final Store store;
    private final Feed feed;
    private final boolean asMetaCommands;

    DumpVisitor(final Store store, final Feed feed, final boolean asMetaCommands) {
        this.store = store;
        this.feed = feed;
        this.asMetaCommands = asMetaCommands;
    }

    Feed feed() {
        return feed;
    }

    @Override
    public boolean ready() {
        return feed.hasRoom(ROOM_BYTES);
    }

    @Override
    public boolean gone() {
        return feed.session().isClosed();
    }

    @Override
    public void visit(final long item) {
        put(asMetaCommands ? Dump.asMetaCommand(item) : Dump.describe(store, item));
    }

    private void put(final String line) {
        final byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        if (feed.hasRoom(bytes.length)) {
            feed.put(bytes);
        }
    }

    @Override
    public void end() {
        if (!gone()) {
            put(asMetaCommands ? "EN\r\n" : "END\r\n");
            feed.end();
        }
    }
}
