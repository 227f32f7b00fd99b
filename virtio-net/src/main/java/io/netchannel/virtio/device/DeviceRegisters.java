package io.netchannel.virtio.device;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.net.NetConfigLayout;
import io.netchannel.virtio.net.Scratch;

/**
 * The words of a device that several threads look at: what the registers of virtio-mmio are in hardware (VirtIO 1.3,
 * 4.2.2).
 *
 * <pre>
 *    0        mac, link status (8 bytes, one word)        NetConfigLayout 0..7
 *    8        max_virtqueue_pairs, mtu (4 bytes)          NetConfigLayout 8..11
 *   12        config generation
 *   16        device status
 *   20        active queue pairs
 *   24        receive modes
 *   28..127   reserved
 *  128+128 i  claim of queue i
 * </pre>
 *
 * <p>Threading: any. The address and the link status share a word, so that neither is ever seen half-changed (essay 9).
 */
final class DeviceRegisters {

    static final int PROMISCUOUS = 1;
    static final int ALL_MULTICAST = 1 << 1;

    private static final int GENERATION_OFFSET = 12;
    private static final int STATUS_OFFSET = 16;
    private static final int ACTIVE_PAIRS_OFFSET = 20;
    private static final int RECEIVE_MODES_OFFSET = 24;
    private static final int CLAIMS_OFFSET = 128;
    private static final int CLAIM_BYTES = 128;
    private static final long LINK_UP_BIT = (long) NetConfigLayout.STATUS_LINK_UP << 48;
    private static final long MAC_MASK = (1L << 48) - 1;

    private final Scratch words;
    private final OrderedMemory memory;
    private final long base;

    // Not in the node's region: the far end of a wire still looks at the claims when the node, and its region, is gone.
    DeviceRegisters(final int queueCount) {
        words = new Scratch(sizeBytes(queueCount), 128);
        memory = words.memory();
        base = words.address();
    }

    /** Over zeroed memory that is there already, which may be modelled; it outlives all that look at it. */
    DeviceRegisters(final OrderedMemory memory, final long address) {
        words = null;
        this.memory = memory;
        base = address;
    }

    static long sizeBytes(final int queueCount) {
        return CLAIMS_OFFSET + (long) queueCount * CLAIM_BYTES;
    }

    OrderedMemory memory() {
        return memory;
    }

    long claimAddress(final int queue) {
        return base + CLAIMS_OFFSET + (long) queue * CLAIM_BYTES;
    }

    void initialize(final long mac, final int maxQueuePairs, final int mtuBytes) {
        memory.putLongRelease(base, swapped(mac) | LINK_UP_BIT);
        memory.putShort(base + NetConfigLayout.MAX_QUEUE_PAIRS_OFFSET, (short) maxQueuePairs);
        memory.putShort(base + NetConfigLayout.MTU_OFFSET, (short) mtuBytes);
    }

    // The configuration space holds the address as bytes in the order of the wire.
    private static long swapped(final long mac) {
        return Long.reverseBytes(mac << 16) & MAC_MASK;
    }

    long mac() {
        return Long.reverseBytes(memory.getLongAcquire(base) & MAC_MASK) >>> 16;
    }

    boolean isLinkUp() {
        return (memory.getLongAcquire(base) & LINK_UP_BIT) != 0;
    }

    void mac(final long mac) {
        changeConfig(MAC_MASK, swapped(mac));
    }

    /** @return whether it was different before */
    boolean linkUp(final boolean up) {
        return changeConfig(LINK_UP_BIT, up ? LINK_UP_BIT : 0);
    }

    private boolean changeConfig(final long mask, final long value) {
        while (true) {
            final long before = memory.getLongAcquire(base);
            final long after = before & ~mask | value;
            if (before == after) {
                return false;
            }
            if (memory.compareAndSetLong(base, before, after)) {
                memory.getAndAddInt(base + GENERATION_OFFSET, 1);
                return true;
            }
        }
    }

    int maxQueuePairs() {
        return memory.getShort(base + NetConfigLayout.MAX_QUEUE_PAIRS_OFFSET) & 0xFFFF;
    }

    int mtuBytes() {
        return memory.getShort(base + NetConfigLayout.MTU_OFFSET) & 0xFFFF;
    }

    int generation() {
        return memory.getIntAcquire(base + GENERATION_OFFSET);
    }

    int status() {
        return memory.getIntAcquire(base + STATUS_OFFSET);
    }

    void status(final int status) {
        memory.putIntRelease(base + STATUS_OFFSET, status);
    }

    /** @return the status before */
    int addStatus(final int bits) {
        while (true) {
            final int before = status();
            if ((before & bits) == bits || memory.compareAndSetInt(base + STATUS_OFFSET, before, before | bits)) {
                return before;
            }
        }
    }

    int activeQueuePairs() {
        return memory.getIntAcquire(base + ACTIVE_PAIRS_OFFSET);
    }

    void activeQueuePairs(final int pairs) {
        memory.putIntRelease(base + ACTIVE_PAIRS_OFFSET, pairs);
    }

    int receiveModes() {
        return memory.getIntAcquire(base + RECEIVE_MODES_OFFSET);
    }

    void receiveModes(final int modes) {
        memory.putIntRelease(base + RECEIVE_MODES_OFFSET, modes);
    }
}
