package io.netchannel.kernel.linux;

/**
 * {@code struct iovec} on a 64-bit CPU.
 *
 * <pre>
 *  +---------------------------------------------------------------+  0
 *  |                        base address (64)                      |
 *  +---------------------------------------------------------------+  8
 *  |                        length bytes (64)                      |
 *  +---------------------------------------------------------------+ 16
 * </pre>
 */
public final class IovecLayout {

    public static final int BASE_OFFSET = 0;
    public static final int LENGTH_OFFSET = 8;
    public static final int ENTRY_BYTES = 16;

    /** Entries that one call takes, UIO_MAXIOV. */
    public static final int MAX_ENTRIES = 1024;

    private IovecLayout() {
    }
}
