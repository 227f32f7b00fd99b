package io.netchannel.virtio.block;

/**
 * Device configuration space (VirtIO 1.3, 5.2.4, struct virtio_blk_config), up to what the features in
 * {@link BlockFeature} need. Little-endian.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |              capacity, in sectors of 512 bytes (64)           |
 *  +---------------------------------------------------------------+  8
 *  |                       size_max, unused                        |
 *  +---------------------------------------------------------------+ 12
 *  |                            seg_max                            |
 *  +---------------------------------------------------------------+ 16
 *  |                       geometry, unused                        |
 *  +---------------------------------------------------------------+ 20
 *  |                           blk_size                            |
 *  +---------------------------------------------------------------+ 24
 *  |                     topology, unused (64)                     |
 *  +-------------------------------+-------------------------------+ 32
 *  |       writeback, unused       |          num_queues           |
 *  +-------------------------------+-------------------------------+ 36
 *  |                      max_discard_sectors                      |
 *  +---------------------------------------------------------------+ 40
 *  |                        max_discard_seg                        |
 *  +---------------------------------------------------------------+ 44
 *  |                   discard_sector_alignment                    |
 *  +---------------------------------------------------------------+ 48
 *  |                   max_write_zeroes_sectors                    |
 *  +---------------------------------------------------------------+ 52
 *  |                     max_write_zeroes_seg                      |
 *  +---------------+-----------------------------------------------+ 56
 *  |   may_unmap   |                    unused                     |
 *  +---------------+-----------------------------------------------+ 60
 * </pre>
 */
public final class BlockConfigLayout {

    public static final int CAPACITY_OFFSET = 0;
    public static final int SEG_MAX_OFFSET = 12;
    public static final int BLK_SIZE_OFFSET = 20;
    public static final int NUM_QUEUES_OFFSET = 34;
    public static final int MAX_DISCARD_SECTORS_OFFSET = 36;
    public static final int MAX_DISCARD_SEG_OFFSET = 40;
    public static final int DISCARD_SECTOR_ALIGNMENT_OFFSET = 44;
    public static final int MAX_WRITE_ZEROES_SECTORS_OFFSET = 48;
    public static final int MAX_WRITE_ZEROES_SEG_OFFSET = 52;
    public static final int LENGTH_BYTES = 60;

    private BlockConfigLayout() {
    }
}
