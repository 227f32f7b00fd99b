package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;

/**
 * Histograms of the {@link LoopTime}s of one {@link RunLoop}, outside the heap: some plain loads and stores for each value, and no
 * allocation.
 *
 * <pre>
 *   for each LoopTime:  sum ns │ longest ns │ {@value #BUCKETS} counts
 *   bucket of v:        v below 8: v;  else the 3 bits below its highest one tell the bucket of 8 in its octave
 * </pre>
 * So a bucket is an eighth as wide as what it begins with, or less. What is longer than 18 minutes counts as that.
 *
 * <p>Threading: written by the loop's thread, read by any; each count by itself is up to date, together they need not fit.
 */
public final class LoopTimes {

    static final int SUB_BITS = 3;
    static final int MAX_BITS = 40;
    static final int BUCKETS = (MAX_BITS - SUB_BITS + 1) << SUB_BITS;

    private static final int SUBS = 1 << SUB_BITS;
    private static final int SUM_OFFSET = 0;
    private static final int MAX_OFFSET = Long.BYTES;
    private static final int COUNTS_OFFSET = 2 * Long.BYTES;
    private static final int HISTOGRAM_BYTES = COUNTS_OFFSET + BUCKETS * Long.BYTES;
    // A constant, as RunLoop.MEMORY_BYTES is: LoopTime's number of values.
    static final int HISTOGRAMS = 4;
    static final int SIZE_BYTES = HISTOGRAMS * HISTOGRAM_BYTES;

    private final OrderedMemory memory;
    private final long address;

    LoopTimes(final OrderedMemory memory, final long address) {
        this.memory = memory;
        this.address = address;
        memory.fill(address, SIZE_BYTES, (byte) 0);
    }

    static int bucket(final long ns) {
        final long value = Math.clamp(ns, 0, (1L << MAX_BITS) - 1);
        if (value < SUBS) {
            return (int) value;
        }
        final int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        // The highest bit adds SUBS, so that the octave's first bucket follows the last of the one before.
        return (shift << SUB_BITS) + (int) (value >>> shift);
    }

    /** The least value in a bucket. */
    static long lowestNs(final int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        final int shift = (bucket >>> SUB_BITS) - 1;
        return (long) (bucket & SUBS - 1 | SUBS) << shift;
    }

    /** Called by the loop's thread. @param ns below 0, of clocks that differ, counts as 0 */
    void record(final LoopTime what, final long ns) {
        final long base = address + (long) what.ordinal() * HISTOGRAM_BYTES;
        add(base + COUNTS_OFFSET + (long) bucket(ns) * Long.BYTES, 1);
        add(base + SUM_OFFSET, Math.max(0, ns));
        if (ns > memory.getLong(base + MAX_OFFSET)) {
            memory.putLongOpaque(base + MAX_OFFSET, ns);
        }
    }

    private void add(final long word, final long amount) {
        // One writer, so a plain load; opaque, so that readers never see half a value.
        memory.putLongOpaque(word, memory.getLong(word) + amount);
    }

    /** What has been recorded so far. */
    public TimeDistribution get(final LoopTime what) {
        final long base = address + (long) what.ordinal() * HISTOGRAM_BYTES;
        final long[] counts = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = memory.getLongOpaque(base + COUNTS_OFFSET + (long) i * Long.BYTES);
        }
        return new TimeDistribution(counts, memory.getLongOpaque(base + SUM_OFFSET), memory.getLongOpaque(base
                + MAX_OFFSET));
    }
}
