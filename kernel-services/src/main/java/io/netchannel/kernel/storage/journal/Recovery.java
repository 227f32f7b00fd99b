package io.netchannel.kernel.storage.journal;

import io.netchannel.kernel.storage.mapped.MappedStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds out which records a directory holds, and makes them the beginning of a journal that goes on.
 *
 * <pre>
 *   files ──▶ heads checked ──▶ by generation ──▶ a segment ends where a later one begins
 *         ──▶ records checked, one behind the other, up to the first that isn't there
 *         ──▶ a rest? set aside if it proves a loss ──▶ what is served is forced
 *         ──▶ a new segment begins there, and its durable head cuts the rest off ──▶ what isn't set aside is deleted
 * </pre>
 * After a power cut at any of these steps the next recovery serves the same, and deletes nothing that proves a loss.
 *
 * <p>Threading: confined to the thread that opens.
 */
final class Recovery {

    /** Files of which more is known to be wrong than that a power cut took their end. */
    static final String ASIDE_SUFFIX = ".damaged";

    private final MappedStorage storage;
    private final int segmentBytes;
    private final RandomGenerator ids;

    private List<Segment> chain = new ArrayList<>();
    private final List<Segment> rest = new ArrayList<>();
    private final List<Segment> headless = new ArrayList<>();
    private final List<Heads.CutOff> cutOff = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();
    private final List<String> aside = new ArrayList<>();
    private final List<Damage> damage = new ArrayList<>();
    // The oldest segment, if its head is to be written anew.
    private Segment restored;
    private int restoredBegin;
    private long journalId;
    private long lastGeneration;
    private long nextSequence = 1;
    private long knownDurable;
    private boolean lossProven;
    // Also if what may have proven a loss wasn't searched.
    private boolean restKept;
    private boolean cut;

    Recovery(final MappedStorage storage, final int segmentBytes, final RandomGenerator ids) {
        this.storage = storage;
        this.segmentBytes = segmentBytes;
        this.ids = ids;
    }

    /** Segments that are served, the last of which is appended to. */
    List<Segment> segments() {
        return chain;
    }

    List<Damage> damage() {
        return damage;
    }

    long journalId() {
        return journalId;
    }

    long lastGeneration() {
        return lastGeneration;
    }

    long nextSequence() {
        return nextSequence;
    }

    void run() {
        readHeads();
        try {
            restoreHead();
            skipLostBeginning();
            follow();
            nameRest();
            dropEmpty();
            setAside();
            goOn();
            cleanUp();
        } catch (final RuntimeException failed) {
            chain.forEach(Segment::release);
            rest.forEach(Segment::release);
            throw failed;
        }
    }

    private void readHeads() {
        final Heads heads = new Heads(storage, ids);
        try {
            heads.read();
        } catch (final RuntimeException failed) {
            heads.release();
            throw failed;
        }
        chain = heads.chain();
        rest.addAll(heads.headless());
        headless.addAll(heads.headless());
        cutOff.addAll(heads.cutOff());
        unfinished.addAll(heads.unfinished());
        journalId = heads.journalId();
        lastGeneration = heads.lastGeneration();
    }

    // -- a beginning that is damaged

    /**
     * A head is durable before the segment before it goes, so the oldest segment has one; if it isn't intact, that is damage, and
     * the records behind it are served. One whose records come behind the next head is what a truncation left.
     */
    private void restoreHead() {
        final Segment oldest = headless.isEmpty() ? null : headless.getFirst();
        if (oldest == null || !chain.isEmpty() && chain.getFirst().generation() < oldest.generation()) {
            return;
        }
        final int begin = oldest.firstIntact();
        if (begin == oldest.sizeBytes()) {
            return;
        }
        headless.remove(oldest);
        rest.remove(oldest);
        chain.addFirst(oldest);
        final long first = oldest.sequence(begin);
        final boolean lost = begin > SegmentLayout.HEADER_BYTES;
        damage.add(new Damage(oldest.name(), 0, begin, lost && isDurable(first - 1), lost
                ? "its head is damaged, and the first intact record is " + first
                : "its head is damaged"));
        restore(oldest, begin);
    }

