package io.netchannel.kernel.linux;

/** Constants of {@code <linux/io_uring.h>}: those that are used here. */
public final class IoUringFlags {

    // -- io_uring_setup
    public static final int IORING_SETUP_SQPOLL = 1 << 1;
    public static final int IORING_SETUP_R_DISABLED = 1 << 6;
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;
    public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;

    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    public static final int IORING_FEAT_NODROP = 1 << 1;

    // -- mmap
    public static final long IORING_OFF_SQ_RING = 0;
    public static final long IORING_OFF_SQES = 0x1000_0000;

    // -- io_uring_enter
    public static final int IORING_ENTER_GETEVENTS = 1;
    public static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;

    // -- io_uring_register
    public static final int IORING_REGISTER_BUFFERS = 0;
    public static final int IORING_REGISTER_FILES = 2;
    public static final int IORING_REGISTER_EVENTFD = 4;
    public static final int IORING_REGISTER_ENABLE_RINGS = 12;

    /** Bytes that one registered buffer may have. */
    public static final long MAX_BUFFER_BYTES = 1L << 30;

    // -- flags word of the submission ring
    public static final int IORING_SQ_NEED_WAKEUP = 1;
    public static final int IORING_SQ_TASKRUN = 1 << 2;

    // -- opcodes, and flags of an entry
    public static final int IORING_OP_FSYNC = 3;
    public static final int IORING_OP_READ_FIXED = 4;
    public static final int IORING_OP_WRITE_FIXED = 5;
    public static final int IORING_OP_FALLOCATE = 17;
    public static final int IORING_OP_READ = 22;
    public static final int IORING_OP_WRITE = 23;

    public static final int IOSQE_FIXED_FILE = 1;
    public static final int IORING_FSYNC_DATASYNC = 1;

    private IoUringFlags() {
    }
}
