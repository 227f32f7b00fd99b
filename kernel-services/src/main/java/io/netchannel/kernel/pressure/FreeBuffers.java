package io.netchannel.kernel.pressure;

import io.netchannel.kernel.memory.PacketPool;

/** The free buffers of a pool, whose pages go to the system. Threading: the pool's. */
public final class FreeBuffers implements Shrinker {

    private static final long BYTES_PER_CALL = 4 << 20;

    private final String name;
    private final PacketPool pool;
    private final Runnable reclaim;

    /** @param reclaim called before the pool is touched: takes it back from whoever stands in for its thread */
    public FreeBuffers(final String name, final PacketPool pool, final Runnable reclaim) {
        this.name = name;
        this.pool = pool;
        this.reclaim = reclaim;
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
        reclaim.run();
        return pool.freeBytes();
    }

    @Override
    public long shrink(final long wantedBytes) {
        reclaim.run();
        return pool.releaseFree(Math.min(wantedBytes, BYTES_PER_CALL));
    }
}
