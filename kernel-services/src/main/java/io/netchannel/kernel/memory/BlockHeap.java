package io.netchannel.kernel.memory;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.LinuxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of any size outside the Java heap: {@link BuddyAllocator}s over regions, of which another is mapped when the others
 * are full. What asks for more than such a region gets one of its own.
 *
 * <p>Memory is taken from the system as it is touched, and given back by {@link #giveBack}: from base pages, or transparent huge
 * ones, unless others are asked for. A region that lies empty beside another empty one is unmapped.
 *
 * <p>Threading: any thread, under one short lock. A loop that allocates for each packet or request does so by a
 * {@link LoopHeap}.
 */
public final class BlockHeap implements AutoCloseable {

    /** No block: the limit is reached. */
    public static final long NONE = BuddyAllocator.NONE;

    /** @param large made for one block that is larger than a usual region */
    private record Part(Region region, BuddyAllocator blocks, boolean large) {

        boolean isEmpty() {
            return blocks.freeBytes() == blocks.sizeBytes();
        }
    }

    private final String name;
    private final long partBytes;
    private final int minBlockBytes;
    private final long maxBytes;
    private final PageChoice pages;
    private final MemoryDebugger debugger;
    // The lowest first, so that later ones become empty.
    private final List<Part> parts = new ArrayList<>();
    private long mappedBytes;
    private boolean closed;

    /**
     * Maps nothing yet.
     *
     * @param name of the regions, in {@code /proc/PID/maps}
     * @param partBytes of a region
     * @param minBlockBytes a power of two
     * @param maxBytes of all regions together
     */
    public BlockHeap(final String name, final long partBytes, final int minBlockBytes, final long maxBytes) {
        this(name, partBytes, minBlockBytes, maxBytes, PageChoice.TRANSPARENT);
    }

    /**
     * As {@link #BlockHeap(String, long, int, long)}.
     *
     * @param pages of the regions; of reserved ones nothing can be given back
     */
    public BlockHeap(final String name, final long partBytes, final int minBlockBytes, final long maxBytes,
            final PageChoice pages) {
        this(name, partBytes, minBlockBytes, maxBytes, pages, MemoryDebugger.ifEnabled(HostMemory.INSTANCE));
    }

    BlockHeap(final String name, final long partBytes, final int minBlockBytes, final long maxBytes,
            final PageChoice pages, final MemoryDebugger debugger) {
        if (Integer.bitCount(minBlockBytes) != 1 || minBlockBytes < 1) {
            throw new IllegalArgumentException("minBlockBytes=" + minBlockBytes + " is not a power of two");
        }
        if (partBytes < minBlockBytes || partBytes > Region.MAX_SIZE_BYTES) {
            throw new IllegalArgumentException("partBytes=" + partBytes + " is not within minBlockBytes="
                    + minBlockBytes + ".." + Region.MAX_SIZE_BYTES);
        }
        this.name = name;
        this.partBytes = partBytes;
        this.minBlockBytes = minBlockBytes;
        this.maxBytes = maxBytes;
        this.pages = pages;
        this.debugger = debugger;
    }

    /**
     * @return address of a block of at least {@code sizeBytes}, aligned to the smaller of its size and a page, of whatever
     * content; {@link #NONE} at the limit
     * @throws LinuxException if the system has no more
     * @throws IllegalStateException if this is closed
     */
    public synchronized long allocate(final long sizeBytes) {
        final long block = take(sizeBytes);
        if (debugger != null && block != NONE) {
            debugger.allocated(block, partOf(block).blocks.sizeOf(block));
        }
        return block;
    }

    /** {@link #allocate}, for who tells the debugger itself. */
    synchronized long take(final long sizeBytes) {
        if (sizeBytes < 1 || sizeBytes > Region.MAX_SIZE_BYTES / 2) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + " is not within 1.."
                    + Region.MAX_SIZE_BYTES / 2);
        }
        for (final Part part : parts) {
            final long block = part.blocks.allocate(sizeBytes);
            if (block != NONE) {
                return block;
            }
        }
        return addPart(sizeBytes) ? parts.getLast().blocks.allocate(sizeBytes) : NONE;
    }

    private boolean addPart(final long sizeBytes) {
        if (closed) {
            throw new IllegalStateException("heap " + name + " is closed");
        }
        final long wanted = Math.max(partBytes, Long.highestOneBit(Math.max(1, sizeBytes - 1)) << 1);
        if (wanted > maxBytes - mappedBytes) {
            return false;
        }
        final RegionBuilder builder = Region.builder(name, wanted).pages(pages);
        final Region region = (debugger == null ? builder : builder.guarded()).create();
        parts.add(new Part(region, new BuddyAllocator(region.address(), region.sizeBytes(), minBlockBytes),
                wanted > partBytes));
        mappedBytes += region.sizeBytes();
        return true;
    }

    /**
     * Takes a block back.
     *
     * @throws IllegalStateException if it is none of this heap's, or not in use
     */
    public synchronized void free(final long block) {
        if (debugger != null) {
            debugger.freed(block, MemoryDebugger.ANY_SIZE);
        }
        putBack(block);
    }

    /** {@link #free}, for who told the debugger itself. */
    synchronized void putBack(final long block) {
        final Part part = partOf(block);
        part.blocks.free(block);
        unmapIfSpare(part);
    }

    /**
     * {@link #free}, and then {@link #giveBack}.
     *
     * @return bytes that are no longer resident, also where a region is unmapped
     */
    public synchronized long freeAndGiveBack(final long block) {
        if (debugger != null) {
            debugger.freed(block, MemoryDebugger.ANY_SIZE);
        }
        keep(block);
        return giveBack(Long.MAX_VALUE);
    }

    /** {@link #putBack}, and leaves regions mapped for {@link #giveBack}, which tells what goes with them, or {@link #unmapSpare}. */
    synchronized void keep(final long block) {
        partOf(block).blocks.free(block);
    }

    /** Unmaps regions that are empty beside others. */
    synchronized void unmapSpare() {
        for (int i = parts.size() - 1; i >= 0; i--) {
            unmapIfSpare(parts.get(i));
        }
    }

    private void unmapIfSpare(final Part part) {
        if (part.isEmpty() && (part.large || emptyParts() > 1)) {
            unmap(part);
        }
    }

    private Part partOf(final long block) {
        for (final Part part : parts) {
            if (part.blocks.contains(block)) {
                return part;
            }
        }
        throw new IllegalStateException("0x" + Long.toHexString(block) + " is no block of heap " + name);
    }

    private int emptyParts() {
        int empty = 0;
        for (final Part part : parts) {
            if (part.isEmpty()) {
                empty++;
            }
        }
        return empty;
    }

    private void unmap(final Part part) {
        parts.remove(part);
        mappedBytes -= part.region.sizeBytes();
        part.region.close();
        if (debugger != null) {
            debugger.forgetPoison(part.region.address(), part.region.sizeBytes());
        }
    }

    /**
     * Gives the memory of what is free back to the system, the last region's first.
     *
     * @param wantedBytes goes on until it are so many; somewhat more may go
     * @return bytes that are no longer resident
     */
    public synchronized long giveBack(final long wantedBytes) {
        long bytes = 0;
        for (int i = parts.size() - 1; i >= 0 && bytes < wantedBytes; i--) {
            final Part part = parts.get(i);
            bytes += part.blocks.giveBack(part.region, wantedBytes - bytes);
            if (debugger != null) {
                debugger.forgetPoison(part.region.address(), part.region.sizeBytes());
            }
            if (bytes < wantedBytes) {
                // All that was free in it has gone: so nothing goes uncounted.
                unmapIfSpare(part);
            }
        }
        return bytes;
    }

    /** Null if nobody debugs. */
    MemoryDebugger debugger() {
        return debugger;
    }

    /** Bytes of all regions, whether there is memory behind them or not. */
    public synchronized long mappedBytes() {
        return mappedBytes;
    }

    /** Bytes of all blocks that are not in use. */
    public synchronized long freeBytes() {
        long bytes = 0;
        for (final Part part : parts) {
            bytes += part.blocks.freeBytes();
        }
        return bytes;
    }

    /** Unmaps all; nobody may touch a block any more. */
    @Override
    public synchronized void close() {
        closed = true;
        parts.forEach(part -> part.region.close());
        parts.clear();
        mappedBytes = 0;
    }

    @Override
    public String toString() {
        return "heap " + name;
    }
}
