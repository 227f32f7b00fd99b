package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;

/**
 * Gives slab pages back to the system when memory is short: those that no class has; then, from a class with a page's worth
 * of free chunks, or the class whose items have gone unused the longest, a page whose items have been moved together. The
 * oldest items make room for that. The limit goes down with each page, and up again when there is memory.
 *
 * <p>A class keeps its last page, so that all sizes can be stored, and the store a share of its limit.
 *
 * <p>Threading: under the store's lock.
 */
public final class SlabReclaim {

    private static final int ALL_PERCENT = 100;
    /** Tried at a time, where chunks are being filled. */
    private static final int BUSY_PAGES = 4;

    private final Store store;
    private final Settings settings;
    private final Slabs slabs;
    private final LruTail tail;
    private long owedBytes;
    private long pages;

    SlabReclaim(final Store store, final LruTail tail) {
        this.store = store;
        this.settings = store.settings();
        this.slabs = store.slabs();
        this.tail = tail;
    }

    /** Pages that were given. */
    public long pages() {
        return pages;
    }

    /** In whole pages: what is in them is evicted if need be. */
    public long reclaimableBytes() {
        if (!settings.slabReassign) {
            return 0;
        }
        long spare = slabs.pages(Slabs.GLOBAL_POOL);
        for (int id = Slabs.FIRST_CLASS; id <= slabs.largestClass(); id++) {
            if (slabs.pages(id) > 1) {
                spare += settings.evict ? slabs.pages(id) - 1 : slabs.freeChunks(id) / slabs.chunksPerPage(id);
            }
        }
        final long floorBytes = settings.maxBytes * settings.pressureFloorPercent / ALL_PERCENT;
        final long above = (slabs.allocatedBytes() - floorBytes) / Settings.PAGE_BYTES;
        return Math.max(0, Math.min(spare, above)) * Settings.PAGE_BYTES;
    }

    /**
     * Gives one page.
     *
     * @return bytes that are no longer resident
     */
    public long shrink() {
        if (slabs.pages(Slabs.GLOBAL_POOL) == 0) {
            emptyPage();
        }
        if (slabs.pages(Slabs.GLOBAL_POOL) == 0) {
            return 0;
        }
        final long before = slabs.returnedBytes();
        slabs.holdBack(settings.maxBytes - slabs.allocatedBytes() + Settings.PAGE_BYTES);
        pages++;
        final long given = slabs.returnedBytes() - before;
        owedBytes += given;
        return given;
    }

    /** Lets it have so much of what it gave again. */
    public void mayGrow(final long bytes) {
        owedBytes = Math.max(0, owedBytes - bytes);
        slabs.holdBack(owedBytes == 0 ? 0 : slabs.heldBackBytes() - bytes);
    }

    private void emptyPage() {
        if (store.mover().isRunning()) {
            // For another class; it may wait for a request that is half there.
            store.mover().finishIfIdle();
        }
        final int source = source();
        if (source == Slabs.GLOBAL_POOL || store.mover().isRunning()) {
            return;
        }
        evictPage(source);
        for (int i = 0; i < BUSY_PAGES && slabs.pages(Slabs.GLOBAL_POOL) == 0; i++) {
            if (store.mover().isRunning() || store.mover().start(source, Slabs.GLOBAL_POOL) != SlabMover.Answer.OK) {
                return;
            }
            store.mover().finishIfIdle();
            if (store.mover().isRunning()) {
                // A request that is half there may stay so for long: it must not keep all others.
                store.mover().abandon();
            }
        }
    }

    /** The class that loses least; the pool if none can spare a page. */
    private int source() {
        int oldest = Slabs.GLOBAL_POOL;
        int oldestTime = Integer.MAX_VALUE;
        for (int id = Slabs.FIRST_CLASS; id <= slabs.largestClass(); id++) {
            if (slabs.pages(id) > 1) {
                if (slabs.freeChunks(id) >= slabs.chunksPerPage(id)) {
                    return id;
                }
                final int time = lastUse(id);
                if (settings.evict && time < oldestTime) {
                    oldest = id;
                    oldestTime = time;
                }
            }
        }
        return oldest;
    }

    private int lastUse(final int classId) {
        int time = Integer.MAX_VALUE - 1;
        for (final int list : new int[]{Lru.COLD, Lru.HOT, Lru.WARM}) {
            final long item = store.lru().oldest(classId | list);
            if (item != Item.NONE) {
                time = Math.min(time, Item.time(item));
            }
        }
        return time;
    }

    private void evictPage(final int id) {
        // Each item of WARM may have to be looked at twice before it goes.
        int tries = 4 * slabs.chunksPerPage(id) + store.lru().count(id | Lru.WARM);
        while (slabs.freeChunks(id) < slabs.chunksPerPage(id) && tries > 0) {
            if (tail.pull(id, Lru.COLD, 0, true, false, 0) <= 0 && tail.pull(id, Lru.HOT, 0, false, false, 0) <= 0
                    && tail.pull(id, Lru.WARM, 0, false, false, 0) <= 0) {
                return;
            }
            tries--;
        }
    }
}
