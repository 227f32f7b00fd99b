package io.netchannel.kernel.pressure;

/** What a {@link MemoryGauge} shows. */
public sealed interface MemoryReading {

    /**
     * How much is left below a limit.
     *
     * @param limitBytes of all that share it, more than 0
     * @param availableBytes what can be had without anybody waiting for it: free, or files' pages that are not in use
     */
    record Room(long limitBytes, long availableBytes) implements MemoryReading {
    }

    /**
     * How long tasks have waited for memory.
     *
     * @param totalNs since some time in the past, in which at least one task waited
     */
    record Stall(long totalNs) implements MemoryReading {
    }

    /**
     * What somebody is about to take, whoever asks: it counts as not available.
     *
     * @param bytes 0 for none
     */
    record Growth(long bytes) implements MemoryReading {
    }

    /** No limit held when it was read. */
    record Unlimited() implements MemoryReading {
    }
}
