package io.netchannel.kernel.memory;

import java.util.Arrays;

/**
 * Blocks of powers of two out of a range of memory (Knowlton's buddy system): a block is halved until it is as small as what is
 * asked for, and joined with its other half again when both are free.
 *
 * <pre>
 *  order 3 |               8 units                 |
 *  order 2 |      4 units      |      free         |
 *  order 1 | 2 units | free    |                        the buddy of a block of order k: its number with bit k turned
 *  order 0 |  1 | fr |
 * </pre>
 * What is known of the blocks lies in arrays on the heap, never in the blocks: whoever writes where they should not can't
 * break the allocator. Of the free blocks of an order the one with the lowest address is taken, so that what is free
 * gathers at the end.
 *
 * <p>A block is aligned to its size, counted from the start of the range.
 *
 * <p>Threading: confined to its owner, or under its lock.
 */
public final class BuddyAllocator {

    /** No block. */
    public static final long NONE = 0;

    /** Of a range: more would need larger smallest blocks. */
    public static final int MAX_UNITS = 1 << 30;

    // Of a unit that a block begins with: its order + 1, and this while it is in use. 0 elsewhere.
    private static final int USED = 0x40;
    private static final int ORDER_MASK = 0x3F;

    private final long address;
    private final int units;
    private final int unitShift;
    private final byte[] state;
    private final BlockSet[] free;
    private final int[] freeBlocks;
    // A bit for each unit that was handed out since its pages were given back: only there may be memory behind it.
    private final long[] touched;
    // Bit k: there is a free block of order k.
    private int orders;
    private long freeBytes;

