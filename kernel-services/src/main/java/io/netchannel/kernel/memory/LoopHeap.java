package io.netchannel.kernel.memory;

import static io.netchannel.kernel.memory.MagazineDepot.ROUNDS_BEFORE_SLOTS;

import io.netchannel.cpu.OrderedMemory;

/**
 * One loop's way to a {@link MagazineHeap}. For each size it has two magazines: it takes from one and fills it, changes over to
 * the other when it is empty or full, and goes to the depot only when both are. So a loop that takes and frees in turn goes
 * there at most once for each magazineful.
 *
 * <p>The size is told again at {@link #free}, as who holds memory knows it: nothing has to be looked up.
 *
 * <p>Threading: confined to its loop, or to whoever comes after the loop has ended.
 */
public final class LoopHeap {

    /** No memory: the blocks' limit is reached. */
    public static final long NONE = BlockHeap.NONE;

    private final BlockHeap blocks;
    private final OrderedMemory memory;
    private final MagazineDepot[] depots;
    private final int minShift;
    // By size. What changes with each call, the number of rounds, lies in the magazine: small arrays of two loops may share a
    // line of the cache, magazines never do.
    private final int[] magazine;
    private final long[] slots;
    private final int[] capacity;
    private final int[] previous;
    private final MemoryDebugger debugger;
    private long exchanges;

    /** @param loop whose are the magazines {@code 2 * loop} and the next of each depot, both empty */
    LoopHeap(final BlockHeap blocks, final OrderedMemory memory, final MagazineDepot[] depots, final int minShift,
            final int loop) {
        this.blocks = blocks;
        this.memory = memory;
        this.depots = depots;
        this.minShift = minShift;
        this.debugger = blocks.debugger();
        final int sizes = depots.length;
        slots = new long[sizes];
        capacity = new int[sizes];
        magazine = new int[sizes];
        previous = new int[sizes];
        for (int i = 0; i < sizes; i++) {
            use(i, 2 * loop);
            previous[i] = 2 * loop + 1;
            capacity[i] = depots[i].capacity();
        }
    }

    private void use(final int size, final int index) {
        magazine[size] = index;
        slots[size] = depots[size].slots(index);
    }

