package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;

/**
 * The counters of one {@link RunLoop}, outside the heap.
 *
 * <p>Threading: written by the loop's thread, read by any; each counter by itself is up to date, together they need not
 * fit.
 */
public final class LoopCounters {

    static final int SIZE_BYTES = LoopCounter.values().length * Long.BYTES;

    private final OrderedMemory memory;
    private final long address;

    LoopCounters(final OrderedMemory memory, final long address) {
        this.memory = memory;
        this.address = address;
        memory.fill(address, SIZE_BYTES, (byte) 0);
    }

    public long get(final LoopCounter counter) {
        return memory.getLongOpaque(address + (long) counter.ordinal() * Long.BYTES);
    }

    void add(final LoopCounter counter, final long amount) {
        final long word = address + (long) counter.ordinal() * Long.BYTES;
        // One writer, so a plain load; opaque, so that readers never see half a value.
        memory.putLongOpaque(word, memory.getLong(word) + amount);
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (final LoopCounter counter : LoopCounter.values()) {
            text.append(text.isEmpty() ? "" : ", ").append(counter).append('=').append(get(counter));
        }
        return text.toString();
    }
}
