package io.netchannel.kernel.sched;

/**
 * The machine's monotonic clock, counted from when this class was loaded: so deadlines may be compared with {@code <}.
 *
 * <p>The only caller of {@link System#nanoTime()}. Threading: any thread; all threads see the same time.
 */
public final class SystemNanoClock implements NanoClock {

    /** The only instance. */
    public static final SystemNanoClock INSTANCE = new SystemNanoClock();

    private static final long ORIGIN_NS = System.nanoTime();

    private SystemNanoClock() {
    }

    @Override
    public long nowNs() {
        return System.nanoTime() - ORIGIN_NS;
    }
}