    /**
     * @param address of the range, whose pages nobody has touched yet
     * @param lengthBytes of it; what is beyond a multiple of {@code minBlockBytes} stays unused
     * @param minBlockBytes a power of two: what a unit is
     * @throws IllegalArgumentException if there would be no unit, or more than {@link #MAX_UNITS}
     */
    public BuddyAllocator(final long address, final long lengthBytes, final int minBlockBytes) {
        if (Integer.bitCount(minBlockBytes) != 1 || minBlockBytes < 1) {
            throw new IllegalArgumentException("minBlockBytes=" + minBlockBytes + " is not a power of two");
        }
        this.unitShift = Integer.numberOfTrailingZeros(minBlockBytes);
        if (address <= 0 || lengthBytes >>> unitShift < 1 || lengthBytes >>> unitShift > MAX_UNITS) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " at " + hex(address) + " is not 1.."
                    + MAX_UNITS + " blocks of minBlockBytes=" + minBlockBytes);
        }
        this.address = address;
        this.units = (int) (lengthBytes >>> unitShift);
        this.state = new byte[units];
        this.touched = new long[units + Long.SIZE - 1 >>> 6];
        final int maxOrder = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(units);
        this.free = new BlockSet[maxOrder + 1];
        this.freeBlocks = new int[maxOrder + 1];
        for (int order = 0; order <= maxOrder; order++) {
            free[order] = new BlockSet(units >>> order);
        }
        int unit = 0;
        while (unit < units) {
            final int fits = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(units - unit);
            final int order = unit == 0 ? fits : Math.min(fits, Integer.numberOfTrailingZeros(unit));
            insert(unit, order);
            unit += 1 << order;
        }
        this.freeBytes = (long) units << unitShift;
    }

    private static String hex(final long value) {
        return "0x" + Long.toHexString(value);
    }

    private void insert(final int unit, final int order) {
        state[unit] = (byte) (order + 1);
        free[order].add(unit >>> order);
        freeBlocks[order]++;
        orders |= 1 << order;
    }

    private void remove(final int unit, final int order) {
        state[unit] = 0;
        free[order].remove(unit >>> order);
        if (--freeBlocks[order] == 0) {
            orders &= ~(1 << order);
        }
    }

    /**
     * @return address of a block of at least {@code sizeBytes}, of whatever content, or {@link #NONE} if no block as large is
     * free
     */
    public long allocate(final long sizeBytes) {
        final int wanted = orderOf(sizeBytes);
        final int larger = wanted > maxOrder() ? 0 : orders & -1 << wanted;
        if (larger == 0) {
            return NONE;
        }
        int order = Integer.numberOfTrailingZeros(larger);
        final int unit = free[order].first() << order;
        remove(unit, order);
        while (order > wanted) {
            order--;
            insert(unit + (1 << order), order);
        }
        state[unit] = (byte) (USED | order + 1);
        freeBytes -= orderBytes(order);
        touch(unit, 1 << order);
        return address + ((long) unit << unitShift);
    }

    /**
     * Takes a block back.
     *
     * @return its size
     * @throws IllegalStateException if there is no such block in use; says what is there instead
     */
    public long free(final long block) {
        int unit = unitOf(block);
        int order = (state[unit] & ORDER_MASK) - 1;
        final long bytes = orderBytes(order);
        while (order < maxOrder()) {
            final int buddy = unit ^ 1 << order;
            if (buddy + (1 << order) > units || state[buddy] != order + 1) {
                break;
            }
            remove(buddy, order);
            state[unit] = 0;
            unit = Math.min(unit, buddy);
            order++;
        }
        insert(unit, order);
        freeBytes += bytes;
        return bytes;
    }

    /** Size of a block in use; throws as {@link #free}. */
    public long sizeOf(final long block) {
        return orderBytes((state[unitOf(block)] & ORDER_MASK) - 1);
    }

    private int unitOf(final long block) {
        final long offset = block - address;
        final boolean within = contains(block);
        if (within && (offset & (1L << unitShift) - 1) == 0) {
            final int unit = (int) (offset >>> unitShift);
            if ((state[unit] & USED) != 0) {
                return unit;
            }
        }
        throw new IllegalStateException(hex(block) + " is no block in use" + (within
                ? whatIsAt((int) (offset >>> unitShift))
                : ": it lies outside " + hex(address) + "..+" + ((long) units << unitShift)));
    }

    private String whatIsAt(final int unit) {
        for (int order = 0; order <= maxOrder(); order++) {
            final int start = unit & -1 << order;
            if (state[start] != 0 && (state[start] & ORDER_MASK) - 1 >= order) {
                return ": it lies in a " + ((state[start] & USED) != 0 ? "block in use" : "free block") + ", "
                        + hex(address + ((long) start << unitShift)) + "..+"
                        + orderBytes((state[start] & ORDER_MASK) - 1);
            }
        }
        return "";
    }

    private int orderOf(final long sizeBytes) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + " < 1");
        }
        return sizeBytes <= 1L << unitShift ? 0 : Long.SIZE - Long.numberOfLeadingZeros(sizeBytes - 1) - unitShift;
    }

    // -- pages

    private void touch(final int unit, final int count) {
        if (count == 1) {
            touched[unit >>> 6] |= 1L << unit;
        } else if (count < Long.SIZE) {
            // A block doesn't cross words: it is aligned to its size.
            touched[unit >>> 6] |= (1L << count) - 1 << unit;
        } else {
            Arrays.fill(touched, unit >>> 6, unit + count >>> 6, -1L);
        }
    }

    /**
     * Gives the pages of free blocks back to the system, as far as somebody has had them; blocks smaller than a page keep
     * theirs.
     *
     * @param region in which the range lies
     * @param wantedBytes goes on until it are so many; of each block all goes
     * @return bytes that are no longer resident
     */
    public long giveBack(final Region region, final long wantedBytes) {
        final int pageUnits = (int) Math.max(1, Math.min(units, region.pageBytes() >>> unitShift));
        if (((long) pageUnits << unitShift) % region.pageBytes() != 0 || address % region.pageBytes() != 0) {
            return 0;
        }
        long bytes = 0;
        for (int order = Integer.numberOfTrailingZeros(pageUnits); order <= maxOrder(); order++) {
            for (int i = free[order].next(0); i != BlockSet.NONE && bytes < wantedBytes; i = free[order].next(i + 1)) {
                bytes += giveBack(region, i << order, (i << order) + (1 << order), pageUnits);
            }
        }
        return bytes;
    }

    private long giveBack(final Region region, final int from, final int to, final int pageUnits) {
        long bytes = 0;
        int unit = from;
        while (unit < to) {
            final int start = nextTouched(unit, to) & -pageUnits;
            int end = start;
            while (end < to && isTouched(end, pageUnits)) {
                end += pageUnits;
            }
            if (end > start) {
                final long released = region.release(address + ((long) start << unitShift),
                        (long) (end - start) << unitShift);
                if (released > 0) {
                    bytes += released;
                    untouch(start, end);
                }
            }
            unit = Math.max(end, unit + pageUnits);
        }
        return bytes;
    }

    private boolean isTouched(final int unit, final int count) {
        return nextTouched(unit, unit + count) < unit + count;
    }

    /** @return {@code to} if there is none before */
    private int nextTouched(final int from, final int to) {
        int unit = from;
        while (unit < to) {
            final long bits = touched[unit >>> 6] >>> unit;
            if (bits != 0) {
                return Math.min(to, unit + Long.numberOfTrailingZeros(bits));
            }
            unit = (unit | Long.SIZE - 1) + 1;
        }
        return to;
    }

    private void untouch(final int from, final int to) {
        for (int unit = from; unit < to; unit++) {
            touched[unit >>> 6] &= ~(1L << unit);
        }
    }

    // -- questions

    public boolean contains(final long block) {
        final long offset = block - address;
        return offset >= 0 && offset < (long) units << unitShift;
    }

    /** Bytes of all blocks. */
    public long sizeBytes() {
        return (long) units << unitShift;
    }

    public long freeBytes() {
        return freeBytes;
    }

    /** Order of the largest block that there may be. */
    public int maxOrder() {
        return free.length - 1;
    }

    /** Size of the blocks of an order. */
    public long orderBytes(final int order) {
        return 1L << order + unitShift;
    }

    public int freeBlocks(final int order) {
        return freeBlocks[order];
    }

    /** The most that can be asked for at present; 0 if all is in use. */
    public long largestFreeBytes() {
        return orders == 0 ? 0 : orderBytes(Integer.SIZE - 1 - Integer.numberOfLeadingZeros(orders));
    }

    /** Share of the free bytes that lie outside the largest free block: 0 if all that is free can be had as one. */
    public double fragmentation() {
        return freeBytes == 0 ? 0 : 1 - (double) largestFreeBytes() / freeBytes;
    }
}
