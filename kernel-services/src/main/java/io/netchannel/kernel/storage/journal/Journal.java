package io.netchannel.kernel.storage.journal;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.storage.mapped.MappedStorage;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Records, one behind the other, in files that are mapped; durable when they are acknowledged.
 *
 * <pre>
 *   claim ──▶ payload in place ──▶ publish ──▶ … ──▶ commit ──▶ a helper's thread forces all that is there ──▶ committed
 *                                                  ▲                                       │
 *                                                  └── what came meanwhile: the next one ◀─┘
 * </pre>
 * One force covers what was published before it began, however many records that is. While it runs the journal takes
 * more. A record is in the file from {@link #publish} on: a kill of the process loses none that was published before,
 * a power cut none that is committed.
 *
 * <p>An append may take a page fault on a page that is new or was written back; so it may wait for the file system, as a
 * store to any mapped file may.
 *
 * <p>When a force fails the journal is {@linkplain #failure failed}: Linux doesn't say what became of the pages. What was
 * committed stays, nothing more is taken. A full disk does not fail it: appends are refused until there is space.
 *
 * <p>Threading: one appending thread, whose methods these are unless they say otherwise; a run loop that polls the journal,
 * or any thread under the same lock. {@link #reader}s are other threads'.
 */
public final class Journal implements Poller, AutoCloseable {

    /** The next segment is being made: try again when the journal was polled. */
    public static final long BACK_PRESSURED = -1;
    /** There is no space for the next segment: the disk is full, see {@link #spaceFailure}. Each append tries again. */
    public static final long NO_SPACE = -2;
    /** See {@link #failure}. */
    public static final long FAILED = -3;

    private final OrderedMemory memory;
    private final JournalConfig config;
    private final List<Damage> damage;
    private final long journalId;
    private final Helper helper;
    // Kept: the commit word lies in it.
    private final Arena arena = Arena.ofAuto();
    private final CommitWord commitWord;
    private final JournalListener listener;

    // Replaced by the appending thread as a whole; readers take it after they have seen the position that leads them there.
    private volatile Segment[] segments;

    // -- of the appending thread
    private Segment last;
    private long nextSequence;
    private long publishedBytes;
    private int claimedBytes;
    private int claimedType;
    private boolean forcing;
    private boolean commitAsked;
    private long forcingPosition;
    private long forcingSequence;
    private long committedSequence;
    private boolean failureTold;
    private boolean closed;

    private Journal(final MappedStorage storage, final JournalConfig config, final JournalListener listener,
            final Executor executor, final Runnable wake, final Recovery recovered) {
        this.memory = storage.memory();
        this.config = config;
        this.listener = listener;
        this.damage = List.copyOf(recovered.damage());
        this.journalId = recovered.journalId();
        this.segments = recovered.segments().toArray(Segment[]::new);
        this.last = segments[segments.length - 1];
        this.nextSequence = recovered.nextSequence();
        this.committedSequence = nextSequence - 1;
        this.commitWord = new CommitWord(HostMemory.INSTANCE, arena.allocate(CommitWord.SIZE_BYTES, Long.BYTES)
                .address());
        commitWord.commit(last.endPosition());
        this.helper = new Helper(storage, config.segmentBytes(), recovered.lastGeneration(), commitWord, executor,
                wake);
        askForSpareInTime();
    }

    /**
     * Opens what a directory holds, or makes a journal in it; waits for the disk.
     *
     * @param ids the source of a new journal's id
     * @param executor runs what waits for the disk, one after the other; null for a thread of the journal's own
     * @param wake makes a sleeping loop poll the journal; called on the executor's thread
     * @throws JournalException if the directory holds something else
     * @throws LinuxException if the disk fails, or is full
     */
    public static Journal open(final MappedStorage storage, final JournalConfig config, final RandomGenerator ids,
            final JournalListener listener, final Executor executor, final Runnable wake) {
        final Recovery recovery = new Recovery(storage, config.segmentBytes(), ids);
        recovery.run();
        return new Journal(storage, config, listener, executor, wake, recovery);
    }

    // -- append

    /**
     * Room for a record's payload, to be filled through {@link #memory} and then {@linkplain #publish published} or left.
     *
     * @param type the application's
     * @return its address, or {@link #BACK_PRESSURED}, {@link #NO_SPACE}, {@link #FAILED}
     * @throws IllegalArgumentException if no segment could hold it
     */
    public long claim(final int type, final int payloadBytes) {
        if (payloadBytes < 0 || payloadBytes > config.maxPayloadBytes()) {
            throw new IllegalArgumentException("payloadBytes=" + payloadBytes + " is not within 0.." + config
                    .maxPayloadBytes());
        }
        if (closed || helper.failure() != null) {
            return FAILED;
        }
        claimedBytes = RecordLayout.HEADER_BYTES + payloadBytes;
        claimedType = type;
        if (!last.fits(claimedBytes)) {
            final long refused = rotate();
            if (refused < 0) {
                return refused;
            }
        }
        return last.nextPayload();
    }

    /**
     * Appends what was claimed.
     *
     * @return the record's position
     */
    public long publish() {
        final int offset = last.endBytes();
        last.append(claimedBytes, nextSequence, (int) (nextSequence - 1 - committedSequence), claimedType);
        nextSequence++;
        publishedBytes += last.endBytes() - offset;
        askForSpareInTime();
        return Position.of(last.generation(), offset);
    }

    /**
     * Appends a copy of {@code payload}.
     *
     * @return the record's position, or as {@link #claim}
     */
    public long append(final int type, final byte[] payload, final int offset, final int lengthBytes) {
        final long address = claim(type, lengthBytes);
        if (address < 0) {
            return address;
        }
        memory.copyFromArray(payload, offset, address, lengthBytes);
        return publish();
    }

    private long rotate() {
        final Segment spare = helper.takeSpare(last.generation());
        if (spare == null) {
            final boolean full = helper.spaceFailure() != null;
            helper.makeSpare(true);
            return full ? NO_SPACE : BACK_PRESSURED;
        }
        spare.writeHeader(journalId, nextSequence, SegmentLayout.HEADER_BYTES);
        final Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = spare;
        segments = more;
        last = spare;
        return 0;
    }

    /** At half of the last segment; for a record that is longer than that, when it comes. */
    private void askForSpareInTime() {
        if (last.endBytes() > last.sizeBytes() >> 1) {
            helper.makeSpare(false);
        }
    }

    // -- commit

    /** Asks that all that is published becomes durable; the listener is told. */
    public void commit() {
        if (forcing) {
            commitAsked = true;
            return;
        }
        if (last.endPosition() == commitWord.committed() || helper.failure() != null) {
            return;
        }
        commitAsked = false;
        forcing = true;
        forcingPosition = last.endPosition();
        forcingSequence = nextSequence - 1;
        helper.force(segments, forcingPosition);
    }

    /** Takes up what the helper has done; calls the listener. */
    @Override
    public int poll(final long nowNs) {
        final LinuxException failed = helper.failure();
        if (failed != null) {
            forcing = false;
            if (failureTold) {
                return 0;
            }
            failureTold = true;
            listener.onFailed(failed);
            return 1;
        }
        if (!isForced()) {
            return 0;
        }
        forcing = false;
        committedSequence = forcingSequence;
        final long position = forcingPosition;
        if (config.retainBytes() > 0) {
            retain();
        }
        if (commitAsked) {
            commit();
        }
        listener.onCommitted(position);
        return 1;
    }

    private boolean isForced() {
        return forcing && commitWord.committed() == forcingPosition;
    }

    @Override
    public boolean arm() {
        return !isForced() && (failureTold || helper.failure() == null);
    }

    // -- retention

    private void retain() {
        long bytes = sizeBytes();
        int gone = 0;
        while (bytes > config.retainBytes() && isRetirable(gone)) {
            bytes -= segments[gone].sizeBytes();
            gone++;
        }
        retire(gone);
    }

    /** Behind it there is one whose head is durable. */
    private boolean isRetirable(final int index) {
        return index + 1 < segments.length && segments[index].generation() < Position.generation(commitWord
                .committed());
    }

    /**
     * The caller needs no record before {@code position} any more: deletes the segments that hold no other, as far as they are
     * committed.
     */
    public void truncateBefore(final long position) {
        int gone = 0;
        while (isRetirable(gone) && segments[gone].generation() < Position.generation(position)) {
            gone++;
        }
        retire(gone);
    }

    private void retire(final int count) {
        if (count > 0) {
            final Segment[] all = segments;
            segments = Arrays.copyOfRange(all, count, all.length);
            helper.delete(Arrays.copyOf(all, count));
        }
    }

    /**
     * Drops the records from {@code position} on, durably; waits for the disk.
     *
     * @param position of a record, or the end
     * @throws IllegalStateException if the last {@link #commit} isn't finished
     * @throws IllegalArgumentException if no record begins there
     */
    public void truncateFrom(final long position) {
        if (forcing || helper.failure() != null) {
            throw new IllegalStateException("truncateFrom while a commit runs, or after one failed");
        }
        final Segment[] all = segments;
        final int index = indexOf(position);
        final int offset = Position.offsetBytes(position);
        final Segment cut = all[index];
        int at = cut.beginBytes();
        while (at < offset && at < cut.endBytes()) {
            at += RecordLayout.align(cut.lengthBytes(at));
        }
        if (at != offset) {
            throw new IllegalArgumentException("no record begins at position 0x" + Long.toHexString(position));
        }
        final long sequence = at < cut.endBytes() ? cut.sequence(at) : sequenceBehind(index);
        // What stays may not have been forced yet; the new head says that it is there.
        helper.forceNow(all, position);
        final Segment fresh = helper.createNow(journalId, sequence);
        cut.endBytes(offset);
        final int kept = cut.firstSequence() == sequence ? index : index + 1;
        final Segment[] left = Arrays.copyOf(all, kept + 1);
        left[kept] = fresh;
        segments = left;
        last = fresh;
        nextSequence = sequence;
        committedSequence = sequence - 1;
        commitWord.commit(fresh.endPosition());
        // Their order is free: the new segment cuts all of them off.
        helper.deleteNow(Arrays.copyOfRange(all, kept, all.length));
    }

    private long sequenceBehind(final int index) {
        return index + 1 < segments.length ? segments[index + 1].firstSequence() : nextSequence;
    }

    // -- read

    /**
     * A reader of what is committed, for any thread.
     *
     * @param position of a record, {@link #firstPosition()} or {@link #committedPosition()}
     */
    public JournalReader reader(final long position) {
        return new JournalReader(this, position);
    }

    /** The segment of a generation, or the next; the caller has a reference to give back. Any thread. */
    Segment retained(final long generation) {
        while (true) {
            Segment found = null;
            for (final Segment segment : segments) {
                if (segment.generation() >= generation) {
                    found = segment;
                    break;
                }
            }
            if (found == null || found.tryRetain()) {
                return found;
            }
            // Retired in between: the array that it isn't in any more is there.
        }
    }

    /** Payload of a record that was appended; in place until its segment is truncated. */
    public long payloadAddress(final long position) {
        return segments[indexOf(position)].payload(Position.offsetBytes(position));
    }

    public int payloadBytes(final long position) {
        return segments[indexOf(position)].lengthBytes(Position.offsetBytes(position)) - RecordLayout.HEADER_BYTES;
    }

    private int indexOf(final long position) {
        final Segment[] all = segments;
        final long generation = Position.generation(position);
        int low = 0;
        int high = all.length - 1;
        while (low < high) {
            final int middle = low + high + 1 >>> 1;
            if (all[middle].generation() <= generation) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (all[low].generation() != generation) {
            throw new IllegalArgumentException("position=0x" + Long.toHexString(position)
                    + " is not in the journal, which begins at 0x" + Long.toHexString(firstPosition()));
        }
        return low;
    }

    /** What a record of such a payload takes in a segment. */
    public static int recordBytes(final int payloadBytes) {
        return RecordLayout.align(RecordLayout.HEADER_BYTES + payloadBytes);
    }

    /** Whether {@code position} lies in a segment behind the one of {@code other}. */
    public static boolean isInLaterSegment(final long position, final long other) {
        return Position.generation(position) > Position.generation(other);
    }

    // -- questions

    /** Through which payloads are filled in and read. Any thread. */
    public OrderedMemory memory() {
        return memory;
    }

    /** Every record before it is durable. Any thread. */
    public long committedPosition() {
        return commitWord.committed();
    }

    /** Of the first record that is still there. Any thread. */
    public long firstPosition() {
        final Segment[] all = segments;
        return all.length == 0 ? committedPosition() : Position.of(all[0].generation(), all[0].beginBytes());
    }

    /** Behind the last record. */
    public long endPosition() {
        return last.endPosition();
    }

    /** The number of the next record; the first ever has 1. */
    public long nextSequence() {
        return nextSequence;
    }

    /** Number of the last record that is durable, as the last {@link #poll} found it. */
    public long committedSequence() {
        return committedSequence;
    }

    /** Bytes appended since it was opened, headers included. */
    public long publishedBytes() {
        return publishedBytes;
    }

    /** Of the segments. */
    public long sizeBytes() {
        long bytes = 0;
        for (final Segment segment : segments) {
            bytes += segment.sizeBytes();
        }
        return bytes;
    }

    public int segmentCount() {
        return segments.length;
    }

    public JournalConfig config() {
        return config;
    }

    /** What could not be served when it was opened; empty if all is well. */
    public List<Damage> damage() {
        return damage;
    }

    /** Why nothing becomes durable any more, or null. Any thread. */
    public LinuxException failure() {
        return helper.failure();
    }

    /** Why there was no space at the last try, or null. Any thread. */
    public RuntimeException spaceFailure() {
        return helper.spaceFailure();
    }

    /** Why segments that were given up could not be deleted at the last try, or null; the next retirement tries again. Any thread. */
    public RuntimeException deletionFailure() {
        return helper.deletionFailure();
    }

    /** Segments that were given up, and take space still. Any thread. */
    public int undeletedSegments() {
        return helper.undeletedSegments();
    }

    /** Forces that the helper has done. Any thread. */
    public long forces() {
        return helper.forces();
    }

    /** Makes durable what was published, and unmaps: nobody may read any more but by a reader that holds its segment. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            helper.finish();
            if (helper.failure() == null) {
                helper.forceNow(segments, last.endPosition());
            }
        } finally {
            final Segment[] all = segments;
            segments = new Segment[0];
            for (final Segment segment : all) {
                segment.release();
            }
        }
    }
}
