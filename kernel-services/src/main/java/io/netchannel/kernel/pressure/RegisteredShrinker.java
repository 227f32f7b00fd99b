package io.netchannel.kernel.pressure;

import java.util.concurrent.Executor;

/**
 * A shrinker, where it runs, and what it has done. Threading: the pressure's loop; the counters any thread.
 */
public final class RegisteredShrinker {

    private static final long FIRST_BACK_OFF_NS = 1_000_000_000L;
    private static final long MAX_BACK_OFF_NS = 64_000_000_000L;

    private final Shrinker shrinker;
    /** Null: the pressure's own loop. */
    private final Executor loop;
    private final PressureCounters<ShrinkerCounter> counters = PressureCounters.of(ShrinkerCounter.class);
    private boolean asked;
    private long backOffNs;
    private long restsUntilNs = Long.MIN_VALUE;
    private long owedBytes;

    RegisteredShrinker(final Shrinker shrinker, final Executor loop) {
        this.shrinker = shrinker;
        this.loop = loop;
    }

    public String name() {
        return shrinker.name();
    }

    public PressureCounters<ShrinkerCounter> counters() {
        return counters;
    }

    Shrinker shrinker() {
        return shrinker;
    }

    Executor loop() {
        return loop;
    }

    int cost() {
        return shrinker.cost();
    }

    /** Whether it can be asked: it owes no answer, and hasn't just shown that it has nothing. */
    boolean isReady(final long nowNs) {
        return !asked && nowNs >= restsUntilNs;
    }

    void ask(final long bytes) {
        asked = true;
        counters.add(ShrinkerCounter.ASKS, 1);
        counters.add(ShrinkerCounter.ASKED_BYTES, bytes);
    }

    /** @param bytes 0 or less if there was nothing */
    void gave(final long bytes, final long nowNs) {
        asked = false;
        if (bytes > 0) {
            counters.add(ShrinkerCounter.GIVEN_BYTES, bytes);
            owedBytes += bytes;
            backOffNs = 0;
        } else {
            counters.add(ShrinkerCounter.EMPTY, 1);
            backOff(nowNs);
        }
    }

    void failed(final long nowNs) {
        asked = false;
        counters.add(ShrinkerCounter.FAILED, 1);
        backOff(nowNs);
    }

    private void backOff(final long nowNs) {
        backOffNs = backOffNs == 0 ? FIRST_BACK_OFF_NS : Math.min(2 * backOffNs, MAX_BACK_OFF_NS);
        restsUntilNs = nowNs + backOffNs;
    }

    /** What it has given and may one day have again. */
    long owedBytes() {
        return owedBytes;
    }

    void regrow(final long bytes) {
        owedBytes -= bytes;
        counters.add(ShrinkerCounter.REGROWN_BYTES, bytes);
    }
}
