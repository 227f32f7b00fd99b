package io.netchannel.kernel.linux;

/**
 * {@code struct pollfd}.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |                        file descriptor                        |
 *  +-------------------------------+-------------------------------+  4
 *  |            events             |            revents            |
 *  +-------------------------------+-------------------------------+  8
 * </pre>
 * A negative descriptor is skipped.
 */
public final class PollLayout {

    public static final int FD_OFFSET = 0;
    public static final int EVENTS_OFFSET = 4;
    public static final int REVENTS_OFFSET = 6;
    public static final int ENTRY_BYTES = 8;

    public static final int POLLIN = 0x1;
    public static final int POLLOUT = 0x4;
    public static final int POLLERR = 0x8;
    public static final int POLLHUP = 0x10;
    public static final int POLLNVAL = 0x20;

    private PollLayout() {
    }
}
