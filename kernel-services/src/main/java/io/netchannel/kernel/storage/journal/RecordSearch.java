package io.netchannel.kernel.storage.journal;

/**
 * Looks for intact records among bytes that nobody has checked.
 *
 * <p>A payload may look like the head of a long record at each of its words. So what is checksummed is bounded, and where that is
 * spent the search ends and {@linkplain Segment#searchedBytes says so}: what is behind may be anything, and must not be deleted.
 *
 * <p>Threading: confined to the thread that opens.
 */
final class RecordSearch {

    /** Bytes that a search may checksum, in sizes of the segment: one for the records that are intact. */
    static final int BUDGET_FACTOR = 8;
    /** No journal gets there, in 14 years at 10 million records a second; most of what only looks like a number does. */
    static final long SEQUENCE_LIMIT = 1L << 52;

    private final Segment segment;
    private final long above;
    private final long below;
    private final long endOfBudget;
    private int at;

    /** Of records from {@code fromBytes} on with a number between those two. */
    RecordSearch(final Segment segment, final int fromBytes, final long above, final long below) {
        this.segment = segment;
        this.above = above;
        this.below = Math.min(below, SEQUENCE_LIMIT);
        this.endOfBudget = segment.checksummedBytes() + (long) BUDGET_FACTOR * segment.sizeBytes();
        this.at = segment.firstUsed(fromBytes);
    }

    /** Offset of the next one, none of which is part of another; the size if no more was found. */
    int next() {
        while (at <= segment.sizeBytes() - RecordLayout.HEADER_BYTES) {
            if (!segment.mayBeRecord(at, above, below)) {
                at += RecordLayout.ALIGNMENT_BYTES;
                continue;
            }
            final int lengthBytes = segment.lengthBytes(at);
            if (segment.checksummedBytes() + lengthBytes > endOfBudget) {
                segment.endSearch(at);
                break;
            }
            if (segment.isIntact(at)) {
                final int found = at;
                at += RecordLayout.align(lengthBytes);
                return found;
            }
            at += RecordLayout.ALIGNMENT_BYTES;
        }
        at = segment.sizeBytes();
        return at;
    }
}
