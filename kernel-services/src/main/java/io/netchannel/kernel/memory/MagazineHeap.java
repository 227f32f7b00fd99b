package io.netchannel.kernel.memory;

import io.netchannel.cpu.OrderedMemory;

/**
 * Memory for several loops: blocks of powers of two, which each loop takes by a {@link LoopHeap} of its own.
 *
 * <pre>
 *   loop 0: LoopHeap            loop 1: LoopHeap          two magazines for each size: nothing shared
 *        │ a full magazine for an empty one │
 *        ▼                                  ▼
 *   MagazineDepot, one for each size                      one compare-and-set for a magazine
 *        │ when it is full, or empty
 *        ▼
 *   BlockHeap: buddy allocators over regions              a lock for a magazine
 * </pre>
 * A block may be freed by another loop than took it: it goes into that loop's magazine, and with the magazine to whoever needs
 * one.
 *
 * <p>Threading: any thread.
 */
public final class MagazineHeap implements AutoCloseable {

    /** Sizes up to this are kept in magazines; larger ones come from the blocks each time. */
    public static final int MAX_CACHED_BYTES = 256 << 10;

    private static final int MAX_ROUNDS = 64;
    private static final int MIN_ROUNDS = 4;
    /** In a magazine: what a loop keeps of a size at most, twice. */
    private static final int MAX_MAGAZINE_BYTES = 256 << 10;
    /** Two of a loop, and as many in the depot, by which loops help each other out. */
    private static final int MAGAZINES_PER_LOOP = 4;

    private final BlockHeap blocks;
    private final Region magazines;
    private final MagazineDepot[] depots;
    private final int minShift;
    private final int maxLoops;
    private int loops;

    /**
     * @param blocks becomes this heap's, which closes it
     * @param minBytes of a block, a power of two, not less than the blocks' own
     * @param maxLoops that will ever have a {@link LoopHeap}
     */
    public MagazineHeap(final BlockHeap blocks, final int minBytes, final int maxLoops) {
        if (Integer.bitCount(minBytes) != 1 || minBytes < Long.BYTES || minBytes > MAX_CACHED_BYTES) {
            throw new IllegalArgumentException("minBytes=" + minBytes + " is not a power of two within " + Long.BYTES
                    + ".." + MAX_CACHED_BYTES);
        }
        if (maxLoops < 1) {
            throw new IllegalArgumentException("maxLoops=" + maxLoops + " < 1");
        }
        this.blocks = blocks;
        this.minShift = Integer.numberOfTrailingZeros(minBytes);
        this.maxLoops = maxLoops;
        this.depots = new MagazineDepot[Integer.numberOfTrailingZeros(MAX_CACHED_BYTES) - minShift + 1];
        final int count = maxLoops * MAGAZINES_PER_LOOP;
        long bytes = 0;
        for (int i = 0; i < depots.length; i++) {
            bytes += MagazineDepot.sizeBytes(count, rounds(i)) + MagazineDepot.ALIGNMENT_BYTES;
        }
        // A region of its own behind guards, so that nobody who runs over the end of a block gets here.
        this.magazines = Region.builder("magazines", bytes).guarded().create();
        final OrderedMemory memory = magazines.memory();
        for (int i = 0; i < depots.length; i++) {
            depots[i] = new MagazineDepot(memory, magazines.allocate(MagazineDepot.sizeBytes(count, rounds(i)),
                    MagazineDepot.ALIGNMENT_BYTES), count, rounds(i));
            depots[i].format(2 * maxLoops);
        }
    }

    private int rounds(final int sizeIndex) {
        return Math.clamp(MAX_MAGAZINE_BYTES >>> sizeIndex + minShift, MIN_ROUNDS, MAX_ROUNDS);
    }

    /** One loop's way to this heap. */
    public synchronized LoopHeap newLoop() {
        if (loops == maxLoops) {
            throw new IllegalStateException("a loop more than maxLoops=" + maxLoops);
        }
        return new LoopHeap(blocks, magazines.memory(), depots, minShift, loops++);
    }

    /** Bytes of all regions, whether there is memory behind them or not. */
    public long mappedBytes() {
        return blocks.mappedBytes();
    }

    /** Unmaps all; nobody may touch a block any more. With debugging on, says what was never freed. */
    @Override
    public void close() {
        magazines.close();
        blocks.close();
        if (blocks.debugger() != null) {
            blocks.debugger().checkNoLeaks();
        }
    }
}
