package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.expression.StickLookup;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Entries by their keys, and those that nobody tracks in the order of their expiry.
 *
 * <p>All entries live equally long after they were last touched, so this order is that of their touches: a list. Entries whose
 * time is over are removed at the next access, whatever it is; no timer is needed. Only an entry that was released without a
 * touch stands behind some that end after it, and is found out at the latest when it comes to the front: each step is of
 * constant time, whatever clients do. Threading: the proxy's loop.
 */
public final class StickTable implements StickLookup {

    private TableConfig config;
    private TableLayout layout;
    private final Map<Object, StickEntry> entries = new HashMap<>();
    private StickEntry oldest;
    private StickEntry newest;

    public StickTable(final TableConfig config) {
        this.config = config;
        this.layout = new TableLayout(config.stores());
    }

    public TableConfig config() {
        return config;
    }

    TableLayout layout() {
        return layout;
    }

    /** Told while the configuration is read, before there are entries. */
    StickTable storingServers() {
        config = config.storingServers();
        layout = new TableLayout(config.stores());
        return this;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public StickEntry find(final Value value, final long nowMs) {
        final Object key = StickKeys.key(value, config);
        return key == null ? null : lookUp(key, nowMs);
    }

    @Override
    public StickEntry findOrCreate(final Value value, final long nowMs) {
        final Object key = StickKeys.key(value, config);
        return key == null ? null : lookUpOrCreate(key, nowMs);
    }

    StickEntry lookUp(final Object key, final long nowMs) {
        expire(nowMs);
        final StickEntry entry = entries.get(key);
        if (entry != null && isOver(entry, nowMs)) {
            remove(entry);
            return null;
        }
        return entry;
    }

    StickEntry lookUpOrCreate(final Object key, final long nowMs) {
        final StickEntry there = lookUp(key, nowMs);
        if (there != null) {
            return there;
        }
        if (entries.size() >= config.size() && (config.noPurge() || !purge())) {
            return null;
        }
        final StickEntry entry = new StickEntry(this, key, layout.words());
        entries.put(key, entry);
        touch(entry, nowMs);
        return entry;
    }

    /** Forgets the oldest of those that nobody tracks: a 256th of the table at a time, as haproxy does. */
    private boolean purge() {
        final long wanted = (config.size() >> 8) + 1;
        long purged = 0;
        while (purged < wanted && oldest != null) {
            remove(oldest);
            purged++;
        }
        return purged > 0;
    }

    /** @return false if it is tracked and stays */
    public boolean removeUnused(final StickEntry entry) {
        if (entry.trackers > 0) {
            return false;
        }
        remove(entry);
        return true;
    }

    private void remove(final StickEntry entry) {
        unqueue(entry);
        entries.remove(entry.key);
    }

    private void expire(final long nowMs) {
        while (oldest != null && isOver(oldest, nowMs)) {
            remove(oldest);
        }
    }

    private boolean isOver(final StickEntry entry, final long nowMs) {
        return config.expireMs() > 0 && entry.trackers == 0 && entry.expiresMs <= nowMs;
    }

    void touch(final StickEntry entry, final long nowMs) {
        entry.expiresMs = nowMs + config.expireMs();
        if (entry.trackers == 0) {
            unqueue(entry);
            queue(entry);
        }
    }

    void track(final StickEntry entry) {
        entry.trackers++;
        unqueue(entry);
    }

    void release(final StickEntry entry, final long nowMs) {
        entry.trackers--;
        if (isOver(entry, nowMs)) {
            remove(entry);
        } else if (entry.trackers == 0) {
            queue(entry);
        }
    }

    private void queue(final StickEntry entry) {
        entry.earlier = newest;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.later = entry;
        }
        newest = entry;
        entry.queued = true;
    }

    private void unqueue(final StickEntry entry) {
        if (!entry.queued) {
            return;
        }
        if (entry.earlier == null) {
            oldest = entry.later;
        } else {
            entry.earlier.later = entry.later;
        }
        if (entry.later == null) {
            newest = entry.earlier;
        } else {
            entry.later.earlier = entry.earlier;
        }
        entry.earlier = null;
        entry.later = null;
        entry.queued = false;
    }

    /** All entries, in the order of their keys' bytes, as {@code show table} has them. */
    public List<StickEntry> entries(final long nowMs) {
        expire(nowMs);
        final List<StickEntry> sorted = new ArrayList<>(entries.values());
        sorted.removeIf(entry -> isOver(entry, nowMs));
        sorted.sort(Comparator.comparing((StickEntry entry) -> StickKeys.bytes(entry.key),
                Arrays::compareUnsigned));
        return sorted;
    }

    public long used(final long nowMs) {
        expire(nowMs);
        return entries.size();
    }

    @Override
    public long available() {
        return config.size() - entries.size();
    }

    @Override
    public long size() {
        return config.size();
    }
}
