package io.netchannel.perf.cpu;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Two threads that hand something to each other and back, again and again.
 *
 * @param firstCpu the first thread is confined to it, or {@link #ANY_CPU}
 * @param secondCpu the second
 * @param rounds that are counted
 * @param warmUpNs for which rounds are played before, so that HotSpot has compiled both parts
 */
record Duet(int firstCpu, int secondCpu, int rounds, long warmUpNs) {

    static final int ANY_CPU = -1;

    /** One thread's part: so many hand-overs and answers. */
    @FunctionalInterface
    interface Part {

        /** @return something that depends on all that was received */
        long play(int turns);
    }

    /** With the CPUs in each other's place: they may be of different speed, if others use their cores too. */
    Duet swapped() {
        return new Duet(secondCpu, firstCpu, rounds, warmUpNs);
    }

    /** @return ns for one hand-over: half a turn */
    Sample play(final Part first, final Part second, final int turnsOfARound) {
        final long startNs = System.nanoTime();
        Sample sample;
        do {
            sample = playOnce(first, second, turnsOfARound);
        } while (System.nanoTime() - startNs < warmUpNs);
        return sample;
    }

    private Sample playOnce(final Part first, final Part second, final int turnsOfARound) {
        final CompletableFuture<Sample> result = new CompletableFuture<>();
        final Thread other = Thread.ofPlatform().daemon().name("cpu-second").unstarted(() -> {
            try {
                confine(secondCpu);
                second.play((1 + rounds) * turnsOfARound);
            } catch (final RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        final Thread one = Thread.ofPlatform().daemon().name("cpu-first").unstarted(() -> {
            try {
                confine(firstCpu);
                result.complete(time(first, turnsOfARound));
            } catch (final RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        other.start();
        one.start();
        return join(result);
    }

    private static <T> T join(final CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException cause ? cause : e;
        }
    }

    private Sample time(final Part first, final int turns) {
        // Not counted: until the second thread has started.
        first.play(turns);
        final double[] ns = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            final long startNs = System.nanoTime();
            first.play(turns);
            ns[i] = (System.nanoTime() - startNs) / (2.0 * turns);
        }
        return Sample.of(ns);
    }

    static void confine(final int cpu) {
        if (cpu != ANY_CPU) {
            final BitSet cpus = new BitSet();
            cpus.set(cpu);
            Linux.setAffinity(cpus);
        }
    }

    /** Does {@code work} on a thread that is confined to {@code cpu}. */
    static <T> T on(final int cpu, final Supplier<T> work) {
        final CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("cpu-alone").start(() -> {
            try {
                confine(cpu);
                result.complete(work.get());
            } catch (final RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return join(result);
    }

    /** Whether a thread may choose its CPU here: some sandboxes refuse. */
    static boolean canConfine(final int cpu) {
        final CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                confine(cpu);
                answer.complete(true);
            } catch (final LinuxException e) {
                answer.complete(false);
            }
        });
        return answer.join();
    }
}
