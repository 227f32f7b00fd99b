package io.netchannel.kernel.memory;

import io.netchannel.cpu.OrderedMemory;

/**
 * Equal pages that several threads may hold at once, such as those of files: a reference count for each, and a free list, both
 * without locks. A page that is retained keeps its bytes until the last holder has released it, on whatever thread.
 *
 * <pre>
 *   head    63          32 31           0        record of a page: references, then the next free one
 *          +--------------+--------------+      +------------+------------+
 *          |    version   |  number + 1  |      | references | next, or 0 |
 *          +--------------+--------------+      +------------+------------+
 * </pre>
 * The version makes a head that was taken and put back in between (ABA) different from what it was.
 *
 * <p>They lie in a region of their own, or are the last buffers of a {@link PacketMemory}: then frames may show them, and their
 * numbers are those of buffers.
 *
 * <p>Threading: any thread. A page's bytes are their holders' to agree on.
 */
public final class SharedPages {

    /** Returned by {@link #allocate()} when no page is left. */
    public static final int NONE = -1;

    public static final int MIN_PAGE_BYTES = 256;
    public static final int MAX_PAGE_BYTES = 1 << 19;

    /** The free list's head, and on a line of its own the count of free pages. */
    static final int CONTROL_BYTES = 256;

    private static final int AVAILABLE_OFFSET = 128;
    private static final int REFERENCES_OFFSET = 0;
    private static final int NEXT_OFFSET = 4;
    private static final int OWN_RECORD_BYTES = 8;
    private static final long NUMBER_MASK = 0xFFFF_FFFFL;
    private static final long VERSION_ONE = 1L << 32;

    private final OrderedMemory memory;
    private final int first;
    private final int count;
    private final int pageBytes;
    private final long pageBase;
    private final long strideBytes;
    private final long recordBase;
    private final long recordBytes;
    private final long control;

    /**
     * @param first number of the first page
     * @param control {@link #CONTROL_BYTES}, zeroed
     */
    SharedPages(final OrderedMemory memory, final int first, final int count, final int pageBytes, final long pageBase,
            final long strideBytes, final long recordBase, final long recordBytes, final long control) {
        this.memory = memory;
        this.first = first;
        this.count = count;
        this.pageBytes = pageBytes;
        this.pageBase = pageBase;
        this.strideBytes = strideBytes;
        this.recordBase = recordBase;
        this.recordBytes = recordBytes;
        this.control = control;
    }

    /**
     * Pages in {@code region}, all free.
     *
     * @param pageBytes a power of two
     * @throws IllegalArgumentException if a size is out of range
     */
    public static SharedPages create(final Region region, final int count, final int pageBytes) {
        check(count, pageBytes);
        final long control = region.allocate(CONTROL_BYTES, 128);
        final long records = region.allocate((long) count * OWN_RECORD_BYTES, 128);
        final long base = region.allocate((long) count * pageBytes, Math.max(pageBytes, 4096));
        final SharedPages pages = new SharedPages(region.memory(), 0, count, pageBytes, base, pageBytes, records,
                OWN_RECORD_BYTES, control);
        pages.format();
        return pages;
    }

    /** Region bytes that {@link #create} takes, alignment included. */
    public static long requiredBytes(final int count, final int pageBytes) {
        check(count, pageBytes);
        return CONTROL_BYTES + (long) count * (OWN_RECORD_BYTES + pageBytes) + 2L * 128 + Math.max(pageBytes, 4096);
    }

    private static void check(final int count, final int pageBytes) {
        if (count < 1 || count > PacketHandle.MAX_BUFFERS) {
            throw new IllegalArgumentException("count=" + count + " is not within 1.." + PacketHandle.MAX_BUFFERS);
        }
        if (pageBytes < MIN_PAGE_BYTES || pageBytes > MAX_PAGE_BYTES || Integer.bitCount(pageBytes) != 1) {
            throw new IllegalArgumentException("pageBytes=" + pageBytes + " is not a power of two within "
                    + MIN_PAGE_BYTES + ".." + MAX_PAGE_BYTES);
        }
    }

