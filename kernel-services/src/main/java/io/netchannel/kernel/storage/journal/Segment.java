package io.netchannel.kernel.storage.journal;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.storage.mapped.StoredFile;
import java.nio.ByteBuffer;

/**
 * A file of a journal.
 *
 * <p>Threading: its end belongs to the appending thread, and is seen by others for what is committed. Whoever reads on
 * another thread holds a reference; the last to give its back unmaps the file.
 */
final class Segment {

    static final String SUFFIX = ".journal";

    private final StoredFile file;
    private final OrderedMemory memory;
    private final ByteBuffer buffer;
    private final Checksum checksum = new Checksum();
    private final long address;
    private final long generation;
    private long journalId;
    private long firstSequence;
    private int beginBytes = SegmentLayout.HEADER_BYTES;
    private int missingBytes;
    private int endBytes = SegmentLayout.HEADER_BYTES;
    private int searchedBytes;
    private final References references = new References();

    Segment(final OrderedMemory memory, final StoredFile file, final long generation) {
        this.memory = memory;
        this.file = file;
        this.buffer = file.buffer();
        this.address = file.address();
        this.searchedBytes = file.sizeBytes();
        this.generation = generation;
    }

    static String name(final long generation) {
        return String.format("%016x%s", generation, SUFFIX);
    }

    // -- head

    /** Of a segment whose records begin at {@code begin}. */
    void writeHeader(final long id, final long first, final int begin) {
        journalId = id;
        firstSequence = first;
        beginBytes = begin;
        memory.putLong(address + SegmentLayout.MAGIC_OFFSET, SegmentLayout.MAGIC);
        memory.putInt(address + SegmentLayout.VERSION_OFFSET, SegmentLayout.VERSION);
        memory.putLong(address + SegmentLayout.JOURNAL_ID_OFFSET, id);
        memory.putLong(address + SegmentLayout.GENERATION_OFFSET, generation);
        memory.putLong(address + SegmentLayout.FIRST_SEQUENCE_OFFSET, first);
        memory.putLong(address + SegmentLayout.SIZE_OFFSET, sizeBytes());
        memory.putInt(address + SegmentLayout.BEGIN_OFFSET, begin);
        memory.putInt(address + SegmentLayout.CHECKSUM_OFFSET, headerChecksum());
    }

    private int headerChecksum() {
        return checksum.of(buffer, SegmentLayout.JOURNAL_ID_OFFSET, SegmentLayout.CHECKED_END,
                SegmentLayout.MAGIC_OFFSET, SegmentLayout.CHECKSUM_OFFSET);
    }

    boolean isHeaderIntact() {
        if (memory.getInt(address + SegmentLayout.CHECKSUM_OFFSET) != headerChecksum()
                || writtenGeneration() != generation) {
            return false;
        }
        journalId = writtenJournalId();
        firstSequence = memory.getLong(address + SegmentLayout.FIRST_SEQUENCE_OFFSET);
        beginBytes = memory.getInt(address + SegmentLayout.BEGIN_OFFSET);
        missingBytes = (int) Math.max(0, memory.getLong(address + SegmentLayout.SIZE_OFFSET) - sizeBytes());
        return beginBytes >= SegmentLayout.HEADER_BYTES && beginBytes <= sizeBytes()
                && beginBytes % RecordLayout.ALIGNMENT_BYTES == 0;
    }

    /** For a segment whose head doesn't say whose it is. */
    void identify(final long id) {
        journalId = id;
    }

    /** Serves its records from there on, whatever its head says. */
    void begin(final long first, final int bytes) {
        firstSequence = first;
        beginBytes = bytes;
    }

    /** Of a head that nobody has checked. */
    long writtenJournalId() {
        return memory.getLong(address + SegmentLayout.JOURNAL_ID_OFFSET);
    }

    /** Of a head that nobody has checked. */
    long writtenGeneration() {
        return memory.getLong(address + SegmentLayout.GENERATION_OFFSET);
    }

    /** Bytes that the file once had more than it has, as its head says. */
    int missingBytes() {
        return missingBytes;
    }

    long magic() {
        return memory.getLong(address + SegmentLayout.MAGIC_OFFSET);
    }

    int version() {
        return memory.getInt(address + SegmentLayout.VERSION_OFFSET);
    }

    long journalId() {
        return journalId;
    }

    // -- records

    /** Whether a record of so many bytes, header included, still fits. */
    boolean fits(final int lengthBytes) {
        return RecordLayout.align(lengthBytes) <= sizeBytes() - endBytes;
    }

    /** Where the payload of the next record belongs. */
    long nextPayload() {
        return address + endBytes + RecordLayout.HEADER_BYTES;
    }

    /** Puts a head before the payload that lies at {@link #nextPayload} and so ends the record. */
    void append(final int lengthBytes, final long sequence, final int uncommitted, final int type) {
        final long record = address + endBytes;
        memory.putLong(record + RecordLayout.SEQUENCE_OFFSET, sequence);
        memory.putInt(record + RecordLayout.UNCOMMITTED_OFFSET, uncommitted);
        memory.putInt(record + RecordLayout.TYPE_OFFSET, type);
        memory.putInt(record + RecordLayout.LENGTH_OFFSET, lengthBytes);
        memory.putInt(record + RecordLayout.CHECKSUM_OFFSET, recordChecksum(endBytes, lengthBytes));
        endBytes += RecordLayout.align(lengthBytes);
    }

