package io.netchannel.samples.memcached.warm;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.journal.Damage;
import io.netchannel.kernel.storage.journal.Journal;
import io.netchannel.kernel.storage.journal.JournalConfig;
import io.netchannel.kernel.storage.journal.JournalListener;
import io.netchannel.kernel.storage.mapped.DirectoryStorage;
import io.netchannel.kernel.storage.mapped.MappedStorage;
import io.netchannel.kernel.storage.table.KeyValueTable;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreMirror;
import io.netchannel.samples.memcached.store.Values;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A copy of a store in a table on the disk, from which the next process starts.
 *
 * <p>A change is in the table's file before it is answered, so that a kill loses none; it is forced within
 * {@value #COMMIT_INTERVAL_MILLIS} ms, so that a power cut loses no more than those. Nobody waits for the disk but where the
 * table's files grow faster than they can be made.
 *
 * <p>When the disk is full or fails, the files are deleted and the cache goes on without: the next start is cold, never one with
 * values of long ago.
 *
 * <p>Threading: under the store's lock.
 */
public final class WarmStore implements StoreMirror, JournalListener, AutoCloseable {

    static final int COMMIT_INTERVAL_MILLIS = 20;

    private static final long COMMIT_INTERVAL_NS = COMMIT_INTERVAL_MILLIS * 1_000_000L;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int MIN_SEGMENT_BYTES = 16 << 20;
    /** Of items per segment that are as long as may be. */
    private static final int ITEMS = 4;
    private static final int MAX_ENTRY_OVERHEAD_BYTES = 64;
    private static final long WAIT_NS = 20_000;
    /** More ids than a process gives out: those of the one before, also of what was removed, never come again. */
    private static final long CAS_GAP = 1L << 32;
    private static final int KEPT_FLAGS = Item.FLAG_KEY_BINARY | Item.FLAG_STALE | Item.FLAG_TOKEN_SENT;

    private final Store store;
    private final MappedStorage storage;
    private final KeyValueTable table;
    private final OrderedMemory memory;
    private final JournalConfig config;
    private final Runnable wake;
    private final Consumer<String> report;
    private boolean off = true;
    private boolean scheduled;
    private boolean changed;
    private long committedNs;
    private long casBase;

    // -- while it restores
    private long flushedUntil;
    private long flushedCas;
    private long maxCas;

    /**
     * Opens a directory, see {@link #WarmStore}.
     *
     * @throws UncheckedIOException if the directory can't be had
     */
    public static WarmStore open(final Path directory, final Store store, final Runnable wake,
            final Consumer<String> report) {
        return new WarmStore(DirectoryStorage.open(directory), null, store, wake, report);
    }

    /**
     * Fills the store with what is there, and follows its changes from then on.
     *
     * @param storage closed with this, also if this fails
     * @param executor runs what waits for the disk; null for a thread of its own
     * @param wake has {@link #run} called soon
     * @param report told, in words, of what is lost
     * @throws LinuxException if the disk fails, or is full
     * @throws io.netchannel.kernel.storage.journal.JournalException if something else is in it
     */
    public WarmStore(final MappedStorage storage, final Executor executor, final Store store, final Runnable wake,
            final Consumer<String> report) {
        this.store = store;
        this.wake = wake;
        this.report = report;
        this.config = new JournalConfig(segmentBytes(store.settings().itemMaxBytes), 0);
        this.storage = storage;
        try {
            this.table = KeyValueTable.open(storage, config, new SecureRandom(), unixNow(), this, executor, () -> {
            });
        } catch (final RuntimeException failed) {
            storage.close();
            throw failed;
        }
        this.memory = table.memory();
        for (final Damage damage : table.damage()) {
            if (damage.acknowledged()) {
                report.accept(storage + ": " + damage);
            }
        }
        restore();
        store.mirror(this);
    }

    private static int segmentBytes(final int itemMaxBytes) {
        final long wanted = Math.max(MIN_SEGMENT_BYTES, (long) ITEMS * itemMaxBytes);
        return (int) Math.min(JournalConfig.MAX_SEGMENT_BYTES, Long.highestOneBit(wanted - 1) << 1);
    }

    private long unixNow() {
        return unix(store.clock().seconds());
    }

    private long unix(final int second) {
        return Integer.toUnsignedLong(second) + store.clock().startedUnixSeconds();
    }

    // -- restore

    private void restore() {
        if (table.find(0, 0)) {
            flushedUntil = memory.getLong(table.valueAddress() + WarmLayout.FLUSHED_OFFSET);
            flushedCas = memory.getLong(table.valueAddress() + WarmLayout.FLUSHED_CAS_OFFSET);
            maxCas = memory.getLong(table.valueAddress() + WarmLayout.CAS_BASE_OFFSET);
        }
        table.forEach(this::restoreOne);
        casBase = maxCas == 0 && table.size() == 0 ? 0 : maxCas + CAS_GAP;
        store.casBase(casBase);
        off = false;
        forgetAbsent();
        if (flushedUntil > unixNow()) {
            // It was asked for a time to come; and is kept so by this.
            store.flush((int) (flushedUntil + (store.settings().cas ? 1 : 0) - store.clock().startedUnixSeconds()));
        }
        keepRest();
    }

    private void restoreOne(final KeyValueTable entry) {
        if (entry.keyBytes() == 0) {
            return;
        }
        final long value = entry.valueAddress();
        final long cas = memory.getLong(value + WarmLayout.CAS_OFFSET);
        maxCas = Math.max(maxCas, cas);
        if (isFlushed(memory.getLong(value + WarmLayout.STORED_OFFSET), cas)) {
            return;
        }
        final int valueBytes = entry.valueBytes() - WarmLayout.ITEM_BYTES;
        final int expiry = entry.expiry() == 0 ? 0 : (int) (entry.expiry() - store.clock().startedUnixSeconds());
        final long item = store.allocate(entry.keyAddress(), entry.keyBytes(), memory.getInt(value
                + WarmLayout.CLIENT_FLAGS_OFFSET), expiry, valueBytes);
        if (item == Item.NONE) {
            return;
        }
        if (store.values().append(item, 0, value + WarmLayout.ITEM_BYTES, valueBytes)) {
            Item.set(item, memory.getInt(value + WarmLayout.ITEM_FLAGS_OFFSET));
            store.restore(item, cas);
        } else {
            store.free(item);
        }
    }

    private boolean isFlushed(final long stored, final long cas) {
        return flushedUntil != 0 && flushedUntil <= unixNow()
                && (stored <= flushedUntil || flushedCas != 0 && cas != 0 && cas < flushedCas);
    }

    /** What was flushed, or had no room. */
    private void forgetAbsent() {
        final List<byte[]> absent = new ArrayList<>();
        table.forEach(entry -> {
            if (entry.keyBytes() > 0 && store.get(entry.keyAddress(), entry.keyBytes(), false) == Item.NONE) {
                final byte[] key = new byte[entry.keyBytes()];
                memory.copyToArray(entry.keyAddress(), key, 0, key.length);
                absent.add(key);
            }
        });
        try (Arena arena = Arena.ofConfined()) {
            final long key = arena.allocate(Byte.MAX_VALUE * 2 + 1).address();
            for (final byte[] each : absent) {
                memory.copyFromArray(each, 0, key, each.length);
                remove(key, each.length);
            }
        }
    }

    /** Items that came from the disk, or came to it. */
    public int size() {
        return table.size();
    }

    // -- changes

    @Override
    public void stored(final long item) {
        if (off) {
            return;
        }
        final int valueBytes = WarmLayout.ITEM_BYTES + Item.valueBytes(item);
        if (Item.keyBytes(item) + valueBytes > config.maxPayloadBytes() - MAX_ENTRY_OVERHEAD_BYTES) {
            // Longer than a segment: it is not kept, and neither is what it replaces.
            remove(Item.key(item), Item.keyBytes(item));
            return;
        }
        final int expiry = Item.expiry(item);
        final long value = claim(Item.key(item), Item.keyBytes(item), valueBytes, expiry == 0 ? 0 : unix(expiry));
        if (value < 0) {
            return;
        }
        memory.putInt(value + WarmLayout.CLIENT_FLAGS_OFFSET, Item.clientFlags(item));
        memory.putInt(value + WarmLayout.ITEM_FLAGS_OFFSET, Item.flags(item) & KEPT_FLAGS);
        memory.putLong(value + WarmLayout.CAS_OFFSET, Item.cas(item));
        memory.putLong(value + WarmLayout.STORED_OFFSET, unix(Item.time(item)));
        Values.copy(item, value + WarmLayout.ITEM_BYTES, Item.valueBytes(item));
        table.publish();
        changed();
    }

    @Override
    public void removed(final long item) {
        if (!off) {
            remove(Item.key(item), Item.keyBytes(item));
        }
    }

    private void remove(final long key, final int keyBytes) {
        if (off) {
            return;
        }
        long result = table.remove(key, keyBytes);
        while (result == Journal.BACK_PRESSURED && !off) {
            await();
            result = off ? 0 : table.remove(key, keyBytes);
        }
        if (result < 0 && !off) {
            giveUp(result);
        } else if (result > 0) {
            changed();
        }
    }

    @Override
    public void flushed() {
        if (off) {
            return;
        }
        flushedUntil = store.flushedUntil() == 0 ? 0 : unix(store.flushedUntil());
        flushedCas = store.flushedCas();
        keepRest();
    }

    private void keepRest() {
        final long value = off ? Journal.FAILED : claim(0, 0, WarmLayout.REST_BYTES, 0);
        if (value < 0) {
            return;
        }
        memory.putLong(value + WarmLayout.FLUSHED_OFFSET, flushedUntil);
        memory.putLong(value + WarmLayout.FLUSHED_CAS_OFFSET, flushedCas);
        memory.putLong(value + WarmLayout.CAS_BASE_OFFSET, casBase);
        table.publish();
        changed();
    }

    /** @return a negative number if the copy was given up */
    private long claim(final long key, final int keyBytes, final int valueBytes, final long expiry) {
        long value = table.claim(key, keyBytes, valueBytes, expiry);
        while (value == Journal.BACK_PRESSURED && !off) {
            await();
            value = off ? Journal.FAILED : table.claim(key, keyBytes, valueBytes, expiry);
        }
        if (value < 0 && !off) {
            giveUp(value);
        }
        return value;
    }

    private void await() {
        LockSupport.parkNanos(WAIT_NS);
        table.poll(0);
    }

    private void changed() {
        changed = true;
        if (!scheduled) {
            scheduled = true;
            wake.run();
        }
    }

    // -- commits

    /**
     * Forces what has changed, if it is time.
     *
     * @return when to be called again; {@link Long#MAX_VALUE} if nothing is to be done
     */
    public long run(final long nowNs) {
        if (off) {
            return NEVER;
        }
        table.advance(unixNow());
        table.poll(nowNs);
        if (!off && changed && nowNs - committedNs >= COMMIT_INTERVAL_NS) {
            changed = false;
            committedNs = nowNs;
            table.commit();
        }
        scheduled = !off && (changed || table.committedSequence() < table.nextSequence() - 1);
        return scheduled ? nowNs + COMMIT_INTERVAL_NS : NEVER;
    }

    @Override
    public void onCommitted(final long position) {
        // Nobody waits for it.
    }

    @Override
    public void onFailed(final LinuxException failure) {
        giveUp(Journal.FAILED);
    }

    private void giveUp(final long why) {
        off = true;
        final RuntimeException cause = why == Journal.NO_SPACE ? table.spaceFailure() : table.failure();
        report.accept("can't keep items in " + storage + ": " + (cause == null ? "closed" : cause.getMessage())
                + "; goes on without, and starts empty the next time");
        try {
            table.close();
        } catch (final LinuxException | UncheckedIOException lost) {
            // They are deleted next.
        }
        try {
            storage.names().stream().filter(name -> name.endsWith(".journal")).forEach(storage::delete);
            storage.syncNames();
        } catch (final LinuxException | UncheckedIOException failed) {
            report.accept(
                    "can't delete the files in " + storage + ", which hold values of now: " + failed.getMessage());
        }
        storage.close();
    }

    /** Forces all, and lets go of the directory. */
    @Override
    public void close() {
        if (!off) {
            off = true;
            try {
                table.close();
            } finally {
                storage.close();
            }
        }
    }
}
