package io.netchannel.kernel.storage.journal;

/**
 * A record in a segment, at a multiple of {@value #ALIGNMENT_BYTES}; numbers are in the CPU's order.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |          length of header and payload; 0 ends a segment       |
 *  +---------------------------------------------------------------+  4
 *  |     CRC32C of where it belongs, bytes 8 to the end, 0 to 3    |
 *  +---------------------------------------------------------------+  8
 *  |                        sequence number                        |
 *  |                                                               |
 *  +---------------------------------------------------------------+ 16
 *  | records before this one that weren't known to be durable then |
 *  +---------------------------------------------------------------+ 20
 *  |                     type, the application's                   |
 *  +---------------------------------------------------------------+ 24
 *  |                        payload, padded                        |
 * </pre>
 * The word at 16 is what tells the end of a journal from damage: a record that says that others before it were durable
 * proves, if one of those can't be read, that what was acknowledged is lost.
 *
 * <p>Where it belongs: the journal's id and the record's {@link Position}, 8 bytes each, which aren't stored. So a copy of a
 * record, of this journal or another, that lies in a payload is none when damage is searched for what is intact.
 */
final class RecordLayout {

    static final int LENGTH_OFFSET = 0;
    static final int CHECKSUM_OFFSET = 4;
    static final int SEQUENCE_OFFSET = 8;
    static final int UNCOMMITTED_OFFSET = 16;
    static final int TYPE_OFFSET = 20;
    static final int HEADER_BYTES = 24;
    static final int ALIGNMENT_BYTES = 8;

    private RecordLayout() {
    }

    static int align(final int lengthBytes) {
        return lengthBytes + ALIGNMENT_BYTES - 1 & -ALIGNMENT_BYTES;
    }
}
