package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;
import java.util.Arrays;

/**
 * Memory for items, in classes of chunks of the same size, each a factor larger than the one before. A class gets
 * whole pages;
 * class 0 keeps pages that no class has.
 *
 * <p>The limit holds for all pages together. At the limit a class without any page gets its first one from another
 * class ({@link
 * SlabMover#takeFor}); only where none has two does it get one beyond the limit, as always with the original, since
 * otherwise
 * nothing of its size could ever be stored.
 *
 * <p>Threading: under the store's lock.
 */
public final class Slabs implements AutoCloseable {

    public static final int MAX_CLASSES = 64;
    public static final int FIRST_CLASS = 1;
    /** Pages that may go to any class. */
    public static final int GLOBAL_POOL = 0;
    private static final int ALIGNMENT_BYTES = 8;

    private final Settings settings;
    private final PageSource source;
    private final int[] chunkBytes = new int[MAX_CLASSES];
    private final int[] chunksPerPage = new int[MAX_CLASSES];
    private final long[] freeHead = new long[MAX_CLASSES];
    private final int[] freeChunks = new int[MAX_CLASSES];
    private final long[][] pages = new long[MAX_CLASSES][0];
    private final int[] pageCount = new int[MAX_CLASSES];
    private int largest;
    private long allocatedBytes;
    private int extraPages;
    // Of the limit, which is not to be used for the time being.
    private long heldBackBytes;
    private long returnedBytes;

    /** @param allocatedBytes that count as taken already: 0, except in the original's tests */
    Slabs(final Settings settings, final long allocatedBytes) {
        this.settings = settings;
        this.source = new PageSource(Settings.PAGE_BYTES, settings.memoryPressure);
        this.allocatedBytes = allocatedBytes;
        makeClasses();
    }

    private void makeClasses() {
        int id = FIRST_CLASS;
        int size = Item.HEADER_BYTES + settings.chunkBytes;
        while (id < MAX_CLASSES - 1) {
            if (settings.slabSizes != null) {
                if (id > settings.slabSizes.length) {
                    break;
                }
                size = settings.slabSizes[id - 1];
            } else if (size >= settings.chunkMaxBytes / settings.growthFactor) {
                break;
            }
            size = size + ALIGNMENT_BYTES - 1 & -ALIGNMENT_BYTES;
            chunkBytes[id] = size;
            chunksPerPage[id] = Settings.PAGE_BYTES / size;
            if (settings.slabSizes == null) {
                size = (int) (size * settings.growthFactor);
            }
            id++;
        }
        largest = id;
        chunkBytes[id] = settings.chunkMaxBytes;
        chunksPerPage[id] = Settings.PAGE_BYTES / settings.chunkMaxBytes;
    }

