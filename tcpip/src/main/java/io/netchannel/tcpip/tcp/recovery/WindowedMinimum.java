package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.ConnectionImage;

/**
 * The smallest value of a sliding window of time, by three estimates: the best, the best of what came after it, and the
 * best of what came after that (Kathleen Nichols' algorithm, as in Linux).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class WindowedMinimum {

    private static final int ESTIMATES = 3;

    private final long windowNs;
    private final long[] values = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
    private final long[] times = new long[ESTIMATES];

    WindowedMinimum(final long windowNs) {
        this.windowNs = windowNs;
    }

    /** Long.MAX_VALUE before the first. */
    long value() {
        return values[0];
    }

    void update(final long value, final long nowNs) {
        if (value <= values[0] || nowNs - times[2] > windowNs) {
            from(0, value, nowNs);
            return;
        }
        if (value <= values[1]) {
            from(1, value, nowNs);
        } else if (value <= values[2]) {
            from(2, value, nowNs);
        }
        age(value, nowNs);
    }

    // The best leaves the window: the second takes its place. And none of them may be too much of the same age.
    private void age(final long value, final long nowNs) {
        final long age = nowNs - times[0];
        if (age > windowNs) {
            shift();
            from(2, value, nowNs);
            if (nowNs - times[0] > windowNs) {
                shift();
                from(2, value, nowNs);
            }
        } else if (times[1] == times[0] && age > windowNs / 4) {
            from(1, value, nowNs);
        } else if (times[2] == times[1] && age > windowNs / 2) {
            from(2, value, nowNs);
        }
    }

    private void shift() {
        for (int i = 1; i < ESTIMATES; i++) {
            values[i - 1] = values[i];
            times[i - 1] = times[i];
        }
    }

    private void from(final int index, final long value, final long nowNs) {
        for (int i = index; i < ESTIMATES; i++) {
            values[i] = value;
            times[i] = nowNs;
        }
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        for (int i = 0; i < ESTIMATES; i++) {
            values[i] = image.of(values[i]);
            times[i] = image.of(times[i]);
        }
    }
}
