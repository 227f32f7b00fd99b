package io.netchannel.virtio.net;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory of a device's own. It lives as long as this object is referred to, so that a device outlives the region
 * of the node at either end.
 *
 * <p>Threading: immutable.
 */
public final class Scratch {

    // Keeps the memory: the collector frees it with the segment.
    private final MemorySegment segment;
    private final long address;

    /** Zeroed. @param alignmentBytes a power of two */
    public Scratch(final long sizeBytes, final long alignmentBytes) {
        segment = Arena.ofAuto().allocate(sizeBytes, alignmentBytes);
        address = segment.address();
    }

    public OrderedMemory memory() {
        return HostMemory.INSTANCE;
    }

    public long address() {
        return address;
    }

    public long sizeBytes() {
        return segment.byteSize();
    }
}
