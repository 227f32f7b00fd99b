package io.netchannel.kernel.pressure;

import io.netchannel.kernel.memory.LoopHeap;

/**
 * What is free in a loop's magazines, in the depots, and in the blocks behind them; other loops' magazines are emptied by their own
 * shrinkers. Threading: the loop's.
 */
public final class FreeBlocks implements Shrinker {

    private static final long BYTES_PER_CALL = 4 << 20;

    private final String name;
    private final LoopHeap heap;

    public FreeBlocks(final String name, final LoopHeap heap) {
        this.name = name;
        this.heap = heap;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int cost() {
        return ShrinkCost.FREE_BUFFERS;
    }

    @Override
    public long reclaimableBytes() {
        return heap.mappedBytes();
    }

    @Override
    public long shrink(final long wantedBytes) {
        return heap.giveBack(Math.min(wantedBytes, BYTES_PER_CALL));
    }
}
