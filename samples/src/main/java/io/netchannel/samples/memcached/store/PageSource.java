package io.netchannel.samples.memcached.store;

import io.netchannel.kernel.memory.BlockHeap;
import io.netchannel.kernel.memory.PageChoice;
import io.netchannel.kernel.memory.Region;

/**
 * Pages of slab memory, which take memory from the system only as they are touched; a page that comes back gives its own to
 * the system at once.
 *
 * <p>Threading: under the store's lock.
 */
final class PageSource implements AutoCloseable {

    /** Of a region: a descriptor each, so not one for each page. */
    private static final int PAGES_PER_REGION = 64;

    private final int pageBytes;
    private final BlockHeap blocks;

    /**
     * @param pageBytes a power of two
     * @param givesBack whether pages are to go back to the system: then they don't lie on reserved huge pages, which would stay
     *            reserved
     */
    PageSource(final int pageBytes, final boolean givesBack) {
        this.pageBytes = pageBytes;
        this.blocks = new BlockHeap("memcached-slabs", (long) PAGES_PER_REGION * pageBytes, pageBytes,
                Region.MAX_SIZE_BYTES, givesBack ? PageChoice.TRANSPARENT : PageChoice.AUTOMATIC);
    }

    /** @return address of a page */
    long take() {
        return blocks.allocate(pageBytes);
    }

    /** @return bytes that are no longer resident: fewer than a page has, where it was not all in use */
    long giveBack(final long page) {
        return blocks.freeAndGiveBack(page);
    }

    @Override
    public void close() {
        blocks.close();
    }
}
