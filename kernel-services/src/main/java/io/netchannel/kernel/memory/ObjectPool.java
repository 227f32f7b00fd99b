package io.netchannel.kernel.memory;

import io.netchannel.kernel.linux.Linux;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Objects of one size outside the Java heap, packed into blocks of a {@link LoopHeap}: for those that are smaller than its smallest block,
 * or that powers of two would not fit.
 *
 * <pre>
 *   slab 0  |obj|obj| - |obj|..    a bit for each object, on the Java heap: 1 is free
 *   slab 1  | - | - | - | - |..    empty: goes back to the heap, if there is another empty one
 * </pre>
 * The lowest slab with a free object is taken from, so that later ones become empty.
 *
 * <p>Threading: confined to the heap's loop; an object comes back where it was taken.
 */
public final class ObjectPool implements AutoCloseable {

    /** No object: the heap's limit is reached. */
    public static final long NONE = LoopHeap.NONE;

    /** Of a slab: else much would be kept by few. */
    private static final int MIN_OBJECTS = 8;
    private static final int INITIAL_SLABS = 16;
    private static final int NO_SLAB = -1;

    public static final int MAX_OBJECT_BYTES = MagazineHeap.MAX_CACHED_BYTES / MIN_OBJECTS;

    private final LoopHeap heap;
    private final MemoryDebugger debugger;
    private final int objectBytes;
    private final int slabBytes;
    private final int objectsPerSlab;
    private final int wordsPerSlab;
    private final int pageShift;
    // By slab: its address, its free objects' number and their bits.
    private long[] addresses = new long[INITIAL_SLABS];
    private int[] freeCounts = new int[INITIAL_SLABS];
    private long[] freeBits;
    // Those with a free object, and the places in these arrays that are in no use.
    private BlockSet withFree = new BlockSet(INITIAL_SLABS);
    private BlockSet vacant = new BlockSet(INITIAL_SLABS);
    // Of each page of a slab, since blocks are aligned to pages, but not to more.
    private final Long2LongHashMap slabOfPage = new Long2LongHashMap(NO_SLAB);
    private int slabs;
    private int emptySlabs;
    private int used;

    /** @param objectBytes is rounded up to a multiple of 8 */
    public ObjectPool(final LoopHeap heap, final int objectBytes) {
        if (objectBytes < 1 || objectBytes > MAX_OBJECT_BYTES) {
            throw new IllegalArgumentException("objectBytes=" + objectBytes + " is not within 1.." + MAX_OBJECT_BYTES);
        }
        this.heap = heap;
        this.debugger = heap.debugger();
        this.objectBytes = objectBytes + Long.BYTES - 1 & -Long.BYTES;
        final long pageBytes = Linux.pageBytes();
        this.pageShift = Long.numberOfTrailingZeros(pageBytes);
        this.slabBytes = (int) heap.usableBytes(Math.max(pageBytes, (long) MIN_OBJECTS * this.objectBytes));
        this.objectsPerSlab = slabBytes / this.objectBytes;
        this.wordsPerSlab = objectsPerSlab + Long.SIZE - 1 >>> 6;
        this.freeBits = new long[INITIAL_SLABS * wordsPerSlab];
        for (int i = 0; i < INITIAL_SLABS; i++) {
            vacant.add(i);
        }
    }

    /** Bytes of each. */
    public int objectBytes() {
        return objectBytes;
    }

    /** @return address of an object, a multiple of 8, of whatever content; or {@link #NONE} */
    public long allocate() {
        int slab = withFree.first();
        if (slab == BlockSet.NONE) {
            slab = addSlab();
            if (slab == NO_SLAB) {
                return NONE;
            }
        }
        int word = slab * wordsPerSlab;
        while (freeBits[word] == 0) {
            word++;
        }
        final long bits = freeBits[word];
        final int number = (word - slab * wordsPerSlab << 6) + Long.numberOfTrailingZeros(bits);
        freeBits[word] = bits & bits - 1;
        if (freeCounts[slab] == objectsPerSlab) {
            emptySlabs--;
        }
        if (--freeCounts[slab] == 0) {
            withFree.remove(slab);
        }
        used++;
        final long object = addresses[slab] + (long) number * objectBytes;
        if (debugger != null) {
            debugger.allocated(object, objectBytes);
        }
        return object;
    }

