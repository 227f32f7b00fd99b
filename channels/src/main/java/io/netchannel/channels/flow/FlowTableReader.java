package io.netchannel.channels.flow;

import static io.netchannel.channels.flow.FlowTableLayout.*;

import io.netchannel.channels.OwnedLongs;
import io.netchannel.cpu.OrderedMemory;

/**
 * One thread's view of a {@link FlowTable}: {@link #find}, then ask what was found.
 *
 * <p>A flow that is in the table from before the call until after it is found, whatever the writer does with others in
 * between; and what is found is one flow's key and id, never a mixture.
 *
 * <p>Threading: one thread; the counters may be read by any.
 */
public final class FlowTableReader {

    /** {@link #verdict}: the filter permits the flow. */
    public static final int PERMITTED = 1;
    /** {@link #verdict}: the filter denies the flow. */
    public static final int DENIED = 2;
    /** {@link #verdict}: not known under this generation; ask the filter. */
    public static final int STALE = 0;

    private static final int VERDICT_MASK = 7;
    private static final int LOOKUPS = 0;
    private static final int HITS = 1;
    private static final int PROBES = 2;
    private static final int RETRIES = 3;

    private final OrderedMemory memory;
    private final long address;
    private final int slots;
    private final int maxProbes;
    private final OwnedLongs own = new OwnedLongs(4);

    private long entry;
    private long control;
    private int flowId;
    private long verdictWord;

    FlowTableReader(final OrderedMemory memory, final long address, final int slots) {
        this.memory = memory;
        this.address = address;
        this.slots = slots;
        this.maxProbes = Math.min(FlowTable.MAX_PROBES, slots);
    }

    /**
     * Looks a flow up.
     *
     * @param hash the one it was inserted with
     * @return whether it is there; what it is can be asked until the next call
     */
    public boolean find(final FlowKey key, final int hash) {
        own.add(LOOKUPS, 1);
        int slot = FlowTable.home(hash, slots);
        for (int probe = 1; probe <= maxProbes; probe++) {
            final long at = address + HEADER_BYTES + (long) slot * ENTRY_BYTES;
            // Pairs with the release store of ACTIVE: the key is read after it was written. Essay 7.
            final long word = memory.getLongAcquire(at);
            if (isLive(word, hash) && matches(at, word, key, hash)) {
                own.add(PROBES, probe);
                own.add(HITS, 1);
                return true;
            }
            // Opaque is enough: a flow that was inserted before this call is in every count on the way to it, since
            // then.
            if (memory.getIntOpaque(at + PASSED_OFFSET) == 0) {
                own.add(PROBES, probe);
                return false;
            }
            slot = slot + 1 & slots - 1;
        }
        own.add(PROBES, maxProbes);
        return false;
    }

    /** Whether flows are in the table whose hash belongs to another loop. */
    boolean hasAway() {
        // Opaque is enough: a flow that was inserted before this call is counted, since then.
        return memory.getIntOpaque(address + AWAY_OFFSET) != 0;
    }

    private static boolean isLive(final long control, final int hash) {
        final int state = state(control);
        return hash(control) == hash && (state == ACTIVE || state == CLOSING);
    }

    private boolean matches(final long at, final long firstControl, final FlowKey key, final int hash) {
        long before = firstControl;
        while (isLive(before, hash)) {
            final boolean same = memory.getLongOpaque(at + REMOTE_LOW_OFFSET) == key.remoteLow()
                    && memory.getLongOpaque(at + PORTS_OFFSET) == key.portsWord()
                    && memory.getLongOpaque(at + REMOTE_HIGH_OFFSET) == key.remoteHigh()
                    && memory.getLongOpaque(at + LOCAL_LOW_OFFSET) == key.localLow()
                    && memory.getLongOpaque(at + LOCAL_HIGH_OFFSET) == key.localHigh();
            final int id = memory.getIntOpaque(at + FLOW_ID_OFFSET);
            final long verdict = memory.getLongOpaque(at + VERDICT_OFFSET);
            // Pairs with the release fence of the writer after CLAIMED: if one of the words above was of a later flow,
            // then the load below sees CLAIMED or newer. Without it, the load could be performed first and see nothing.
            // Essay 7.
            memory.acquireFence();
            if (memory.getLongOpaque(at) == before) {
                if (same) {
                    found(at, before, id, verdict);
                }
                return same;
            }
            // The writer was at this entry: it may have become the flow that we look for.
            own.add(RETRIES, 1);
            before = memory.getLongAcquire(at);
        }
        return false;
    }

    private void found(final long at, final long word, final int id, final long verdict) {
        entry = at;
        control = word;
        flowId = id;
        verdictWord = verdict;
    }

    /** Id of the flow that was found; {@link FlowTable#NONE} if it is closing. */
    public int flowId() {
        return state(control) == ACTIVE ? flowId : FlowTable.NONE;
    }

    /** Whether the flow that was found is closing. */
    public boolean isClosing() {
        return state(control) == CLOSING;
    }

    /**
     * The filter's answer for the flow that was found, if it was given under {@code generation}: one of the constants.
     */
    public int verdict(final int generation) {
        final long expected = FlowTableLayout.verdict(generation, version(control), 0);
        return (verdictWord & ~(long) VERDICT_MASK) == expected ? (int) verdictWord & VERDICT_MASK : STALE;
    }

    /**
     * Keeps the filter's answer with the flow that was found. The generation must have been read before the filter was
     * asked.
     *
     * <p>Harmless if the flow has gone since: the word names the entry's version, and is ignored under any other. If
     * two threads write at once, one answer is lost, and asked for again.
     */
    public void setVerdict(final boolean permitted, final int generation) {
        verdictWord = FlowTableLayout.verdict(generation, version(control), permitted ? PERMITTED : DENIED);
        memory.putLongOpaque(entry + VERDICT_OFFSET, verdictWord);
    }

    long entry() {
        return entry;
    }

    // -- counters, any thread

    public long lookups() {
        return own.read(LOOKUPS);
    }

    public long hits() {
        return own.read(HITS);
    }

    /** Entries looked at. */
    public long probes() {
        return own.read(PROBES);
    }

    /** Entries that changed while they were read. */
    public long retries() {
        return own.read(RETRIES);
    }
}
