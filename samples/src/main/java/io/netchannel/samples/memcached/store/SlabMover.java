package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;

/**
 * Moves a page from one slab class to another, or to the pool: what is in it is copied to free chunks of its class,
 * and lost where
 * there are none. A few chunks at a time, so that requests go on meanwhile.
 *
 * <p>Threading: under the store's lock.
 */
public final class SlabMover {

    /** Any class that has pages to spare. */
    public static final int ANY_CLASS = -1;

    private final Store store;
    private final Slabs slabs;
    private int source;
    private int destination;
    private long page;
    private int position;
    private boolean[] emptied;
    private boolean busy;
    private int lastPicked;
    private boolean forFirstPage;

    /** What became of a request. */
    public enum Answer {
        OK, RUNNING, BAD_CLASS, NO_SPARE, SAME
    }

    SlabMover(final Store store, final Slabs slabs) {
        this.store = store;
        this.slabs = slabs;
    }

    public boolean isRunning() {
        return page != Item.NONE;
    }

    public Answer start(final int from, final int to) {
        if (isRunning()) {
            return Answer.RUNNING;
        }
        if (from == to) {
            return Answer.SAME;
        }
        final int chosen = from == ANY_CLASS ? pickAny(to) : from;
        if (!isClass(chosen) || !isClass(to)) {
            return Answer.BAD_CLASS;
        }
        if (slabs.pages(chosen) < 2) {
            return Answer.NO_SPARE;
        }
        source = chosen;
        destination = to;
        page = slabs.firstPage(chosen);
        position = 0;
        busy = false;
        forFirstPage = false;
        if (chosen == Slabs.GLOBAL_POOL) {
            // It holds nothing, and another class may take it any time.
            finish();
        } else {
            emptied = new boolean[slabs.chunksPerPage(chosen)];
        }
        return Answer.OK;
    }

    /** Moves a page at once to a class that has none; gives up where something in it is just being filled. */
    void takeFor(final int classId) {
        finishIfIdle();
        if (slabs.lacksFirstPage(classId) && start(slabs.richestClass(), classId) == Answer.OK) {
            forFirstPage = true;
            finishIfIdle();
        }
    }

    /** Goes on to the end, or until it waits for what is in use. */
    void finishIfIdle() {
        // More chunks than a page has.
        step(2 * Settings.PAGE_BYTES);
    }

    /** Leaves a page where it is, what was moved out of it elsewhere; another page of its class comes first from now on. */
    void abandon() {
        for (int i = 0; i < emptied.length; i++) {
            if (emptied[i]) {
                slabs.free(page + (long) i * slabs.chunkBytes(source), source);
            }
        }
        page = Item.NONE;
        slabs.putFirstPageLast(source);
    }

    /** Has a page go for one that a class has got beyond the limit. */
    void returnExtraPage() {
        if (!isRunning() && slabs.extraPages() > 0) {
            start(slabs.richestClass(), Slabs.GLOBAL_POOL);
        }
    }

    private boolean isClass(final int id) {
        return id >= Slabs.GLOBAL_POOL && id <= slabs.largestClass();
    }

    private int pickAny(final int except) {
        for (int tries = slabs.largestClass(); tries > 0; tries--) {
            lastPicked = lastPicked >= slabs.largestClass() ? Slabs.FIRST_CLASS : lastPicked + 1;
            if (lastPicked != except && slabs.pages(lastPicked) > 1) {
                return lastPicked;
            }
        }
        return ANY_CLASS;
    }

    /**
     * Goes on.
     *
     * @return whether there is more to do at once: not while all that is left is in use
     */
    boolean step(final int chunks) {
        for (int i = 0; i < chunks && isRunning(); i++) {
            if (position == emptied.length) {
                if (!busy) {
                    finish();
                    return false;
                }
                busy = false;
                position = 0;
                return false;
            }
            if (!emptied[position] && !empty(page + (long) position * slabs.chunkBytes(source))) {
                busy = true;
                store.counters().add(StoreCounter.REASSIGN_BUSY_ITEMS, 1);
            }
            position++;
        }
        return isRunning();
    }

    private void finish() {
        slabs.removeFirstPage(source);
        // The class that this was for has got another meanwhile.
        final boolean extra = forFirstPage && slabs.extraPages() > 0;
        slabs.putPage(page, extra ? Slabs.GLOBAL_POOL : destination);
        page = Item.NONE;
        store.counters().add(StoreCounter.SLABS_MOVED, 1);
    }

    /** @return whether the chunk holds nothing any more */
    private boolean empty(final long chunk) {
        final int flags = Item.flags(chunk);
        if ((flags & Item.FLAG_SLABBED) != 0) {
            slabs.cutFree(chunk, source);
            return emptied();
        }
        final boolean part = (flags & Item.FLAG_CHUNK) != 0;
        final long item = part ? Chunk.head(chunk) : chunk;
        if (!Item.has(item, Item.FLAG_LINKED)) {
            // A connection is filling it.
            return false;
        }
        if (store.isOver(item)) {
            return lose(chunk, item);
        }
        final long fresh = allocateElsewhere();
        if (fresh == Item.NONE) {
            store.counters().add(StoreCounter.REASSIGN_EVICTIONS, 1);
            return lose(chunk, item);
        }
        if (part) {
            moveChunk(chunk, fresh, item);
            store.counters().add(StoreCounter.REASSIGN_CHUNK_RESCUES, 1);
        } else {
            moveItem(item, fresh);
            store.counters().add(StoreCounter.REASSIGN_RESCUES, 1);
        }
        return emptied();
    }

    private boolean emptied() {
        emptied[position] = true;
        return true;
    }

    /** The chunk goes to the free list with its item, and from there out of the page. */
    private boolean lose(final long chunk, final long item) {
        store.remove(item);
        slabs.cutFree(chunk, source);
        return emptied();
    }

    /** A free chunk that doesn't lie in the page: those that do are taken out on the way. */
    private long allocateElsewhere() {
        long chunk = slabs.allocate(source, false);
        while (chunk != Item.NONE && chunk >= page && chunk < page + Settings.PAGE_BYTES) {
            emptied[(int) ((chunk - page) / slabs.chunkBytes(source))] = true;
            store.counters().add(StoreCounter.REASSIGN_INLINE_RECLAIM, 1);
            chunk = slabs.allocate(source, false);
        }
        return chunk;
    }

    private void moveItem(final long item, final long fresh) {
        final int time = Item.time(item);
        store.unlink(item);
        Item.MEMORY.copy(item, fresh, slabs.chunkBytes(source));
        if (Item.isChunked(fresh)) {
            long chunk = Item.value(fresh);
            Chunk.previous(Chunk.next(chunk), chunk);
            while (chunk != Item.NONE) {
                Chunk.head(chunk, fresh);
                chunk = Chunk.next(chunk);
            }
        }
        store.relink(fresh, time);
    }

    private void moveChunk(final long chunk, final long fresh, final long item) {
        Item.MEMORY.copy(chunk, fresh, slabs.chunkBytes(source));
        Chunk.next(Chunk.previous(chunk), fresh);
        if (Chunk.next(chunk) == Item.NONE) {
            Chunk.previous(Item.value(item), fresh);
        } else {
            Chunk.previous(Chunk.next(chunk), fresh);
        }
    }
}
