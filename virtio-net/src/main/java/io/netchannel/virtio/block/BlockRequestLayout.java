package io.netchannel.virtio.block;

/**
 * A request (VirtIO 1.3, 5.2.6): a header that the device reads, data that it reads or writes, a status byte that it
 * writes. Little-endian. Where a header ends and data begin says nothing about descriptors (2.6.4.2).
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0    +-----------------------------------+  0
 *  |                             type                              |       |  sector of the first byte (64)    |
 *  +---------------------------------------------------------------+  4    +-----------------------------------+  8
 *  |                           reserved                            |       |  num_sectors                      |
 *  +---------------------------------------------------------------+  8    +-----------------------------------+ 12
 *  |              sector of the first byte of data (64)            |       |  flags: 0 unmap                   |
 *  +---------------------------------------------------------------+ 16    +-----------------------------------+ 16
 *                               header                                       a range to discard or to zero
 * </pre>
 */
public final class BlockRequestLayout {

    public static final int SECTOR_BYTES = 512;

    public static final int TYPE_OFFSET = 0;
    public static final int RESERVED_OFFSET = 4;
    public static final int SECTOR_OFFSET = 8;
    public static final int HEADER_BYTES = 16;

    public static final int RANGE_SECTOR_OFFSET = 0;
    public static final int RANGE_SECTORS_OFFSET = 8;
    public static final int RANGE_FLAGS_OFFSET = 12;
    public static final int RANGE_BYTES = 16;
    public static final int RANGE_UNMAP = 1;

    public static final int TYPE_IN = 0;
    public static final int TYPE_OUT = 1;
    public static final int TYPE_FLUSH = 4;
    public static final int TYPE_DISCARD = 11;
    public static final int TYPE_WRITE_ZEROES = 13;

    public static final int STATUS_OK = 0;
    public static final int STATUS_IOERR = 1;
    public static final int STATUS_UNSUPP = 2;

    private BlockRequestLayout() {
    }
}