    /**
     * Where the first records are damaged, and there were such, the others are served: a journal that begins later is what
     * whoever reads one knows, a gap isn't.
     */
    private void skipLostBeginning() {
        while (!chain.isEmpty()) {
            final Segment oldest = chain.getFirst();
            final int begin = oldest.beginBytes();
            final long first = oldest.firstSequence();
            if (oldest.isIntact(begin) && oldest.sequence(begin) == first || !isDurable(first)) {
                return;
            }
            final int found = new RecordSearch(oldest, begin, first, firstSequenceBehind(0)).next();
            if (found < oldest.sizeBytes()) {
                damage.add(new Damage(oldest.name(), begin, found - begin, true, "record " + first
                        + " is not intact, and the first that is, is " + oldest.sequence(found)));
                restore(oldest, found);
                return;
            }
            if (chain.size() == 1) {
                return;
            }
            damage.add(new Damage(oldest.name(), begin, oldest.sizeBytes() - begin, true, oldest.isSearched()
                    ? "none of its records is intact"
                    : "none of its records is intact up to byte " + oldest.searchedBytes() + ", behind which too many"
                            + " bytes look like one to be searched"));
            aside.add(oldest.name());
            chain.removeFirst().release();
        }
    }

    /** Whether a record that is intact says so of one that isn't. */
    private boolean isDurable(final long sequence) {
        return chain.stream().anyMatch(segment -> saysDurable(segment, SegmentLayout.HEADER_BYTES, sequence))
                || rest.stream().anyMatch(segment -> saysDurable(segment, SegmentLayout.HEADER_BYTES, sequence));
    }

    private void restore(final Segment oldest, final int begin) {
        restored = oldest;
        restoredBegin = begin;
        oldest.begin(oldest.sequence(begin), begin);
    }

    private long firstSequenceBehind(final int index) {
        return index + 1 < chain.size() ? chain.get(index + 1).firstSequence() : Long.MAX_VALUE;
    }

    // -- records

    private void follow() {
        if (!chain.isEmpty()) {
            nextSequence = chain.getFirst().firstSequence();
            knownDurable = nextSequence - 1;
        }
        for (int i = 0; i < chain.size(); i++) {
            if (chain.get(i).firstSequence() != nextSequence) {
                cutBefore(i);
                return;
            }
            followIn(chain.get(i), firstSequenceBehind(i));
        }
        final Segment last = chain.isEmpty() ? null : chain.getLast();
        cut = last != null
                && (!rest.isEmpty() || last.missingBytes() > 0 || last.firstUsed(last.endBytes()) < last.sizeBytes());
    }

    private void followIn(final Segment segment, final long end) {
        int at = segment.beginBytes();
        while (nextSequence < end && segment.isIntact(at) && segment.sequence(at) == nextSequence) {
            knownDurable = Math.max(knownDurable, nextSequence - 1 - segment.uncommitted(at));
            at += RecordLayout.align(segment.lengthBytes(at));
            nextSequence++;
        }
        segment.endBytes(at);
    }

    private void cutBefore(final int index) {
        cut = true;
        final List<Segment> behind = chain.subList(index, chain.size());
        rest.addAll(behind);
        behind.clear();
    }

    // -- what isn't served

    private void nameRest() {
        final Segment last = cut ? chain.getLast() : null;
        lossProven = last != null && saysDurable(last, last.endBytes(), nextSequence);
        for (final Segment segment : rest) {
            // Without any head: the first one is durable before there are records, so there was one.
            lossProven |= chain.isEmpty() && segment.firstUsed(SegmentLayout.HEADER_BYTES) < segment.sizeBytes()
                    || saysDurable(segment, SegmentLayout.HEADER_BYTES, nextSequence);
        }
        restKept = lossProven || !chain.stream().allMatch(Segment::isSearched) || !rest.stream().allMatch(
                Segment::isSearched);
        if (last != null && last.firstUsed(last.endBytes()) < last.sizeBytes()) {
            damage.add(new Damage(last.name(), last.endBytes(), last.sizeBytes() - last.endBytes(), lossProven,
                    "record " + nextSequence + " is not intact"));
        }
        for (final Segment segment : chain) {
            if (segment.missingBytes() > 0) {
                damage.add(new Damage(segment.name(), segment.sizeBytes(), segment.missingBytes(), lossProven,
                        "the file ends there"));
            }
        }
        for (final Segment segment : rest) {
            damage.add(new Damage(segment.name(), 0, segment.sizeBytes(), lossProven, headless.contains(segment)
                    ? "its head is damaged"
                    : "it begins at record " + segment.firstSequence() + ", and the last before it is "
                            + (nextSequence - 1)));
            // A first sector of zeros is what a power cut leaves of a segment that nobody was told of; anything else is kept.
            final boolean torn = headless.contains(segment) && segment.firstUsed(0) < SegmentLayout.SECTOR_BYTES;
            (restKept || torn ? aside : unfinished).add(segment.name());
        }
        chain.forEach(this::nameUnsearched);
        rest.forEach(this::nameUnsearched);
        nameCutOff();
    }

