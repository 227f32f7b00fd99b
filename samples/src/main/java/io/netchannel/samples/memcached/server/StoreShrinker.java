package io.netchannel.samples.memcached.server;

import io.netchannel.kernel.pressure.ShrinkCost;
import io.netchannel.kernel.pressure.Shrinker;
import io.netchannel.samples.memcached.store.Store;

/** The store, which gives a page at a time. Threading: any loop. */
final class StoreShrinker implements Shrinker {

    private final MemcachedServer server;
    private final Store store;

    StoreShrinker(final MemcachedServer server) {
        this.server = server;
        this.store = server.store();
    }

    @Override
    public String name() {
        return "cache";
    }

    @Override
    public int cost() {
        return ShrinkCost.CACHE;
    }

    @Override
    public long reclaimableBytes() {
        server.lock();
        try {
            return store.reclaim().reclaimableBytes();
        } finally {
            server.unlock();
        }
    }

    @Override
    public long shrink(final long wantedBytes) {
        server.lock();
        try {
            return store.reclaim().shrink();
        } finally {
            server.unlock();
        }
    }

    @Override
    public void mayGrow(final long bytes) {
        server.lock();
        try {
            store.reclaim().mayGrow(bytes);
        } finally {
            server.unlock();
        }
    }
}
