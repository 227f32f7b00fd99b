package io.netchannel.kernel.storage.journal;

/**
 * Sizes of a journal.
 *
 * @param segmentBytes of each file; a journal that exists keeps the sizes of the files that it has
 * @param retainBytes of all files together, beyond which the oldest records go although nobody gave them up; 0 for never
 */
public record JournalConfig(int segmentBytes, long retainBytes) {

    public static final int DEFAULT_SEGMENT_BYTES = 64 << 20;
    public static final int MIN_SEGMENT_BYTES = 4096;
    /** So that positions and lengths in a segment are ints, with room to add two. */
    public static final int MAX_SEGMENT_BYTES = 1 << 30;

    public static final JournalConfig DEFAULT = new JournalConfig(DEFAULT_SEGMENT_BYTES, 0);

    public JournalConfig {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES || segmentBytes
                % MIN_SEGMENT_BYTES != 0) {
            throw new IllegalArgumentException("segmentBytes=" + segmentBytes + " is not a multiple of "
                    + MIN_SEGMENT_BYTES + " within " + MIN_SEGMENT_BYTES + ".." + MAX_SEGMENT_BYTES);
        }
        if (retainBytes != 0 && retainBytes < 2L * segmentBytes) {
            throw new IllegalArgumentException("retainBytes=" + retainBytes + " < 2 * segmentBytes=" + 2L
                    * segmentBytes + "; 0 keeps all");
        }
    }

    /** The longest payload that fits a segment. */
    public int maxPayloadBytes() {
        return segmentBytes - SegmentLayout.HEADER_BYTES - RecordLayout.HEADER_BYTES;
    }
}
