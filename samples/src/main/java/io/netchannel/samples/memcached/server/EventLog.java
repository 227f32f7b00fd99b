package io.netchannel.samples.memcached.server;

import io.netchannel.samples.memcached.protocol.LogFlags;
import io.netchannel.samples.memcached.protocol.Session;
import io.netchannel.samples.memcached.store.Dump;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounter;
import io.netchannel.samples.memcached.store.StoreListener;
import io.netchannel.samples.memcached.store.StoreMode;
import io.netchannel.samples.memcached.store.StoreResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What watchers are told. A watcher that doesn't read misses lines, and is told how many; the server never waits for
 * one.
 *
 * <p>Threading: under the store's lock.
 */
final class EventLog implements StoreListener {

    static final int MAX_WATCHERS = 20;
    /** Left free for the line that says how much was missed. */
    private static final int RESERVE_BYTES = 128;
    private static final String[] GET_RESULTS = {"not_found", "found", "flushed", "expired"};
    private static final int MICROS_NS = 1_000;

    private final MemcachedServer server;
    private final List<Watcher> watchers = new ArrayList<>();
    private int wanted;
    private long lines;

    private static final class Watcher {
        private final Feed feed;
        private final int flags;
        private long skipped;

        Watcher(final Feed feed, final int flags) {
            this.feed = feed;
            this.flags = flags;
        }
    }

    EventLog(final MemcachedServer server) {
        this.server = server;
    }

    int watchers() {
        return watchers.size();
    }

    /** @return null, or why not */
    String add(final Session session, final int flags, final int bufferBytes) {
        if (watchers.size() >= MAX_WATCHERS) {
            return "WATCHER_TOO_MANY log watcher limit reached";
        }
        watchers.add(new Watcher(new Feed(server, session, bufferBytes), flags));
        wanted |= flags;
        return null;
    }

    void remove(final Session session) {
        watchers.removeIf(watcher -> watcher.feed.session() == session);
        wanted = 0;
        watchers.forEach(watcher -> wanted |= watcher.flags);
    }

    /** There is room in the connection again. */
    void resume(final Session session) {
        watchers.stream().filter(watcher -> watcher.feed.session() == session).toList()
                .forEach(watcher -> watcher.feed.flush());
    }

    private void write(final int flag, final String text) {
        final Instant now = Instant.now();
        final byte[] line = ("ts=" + now.getEpochSecond() + "." + now.getNano() / MICROS_NS + " gid=" + ++lines + " "
                + text + "\n").getBytes(StandardCharsets.ISO_8859_1);
        final Store store = server.store();
        store.counters().add(StoreCounter.LOG_WRITTEN, 1);
        for (final Watcher watcher : watchers) {
            if ((watcher.flags & flag) == 0) {
                continue;
            }
            if (!watcher.feed.hasRoom(line.length + RESERVE_BYTES)) {
                watcher.skipped++;
                store.counters().add(StoreCounter.LOG_SKIPPED, 1);
                continue;
            }
            if (watcher.skipped > 0) {
                watcher.feed.put(("skipped=" + watcher.skipped + "\n").getBytes(StandardCharsets.ISO_8859_1));
                watcher.skipped = 0;
            }
            watcher.feed.put(line);
            store.counters().add(StoreCounter.LOG_SENT, 1);
        }
    }

    // -- items

    @Override
    public boolean wantsGets() {
        return (wanted & LogFlags.FETCHERS) != 0;
    }

    @Override
    public void onGet(final long key, final int keyBytes, final int result, final long item) {
        write(LogFlags.FETCHERS, "type=item_get key=" + Dump.encode(key, keyBytes) + " status=" + GET_RESULTS[result]
                + " clsid=" + (item == Item.NONE ? 0 : Item.classId(item)) + " cfd=" + server.store().connection()
                + " size=" + size(item));
    }

    private static int size(final long item) {
        return item == Item.NONE ? 0 : Math.max(0, Item.valueBytes(item) - Item.END_BYTES);
    }

    @Override
    public boolean wantsStores() {
        return (wanted & LogFlags.MUTATIONS) != 0;
    }

    @Override
    public void onStore(final long key, final int keyBytes, final StoreResult result, final StoreMode mode,
            final long item) {
        final int expiry = item == Item.NONE ? 0 : Item.expiry(item);
        write(LogFlags.MUTATIONS, "type=item_store key=" + Dump.encode(key, keyBytes) + " status="
                + result.name().toLowerCase(Locale.ROOT) + " cmd=" + mode.name().toLowerCase(Locale.ROOT) + " ttl="
                + (expiry == 0 ? 0 : expiry - server.store().clock().seconds()) + " clsid="
                + (item == Item.NONE ? 0 : Item.classId(item)) + " cfd=" + server.store().connection() + " size="
                + size(item));
    }

    @Override
    public boolean wantsEvictions() {
        return (wanted & LogFlags.EVICTIONS) != 0;
    }

    @Override
    public void onEvict(final long item) {
        final int now = server.store().clock().seconds();
        write(LogFlags.EVICTIONS, "type=eviction key=" + Dump.encode(Item.key(item), Item.keyBytes(item)) + " fetch="
                + (Item.isFetched(item) ? "yes" : "no") + " ttl="
                + (Item.expiry(item) == 0 ? -1 : Item.expiry(item) - now) + " la=" + (now - Item.time(item))
                + " clsid=" + Item.classId(item) + " size=" + size(item));
    }

    @Override
    public void onSystemEvent(final String text) {
        if ((wanted & LogFlags.SYSTEM_EVENTS) != 0) {
            write(LogFlags.SYSTEM_EVENTS, text);
        }
    }

    // -- connections

    void onOpen(final Session session) {
        if ((wanted & LogFlags.CONNECTION_EVENTS) != 0) {
            write(LogFlags.CONNECTION_EVENTS, "type=conn_new " + where(session) + " cfd=" + session.id());
        }
    }

    void onClose(final Session session) {
        if ((wanted & LogFlags.CONNECTION_EVENTS) != 0) {
            write(LogFlags.CONNECTION_EVENTS, "type=conn_close " + where(session) + " reason="
                    + session.closeReason().name().toLowerCase(Locale.ROOT) + " cfd=" + session.id());
        }
    }

    /** From {@code tcp:10.7.0.1:40000}, or {@code unix:/path}. */
    private static String where(final Session session) {
        final String remote = session.connection().remote();
        if (remote.startsWith("unix")) {
            return "rip=unix rport=0 transport=local";
        }
        final int port = remote.lastIndexOf(':');
        final String address = remote.substring(remote.indexOf(':') + 1, port).replaceAll("[\\[\\]]", "");
        return "rip=" + address + " rport=" + remote.substring(port + 1) + " transport=tcp";
    }
}
