package io.netchannel.samples.haproxy.stick;

/**
 * Events per period, estimated over a window that slides: all of the current period, and of the one before the part that the
 * window still covers. Arithmetic of haproxy's freq_ctr, in milliseconds.
 *
 * <p>The static methods work on three words of an array, as entries of tables hold many of them.
 */
public final class FrequencyCounter {

    /** Words of one counter: when the period began, its events, those of the period before. */
    static final int WORDS = 3;
    private static final int BEGAN = 0;
    private static final int CURRENT = 1;
    private static final int PREVIOUS = 2;
    private static final long UINT = 0xffff_ffffL;

    private final long[] words = new long[WORDS];
    private final long periodMs;

    public FrequencyCounter(final long periodMs) {
        this.periodMs = periodMs;
    }

    public void add(final long events, final long nowMs) {
        add(words, 0, periodMs, events, nowMs);
    }

    /** Events of the last period, rounded down. */
    public long read(final long nowMs) {
        return read(words, 0, periodMs, nowMs);
    }

    /** Events since the period began that the last one fell into. */
    public long current() {
        return words[CURRENT];
    }

    /** Events that can still happen while {@code limit} of them in a period isn't exceeded, {@code pending} being on their way. */
    public long remaining(final long limit, final long pending, final long nowMs) {
        final long average = total(words, 0, periodMs, pending, nowMs) / periodMs;
        return limit - Math.min(average, limit);
    }

    /** Milliseconds until one more event doesn't exceed {@code limit}; 0: it can happen now. */
    public long delayMs(final long limit, final long pending, final long nowMs) {
        final long excess = total(words, 0, periodMs, pending, nowMs) - limit * periodMs;
        return excess < 0 ? 0 : Math.max(excess / Math.max(limit, 1), 1);
    }

    public void clear() {
        words[BEGAN] = 0;
        words[CURRENT] = 0;
        words[PREVIOUS] = 0;
    }

    static void add(final long[] words, final int at, final long periodMs, final long events, final long nowMs) {
        final long began = words[at + BEGAN];
        if (nowMs >= began && nowMs - began < periodMs) {
            words[at + CURRENT] = words[at + CURRENT] + events & UINT;
            return;
        }
        words[at + PREVIOUS] = words[at + CURRENT];
        words[at + CURRENT] = events & UINT;
        long next = began + periodMs;
        if (nowMs < next || nowMs - next >= periodMs) {
            // At least one whole period passed without an event.
            words[at + PREVIOUS] = 0;
            next = nowMs;
        }
        // haproxy keeps its lock in the lowest bit; its periods begin at even milliseconds.
        words[at + BEGAN] = next & ~1L;
    }

    /** As if so many events had come in the current period, which begins now. */
    static void set(final long[] words, final int at, final long events, final long nowMs) {
        words[at + BEGAN] = nowMs & ~1L;
        words[at + CURRENT] = events & UINT;
        words[at + PREVIOUS] = 0;
    }

    static long read(final long[] words, final int at, final long periodMs, final long nowMs) {
        return total(words, at, periodMs, -1, nowMs) / periodMs & UINT;
    }

    /** @param pending -1: none, and the rate of less than two events doesn't go up and down while it waits for the next */
    private static long total(final long[] words, final int at, final long periodMs, final long pending,
            final long nowMs) {
        long current = words[at + CURRENT];
        long past = words[at + PREVIOUS];
        long remain = words[at + BEGAN] + periodMs - nowMs;
        if (remain < 0) {
            remain += periodMs;
            past = remain >= 0 ? current : 0;
            current = 0;
        }
        if (pending < 0 && current == 0 && past <= 1) {
            return past * periodMs;
        }
        return past * remain + (current + Math.max(pending, 0)) * periodMs;
    }
}
