package io.netchannel.kernel.storage.journal;

import io.netchannel.kernel.storage.mapped.MappedStorage;
import io.netchannel.kernel.storage.mapped.StoredFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Opens the files of a directory, and tells from their heads what each is.
 *
 * <p>Threading: confined to the thread that opens.
 */
final class Heads {

    private final MappedStorage storage;
    private final RandomGenerator ids;
    private final List<Segment> chain = new ArrayList<>();
    private final List<Segment> headless = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();
    private final List<CutOff> cutOff = new ArrayList<>();
    private long journalId;
    private long lastGeneration;

    /** A file that is shorter than its head. */
    record CutOff(String name, int sizeBytes) {
    }

    Heads(final MappedStorage storage, final RandomGenerator ids) {
        this.storage = storage;
        this.ids = ids;
    }

    /** Segments with an intact head, none of which is cut off as a whole; in their order. */
    List<Segment> chain() {
        return chain;
    }

    /** Those with something in them and no intact head; in their order. */
    List<Segment> headless() {
        return headless;
    }

    /** Names of files with nothing in them that anybody was told of. */
    List<String> unfinished() {
        return unfinished;
    }

    /** Files that end within their head. */
    List<CutOff> cutOff() {
        return cutOff;
    }

    long journalId() {
        return journalId;
    }

    long lastGeneration() {
        return lastGeneration;
    }

    void read() {
        openAll();
        identify();
        refuseForeign();
        supersede();
    }

    private void openAll() {
        for (final String name : storage.names()) {
            if (name.endsWith(Segment.SUFFIX)) {
                openOne(name);
            } else if (name.endsWith(Segment.SUFFIX + Recovery.ASIDE_SUFFIX)) {
                // Its name isn't given again: what is set aside would be overwritten the next time.
                lastGeneration = Math.max(lastGeneration, generation(name.substring(0, name.length()
                        - Recovery.ASIDE_SUFFIX.length())));
            }
        }
        chain.sort(Comparator.comparingLong(Segment::generation));
        headless.sort(Comparator.comparingLong(Segment::generation));
    }

    private static long generation(final String name) {
        final String digits = name.substring(0, name.length() - Segment.SUFFIX.length());
        try {
            final long generation = Long.parseLong(digits, 16);
            if (generation > 0 && generation < 1L << 31 && Segment.name(generation).equals(name)) {
                return generation;
            }
        } catch (final NumberFormatException noNumber) {
            // Said below.
        }
        throw new JournalException(name + " is not a name that a journal gives; move it elsewhere");
    }

    private void openOne(final String name) {
        final long generation = generation(name);
        lastGeneration = Math.max(lastGeneration, generation);
        final StoredFile file = storage.open(name);
        if (file.sizeBytes() < SegmentLayout.HEADER_BYTES) {
            try (file) {
                tellShort(file);
            }
            return;
        }
        final Segment segment = new Segment(storage.memory(), file, generation);
        if (segment.firstUsed(0) == segment.sizeBytes()) {
            // Made ahead.
            segment.release();
            unfinished.add(name);
        } else if (segment.magic() == SegmentLayout.MAGIC && segment.isHeaderIntact()) {
            chain.add(segment);
            checkVersion(segment);
        } else {
            headless.add(segment);
        }
    }

    /**
     * A file has all its bytes before the first of its head is stored: so a kill or a power cut leaves zeros of one that is shorter.
     * One with the beginning of a head was cut off later, and not by the journal; any other is somebody else's.
     */
    private void tellShort(final StoredFile file) {
        final ByteBuffer bytes = file.buffer();
        final ByteBuffer magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0,
                SegmentLayout.MAGIC);
        final int magicBytes = Math.min(file.sizeBytes(), Long.BYTES);
        if (bytes.mismatch(ByteBuffer.allocate(SegmentLayout.HEADER_BYTES)) == file.sizeBytes()) {
            unfinished.add(file.name());
        } else if (bytes.slice(0, magicBytes).equals(magic.slice(0, magicBytes))) {
            cutOff.add(new CutOff(file.name(), file.sizeBytes()));
        } else {
            throw new JournalException(file.name() + " is not of a journal: it has " + file.sizeBytes()
                    + " bytes, and they are not the beginning of a segment's head; move it elsewhere");
        }
    }

    private static void checkVersion(final Segment segment) {
        if (segment.version() > SegmentLayout.VERSION) {
            throw new JournalException(segment.name() + ": version=" + segment.version() + " > VERSION="
                    + SegmentLayout.VERSION + "; a later version of netchannel made it");
        }
    }

    /** Whose the segments are: what no head says, a head that isn't intact may say, if there are records to prove it. */
    private void identify() {
        if (chain.isEmpty()) {
            journalId = headless.stream().filter(Heads::isItsOwn).mapToLong(Segment::writtenJournalId).findFirst()
                    .orElseGet(ids::nextLong);
        } else {
            journalId = chain.getFirst().journalId();
        }
        for (final Segment segment : chain) {
            if (segment.journalId() != journalId) {
                throw new JournalException(segment.name() + " is of another journal: id 0x" + Long.toHexString(segment
                        .journalId()) + ", and that of " + chain.getFirst().name() + " is 0x"
                        + Long.toHexString(journalId) + "; a directory holds one journal");
            }
        }
        headless.forEach(segment -> segment.identify(journalId));
    }

    private static boolean isItsOwn(final Segment segment) {
        segment.identify(segment.writtenJournalId());
        return segment.firstIntact() < segment.sizeBytes();
    }

    private void refuseForeign() {
        for (final Segment segment : headless) {
            if (segment.magic() != 0 && segment.magic() != SegmentLayout.MAGIC
                    && segment.writtenGeneration() != segment.generation()
                    && segment.firstIntact() == segment.sizeBytes()) {
                throw new JournalException(segment.name() + " is not of a journal: its first 8 bytes are 0x"
                        + Long.toHexString(segment.magic()) + " and not 0x" + Long.toHexString(SegmentLayout.MAGIC)
                        + "; move it elsewhere");
            }
        }
    }

    /** A segment is cut off as a whole where a later one begins with the same number, or an earlier. */
    private void supersede() {
        long end = Long.MAX_VALUE;
        for (int i = chain.size() - 1; i >= 0; i--) {
            if (chain.get(i).firstSequence() >= end) {
                unfinished.add(chain.get(i).name());
                chain.remove(i).release();
            } else {
                end = chain.get(i).firstSequence();
            }
        }
        for (final Segment segment : List.copyOf(headless)) {
            final int first = segment.firstIntact();
            if (first < segment.sizeBytes() && segment.sequence(first) >= endOf(segment)) {
                unfinished.add(segment.name());
                headless.remove(segment);
                segment.release();
            }
        }
    }

    /** The number with which the next segment that has a head begins. */
    private long endOf(final Segment segment) {
        return chain.stream().filter(other -> other.generation() > segment.generation()).mapToLong(
                Segment::firstSequence).findFirst().orElse(Long.MAX_VALUE);
    }

    void release() {
        chain.forEach(Segment::release);
        headless.forEach(Segment::release);
    }
}
