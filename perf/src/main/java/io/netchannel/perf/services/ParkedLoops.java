package io.netchannel.perf.services;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.LoopCounter;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.sched.WakeWord;
import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;

/**
 * Two loops that sleep as soon as they have nothing to do, and pass a number to and fro.
 *
 * <p>Threading: {@link #poll} and {@link #arm} its loop's.
 */
final class ParkedLoops implements Poller {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int LINE_BYTES = 128;

    /** @param slept share of the wake-ups before which the loop had gone to sleep; else the work came before it did */
    record Measured(double oneWayNs, double slept) {
    }

    private final RunLoop loop;
    private final long mine;
    private final long theirs;
    private final WakeWord wake;
    private final long uncounted;
    private final long last;
    private final CompletableFuture<Long> tookNs = new CompletableFuture<>();
    private long seen;
    private long startNs;

    /** @param last answered, {@code uncounted} included; 0: answers only */
    private ParkedLoops(final RunLoop loop, final long mine, final long theirs, final WakeWord wake,
            final long uncounted, final long last) {
        this.loop = loop;
        this.mine = mine;
        this.theirs = theirs;
        this.wake = wake;
        this.uncounted = uncounted;
        this.last = last;
    }

    /** @param first {@code second}: CPUs that the loops are confined to */
    static Measured measure(final int roundTrips, final int uncounted, final int first, final int second) {
        // The loops are closed before their words go.
        try (Arena arena = Arena.ofShared();
                RunLoop caller = loop("caller", first);
                RunLoop answerer = loop("answerer", second)) {
            final long words = arena.allocate(2L * LINE_BYTES, LINE_BYTES).address();
            final ParkedLoops calls = new ParkedLoops(caller, words, words + LINE_BYTES, answerer.wakeWord(), uncounted,
                    uncounted + roundTrips);
            final ParkedLoops answers = new ParkedLoops(answerer, words + LINE_BYTES, words, caller.wakeWord(), 0, 0);
            caller.add(calls);
            answerer.add(answers);
            caller.start();
            answerer.start();
            caller.execute(() -> calls.send(1));
            final long ns = calls.tookNs.join();
            final long parks = caller.counters().get(LoopCounter.PARKS) + answerer.counters().get(LoopCounter.PARKS);
            return new Measured(ns / (2.0 * roundTrips), Math.min(1, parks / (2.0 * (roundTrips + uncounted))));
        }
    }

    private static RunLoop loop(final String name, final int cpu) {
        return RunLoop.builder(name).cpu(cpu).idle(IdleStrategy.PARK_AT_ONCE).daemon(true).build();
    }

    private void send(final long value) {
        MEMORY.putLongRelease(theirs, value);
        wake.signal();
    }

    @Override
    public int poll(final long nowNs) {
        final long value = MEMORY.getLongAcquire(mine);
        if (value == seen) {
            return 0;
        }
        seen = value;
        if (last == 0) {
            send(value);
            return 1;
        }
        if (value == uncounted) {
            startNs = loop.clock().nowNs();
        }
        if (value == last) {
            tookNs.complete(loop.clock().nowNs() - startNs);
        } else {
            send(value + 1);
        }
        return 1;
    }

    @Override
    public boolean arm() {
        return MEMORY.getLongAcquire(mine) == seen;
    }
}
