package io.netchannel.kernel.linux;

/**
 * {@code struct io_uring_cqe} of {@code <linux/io_uring.h>}.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |                user_data of the submission (64)               |
 *  +---------------------------------------------------------------+  8
 *  |                res: as the system call's result               |
 *  +---------------------------------------------------------------+ 12
 *  |                             flags                             |
 *  +---------------------------------------------------------------+ 16
 * </pre>
 */
public final class CompletionEntryLayout {

    public static final int USER_DATA_OFFSET = 0;
    public static final int RESULT_OFFSET = 8;
    public static final int ENTRY_BYTES = 16;

    private CompletionEntryLayout() {
    }
}
