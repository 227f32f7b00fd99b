package io.netchannel.kernel.storage.table;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.storage.journal.Damage;
import io.netchannel.kernel.storage.journal.Journal;
import io.netchannel.kernel.storage.journal.JournalConfig;
import io.netchannel.kernel.storage.journal.JournalException;
import io.netchannel.kernel.storage.journal.JournalListener;
import io.netchannel.kernel.storage.journal.JournalReader;
import io.netchannel.kernel.storage.mapped.MappedStorage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Keys and values in a journal, with an index in memory.
 *
 * <pre>
 *   put, remove ──▶ a record at the journal's end, the index points to it
 *   get         ──▶ index ──▶ value in place, in the mapped file
 *   cleaner     ──▶ goes through the oldest segment a little with each change: what is live is appended again,
 *                   then, when that is durable, the segment goes
 * </pre>
 * After a restart the table is as after one of its changes, and no earlier one than the last that was acknowledged.
 *
 * <p>The files take no more than {@value #AMPLIFICATION} times the live records and {@value #EXTRA_SEGMENTS} segments, while
 * changes come and are committed: {@value #CLEANING_FACTOR} bytes are gone through for each that is appended.
 *
 * <p>Time is the application's, only its order counts: what expires at {@code t} is over from {@code t} on.
 *
 * <p>Threading: the journal's appending thread.
 */
public final class KeyValueTable implements Poller, AutoCloseable {

    /** Bytes of files for each that is live, beyond which the oldest segments are cleaned. */
    public static final int AMPLIFICATION = 2;
    /** Segments that don't count for that: the last, the one made ahead, the one that is cleaned. */
    public static final int EXTRA_SEGMENTS = 3;

    static final int CLEANING_FACTOR = 4;

    private final Journal journal;
    private final OrderedMemory memory;
    private final TableIndex index;
    private final JournalListener listener;

    private long now;
    private long liveBytes;
    private long claimedPayload;

    // -- the entry that was found
    private long foundPayload;
    private int foundBytes;

    // -- the cleaner
    private JournalReader cleaner;
    private boolean isHeld;
    private boolean isCut;
    private long cutBefore;
    private long cutWhenCommitted;
    private long cleaningBytes;

    /** Of {@link #forEach}. */
    @FunctionalInterface
    public interface Visitor {

        /** May read the entry until it returns, and not change the table. */
        void visit(KeyValueTable entry);
    }

    private KeyValueTable(final MappedStorage storage, final JournalConfig config, final RandomGenerator random,
            final JournalListener listener, final Executor executor, final Runnable wake) {
        this.listener = listener;
        this.journal = Journal.open(storage, config, random, new Cutter(), executor, wake);
        this.memory = journal.memory();
        this.index = new TableIndex(journal, random.nextLong());
    }

    /**
     * Opens what is stored, without what is over, and goes through all of it.
     *
     * @param random for a secret, and a new journal's id
     * @param now see {@link #advance}
     * @param listener told of the journal's progress: {@link #position} says what a change waits for
     * @param executor see {@link Journal#open}
     * @param wake see {@link Journal#open}
     */
    public static KeyValueTable open(final MappedStorage storage, final JournalConfig config,
            final RandomGenerator random, final long now, final JournalListener listener, final Executor executor,
            final Runnable wake) {
        if (config.retainBytes() != 0) {
            throw new IllegalArgumentException("retainBytes=" + config.retainBytes()
                    + " != 0: a table's journal keeps what is live");
        }
        final KeyValueTable table = new KeyValueTable(storage, config, random, listener, executor, wake);
        table.now = now;
        try {
            table.load();
        } catch (final RuntimeException failed) {
            table.close();
            throw failed;
        }
        return table;
    }

    private void load() {
        try (JournalReader reader = journal.reader(journal.firstPosition())) {
            while (reader.next()) {
                final long payload = reader.payloadAddress();
                checkEntry(reader);
                final long expiry = memory.getLong(payload + EntryLayout.EXPIRY_OFFSET);
                if (reader.type() == EntryLayout.PUT && !isOver(expiry)) {
                    link(payload, reader.position());
                } else {
                    // Also what is over: an older value of the key must not come back.
                    unlink(payload + EntryLayout.HEADER_BYTES, memory.getInt(payload + EntryLayout.KEY_BYTES_OFFSET));
                }
            }
        }
    }

    /** A journal of somebody else's has records that are whole, and no entries. */
    private void checkEntry(final JournalReader reader) {
        final int keyBytes = reader.payloadBytes() < EntryLayout.HEADER_BYTES
                ? -1
                : memory.getInt(reader.payloadAddress() + EntryLayout.KEY_BYTES_OFFSET);
        if (keyBytes < 0 || keyBytes > reader.payloadBytes() - EntryLayout.HEADER_BYTES
                || reader.type() != EntryLayout.PUT && reader.type() != EntryLayout.REMOVE) {
            throw new JournalException("record " + reader.sequence() + " is no entry of a table: type=" + reader.type()
                    + " payloadBytes=" + reader.payloadBytes() + " keyBytes=" + keyBytes
                    + "; the journal is another application's");
        }
    }

    /** The time of what follows. */
    public void advance(final long to) {
        now = to;
    }

    // -- changes

    /**
     * Room for the value of a key, to be filled through {@link #memory} and then {@linkplain #publish published} or left.
     *
     * @param key address, outside of the table
     * @param expiry 0 for never
     * @return its address, or as {@link Journal#claim}
     */
    public long claim(final long key, final int keyBytes, final int valueBytes, final long expiry) {
        final long payload = journal.claim(EntryLayout.PUT, EntryLayout.HEADER_BYTES + keyBytes + valueBytes);
        if (payload < 0) {
            return payload;
        }
        fill(payload, key, keyBytes, expiry);
        claimedPayload = payload;
        return payload + EntryLayout.HEADER_BYTES + keyBytes;
    }

    private void fill(final long payload, final long key, final int keyBytes, final long expiry) {
        memory.putLong(payload + EntryLayout.EXPIRY_OFFSET, expiry);
        memory.putInt(payload + EntryLayout.KEY_BYTES_OFFSET, keyBytes);
        memory.copy(key, payload + EntryLayout.HEADER_BYTES, keyBytes);
    }

    /** Puts what was claimed. */
    public void publish() {
        final long before = journal.publishedBytes();
        link(claimedPayload, journal.publish());
        clean(journal.publishedBytes() - before);
    }

    /**
     * Removes a key.
     *
     * @return 1, 0 if it isn't there, or as {@link Journal#claim}
     */
    public long remove(final long key, final int keyBytes) {
        if (index.find(index.hash(key, keyBytes), key, keyBytes) < 0) {
            return 0;
        }
        final long payload = journal.claim(EntryLayout.REMOVE, EntryLayout.HEADER_BYTES + keyBytes);
        if (payload < 0) {
            return payload;
        }
        fill(payload, key, keyBytes, 0);
        final long before = journal.publishedBytes();
        journal.publish();
        unlink(key, keyBytes);
        clean(journal.publishedBytes() - before);
        return 1;
    }

    private void link(final long payload, final long position) {
        final long key = payload + EntryLayout.HEADER_BYTES;
        final int keyBytes = memory.getInt(payload + EntryLayout.KEY_BYTES_OFFSET);
        final int hash = index.hash(key, keyBytes);
        final int slot = index.find(hash, key, keyBytes);
        liveBytes += recordBytes(position);
        if (slot < 0) {
            index.add(hash, position);
        } else {
            liveBytes -= recordBytes(index.positionAt(slot));
            index.replace(slot, position);
        }
    }

    private void unlink(final long key, final int keyBytes) {
        final int slot = index.find(index.hash(key, keyBytes), key, keyBytes);
        if (slot >= 0) {
            liveBytes -= recordBytes(index.positionAt(slot));
            index.remove(slot);
        }
    }

    private long recordBytes(final long position) {
        return Journal.recordBytes(journal.payloadBytes(position));
    }

    // -- lookup

    /** Finds a key that isn't over; the methods that follow are about it, until the next call. */
    public boolean find(final long key, final int keyBytes) {
        final int slot = index.find(index.hash(key, keyBytes), key, keyBytes);
        if (slot < 0) {
            return false;
        }
        found(index.positionAt(slot));
        return !isOver(expiry());
    }

    private void found(final long position) {
        foundPayload = journal.payloadAddress(position);
        foundBytes = journal.payloadBytes(position);
    }

    private boolean isOver(final long expiry) {
        return expiry != 0 && expiry <= now;
    }

    public long keyAddress() {
        return foundPayload + EntryLayout.HEADER_BYTES;
    }

    public int keyBytes() {
        return memory.getInt(foundPayload + EntryLayout.KEY_BYTES_OFFSET);
    }

    public long valueAddress() {
        return keyAddress() + keyBytes();
    }

    public int valueBytes() {
        return foundBytes - EntryLayout.HEADER_BYTES - keyBytes();
    }

    /** 0 for never. */
    public long expiry() {
        return memory.getLong(foundPayload + EntryLayout.EXPIRY_OFFSET);
    }

    /** Every entry that isn't over, the one that was put first first; what was cleaned counts as put then. */
    public void forEach(final Visitor visitor) {
        final long[] all = new long[index.size()];
        int count = 0;
        for (int slot = 0; slot < index.slots(); slot++) {
            if (index.positionAt(slot) != 0) {
                all[count++] = index.positionAt(slot);
            }
        }
        Arrays.sort(all);
        for (final long position : all) {
            found(position);
            if (!isOver(expiry())) {
                visitor.visit(this);
            }
        }
    }

    // -- commit

    /** See {@link Journal#commit}. */
    public void commit() {
        journal.commit();
    }

    @Override
    public int poll(final long nowNs) {
        return journal.poll(nowNs);
    }

    @Override
    public boolean arm() {
        return journal.arm();
    }

    /** Behind the last change: it is durable when the listener is told of this position or a later one. */
    public long position() {
        return journal.endPosition();
    }

    /** Takes up the cleaner's work when the journal has got on. */
    private final class Cutter implements JournalListener {

        @Override
        public void onCommitted(final long position) {
            if (isCut && position >= cutWhenCommitted) {
                isCut = false;
                journal.truncateBefore(cutBefore);
            }
            listener.onCommitted(position);
        }

        @Override
        public void onFailed(final LinuxException failure) {
            listener.onFailed(failure);
        }
    }

    // -- cleaning

    private void clean(final long appendedBytes) {
        cleaningBytes = Math.min(cleaningBytes + CLEANING_FACTOR * appendedBytes, journal.config().segmentBytes());
        while (cleaningBytes > 0 && !isCut && isTooLarge()) {
            if (cleaner == null) {
                cleaner = journal.reader(journal.firstPosition());
            }
            if (!isHeld && !cleaner.next()) {
                return;
            }
            isHeld = true;
            if (Journal.isInLaterSegment(cleaner.position(), journal.firstPosition())) {
                cutHere();
                return;
            }
            if (!cleanOne()) {
                return;
            }
            isHeld = false;
            cleaningBytes -= Journal.recordBytes(cleaner.payloadBytes());
        }
    }

    private boolean isTooLarge() {
        return journal.sizeBytes() > AMPLIFICATION * liveBytes + (long) EXTRA_SEGMENTS * journal.config()
                .segmentBytes();
    }

    /** All before the cleaner's record is dead or copied, and may go when the copies are durable. */
    private void cutHere() {
        isCut = true;
        cutBefore = cleaner.position();
        cutWhenCommitted = journal.endPosition();
        journal.commit();
    }

    /** @return false if there is no room now; the record's turn comes again */
    private boolean cleanOne() {
        final long payload = cleaner.payloadAddress();
        final long key = payload + EntryLayout.HEADER_BYTES;
        final int keyBytes = memory.getInt(payload + EntryLayout.KEY_BYTES_OFFSET);
        final int slot = cleaner.type() == EntryLayout.PUT
                ? index.find(index.hash(key, keyBytes), key, keyBytes)
                : -1;
        // A removal may go: every put that it removed is in this segment, or gone.
        if (slot < 0 || index.positionAt(slot) != cleaner.position()) {
            return true;
        }
        if (isOver(memory.getLong(payload + EntryLayout.EXPIRY_OFFSET))) {
            unlink(key, keyBytes);
            return true;
        }
        final long copy = journal.claim(EntryLayout.PUT, cleaner.payloadBytes());
        if (copy < 0) {
            return false;
        }
        memory.copy(payload, copy, cleaner.payloadBytes());
        index.replace(slot, journal.publish());
        return true;
    }

    // -- questions

    /** Through which values are filled in and read. */
    public OrderedMemory memory() {
        return memory;
    }

    /** Entries, with those that are over and weren't cleaned yet. */
    public int size() {
        return index.size();
    }

    /** Of the records of all entries. */
    public long liveBytes() {
        return liveBytes;
    }

    /** Of the files. */
    public long sizeBytes() {
        return journal.sizeBytes();
    }

    /** Number of the next record: it grows by one or more with each change, also over restarts. */
    public long nextSequence() {
        return journal.nextSequence();
    }

    /** Number of the last record that is durable. */
    public long committedSequence() {
        return journal.committedSequence();
    }

    /** See {@link Journal#damage}. */
    public List<Damage> damage() {
        return journal.damage();
    }

    /** See {@link Journal#failure}. */
    public LinuxException failure() {
        return journal.failure();
    }

    /** See {@link Journal#spaceFailure}. */
    public RuntimeException spaceFailure() {
        return journal.spaceFailure();
    }

    /** See {@link Journal#deletionFailure}. */
    public RuntimeException deletionFailure() {
        return journal.deletionFailure();
    }

    /** See {@link Journal#undeletedSegments}. */
    public int undeletedSegments() {
        return journal.undeletedSegments();
    }

    /** See {@link Journal#close}. */
    @Override
    public void close() {
        if (cleaner != null) {
            cleaner.close();
        }
        journal.close();
    }
}