    // The size's place; one that is too large for magazines comes out beyond them.
    private int sizeIndex(final long sizeBytes) {
        return Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(sizeBytes - 1) - minShift);
    }

    /** Bytes of what is got for {@code sizeBytes}: the next power of two, but no less than the smallest block. */
    public long usableBytes(final long sizeBytes) {
        return 1L << sizeIndex(sizeBytes) + minShift;
    }

    /** @return address of {@link #usableBytes} bytes of whatever content, or {@link #NONE} */
    public long allocate(final long sizeBytes) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + " < 1");
        }
        final long block = takeUntold(sizeBytes);
        if (debugger != null && block != NONE) {
            debugger.allocated(block, usableBytes(sizeBytes));
        }
        return block;
    }

    /** {@link #allocate}, for who tells the debugger itself. */
    long takeUntold(final long sizeBytes) {
        final int size = sizeIndex(sizeBytes);
        return size < slots.length ? take(size) : blocks.take(sizeBytes);
    }

    private long take(final int size) {
        long first = slots[size];
        int rounds = memory.getInt(first - ROUNDS_BEFORE_SLOTS);
        if (rounds == 0) {
            if (!refill(size)) {
                return NONE;
            }
            first = slots[size];
            rounds = memory.getInt(first - ROUNDS_BEFORE_SLOTS);
        }
        memory.putInt(first - ROUNDS_BEFORE_SLOTS, rounds - 1);
        return memory.getLong(first + (long) (rounds - 1) * Long.BYTES);
    }

    /**
     * Takes memory back, which may be another loop's of the same heap.
     *
     * @param sizeBytes as told to {@link #allocate}, or what came of it
     */
    public void free(final long block, final long sizeBytes) {
        if (debugger != null) {
            debugger.freed(block, usableBytes(sizeBytes));
        }
        putUntold(block, sizeBytes);
    }

    /** {@link #free}, for who told the debugger itself. */
    void putUntold(final long block, final long sizeBytes) {
        final int size = sizeIndex(sizeBytes);
        if (size < slots.length) {
            put(size, block);
        } else {
            blocks.putBack(block);
        }
    }

    private void put(final int size, final long block) {
        long first = slots[size];
        int rounds = memory.getInt(first - ROUNDS_BEFORE_SLOTS);
        if (rounds == capacity[size]) {
            makeRoom(size);
            first = slots[size];
            rounds = 0;
        }
        memory.putLong(first + (long) rounds * Long.BYTES, block);
        memory.putInt(first - ROUNDS_BEFORE_SLOTS, rounds + 1);
    }

    private void exchangeOwn(final int size) {
        final int other = previous[size];
        previous[size] = magazine[size];
        use(size, other);
    }

    /** @return whether there is a round now */
    private boolean refill(final int size) {
        final MagazineDepot depot = depots[size];
        if (depot.rounds(previous[size]) > 0) {
            exchangeOwn(size);
            return true;
        }
        exchanges++;
        final int full = depot.takeFull();
        if (full != MagazineDepot.NONE) {
            depot.putEmpty(magazine[size]);
            use(size, full);
            return true;
        }
        // Half of one: the other half is room for what comes back from others.
        final int wanted = capacity[size] / 2;
        int count = 0;
        try {
            synchronized (blocks) {
                while (count < wanted) {
                    final long block = blocks.take(1L << size + minShift);
                    if (block == BlockHeap.NONE) {
                        break;
                    }
                    memory.putLong(slots[size] + (long) count++ * Long.BYTES, block);
                }
            }
        } finally {
            // Also of those before one that the system refused.
            depot.rounds(magazine[size], count);
        }
        return count > 0;
    }

    /** Leaves an empty magazine in use; what was full is the other one now. */
    private void makeRoom(final int size) {
        final MagazineDepot depot = depots[size];
        if (depot.rounds(previous[size]) == 0) {
            exchangeOwn(size);
            return;
        }
        exchanges++;
        final int empty = depot.takeEmpty();
        if (empty == MagazineDepot.NONE) {
            // The depot holds as much as it may.
            depot.free(previous[size], blocks);
            blocks.unmapSpare();
            exchangeOwn(size);
            return;
        }
        depot.putFull(previous[size]);
        previous[size] = magazine[size];
        use(size, empty);
    }

    /** Gives all that is free here to the blocks: before a long sleep, or at the end. */
    public void flush() {
        empty();
        blocks.unmapSpare();
    }

    private void empty() {
        for (int size = 0; size < depots.length; size++) {
            depots[size].free(magazine[size], blocks);
            depots[size].free(previous[size], blocks);
        }
    }

    /**
     * {@link #flush}, the same for the depots, and then gives what is free back to the system. What other loops keep stays theirs.
     *
     * @param wantedBytes goes on until it are so many; somewhat more may go
     * @return bytes that are no longer resident
     */
    public long giveBack(final long wantedBytes) {
        empty();
        for (final MagazineDepot depot : depots) {
            depot.freeAll(blocks);
        }
        return blocks.giveBack(wantedBytes);
    }

    /** Bytes of all regions behind this loop and the others, whether there is memory behind them or not. */
    public long mappedBytes() {
        return blocks.mappedBytes();
    }

    /** Null if nobody debugs. */
    MemoryDebugger debugger() {
        return debugger;
    }

    /** How often this went to the depot, or to the blocks. */
    public long exchanges() {
        return exchanges;
    }

    /** Bytes in the magazines, which no other loop can have. */
    public long keptBytes() {
        long bytes = 0;
        for (int size = 0; size < depots.length; size++) {
            final int rounds = depots[size].rounds(magazine[size]) + depots[size].rounds(previous[size]);
            bytes += (long) rounds << size + minShift;
        }
        return bytes;
    }
}
