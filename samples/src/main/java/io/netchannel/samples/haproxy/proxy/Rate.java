package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.stick.FrequencyCounter;

/** Events in the last second, and the most that one second had. */
public final class Rate {

    private static final long PERIOD_MS = 1_000;

    private final FrequencyCounter events = new FrequencyCounter(PERIOD_MS);
    private long max;

    public void add(final long nowMs, final long more) {
        events.add(more, nowMs);
        max = Math.max(max, events.current());
    }

    public long get(final long nowMs) {
        return events.read(nowMs);
    }

    /** Milliseconds until one more is within {@code limit} a second; 0: it is now, as it always is where the limit is 0. */
    long delayMs(final long limit, final long nowMs) {
        return limit == 0 || events.remaining(limit, 0, nowMs) > 0 ? 0 : Math.max(1, events.delayMs(limit, 0, nowMs));
    }

    public long max() {
        return max;
    }

    public void clearMax() {
        max = 0;
    }
}