    private void nameUnsearched(final Segment segment) {
        if (!segment.isSearched()) {
            final int from = segment.searchedBytes();
            damage.add(new Damage(segment.name(), from, segment.sizeBytes() - from, lossProven,
                    "too many bytes look like records to be searched for those that are"));
        }
    }

    /** No power cut leaves these: what they held is lost, unless there are records behind them that say what came before. */
    private void nameCutOff() {
        for (final Heads.CutOff file : cutOff) {
            final boolean last = chain.isEmpty() || file.name().compareTo(chain.getLast().name()) > 0;
            damage.add(new Damage(file.name(), 0, file.sizeBytes(), lossProven || last,
                    "the file ends within its head"));
            aside.add(file.name());
        }
    }

    /** Whether a record behind {@code sequence} that is intact says that the one of that number was durable. */
    private static boolean saysDurable(final Segment segment, final int fromBytes, final long sequence) {
        final RecordSearch search = new RecordSearch(segment, fromBytes, sequence, sequence + Integer.MAX_VALUE);
        for (int at = search.next(); at < segment.sizeBytes(); at = search.next()) {
            if (segment.sequence(at) - 1 - segment.uncommitted(at) >= sequence) {
                return true;
            }
        }
        return false;
    }

    /** All that the last one held is a rest. */
    private void dropEmpty() {
        if (cut && chain.getLast().firstSequence() == nextSequence) {
            final Segment empty = chain.removeLast();
            rest.add(empty);
            (restKept ? aside : unfinished).add(empty.name());
        }
    }

    /** Before the head that cuts them off: the next recovery would take them for what a truncation left. */
    private void setAside() {
        if (!aside.isEmpty()) {
            for (final String name : aside) {
                storage.rename(name, name + ASIDE_SUFFIX);
            }
            storage.syncNames();
        }
    }

    // -- the journal that goes on

    private void goOn() {
        if (restored != null && chain.contains(restored)) {
            // Whatever of it a power cut leaves, the next recovery finds the same records behind it.
            restored.writeHeader(journalId, restored.firstSequence(), restoredBegin);
            restored.force(0, SegmentLayout.HEADER_BYTES);
        }
        forceServed();
        // A process that was killed may have given a name that no disk has.
        storage.syncNames();
        if (cut || chain.isEmpty()) {
            chain.add(create(storage, ++lastGeneration, segmentBytes, journalId, nextSequence));
        }
    }

    /** A kill leaves records that no disk has; they are served, so they must stay. */
    private void forceServed() {
        for (int i = chain.size() - 1; i >= 0; i--) {
            final Segment segment = chain.get(i);
            final int from = offsetOf(segment, knownDurable + 1);
            segment.touch(from, segment.endBytes(), PAGE_BYTES);
            segment.force(from, segment.endBytes());
            if (segment.firstSequence() <= knownDurable) {
                return;
            }
        }
    }

    /** Where a record of a checked segment is, or its head if the record is in one before. */
    private static int offsetOf(final Segment segment, final long sequence) {
        if (sequence <= segment.firstSequence()) {
            return 0;
        }
        int at = segment.beginBytes();
        while (at < segment.endBytes() && segment.sequence(at) < sequence) {
            at += RecordLayout.align(segment.lengthBytes(at));
        }
        return at;
    }

    /** The smallest page: touching more often does no harm. */
    private static final int PAGE_BYTES = 4096;

    /** A segment that begins at {@code firstSequence}, durably: it cuts off what older ones hold from there. */
    static Segment create(final MappedStorage storage, final long generation, final int sizeBytes,
            final long journalId, final long firstSequence) {
        final Segment segment = new Segment(storage.memory(), storage.create(Segment.name(generation), sizeBytes),
                generation);
        try {
            segment.writeHeader(journalId, firstSequence, SegmentLayout.HEADER_BYTES);
            segment.force(0, SegmentLayout.HEADER_BYTES);
            storage.syncNames();
        } catch (final RuntimeException failed) {
            segment.release();
            throw failed;
        }
        return segment;
    }

    private void cleanUp() {
        rest.forEach(Segment::release);
        rest.clear();
        if (unfinished.isEmpty()) {
            return;
        }
        unfinished.forEach(storage::delete);
        // Before anything is appended: once the segment that cut them off is retired they would count again.
        storage.syncNames();
    }
}
