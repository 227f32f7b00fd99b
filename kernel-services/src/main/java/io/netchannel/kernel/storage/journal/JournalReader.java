package io.netchannel.kernel.storage.journal;

import io.netchannel.cpu.OrderedMemory;

/**
 * Goes through the committed records of a {@link Journal}, in place.
 *
 * <p>A record's bytes stay until the next call of {@link #next} or {@link #close}, also if its segment is truncated meanwhile.
 * Records that were truncated before the reader came to them are passed over: {@link #sequence} jumps.
 *
 * <p>Threading: confined to a thread, any; but {@link Journal#truncateFrom} asks for new readers.
 */
public final class JournalReader implements AutoCloseable {

    private final Journal journal;
    private Segment segment;
    private long generation;
    private int nextOffset;
    private int offset;

    JournalReader(final Journal journal, final long position) {
        this.journal = journal;
        this.generation = Position.generation(position);
        this.nextOffset = Position.offsetBytes(position);
    }

    /** Goes to the next record; @return false if none is committed yet */
    public boolean next() {
        // Before the segments are looked at: those that it leads to are there then.
        final long committed = journal.committedPosition();
        while (Position.of(generation, nextOffset) < committed) {
            if (segment == null || segment.generation() != generation) {
                enter(generation, nextOffset);
                if (segment == null) {
                    // The journal is closed.
                    return false;
                }
                continue;
            }
            final int end = generation == Position.generation(committed)
                    ? Position.offsetBytes(committed)
                    : segment.endBytes();
            if (nextOffset < end) {
                offset = nextOffset;
                nextOffset += RecordLayout.align(segment.lengthBytes(offset));
                return true;
            }
            enter(generation + 1, SegmentLayout.HEADER_BYTES);
        }
        return false;
    }

    private void enter(final long wanted, final int offsetBytes) {
        release();
        segment = journal.retained(wanted);
        final boolean there = segment != null && segment.generation() == wanted;
        generation = segment == null ? wanted : segment.generation();
        nextOffset = Math.max(there ? offsetBytes : 0, segment == null ? 0 : segment.beginBytes());
    }

    private void release() {
        if (segment != null) {
            segment.release();
            segment = null;
        }
    }

    public OrderedMemory memory() {
        return journal.memory();
    }

    /** Of the record, as {@link Journal#publish} returned it. */
    public long position() {
        return Position.of(generation, offset);
    }

    public long sequence() {
        return segment.sequence(offset);
    }

    public int type() {
        return segment.type(offset);
    }

    public long payloadAddress() {
        return segment.payload(offset);
    }

    public int payloadBytes() {
        return segment.lengthBytes(offset) - RecordLayout.HEADER_BYTES;
    }

    @Override
    public void close() {
        release();
    }
}