    private int recordChecksum(final int offsetBytes, final int lengthBytes) {
        return checksum.ofPlaced(journalId, Position.of(generation, offsetBytes), buffer, offsetBytes
                + RecordLayout.SEQUENCE_OFFSET, offsetBytes + lengthBytes, offsetBytes + RecordLayout.LENGTH_OFFSET,
                offsetBytes + RecordLayout.CHECKSUM_OFFSET);
    }

    /** Header and payload. */
    int lengthBytes(final int offsetBytes) {
        return memory.getInt(address + offsetBytes + RecordLayout.LENGTH_OFFSET);
    }

    long sequence(final int offsetBytes) {
        return memory.getLong(address + offsetBytes + RecordLayout.SEQUENCE_OFFSET);
    }

    int uncommitted(final int offsetBytes) {
        return memory.getInt(address + offsetBytes + RecordLayout.UNCOMMITTED_OFFSET);
    }

    int type(final int offsetBytes) {
        return memory.getInt(address + offsetBytes + RecordLayout.TYPE_OFFSET);
    }

    long payload(final int offsetBytes) {
        return address + offsetBytes + RecordLayout.HEADER_BYTES;
    }

    /** Whether what stands there, with room for a head, could be a record with a number between those two, by its head alone. */
    boolean mayBeRecord(final int offsetBytes, final long above, final long below) {
        final long sequence = sequence(offsetBytes);
        final int lengthBytes = lengthBytes(offsetBytes);
        return sequence > above && sequence < below && uncommitted(offsetBytes) >= 0
                && uncommitted(offsetBytes) < sequence && lengthBytes >= RecordLayout.HEADER_BYTES
                && lengthBytes <= sizeBytes() - offsetBytes;
    }

    /** Whether a whole record, with the right checksum, begins there; for bytes that nobody has checked. */
    boolean isIntact(final int offsetBytes) {
        if (offsetBytes > sizeBytes() - RecordLayout.HEADER_BYTES) {
            return false;
        }
        final int lengthBytes = lengthBytes(offsetBytes);
        return lengthBytes >= RecordLayout.HEADER_BYTES && lengthBytes <= sizeBytes() - offsetBytes
                && memory.getInt(address + offsetBytes + RecordLayout.CHECKSUM_OFFSET) == recordChecksum(offsetBytes,
                        lengthBytes);
    }

    /** Offset of the first intact record, wherever; the size if none was found. */
    int firstIntact() {
        return new RecordSearch(this, SegmentLayout.HEADER_BYTES, 0, Long.MAX_VALUE).next();
    }

    /** A search for intact records has spent what it may checksum. */
    void endSearch(final int offsetBytes) {
        searchedBytes = Math.min(searchedBytes, offsetBytes);
    }

    /** Where the first search ended that came to no end; the size if all did. */
    int searchedBytes() {
        return searchedBytes;
    }

    boolean isSearched() {
        return searchedBytes == sizeBytes();
    }

    long checksummedBytes() {
        return checksum.bytes();
    }

    /** Offset of the first byte from {@code offsetBytes} on that isn't zero, rounded down to 8; the size if all are. */
    int firstUsed(final int offsetBytes) {
        int at = offsetBytes;
        while (at + Long.BYTES <= sizeBytes() && memory.getLong(address + at) == 0) {
            at += Long.BYTES;
        }
        int used = at;
        while (used < sizeBytes() && memory.getByte(address + used) == 0) {
            used++;
        }
        return used < sizeBytes() ? at : used;
    }

    // -- disk

    void force(final int fromBytes, final int toBytes) {
        if (toBytes > fromBytes) {
            file.force(fromBytes, toBytes - fromBytes);
        }
    }

    /**
     * Stores a byte of each page again, so that the kernel takes it for dirty: a page that it failed to write before, for a
     * process that is gone now, it takes for clean.
     */
    void touch(final int fromBytes, final int toBytes, final int pageBytes) {
        for (int at = fromBytes & -pageBytes; at < toBytes; at += pageBytes) {
            memory.putByte(address + at, memory.getByte(address + at));
        }
    }

    // -- lifetime

    /** For another thread than the appending one; @return false if it is gone */
    boolean tryRetain() {
        return references.tryRetain();
    }

    void release() {
        if (references.release()) {
            file.close();
        }
    }

    // -- questions

    String name() {
        return file.name();
    }

    int sizeBytes() {
        return file.sizeBytes();
    }

    long generation() {
        return generation;
    }

    long firstSequence() {
        return firstSequence;
    }

    /** Of the first record. */
    int beginBytes() {
        return beginBytes;
    }

    /** Behind the last record. */
    int endBytes() {
        return endBytes;
    }

    void endBytes(final int bytes) {
        endBytes = bytes;
    }

    long endPosition() {
        return Position.of(generation, endBytes);
    }
}
