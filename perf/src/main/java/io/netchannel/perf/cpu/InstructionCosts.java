package io.netchannel.perf.cpu;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.cost.Operation;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * Accesses to memory that no other CPU touches, by {@link OrderedMemory}, as the data path makes them.
 *
 * <p>Each loop makes {@value #UNROLLED} of them a turn, behind one opaque load that keeps the compiler from moving any out
 * of the loop. The same loop with that load alone is the overhead; it is taken off. Stores go to words on lines of their
 * own: next to each other the compiler would merge them.
 */
final class InstructionCosts {

    private static final int UNROLLED = 8;
    private static final int LINE_BYTES = 64;
    private static final int MEMORY_BYTES = (UNROLLED + 1) * LINE_BYTES;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final long words;
    private final long guard;

    InstructionCosts(final Arena arena) {
        guard = arena.allocate(MEMORY_BYTES, 128).address();
        words = guard + LINE_BYTES;
    }

    void measure(final Stopwatch stopwatch, final CostSheet sheet) {
        final double overheadNs = stopwatch.measure(this::nothing).medianNs();
        sheet.loopOverhead(overheadNs);
        final Map<Operation, Stopwatch.Loop> loops = Map.ofEntries(
                Map.entry(Operation.PLAIN_LOAD, this::plainLoad), Map.entry(Operation.PLAIN_STORE, this::plainStore),
                Map.entry(Operation.OPAQUE_LOAD, this::opaqueLoad),
                Map.entry(Operation.OPAQUE_STORE, this::opaqueStore),
                Map.entry(Operation.ACQUIRE_LOAD, this::acquireLoad),
                Map.entry(Operation.RELEASE_STORE, this::releaseStore),
                Map.entry(Operation.VOLATILE_STORE, this::volatileStore),
                Map.entry(Operation.COMPARE_AND_SET, this::compareAndSet),
                Map.entry(Operation.GET_AND_ADD, this::getAndAdd), Map.entry(Operation.GET_AND_SET, this::getAndSet));
        for (final Operation operation : Operation.values()) {
            if (loops.containsKey(operation)) {
                sheet.add(operation, stopwatch.measure(loops.get(operation)).partOf(overheadNs, UNROLLED));
            }
        }
        final double storeNs = sheet.ns(Operation.OPAQUE_STORE);
        final Sample fenced = stopwatch.measure(this::storeAndFence).partOf(overheadNs, UNROLLED);
        sheet.add(Operation.FULL_FENCE, fenced.partOf(storeNs, 1));
    }

    private long nothing(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
        }
        return sum;
    }

    private long plainLoad(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            sum += memory.getLong(words) + memory.getLong(words + LINE_BYTES) + memory.getLong(words + 2 * LINE_BYTES)
                    + memory.getLong(words + 3 * LINE_BYTES) + memory.getLong(words + 4 * LINE_BYTES)
                    + memory.getLong(words + 5 * LINE_BYTES) + memory.getLong(words + 6 * LINE_BYTES)
                    + memory.getLong(words + 7 * LINE_BYTES);
        }
        return sum;
    }

    private long plainStore(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            memory.putLong(words, i);
            memory.putLong(words + LINE_BYTES, i);
            memory.putLong(words + 2 * LINE_BYTES, i);
            memory.putLong(words + 3 * LINE_BYTES, i);
            memory.putLong(words + 4 * LINE_BYTES, i);
            memory.putLong(words + 5 * LINE_BYTES, i);
            memory.putLong(words + 6 * LINE_BYTES, i);
            memory.putLong(words + 7 * LINE_BYTES, i);
        }
        return sum + memory.getLong(words);
    }

    private long opaqueLoad(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            sum += memory.getLongOpaque(words) + memory.getLongOpaque(words) + memory.getLongOpaque(words)
                    + memory.getLongOpaque(words) + memory.getLongOpaque(words) + memory.getLongOpaque(words)
                    + memory.getLongOpaque(words) + memory.getLongOpaque(words);
        }
        return sum;
    }

    private long opaqueStore(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            memory.putLongOpaque(words, i);
            memory.putLongOpaque(words, i + 1);
            memory.putLongOpaque(words, i + 2);
            memory.putLongOpaque(words, i + 3);
            memory.putLongOpaque(words, i + 4);
            memory.putLongOpaque(words, i + 5);
            memory.putLongOpaque(words, i + 6);
            memory.putLongOpaque(words, i + 7);
        }
        return sum + memory.getLong(words);
    }

    private long acquireLoad(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            sum += memory.getLongAcquire(words) + memory.getLongAcquire(words) + memory.getLongAcquire(words)
                    + memory.getLongAcquire(words) + memory.getLongAcquire(words) + memory.getLongAcquire(words)
                    + memory.getLongAcquire(words) + memory.getLongAcquire(words);
        }
        return sum;
    }

    private long releaseStore(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            memory.putLongRelease(words, i);
            memory.putLongRelease(words, i + 1);
            memory.putLongRelease(words, i + 2);
            memory.putLongRelease(words, i + 3);
            memory.putLongRelease(words, i + 4);
            memory.putLongRelease(words, i + 5);
            memory.putLongRelease(words, i + 6);
            memory.putLongRelease(words, i + 7);
        }
        return sum + memory.getLong(words);
    }

    private long volatileStore(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            memory.putLongVolatile(words, i);
            memory.putLongVolatile(words, i + 1);
            memory.putLongVolatile(words, i + 2);
            memory.putLongVolatile(words, i + 3);
            memory.putLongVolatile(words, i + 4);
            memory.putLongVolatile(words, i + 5);
            memory.putLongVolatile(words, i + 6);
            memory.putLongVolatile(words, i + 7);
        }
        return sum + memory.getLong(words);
    }

    private long storeAndFence(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            storeThenFence(i);
            storeThenFence(i + 1);
            storeThenFence(i + 2);
            storeThenFence(i + 3);
            storeThenFence(i + 4);
            storeThenFence(i + 5);
            storeThenFence(i + 6);
            storeThenFence(i + 7);
        }
        return sum + memory.getLong(words);
    }

    private void storeThenFence(final long value) {
        memory.putLongOpaque(words, value);
        memory.fullFence();
    }

    private long compareAndSet(final int turns) {
        long sum = 0;
        long value = memory.getLong(words);
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            for (int k = 0; k < UNROLLED; k++) {
                sum += memory.compareAndSetLong(words, value, value + 1) ? 1 : 0;
                value++;
            }
        }
        return sum;
    }

    private long getAndAdd(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            for (int k = 0; k < UNROLLED; k++) {
                sum += memory.getAndAddLong(words, 1);
            }
        }
        return sum;
    }

    private long getAndSet(final int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) {
            sum += memory.getLongOpaque(guard);
            for (int k = 0; k < UNROLLED; k++) {
                sum += memory.getAndSetInt(words, i + k);
            }
        }
        return sum;
    }
}