    /** The class for an item of so many bytes, 0 if there can be none; larger ones than a chunk have the largest. */
    public int classOf(final int bytes) {
        if (bytes <= 0 || bytes > settings.itemMaxBytes) {
            return 0;
        }
        int low = FIRST_CLASS;
        int high = largest;
        while (low < high) {
            final int middle = low + high >>> 1;
            if (chunkBytes[middle] < bytes) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    // -- chunks

    /** @return a chunk that is in no list, or 0 */
    long allocate(final int id, final boolean mayTakePage) {
        if (freeChunks[id] == 0 && (!mayTakePage || !addPage(id))) {
            return Item.NONE;
        }
        final long chunk = freeHead[id];
        cutFree(chunk, id);
        Item.flags(chunk, 0);
        return chunk;
    }

    /** Takes a free chunk out of its list. */
    void cutFree(final long chunk, final int id) {
        final long next = Item.next(chunk);
        final long previous = Item.previous(chunk);
        if (freeHead[id] == chunk) {
            freeHead[id] = next;
        }
        if (next != Item.NONE) {
            Item.previous(next, previous);
        }
        if (previous != Item.NONE) {
            Item.next(previous, next);
        }
        freeChunks[id]--;
    }

    /** Frees an item with all its chunks. */
    void freeItem(final long item) {
        if (!Item.isChunked(item)) {
            free(item, Item.classId(item));
            return;
        }
        final long first = Item.value(item);
        long chunk = Chunk.next(first);
        free(item, Chunk.originalClass(first));
        while (chunk != Item.NONE) {
            final long next = Chunk.next(chunk);
            free(chunk, Item.classId(chunk));
            chunk = next;
        }
    }

    /** Puts a chunk into its class's list. */
    void free(final long chunk, final int id) {
        Item.flags(chunk, Item.FLAG_SLABBED);
        Item.lruId(chunk, id);
        final long head = freeHead[id];
        Item.previous(chunk, Item.NONE);
        Item.next(chunk, head);
        if (head != Item.NONE) {
            Item.previous(head, chunk);
        }
        freeHead[id] = chunk;
        freeChunks[id]++;
    }

    // -- pages

    /** Whether the class has no page yet, and there is none left for it. */
    boolean lacksFirstPage(final int id) {
        return pageCount[id] == 0 && pageCount[GLOBAL_POOL] == 0
                && allocatedBytes + Settings.PAGE_BYTES > presentLimitBytes();
    }

    /** The class with the most pages. */
    int richestClass() {
        int richest = FIRST_CLASS;
        for (int id = FIRST_CLASS; id <= largest; id++) {
            if (pageCount[id] > pageCount[richest]) {
                richest = id;
            }
        }
        return richest;
    }

    private boolean addPage(final int id) {
        if (allocatedBytes + Settings.PAGE_BYTES > presentLimitBytes() && pageCount[id] > 0
                && pageCount[GLOBAL_POOL] == 0) {
            return false;
        }
        final long page;
        if (pageCount[GLOBAL_POOL] > 0) {
            page = pages[GLOBAL_POOL][--pageCount[GLOBAL_POOL]];
        } else {
            page = source.take();
            allocatedBytes += Settings.PAGE_BYTES;
        }
        putPage(page, id);
        return true;
    }

    /** Gives a class a page beyond the limit, for which another is given back when it can be. */
    void addExtraPage(final int id) {
        allocatedBytes += Settings.PAGE_BYTES;
        extraPages++;
        putPage(source.take(), id);
    }

    /** Pages by which the limit is exceeded for a time. */
    int extraPages() {
        return extraPages;
    }

    /** Gives a class a page, and makes chunks of it. */
    void putPage(final long page, final int id) {
        if (pageCount[id] == pages[id].length) {
            pages[id] = Arrays.copyOf(pages[id], Math.max(16, 2 * pageCount[id]));
        }
        pages[id][pageCount[id]++] = page;
        if (id == GLOBAL_POOL) {
            releasePages();
            return;
        }
        for (int i = 0; i < chunksPerPage[id]; i++) {
            free(page + (long) i * chunkBytes[id], id);
        }
    }

    /** The page that a class would lose first. */
    long firstPage(final int id) {
        return pages[id][0];
    }

    /** Takes the first page from a class; none of its chunks is in use or in a list. */
    void removeFirstPage(final int id) {
        System.arraycopy(pages[id], 1, pages[id], 0, --pageCount[id]);
    }

    void putFirstPageLast(final int id) {
        final long page = pages[id][0];
        removeFirstPage(id);
        pages[id][pageCount[id]++] = page;
    }

    private void releasePages() {
        while (settings.slabReassign && allocatedBytes > presentLimitBytes() && pageCount[GLOBAL_POOL] > 0) {
            returnedBytes += source.giveBack(pages[GLOBAL_POOL][--pageCount[GLOBAL_POOL]]);
            allocatedBytes -= Settings.PAGE_BYTES;
            extraPages = Math.max(0, extraPages - 1);
        }
    }

    /** Another limit; pages beyond it go as they become free. */
    public void limitBytes(final long bytes) {
        settings.maxBytes = bytes;
        releasePages();
    }

    /** Holds so much of the limit back; pages beyond the rest go as they become free. */
    void holdBack(final long bytes) {
        heldBackBytes = Math.max(0, bytes);
        releasePages();
    }

    long heldBackBytes() {
        return heldBackBytes;
    }

    /** Bytes of pages that the system has got back, ever. */
    public long returnedBytes() {
        return returnedBytes;
    }

    // -- questions

    /** What all pages together may take now: less than is configured, while memory is short. */
    public long presentLimitBytes() {
        return Math.max(0, settings.maxBytes - heldBackBytes);
    }

    public int largestClass() {
        return largest;
    }

    public int chunkBytes(final int id) {
        return chunkBytes[id];
    }

    public int chunksPerPage(final int id) {
        return chunksPerPage[id];
    }

    public int freeChunks(final int id) {
        return freeChunks[id];
    }

    public int pages(final int id) {
        return pageCount[id];
    }

    public long allocatedBytes() {
        return allocatedBytes;
    }

    @Override
    public void close() {
        source.close();
    }
}
