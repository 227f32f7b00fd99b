package io.netchannel.samples.memcached.store;

import io.netchannel.kernel.memory.Region;

/**
 * Four lists for each slab class, youngest first.
 *
 * <pre>
 *   new ──▶ HOT ──▶ COLD ──▶ evicted
 *            └─▶ WARM ◀─┘      used twice: to WARM; idle or too many there: back to COLD
 *   new ──▶ TEMP ──▶ expired   what expires soon, if so configured; never evicted
 * </pre>
 * Crawlers go through a list as items of their own, from its end to its head.
 *
 * <p>Threading: under the store's lock.
 */
public final class Lru implements AutoCloseable {

    public static final int HOT = 0;
    public static final int WARM = 64;
    public static final int COLD = 128;
    public static final int TEMP = 192;
    /** Class and list. */
    public static final int LISTS = 256;
    static final int[] ALL = {HOT, WARM, COLD, TEMP};

    private final long[] heads = new long[LISTS];
    private final long[] tails = new long[LISTS];
    private final int[] counts = new int[LISTS];
    private final long[] bytes = new long[LISTS];
    private final Region crawlers = Region.create("memcached-crawlers", (long) LISTS * Item.HEADER_BYTES);
    private final boolean[] crawled = new boolean[LISTS];

    static int listOf(final int lruId) {
        return lruId & TEMP;
    }

    void link(final long item) {
        final int id = Item.lruId(item);
        linkHead(item, id);
        counts[id]++;
        bytes[id] += Item.totalBytes(item);
    }

    void unlink(final long item) {
        final int id = Item.lruId(item);
        cut(item, id);
        counts[id]--;
        bytes[id] -= Item.totalBytes(item);
    }

    private void linkHead(final long item, final int id) {
        Item.previous(item, Item.NONE);
        Item.next(item, heads[id]);
        if (heads[id] != Item.NONE) {
            Item.previous(heads[id], item);
        } else {
            tails[id] = item;
        }
        heads[id] = item;
    }

    private void cut(final long item, final int id) {
        final long next = Item.next(item);
        final long previous = Item.previous(item);
        if (previous == Item.NONE) {
            heads[id] = next;
        } else {
            Item.next(previous, next);
        }
        if (next == Item.NONE) {
            tails[id] = previous;
        } else {
            Item.previous(next, previous);
        }
    }

    /** Puts an item of a list to the head of another. */
    void move(final long item, final int list) {
        unlink(item);
        Item.lruId(item, Item.classId(item) | list);
        link(item);
    }

    // -- crawlers

    private long crawler(final int id) {
        return crawlers.address() + (long) id * Item.HEADER_BYTES;
    }

    boolean isCrawled(final int id) {
        return crawled[id];
    }

    boolean isCrawler(final long item) {
        return item >= crawlers.address() && item < crawlers.address() + crawlers.sizeBytes();
    }

    /** Puts a crawler at the end of a list. */
    void startCrawler(final int id) {
        final long crawler = crawler(id);
        crawled[id] = true;
        Item.next(crawler, Item.NONE);
        Item.previous(crawler, tails[id]);
        if (tails[id] == Item.NONE) {
            heads[id] = crawler;
        } else {
            Item.next(tails[id], crawler);
        }
        tails[id] = crawler;
    }

    void stopCrawler(final int id) {
        cut(crawler(id), id);
        crawled[id] = false;
    }

    /** Moves a crawler past the next item; @return that item, or 0 at the head of the list. */
    long crawl(final int id) {
        final long crawler = crawler(id);
        final long item = Item.previous(crawler);
        if (item == Item.NONE) {
            return Item.NONE;
        }
        cut(crawler, id);
        final long before = Item.previous(item);
        Item.previous(crawler, before);
        Item.next(crawler, item);
        Item.previous(item, crawler);
        if (before == Item.NONE) {
            heads[id] = crawler;
        } else {
            Item.next(before, crawler);
        }
        return item;
    }

    // -- questions

    long head(final int id) {
        return heads[id];
    }

    long tail(final int id) {
        return tails[id];
    }

    /** The oldest item; 0 if there is none. */
    public long oldest(final int id) {
        long item = tails[id];
        while (item != Item.NONE && isCrawler(item)) {
            item = Item.previous(item);
        }
        return item;
    }

    public int count(final int id) {
        return counts[id];
    }

    public int countOfClass(final int classId) {
        return counts[classId] + counts[classId | WARM] + counts[classId | COLD] + counts[classId | TEMP];
    }

    public long bytes(final int id) {
        return bytes[id];
    }

    @Override
    public void close() {
        crawlers.close();
    }
}
