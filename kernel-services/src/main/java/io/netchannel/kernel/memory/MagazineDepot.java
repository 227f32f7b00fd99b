package io.netchannel.kernel.memory;

import io.netchannel.cpu.OrderedMemory;

/**
 * Where loops exchange magazines, full ones for empty ones (Bonwick and Adams, "Magazines and Vmem", 2001). A magazine is an
 * array of addresses, or of whatever else fits a {@code long}; a loop takes from its own and touches nothing shared until it
 * is empty.
 *
 * <pre>
 *    0  top of the full ones    63       32 31        0
 *  128  top of the empty ones  | version   | number + 1 |   0: none
 *  256  magazine 0:  next | rounds | slots …
 * </pre>
 * Two stacks (Treiber), so what was freed last is used first. The version changes with every exchange: a magazine that was
 * taken and came back between another's look and its compare-and-set is told apart (ABA).
 *
 * <p>Threading: any thread. A magazine belongs to whoever took it.
 */
final class MagazineDepot {

    /** No magazine. */
    static final int NONE = -1;

    /** Of the depot's first address. */
    static final int ALIGNMENT_BYTES = 128;

    static final int FULL_OFFSET = 0;
    static final int EMPTY_OFFSET = 128;
    private static final int MAGAZINES_OFFSET = 256;
    private static final int NEXT_OFFSET = 0;
    private static final int ROUNDS_OFFSET = 4;
    private static final int SLOTS_OFFSET = 8;

    /** The number of rounds lies so far before the first. */
    static final int ROUNDS_BEFORE_SLOTS = SLOTS_OFFSET - ROUNDS_OFFSET;

    private final OrderedMemory memory;
    private final long address;
    private final int magazines;
    private final int capacity;
    private final int strideBytes;

    /**
     * @param memory at {@code address}: {@link #sizeBytes} bytes, zeroed
     * @param capacity rounds of a magazine
     */
    MagazineDepot(final OrderedMemory memory, final long address, final int magazines, final int capacity) {
        this.memory = memory;
        this.address = address;
        this.magazines = magazines;
        this.capacity = capacity;
        this.strideBytes = strideBytes(capacity);
    }

    static long sizeBytes(final int magazines, final int capacity) {
        return MAGAZINES_OFFSET + (long) magazines * strideBytes(capacity);
    }

    // Magazines of two loops share no line, nor a pair that is fetched together.
    private static int strideBytes(final int capacity) {
        return SLOTS_OFFSET + capacity * Long.BYTES + ALIGNMENT_BYTES - 1 & -ALIGNMENT_BYTES;
    }

    /** Fills the stack of empty ones from {@code first} on; before anybody else uses the depot. */
    void format(final int first) {
        for (int magazine = magazines - 1; magazine >= first; magazine--) {
            putEmpty(magazine);
        }
    }

    /** Rounds that a magazine holds. */
    int capacity() {
        return capacity;
    }

    /** Address of the first round. */
    long slots(final int magazine) {
        return magazine(magazine) + SLOTS_OFFSET;
    }

    /** Rounds in a magazine; its holder's. */
    int rounds(final int magazine) {
        return memory.getInt(magazine(magazine) + ROUNDS_OFFSET);
    }

    void rounds(final int magazine, final int rounds) {
        memory.putInt(magazine(magazine) + ROUNDS_OFFSET, rounds);
    }

    private long magazine(final int index) {
        return address + MAGAZINES_OFFSET + (long) index * strideBytes;
    }

    /** @return a magazine with rounds in it, or {@link #NONE} */
    int takeFull() {
        return pop(address + FULL_OFFSET);
    }

    /** @param magazine with a round at least */
    void putFull(final int magazine) {
        push(address + FULL_OFFSET, magazine);
    }

    /** @return an empty magazine, or {@link #NONE} when all are in use: the depot holds as much as it may */
    int takeEmpty() {
        return pop(address + EMPTY_OFFSET);
    }

    /** @param magazine without rounds */
    void putEmpty(final int magazine) {
        push(address + EMPTY_OFFSET, magazine);
    }

    /** Frees what the full magazines hold; only so many as there may be, since others go on filling. */
    void freeAll(final BlockHeap blocks) {
        for (int i = 0; i < magazines; i++) {
            final int magazine = takeFull();
            if (magazine == NONE) {
                return;
            }
            free(magazine, blocks);
            putEmpty(magazine);
        }
    }

    /** Empties a magazine of the caller's; the blocks' {@link BlockHeap#giveBack} or {@link BlockHeap#unmapSpare} is to follow. */
    void free(final int magazine, final BlockHeap blocks) {
        final long slots = slots(magazine);
        synchronized (blocks) {
            for (int i = 0, rounds = rounds(magazine); i < rounds; i++) {
                blocks.keep(memory.getLong(slots + (long) i * Long.BYTES));
            }
        }
        rounds(magazine, 0);
    }

    private int pop(final long top) {
        while (true) {
            // Pairs with push(): whoever takes the magazine sees its rounds and its link.
            final long seen = memory.getLongAcquire(top);
            final int magazine = (int) seen - 1;
            if (magazine == NONE) {
                return NONE;
            }
            // Opaque: another may have taken it meanwhile and be linking it elsewhere. Then the version is another, too.
            final int next = memory.getIntOpaque(magazine(magazine) + NEXT_OFFSET);
            if (memory.compareAndSetLong(top, seen, successor(seen, next))) {
                return magazine;
            }
        }
    }

    private void push(final long top, final int magazine) {
        long seen;
        do {
            seen = memory.getLongOpaque(top);
            memory.putIntOpaque(magazine(magazine) + NEXT_OFFSET, (int) seen);
            // Releases rounds and link; pairs with pop()'s acquire.
        } while (!memory.compareAndSetLong(top, seen, successor(seen, magazine + 1)));
    }

    private static long successor(final long seen, final int link) {
        return (seen >>> Integer.SIZE) + 1 << Integer.SIZE | link & 0xFFFF_FFFFL;
    }
}
