package io.netchannel.kernel.pressure;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;

/**
 * Counters outside the heap.
 *
 * <p>Threading: written by the loop of {@link MemoryPressure}, read by any thread; each by itself is up to date, together
 * they need not fit.
 */
public final class PressureCounters<C extends Enum<C>> {

    private final OrderedMemory memory;
    private final long address;

    /** @param address of as many zeroed words as there are counters */
    PressureCounters(final OrderedMemory memory, final long address) {
        this.memory = memory;
        this.address = address;
    }

    // Never given back: who reads them may do so after the loop has gone.
    static <C extends Enum<C>> PressureCounters<C> of(final Class<C> type) {
        final long bytes = (long) type.getEnumConstants().length * Long.BYTES;
        return new PressureCounters<>(HostMemory.INSTANCE, Arena.global().allocate(bytes, Long.BYTES).address());
    }

    public long get(final C counter) {
        return memory.getLongOpaque(word(counter));
    }

    void add(final C counter, final long amount) {
        // One writer, so a plain load; opaque, so that readers never see half a value. No order with other memory is promised.
        memory.putLongOpaque(word(counter), memory.getLong(word(counter)) + amount);
    }

    void set(final C counter, final long value) {
        memory.putLongOpaque(word(counter), value);
    }

    private long word(final C counter) {
        return address + (long) counter.ordinal() * Long.BYTES;
    }
}
