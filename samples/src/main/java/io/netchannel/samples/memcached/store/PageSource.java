package io.netchannel.samples.memcached.store;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.memory.Region;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Pages of slab memory. They are cut from regions, which take memory only as it is touched; a page that comes back
 * gives its
 * memory to the system at once.
 *
 * <p>Threading: under the store's lock.
 */
final class PageSource implements AutoCloseable {

    /** Of a region: a descriptor each, so not one for each page. */
    private static final int PAGES_PER_REGION = 64;
    /** linux/mman.h: the file's pages too, which are what the memory is. */
    private static final int MADV_REMOVE = 9;

    private final int pageBytes;
    private final List<Region> regions = new ArrayList<>();
    private final Deque<Long> returned = new ArrayDeque<>();
    private int unused;

    PageSource(final int pageBytes) {
        this.pageBytes = pageBytes;
    }

    /** @return address of a page */
    long take() {
        final Long page = returned.pollLast();
        if (page != null) {
            return page;
        }
        if (unused == 0) {
            regions.add(Region.create("memcached-slabs", (long) PAGES_PER_REGION * pageBytes));
            unused = PAGES_PER_REGION;
        }
        unused--;
        return regions.getLast().allocate(pageBytes, Long.BYTES);
    }

    void giveBack(final long page) {
        Linux.madvise(page, pageBytes, MADV_REMOVE);
        returned.addLast(page);
    }

    @Override
    public void close() {
        regions.forEach(Region::close);
        regions.clear();
    }
}
