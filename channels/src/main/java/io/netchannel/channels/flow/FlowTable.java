package io.netchannel.channels.flow;

import static io.netchannel.channels.flow.FlowTableLayout.*;

import io.netchannel.channels.OwnedLongs;
import io.netchannel.cpu.OrderedMemory;

/**
 * The exact flows of one loop: key to flow id, open addressed with linear probing, half full at most.
 *
 * <p>Nothing is ever moved, and there are no tombstones: see {@link FlowTableLayout}, where the states are drawn.
 *
 * <p>Threading: one writer thread, the loop's, calls all methods but {@link #newReader}, {@link #generation},
 * {@link #invalidate} and the counters. Other threads look flows up each through a {@link FlowTableReader} of its own,
 * without locks, and never wait for the writer.
 */
public final class FlowTable {

    /** Answer of {@link #find} if there is no such flow. */
    public static final int NONE = -1;

    /** No flow is further than this from its home slot, so no search, hit or miss, looks at more entries. */
    static final int MAX_PROBES = 64;

    private static final int MAX_CAPACITY = 1 << 24;
    private static final int MIN_SLOTS = 8;
    private static final int SIZE = 0;
    private static final int FULL = 1;
    private static final int DUPLICATES = 2;

    private final OrderedMemory memory;
    private final long address;
    private final int capacity;
    private final int slots;
    private final RssIndirection indirection;
    private final int loop;
    private final FlowTableReader self;
    private final OwnedLongs own = new OwnedLongs(3);

    /** An empty table of the only loop there is. */
    public FlowTable(final OrderedMemory memory, final long address, final int capacity) {
        this(memory, address, capacity, new RssIndirection(1), 0);
    }

    /**
     * An empty table.
     *
     * @param address of {@link #sizeBytes} bytes, aligned to {@link FlowTableLayout#HEADER_BYTES}; cleared
     * @param capacity flows that it holds
     * @param indirection tells a flow's home
     * @param loop whose table this is
     * @throws IllegalArgumentException if capacity or alignment is wrong
     */
    public FlowTable(final OrderedMemory memory, final long address, final int capacity,
            final RssIndirection indirection, final int loop) {
        if ((address & HEADER_BYTES - 1) != 0) {
            throw new IllegalArgumentException("address=0x" + Long.toHexString(address) + " is not aligned to "
                    + HEADER_BYTES);
        }
        this.memory = memory;
        this.address = address;
        this.capacity = capacity;
        this.slots = slots(capacity);
        this.indirection = indirection;
        this.loop = loop;
        memory.fill(address, sizeBytes(capacity), (byte) 0);
        self = newReader();
    }

    /** Bytes for a table of that many flows: two slots each, rounded up to a power of two. */
    public static long sizeBytes(final int capacity) {
        return HEADER_BYTES + (long) slots(capacity) * ENTRY_BYTES;
    }