    private int addSlab() {
        final long address = heap.takeUntold(slabBytes);
        if (address == NONE) {
            return NO_SLAB;
        }
        if (slabs == addresses.length) {
            grow();
        }
        final int slab = vacant.first();
        vacant.remove(slab);
        addresses[slab] = address;
        freeCounts[slab] = objectsPerSlab;
        final int word = slab * wordsPerSlab;
        Arrays.fill(freeBits, word, word + wordsPerSlab, -1L);
        if ((objectsPerSlab & Long.SIZE - 1) != 0) {
            freeBits[word + wordsPerSlab - 1] = (1L << objectsPerSlab) - 1;
        }
        for (long page = address; page < address + slabBytes; page += 1L << pageShift) {
            slabOfPage.put(page >>> pageShift, slab);
        }
        withFree.add(slab);
        slabs++;
        emptySlabs++;
        return slab;
    }

    private void grow() {
        final int before = addresses.length;
        final int after = 2 * before;
        addresses = Arrays.copyOf(addresses, after);
        freeCounts = Arrays.copyOf(freeCounts, after);
        freeBits = Arrays.copyOf(freeBits, after * wordsPerSlab);
        // All are in use, and none has anything free.
        withFree = new BlockSet(after);
        vacant = new BlockSet(after);
        for (int i = before; i < after; i++) {
            vacant.add(i);
        }
    }

    /**
     * Takes an object back.
     *
     * @throws IllegalStateException if it is none of this pool's, or not in use
     */
    public void free(final long object) {
        if (debugger != null) {
            debugger.freed(object, objectBytes);
        }
        final int slab = (int) slabOfPage.get(object >>> pageShift);
        final long offset = slab == NO_SLAB ? 0 : object - addresses[slab];
        if (slab == NO_SLAB || offset % objectBytes != 0 || offset / objectBytes >= objectsPerSlab) {
            throw new IllegalStateException("0x" + Long.toHexString(object) + " is no object of " + this);
        }
        final int number = (int) (offset / objectBytes);
        final int word = slab * wordsPerSlab + (number >>> 6);
        if ((freeBits[word] & 1L << number) != 0) {
            throw new IllegalStateException("0x" + Long.toHexString(object) + " freed twice, of " + this);
        }
        freeBits[word] |= 1L << number;
        used--;
        if (freeCounts[slab]++ == 0) {
            withFree.add(slab);
        }
        if (freeCounts[slab] == objectsPerSlab && ++emptySlabs > 1) {
            removeSlab(slab);
        }
    }

    private void removeSlab(final int slab) {
        final long address = addresses[slab];
        for (long page = address; page < address + slabBytes; page += 1L << pageShift) {
            slabOfPage.remove(page >>> pageShift);
        }
        withFree.remove(slab);
        vacant.add(slab);
        addresses[slab] = NONE;
        slabs--;
        emptySlabs--;
        heap.putUntold(address, slabBytes);
    }

    /** Objects in use. */
    public int used() {
        return used;
    }

    /** What all slabs take of the heap. */
    public long slabBytes() {
        return (long) slabs * slabBytes;
    }

    /** Gives the slabs back that are empty; those with objects in use stay, for the heap's debugger to tell. */
    @Override
    public void close() {
        for (int slab = 0; slab < addresses.length; slab++) {
            if (addresses[slab] != NONE && freeCounts[slab] == objectsPerSlab) {
                removeSlab(slab);
            }
        }
    }

    @Override
    public String toString() {
        return "pool of " + objectBytes + "-byte objects";
    }
}
