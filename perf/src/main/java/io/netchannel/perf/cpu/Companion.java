package io.netchannel.perf.cpu;

import io.netchannel.cpu.HostMemory;

/**
 * Keeps the other CPU busy with what it does while it waits: it polls a word, one that nobody writes. So the length of a path is
 * measured as it is when there are two, also where both CPUs are threads of one core.
 */
final class Companion implements AutoCloseable {

    private final long word;
    private final Thread thread;

    /** @param word address of a word on a line of its own */
    Companion(final int cpu, final long word) {
        this.word = word;
        HostMemory.INSTANCE.putLongRelease(word, 0);
        thread = Thread.ofPlatform().daemon().name("cpu-companion").start(() -> {
            Duet.confine(cpu);
            while (HostMemory.INSTANCE.getLongAcquire(word) == 0) {
                Thread.onSpinWait();
            }
        });
    }

    @Override
    public void close() {
        HostMemory.INSTANCE.putLongRelease(word, 1);
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
