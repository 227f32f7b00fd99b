package io.netchannel.kernel.storage.journal;

/**
 * The head of a segment; numbers are in the CPU's order, records follow.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |                        magic "NCJOURNL"                       |
 *  |                                                               |
 *  +---------------------------------------------------------------+  8
 *  |                            version                            |
 *  +---------------------------------------------------------------+ 12
 *  |        CRC32C of bytes 16 to 51, then of bytes 0 to 11        |
 *  +---------------------------------------------------------------+ 16
 *  |                          journal id                           |
 *  |                                                               |
 *  +---------------------------------------------------------------+ 24
 *  |              generation: the order in which made              |
 *  |                                                               |
 *  +---------------------------------------------------------------+ 32
 *  |              sequence number of its first record              |
 *  |                                                               |
 *  +---------------------------------------------------------------+ 40
 *  |                    size of the file in bytes                  |
 *  |                                                               |
 *  +---------------------------------------------------------------+ 48
 *  |     where its first record begins: 64, or behind damage       |
 *  +---------------------------------------------------------------+ 52
 *  |                            reserved                           |
 *  +---------------------------------------------------------------+ 64
 * </pre>
 * A later version keeps the magic, the version and the checksum over bytes 16 to 51 as they are. The head is written into space of zeros when the segment's first record comes. A segment ends where a later generation
 * begins: so one durable head cuts the rest of all older segments off, at once.
 */
final class SegmentLayout {

    static final long MAGIC = 0x4C4E_5255_4F4A_434EL;
    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int CHECKSUM_OFFSET = 12;
    static final int JOURNAL_ID_OFFSET = 16;
    static final int GENERATION_OFFSET = 24;
    static final int FIRST_SEQUENCE_OFFSET = 32;
    static final int SIZE_OFFSET = 40;
    static final int BEGIN_OFFSET = 48;
    static final int CHECKED_END = 52;
    static final int HEADER_BYTES = 64;

    /** What a disk writes whole or not at all. */
    static final int SECTOR_BYTES = 512;

    private SegmentLayout() {
    }
}
