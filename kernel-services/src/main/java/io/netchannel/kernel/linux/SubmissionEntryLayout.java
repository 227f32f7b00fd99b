package io.netchannel.kernel.linux;

/**
 * {@code struct io_uring_sqe} of {@code <linux/io_uring.h>}, as reads, writes, fsync and fallocate fill it.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------+---------------+-------------------------------+  0
 *  |     opcode    |     flags     |             ioprio            |
 *  +---------------------------------------------------------------+  4
 *  |               fd, or index of a registered file               |
 *  +---------------------------------------------------------------+  8
 *  |                     off: in the file (64)                     |
 *  +---------------------------------------------------------------+ 16
 *  |         addr: of the buffer; of fallocate: length (64)        |
 *  +---------------------------------------------------------------+ 24
 *  |             len: of the buffer; of fallocate: mode            |
 *  +---------------------------------------------------------------+ 28
 *  |                     rw_flags, fsync_flags                     |
 *  +---------------------------------------------------------------+ 32
 *  |                         user_data (64)                        |
 *  +-------------------------------+-------------------------------+ 40
 *  |           buf_index           |          personality          |
 *  +---------------------------------------------------------------+ 44
 *  |                           file_index                          |
 *  +---------------------------------------------------------------+ 48
 *  |                       addr3, unused (64)                      |
 *  +---------------------------------------------------------------+ 56
 *  |                          unused (64)                          |
 *  +---------------------------------------------------------------+ 64
 * </pre>
 */
public final class SubmissionEntryLayout {

    /** Opcode in the lowest byte, then flags and ioprio, the descriptor in the upper half. */
    public static final int OPERATION_OFFSET = 0;
    public static final int OFFSET_OFFSET = 8;
    public static final int ADDRESS_OFFSET = 16;
    /** Length in the lower half, flags of the operation in the upper. */
    public static final int LENGTH_OFFSET = 24;
    public static final int USER_DATA_OFFSET = 32;
    public static final int BUFFER_INDEX_OFFSET = 40;
    public static final int ADDRESS3_OFFSET = 48;
    public static final int PADDING_OFFSET = 56;
    public static final int ENTRY_BYTES = 64;

    private SubmissionEntryLayout() {
    }

    /** The word at {@link #OPERATION_OFFSET}. */
    public static long operation(final int opcode, final int flags, final int fd) {
        return opcode | flags << 8 | (long) fd << 32;
    }

    /** The word at {@link #LENGTH_OFFSET}. */
    public static long length(final int length, final int operationFlags) {
        return length & 0xFFFF_FFFFL | (long) operationFlags << 32;
    }
}