    /** Puts all pages into the free list; before any other thread knows of them. */
    void format() {
        for (int i = 0; i < count; i++) {
            memory.putInt(record(first + i) + REFERENCES_OFFSET, 0);
            memory.putInt(record(first + i) + NEXT_OFFSET, i + 1 < count ? i + 2 : 0);
        }
        memory.putInt(control + AVAILABLE_OFFSET, count);
        memory.putLong(control, 1);
    }

    public OrderedMemory memory() {
        return memory;
    }

    public int count() {
        return count;
    }

    public int pageBytes() {
        return pageBytes;
    }

    /** Pages in the free list; of a moment that may be over. */
    public int available() {
        return memory.getIntOpaque(control + AVAILABLE_OFFSET);
    }

    public boolean owns(final int page) {
        return page >= first && page < first + count;
    }

    public long address(final int page) {
        return pageBase + (page - first) * strideBytes;
    }

    private long record(final int page) {
        return recordBase + (page - first) * recordBytes;
    }

    /** @return a page with one reference, its bytes as somebody left them; or {@link #NONE} */
    public int allocate() {
        while (true) {
            // Pairs with the CAS of push(): whoever sees a page in the list sees its next one, and what was done to its bytes.
            final long head = memory.getLongAcquire(control);
            final int number = (int) head;
            if (number == 0) {
                return NONE;
            }
            final int page = first + number - 1;
            // May be of another list by now; then the version has changed, and the CAS fails.
            final int next = memory.getIntOpaque(record(page) + NEXT_OFFSET);
            if (memory.compareAndSetLong(control, head, (head & ~NUMBER_MASK) + VERSION_ONE | next)) {
                memory.getAndAddInt(control + AVAILABLE_OFFSET, -1);
                memory.putIntOpaque(record(page) + REFERENCES_OFFSET, 1);
                return page;
            }
        }
    }

    /**
     * Adds a reference, for a caller that holds one, or that keeps one from being dropped.
     *
     * @throws IllegalStateException if nobody holds the page
     */
    public void retain(final int page) {
        add(page, 1, "retained after its release");
    }

    /**
     * Whether somebody else holds a page that the caller holds. If not, and nobody can get it from the caller meanwhile, its bytes
     * are the caller's to change: what others read of them, they have read.
     */
    public boolean isShared(final int page) {
        // Pairs with the addition of release(): without acquire a change could overtake another holder's last look.
        return memory.getIntAcquire(record(page) + REFERENCES_OFFSET) > 1;
    }

    /**
     * Drops a reference; with the last one the page is free.
     *
     * @throws IllegalStateException if nobody holds it
     */
    public void release(final int page) {
        // Volatile: releases this holder's accesses to the one who drops the last reference, and acquires theirs.
        if (add(page, -1, "released twice") == 1) {
            push(page);
        }
    }

    /**
     * By CAS: an addition that has to be undone would take part in the count of whoever allocates the page meanwhile.
     *
     * @return references before, at least 1
     */
    private int add(final int page, final int references, final String misuse) {
        final long address = record(page) + REFERENCES_OFFSET;
        while (true) {
            final int before = memory.getIntOpaque(address);
            if (before < 1) {
                throw new IllegalStateException("page " + page + " " + misuse);
            }
            if (memory.compareAndSetInt(address, before, before + references)) {
                return before;
            }
        }
    }

    private void push(final int page) {
        final int number = page - first + 1;
        while (true) {
            final long head = memory.getLongOpaque(control);
            memory.putIntOpaque(record(page) + NEXT_OFFSET, (int) head);
            if (memory.compareAndSetLong(control, head, (head & ~NUMBER_MASK) + VERSION_ONE | number)) {
                memory.getAndAddInt(control + AVAILABLE_OFFSET, 1);
                return;
            }
        }
    }

    /** @throws IllegalStateException naming pages that are still held, if any are; when nobody uses them any more */
    public void checkNoLeaks() {
        if (available() == count) {
            return;
        }
        final StringBuilder out = new StringBuilder();
        for (int i = 0, listed = 0; i < count && listed < 16; i++) {
            final int references = memory.getIntOpaque(record(first + i) + REFERENCES_OFFSET);
            if (references != 0) {
                out.append(' ').append(first + i).append("(references=").append(references).append(')');
                listed++;
            }
        }
        throw new IllegalStateException(count - available() + " of " + count + " pages not returned:" + out);
    }
}
