package io.netchannel.kernel.pressure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Trades between the Java heap and what lies outside of it, in both directions:
 * <ul>
 * <li>as a {@link Shrinker}: the heap's free part goes to the system, by a collection that is told to shrink the heap;
 * <li>as a gauge ({@link #gauge()}): what the heap is about to grow by counts as taken already, so that caches outside of it
 * give way before it is.
 * </ul>
 * What it may cost is bounded: {@value #MAX_COLLECTIONS} collections a minute, none while the application stands still for more than
 * {@value #MAX_PAUSED_PERMILLE} thousandths of the time; and if it does with the heap held small, the heap is let go.
 *
 * <p>Threading: the loop's of the {@link MemoryPressure}.
 */
public final class HeapBalloon implements Shrinker {

    static final int MAX_COLLECTIONS = 2;
    static final int MAX_PAUSED_PERMILLE = 50;
    static final long WINDOW_NS = 60_000_000_000L;
    /** Less isn't worth a collection. */
    static final long MIN_GAIN_BYTES = 8 << 20;
    /** Loading the classes of management would hold up a start. */
    private static final long LOAD_SECONDS = 10;

    private static final int ALL_PERMILLE = 1000;
    /** What is to stay free above what is live: HotSpot's MinHeapFreeRatio, and what {@link HeapLevers#tighten} leaves. */
    private static final int GROWN_FREE_PERMILLE = 400;
    private static final int TIGHT_FREE_PERMILLE = 200;

    private final Supplier<HeapLevers> levers;
    private final LongSupplier clock;
    /** When collections of this were, in the last {@link #WINDOW_NS}. */
    private final Deque<Long> collections = new ArrayDeque<>();
    private boolean tight;
    private long pausedBeforeMs = -1;
    private long pausedBeforeNs;
    private boolean costsTooMuch;

    /**
     * @param levers null while there are none yet
     * @param clock nanoseconds
     */
    HeapBalloon(final Supplier<HeapLevers> levers, final LongSupplier clock) {
        this.levers = levers;
        this.clock = clock;
    }

    /**
     * Of the heap that this runs in, from {@value #LOAD_SECONDS} s on.
     *
     * @param report is told what this JVM's collector has no lever for
     */
    public static HeapBalloon ofThisJvm(final LongSupplier clock, final Consumer<String> report) {
        final Executor later = CompletableFuture.delayedExecutor(LOAD_SECONDS, TimeUnit.SECONDS);
        final CompletableFuture<HeapLevers> loaded = CompletableFuture.supplyAsync(() -> new HotSpotHeap(report),
                later);
        return new HeapBalloon(() -> loaded.isCompletedExceptionally() ? null : loaded.getNow(null), clock);
    }

    /** Shows what the heap is about to take. */
    public MemoryGauge gauge() {
        return new MemoryGauge() {
            @Override
            public String name() {
                return HeapBalloon.this.name();
            }

            @Override
            public MemoryReading read() {
                return new MemoryReading.Growth(expectedGrowthBytes());
            }
        };
    }

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public int cost() {
        return ShrinkCost.JAVA_HEAP;
    }

    private long expectedGrowthBytes() {
        final HeapLevers heap = levers.get();
        if (heap == null) {
            return 0;
        }
        watchCost(heap);
        if (tight && costsTooMuch) {
            loosen(heap);
        }
        final long live = heap.liveBytes();
        if (live < 0 || tight) {
            return 0;
        }
        return Math.max(0, Math.min(heap.maxBytes(), withFree(live, GROWN_FREE_PERMILLE)) - heap.committedBytes());
    }

    private static long withFree(final long liveBytes, final int freePermille) {
        return liveBytes / (ALL_PERMILLE - freePermille) * ALL_PERMILLE;
    }

    /** What collections have cost since the last look that is long enough ago to tell. */
    private void watchCost(final HeapLevers heap) {
        final long nowNs = clock.getAsLong();
        final long pausedMs = heap.pausedMs();
        if (pausedBeforeMs < 0) {
            pausedBeforeMs = pausedMs;
            pausedBeforeNs = nowNs;
            return;
        }
        final long elapsedMs = (nowNs - pausedBeforeNs) / 1_000_000;
        final long paused = pausedMs - pausedBeforeMs;
        // By the whole window, or sooner where the window's share is used up already.
        final long windowMs = WINDOW_NS / 1_000_000;
        costsTooMuch = paused * ALL_PERMILLE > Math.max(elapsedMs, windowMs) * MAX_PAUSED_PERMILLE;
        if (elapsedMs >= windowMs) {
            pausedBeforeMs = pausedMs;
            pausedBeforeNs = nowNs;
        }
    }

    @Override
    public long reclaimableBytes() {
        final HeapLevers heap = levers.get();
        if (heap == null || !mayCollect(heap)) {
            return 0;
        }
        final long live = heap.liveBytes();
        // Before the first collection nobody knows: half is a guess that the first ask puts right.
        final long kept = live < 0 ? heap.committedBytes() / 2 : withFree(live, TIGHT_FREE_PERMILLE);
        final long gain = heap.committedBytes() - kept;
        return gain < MIN_GAIN_BYTES ? 0 : gain;
    }

    private boolean mayCollect(final HeapLevers heap) {
        watchCost(heap);
        final long nowNs = clock.getAsLong();
        while (!collections.isEmpty() && nowNs - collections.peekFirst() >= WINDOW_NS) {
            collections.removeFirst();
        }
        return collections.size() < MAX_COLLECTIONS && !costsTooMuch;
    }

    @Override
    public long shrink(final long wantedBytes) {
        final HeapLevers heap = levers.get();
        if (heap == null || !mayCollect(heap)) {
            return 0;
        }
        collections.addLast(clock.getAsLong());
        final long residentBefore = heap.residentBytes();
        tight = true;
        heap.tighten();
        heap.collect();
        // By what is resident: of what the heap gives up some was never touched, and a heap that stays as large as it was started
        // with may have moved its generations to pages that weren't.
        final long given = residentBefore - heap.residentBytes();
        if (given <= 0) {
            // Nobody is told that it may grow again who gave nothing.
            loosen(heap);
        }
        return Math.max(0, given);
    }

    @Override
    public void mayGrow(final long bytes) {
        final HeapLevers heap = levers.get();
        if (tight && heap != null) {
            loosen(heap);
        }
    }

    private void loosen(final HeapLevers heap) {
        tight = false;
        heap.loosen();
    }
}
