package io.netchannel.tcpip.tcp;

/**
 * What the sender's time went into while it had something to send (Linux's chronographs): all of it, and of that the
 * time in which the peer's window, or the send buffer, was what held it back.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class BusyTimes {

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int WINDOW = 2;
    private static final int BUFFER = 3;

    private final long[] spentNs = new long[4];
    private int now = IDLE;
    private long sinceNs;

    private void turnTo(final int next, final long nowNs) {
        if (next != now) {
            spentNs[now] += nowNs - sinceNs;
            sinceNs = nowNs;
            now = next;
        }
    }

    /** Sending has stopped. @param waits whether something is in flight or waits */
    void onPushed(final boolean windowLimited, final boolean waits, final long nowNs) {
        if (!waits) {
            turnTo(IDLE, nowNs);
        } else if (windowLimited) {
            turnTo(WINDOW, nowNs);
        } else if (now != BUFFER) {
            turnTo(BUSY, nowNs);
        }
    }

    /** All was sent, and the writer waits for room in the buffer. */
    void onBufferLimited(final long nowNs) {
        if (now == BUSY) {
            turnTo(BUFFER, nowNs);
        }
    }

    /** The writer waits no longer. */
    void onBufferRoom(final long nowNs) {
        if (now == BUFFER) {
            turnTo(BUSY, nowNs);
        }
    }

    private long spentNs(final int what, final long nowNs) {
        return spentNs[what] + (now == what ? nowNs - sinceNs : 0);
    }

    long busyNs(final long nowNs) {
        return spentNs(BUSY, nowNs) + windowLimitedNs(nowNs) + bufferLimitedNs(nowNs);
    }

    long windowLimitedNs(final long nowNs) {
        return spentNs(WINDOW, nowNs);
    }

    long bufferLimitedNs(final long nowNs) {
        return spentNs(BUFFER, nowNs);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        now = image.of(now);
        sinceNs = image.of(sinceNs);
        for (int i = 0; i < spentNs.length; i++) {
            spentNs[i] = image.of(spentNs[i]);
        }
    }
}
