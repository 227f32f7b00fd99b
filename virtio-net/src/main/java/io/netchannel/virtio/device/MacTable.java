package io.netchannel.virtio.device;

/**
 * Which port an address was last heard at: a bounded number of entries, which age.
 *
 * <p>An address may be in one of {@value #WAYS} neighbouring entries; where all are taken, the one not heard of for
 * longest gives way. So a station that makes up addresses pushes out others, whose frames are then flooded, but takes
 * no more memory.
 *
 * <p>Threading: confined to one thread.
 */
final class MacTable {

    static final int UNKNOWN = -1;
    private static final int WAYS = 4;
    private static final long EMPTY = 0;

    private final long[] addresses;
    private final int[] ports;
    private final long[] heardNs;
    private final int mask;
    private final long ageingNs;

    MacTable(final int entries, final long ageingNs) {
        final int powerOfTwo = Integer.highestOneBit(entries) << (Integer.bitCount(entries) == 1 ? 0 : 1);
        final int rounded = Math.max(WAYS, powerOfTwo);
        addresses = new long[rounded];
        ports = new int[rounded];
        heardNs = new long[rounded];
        mask = rounded - 1;
        this.ageingNs = ageingNs;
    }

    int capacity() {
        return addresses.length;
    }

    private int firstWay(final long address) {
        final long mixed = address * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) & mask & -WAYS;
    }

    /** @return the port, or {@link #UNKNOWN} */
    int portOf(final long address, final long nowNs) {
        final int first = firstWay(address);
        for (int i = first; i < first + WAYS; i++) {
            if (addresses[i] == address && address != EMPTY) {
                return nowNs - heardNs[i] < ageingNs ? ports[i] : UNKNOWN;
            }
        }
        return UNKNOWN;
    }

    /** @param address of one station: not 0, not a group */
    void learn(final long address, final int port, final long nowNs) {
        final int first = firstWay(address);
        int victim = first;
        for (int i = first; i < first + WAYS; i++) {
            if (addresses[i] == address) {
                victim = i;
                break;
            }
            if (addresses[victim] != EMPTY && (addresses[i] == EMPTY || heardNs[i] - heardNs[victim] < 0)) {
                victim = i;
            }
        }
        addresses[victim] = address;
        ports[victim] = port;
        heardNs[victim] = nowNs;
    }

    int size() {
        int size = 0;
        for (final long address : addresses) {
            size += address == EMPTY ? 0 : 1;
        }
        return size;
    }
}
