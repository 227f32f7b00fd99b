package io.netchannel.channels.flow;

/**
 * Which loop a hash belongs to: {@value #ENTRIES} entries, chosen by the hash's low bits (VirtIO 1.3, 5.1.6.5.7). The
 * same table goes to a device that spreads packets over queues, so that device and classifier agree.
 *
 * <p>Threading: immutable.
 */
public final class RssIndirection {

    public static final int ENTRIES = 128;
    /** Sets of loops are the bits of a long. */
    public static final int MAX_LOOPS = 64;

    private final byte[] loopOfEntry = new byte[ENTRIES];
    private final int loops;

    /** Spreads the entries evenly. */
    public RssIndirection(final int loops) {
        checkLoops(loops);
        this.loops = loops;
        for (int i = 0; i < ENTRIES; i++) {
            loopOfEntry[i] = (byte) (i % loops);
        }
    }

    /**
     * @param entries {@value #ENTRIES} loops
     * @param loops how many loops there are
     * @throws IllegalArgumentException if an entry is not within 0..loops-1
     */
    public RssIndirection(final int[] entries, final int loops) {
        checkLoops(loops);
        if (entries.length != ENTRIES) {
            throw new IllegalArgumentException("entries.length=" + entries.length + " is not " + ENTRIES);
        }
        this.loops = loops;
        for (int i = 0; i < ENTRIES; i++) {
            if (entries[i] < 0 || entries[i] >= loops) {
                throw new IllegalArgumentException("entries[" + i + "]=" + entries[i] + " is not within 0.."
                        + (loops - 1));
            }
            loopOfEntry[i] = (byte) entries[i];
        }
    }

    private static void checkLoops(final int loops) {
        if (loops < 1 || loops > MAX_LOOPS) {
            throw new IllegalArgumentException("loops=" + loops + " is not within 1.." + MAX_LOOPS);
        }
    }

    public int loops() {
        return loops;
    }

    public int loopOf(final int hash) {
        return loopOfEntry[hash & ENTRIES - 1];
    }

    /**
     * The loop among a set that takes packets of this hash: the same as {@link #loopOf(int)} where that one is in the
     * set, so that a packet is with the right loop already when the device spread it.
     *
     * @param loopSet bit i for loop i; not 0
     */
    public int loopOf(final int hash, final long loopSet) {
        final int loop = loopOf(hash);
        if ((loopSet >>> loop & 1) != 0) {
            return loop;
        }
        // The bits above those that chose the entry, scaled to the size of the set.
        int skip = (int) ((hash >>> 7) * (long) Long.bitCount(loopSet) >>> 25);
        long set = loopSet;
        while (skip-- > 0) {
            set &= set - 1;
        }
        return Long.numberOfTrailingZeros(set);
    }

    /** The entries, for the device. */
    public int[] entries() {
        final int[] entries = new int[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            entries[i] = loopOfEntry[i];
        }
        return entries;
    }
}