    private static int slots(final int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity=" + capacity + " is not within 1.." + MAX_CAPACITY);
        }
        return Math.max(MIN_SLOTS, Integer.highestOneBit(2 * capacity - 1) << 1);
    }

    /** For one more thread that looks flows up. Called from any thread. */
    public FlowTableReader newReader() {
        return new FlowTableReader(memory, address, slots);
    }

    /**
     * Adds a flow.
     *
     * @param hash the same for the same key; {@link RssHash}
     * @param flowId at least 0
     * @return false, and nothing changes, if the flow is there already or if there is no room; counted either way
     */
    public boolean insert(final FlowKey key, final int hash, final int flowId) {
        if (flowId < 0) {
            throw new IllegalArgumentException("flowId=" + flowId + " < 0");
        }
        if (self.find(key, hash)) {
            own.add(DUPLICATES, 1);
            return false;
        }
        final int slot = size() < capacity ? freeSlot(hash) : NONE;
        if (slot == NONE) {
            own.add(FULL, 1);
            return false;
        }
        // Before the entry: whoever knows of the flow then also gets past the slots on the way to it.
        countPassed(hash, slot, 1);
        countAway(hash, 1);
        write(entry(slot), key, hash, flowId);
        own.add(SIZE, 1);
        return true;
    }

    private int freeSlot(final int hash) {
        int slot = home(hash, slots);
        for (int probes = Math.min(MAX_PROBES, slots); probes > 0; probes--) {
            if (state(memory.getLong(entry(slot))) == EMPTY) {
                return slot;
            }
            slot = slot + 1 & slots - 1;
        }
        return NONE;
    }

    private void countPassed(final int hash, final int end, final int delta) {
        for (int slot = home(hash, slots); slot != end; slot = slot + 1 & slots - 1) {
            final long passed = entry(slot) + PASSED_OFFSET;
            memory.putIntOpaque(passed, memory.getInt(passed) + delta);
        }
    }

    // As for a slot that is passed: while the flow is there, it is counted.
    private void countAway(final int hash, final int delta) {
        if (indirection.loopOf(hash) != loop) {
            final long away = address + AWAY_OFFSET;
            memory.putIntOpaque(away, memory.getInt(away) + delta);
        }
    }

    private void write(final long entry, final FlowKey key, final int hash, final int flowId) {
        final int version = version(memory.getLong(entry)) + 1;
        memory.putLongOpaque(entry, control(0, version, CLAIMED));
        // Pairs with the acquire fence of the reader: a reader that has read one of the words below then sees that the
        // control word has changed. Without it, it could take half of this key and half of the one before for one key.
        // Essay 7.
        memory.releaseFence();
        memory.putLongOpaque(entry + REMOTE_HIGH_OFFSET, key.remoteHigh());
        memory.putLongOpaque(entry + REMOTE_LOW_OFFSET, key.remoteLow());
        memory.putLongOpaque(entry + LOCAL_HIGH_OFFSET, key.localHigh());
        memory.putLongOpaque(entry + LOCAL_LOW_OFFSET, key.localLow());
        memory.putLongOpaque(entry + PORTS_OFFSET, key.portsWord());
        memory.putIntOpaque(entry + FLOW_ID_OFFSET, flowId);
        // Pairs with the reader's acquire load of the control word: whoever sees ACTIVE sees the words above. Essay 7.
        memory.putLongRelease(entry, control(hash, version, ACTIVE));
    }

    /** The flow id, or {@link #NONE} if there is no such flow or it is closing. */
    public int find(final FlowKey key, final int hash) {
        return self.find(key, hash) ? self.flowId() : NONE;
    }

    /** From here on packets of the flow come without its id; {@link #erase} it when no older packet is left. */
    public boolean close(final FlowKey key, final int hash) {
        if (!self.find(key, hash)) {
            return false;
        }
        final long entry = self.entry();
        memory.putLongRelease(entry, control(hash, version(memory.getLong(entry)), CLOSING));
        return true;
    }

    /** Removes exactly this flow; @return false if it isn't there. */
    public boolean erase(final FlowKey key, final int hash) {
        if (!self.find(key, hash)) {
            return false;
        }
        final long entry = self.entry();
        // The version stays, so that a verdict that is on its way to this entry is never taken for the next flow's.
        // Release: what the owner did with the flow before is done for a reader that finds it gone.
        memory.putLongRelease(entry, control(0, version(memory.getLong(entry)), EMPTY));
        countPassed(hash, (int) ((entry - address - HEADER_BYTES) / ENTRY_BYTES), -1);
        countAway(hash, -1);
        own.add(SIZE, -1);
        return true;
    }

    /** Keeps the filter's answer for a flow; @return false if there is no such flow. */
    public boolean setVerdict(final FlowKey key, final int hash, final boolean permitted, final int generation) {
        if (!self.find(key, hash)) {
            return false;
        }
        self.setVerdict(permitted, generation);
        return true;
    }

    /** Makes every verdict stale. Called from any thread. */
    public void invalidate() {
        // A full barrier: whoever sees the new generation sees the rules that were changed before.
        // Essay 8.
        memory.getAndAddInt(address + GENERATION_OFFSET, 1);
    }

    /** How often the table was invalidated. Called from any thread. */
    public int generation() {
        return memory.getIntAcquire(address + GENERATION_OFFSET);
    }

    public int capacity() {
        return capacity;
    }

    // -- counters, any thread

    /** Flows, closing ones included. */
    public int size() {
        return (int) own.read(SIZE);
    }

    /** Inserts that found no room: as many flows as the capacity, or too many near the same home slot. */
    public long fullInserts() {
        return own.read(FULL);
    }

    /** Inserts of flows that were there already. */
    public long duplicateInserts() {
        return own.read(DUPLICATES);
    }

    private long entry(final int slot) {
        return address + HEADER_BYTES + (long) slot * ENTRY_BYTES;
    }

    /**
     * The slot where the search begins. The hashes of one loop's flows share their low bits, which chose the loop; so
     * the slot comes from the high bits of a product in which all bits have a part (Knuth's multiplicative hashing).
     */
    static int home(final int hash, final int slots) {
        return hash * 0x9E37_79B9 >>> Integer.numberOfLeadingZeros(slots) + 1;
    }
}
