package io.netchannel.kernel.memory;

import static io.netchannel.kernel.memory.PacketLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * Equal packet buffers in a region, and a metadata record for each.
 *
 * <p>A packet is a head handle, whose buffer's record describes the packet, and up to {@link PacketLayout#MAX_SLICES}
 * further handles, its slices, whose bytes follow the head's. A received super-frame is spread over several buffers
 * that way; a sent one is a header in the head and slices that lie in send buffers.
 *
 * <p>Each buffer has a reference count, because a send buffer is held both by its connection and by frames in flight.
 * The count is plain: a buffer is referenced from one thread at a time, and passes to another only through a ring,
 * whose release/acquire pair carries the count and the metadata along.
 *
 * <p>Threading: immutable; each buffer and its record belong to the thread that holds the handle.
 */
public final class PacketMemory {

    private final OrderedMemory memory;
    /** Null over memory that is there already. */
    private final Region region;
    private final long metadataBase;
    private final long bufferBase;
    private final int bufferCount;
    private final int bufferBytes;
    private final int ownedCount;
    private final int strideBytes;
    private final SharedPages sharedPages;
    private final MemoryDebugger debugger;

    /**
     * Lays {@code bufferCount} buffers of {@code bufferBytes} out in {@code region}.
     *
     * @throws IllegalArgumentException if the sizes are out of range
     */
    public PacketMemory(final Region region, final int bufferCount, final int bufferBytes) {
        this(region, region.memory(), bufferCount, bufferBytes, region.allocate(metadataBytes(bufferCount), 128),
                region.allocate(buffersBytes(bufferCount, bufferBytes), 4096), 0, 0,
                MemoryDebugger.ifEnabled(region.memory()));
    }

    /**
     * As {@link #PacketMemory(Region, int, int)}; the last {@code sharedCount} buffers are of no pool, but pages that any thread may hold:
     * {@link #sharedPages()}.
     *
     * @throws IllegalArgumentException if the sizes are out of range, or no buffer is left for pools
     */
    public PacketMemory(final Region region, final int bufferCount, final int bufferBytes, final int sharedCount) {
        this(region, region.memory(), bufferCount, bufferBytes, region.allocate(metadataBytes(bufferCount), 128),
                region.allocate(buffersBytes(bufferCount, bufferBytes), 4096), sharedCount,
                region.allocate(SharedPages.CONTROL_BYTES, 128), MemoryDebugger.ifEnabled(region.memory()));
    }

    private PacketMemory(final Region region, final OrderedMemory memory, final int bufferCount, final int bufferBytes,
            final long metadataBase, final long bufferBase, final int sharedCount, final long control,
            final MemoryDebugger debugger) {
        this.region = region;
        this.debugger = debugger;
        this.memory = memory;
        this.bufferCount = bufferCount;
        this.bufferBytes = bufferBytes;
        this.strideBytes = strideBytes(bufferBytes);
        this.metadataBase = metadataBase;
        this.bufferBase = bufferBase;
        if (sharedCount < 0 || sharedCount >= bufferCount) {
            throw new IllegalArgumentException(
                    "sharedCount=" + sharedCount + " is not within 0.." + (bufferCount - 1));
        }
        this.ownedCount = bufferCount - sharedCount;
        if (sharedCount == 0) {
            this.sharedPages = null;
        } else {
            this.sharedPages = new SharedPages(memory, ownedCount, sharedCount, Integer.highestOneBit(bufferBytes),
                    bufferAddress(ownedCount), strideBytes, record(ownedCount), RECORD_BYTES, control);
            sharedPages.format();
        }
    }

    /**
     * Over memory that is there already, which may be modelled or checked.
     *
     * @param metadataBase {@code bufferCount} records of {@link PacketLayout#RECORD_BYTES}, zeroed
     * @param bufferBase {@code bufferCount} buffers at {@link #bufferAddress} distances
     */
    public PacketMemory(final OrderedMemory memory, final int bufferCount, final int bufferBytes,
            final long metadataBase, final long bufferBase) {
        this(memory, bufferCount, bufferBytes, metadataBase, bufferBase, MemoryDebugger.ifEnabled(memory));
    }

    PacketMemory(final OrderedMemory memory, final int bufferCount, final int bufferBytes, final long metadataBase,
            final long bufferBase, final MemoryDebugger debugger) {
        this(null, memory, bufferCount, bufferBytes, metadataBase, bufferBase, 0, 0, debugger);
    }

    /** Region bytes that a constructor call with the same arguments takes, alignment included. */
    public static long requiredBytes(final int bufferCount, final int bufferBytes) {
        return metadataBytes(bufferCount) + buffersBytes(bufferCount, bufferBytes) + SharedPages.CONTROL_BYTES + 128
                + 128 + 4096;
    }

    private static long metadataBytes(final int bufferCount) {
        if (bufferCount < 1 || bufferCount > PacketHandle.MAX_BUFFERS) {
            throw new IllegalArgumentException(
                    "bufferCount=" + bufferCount + " is not within 1.." + PacketHandle.MAX_BUFFERS);
        }
        return (long) bufferCount * RECORD_BYTES;
    }

    private static long buffersBytes(final int bufferCount, final int bufferBytes) {
        if (bufferBytes < 256 || bufferBytes > PacketHandle.MAX_BUFFER_BYTES - 1024) {
            throw new IllegalArgumentException("bufferBytes=" + bufferBytes + " is not within 256.."
                    + (PacketHandle.MAX_BUFFER_BYTES - 1024));
        }
        return (long) bufferCount * strideBytes(bufferBytes);
    }

    // One extra pair of lines, so that the first lines of buffers, where headers lie, don't all fall into one set of
    // the cache, as they would at a power-of-two distance.
    private static int strideBytes(final int bufferBytes) {
        return (bufferBytes + 127 & ~127) + 128;
    }

    public OrderedMemory memory() {
        return memory;
    }

    /** Null if nobody debugs; of all pools, as buffers go from one to another. */
    MemoryDebugger debugger() {
        return debugger;
    }

    public int bufferCount() {
        return bufferCount;
    }

    /** Buffers that are a pool's; behind them are those of {@link #sharedPages()}. */
    public int ownedCount() {
        return ownedCount;
    }

    /** Buffers that any thread may hold; null if there are none. */
    public SharedPages sharedPages() {
        return sharedPages;
    }

    /** Usable bytes of each buffer. */
    public int bufferBytes() {
        return bufferBytes;
    }

    public long bufferAddress(final int index) {
        return bufferBase + (long) index * strideBytes;
    }

    /**
     * Gives the memory of buffers that nobody holds to the system, as far as it is whole pages.
     *
     * @return bytes that are no longer resident; 0 over memory that isn't a region's
     */
    long releaseBuffers(final int first, final int count) {
        if (region == null) {
            return 0;
        }
        final long pageBytes = region.pageBytes();
        final long from = bufferAddress(first) + pageBytes - 1 & -pageBytes;
        final long to = bufferAddress(first + count) & -pageBytes;
        if (from >= to) {
            return 0;
        }
        if (debugger != null) {
            debugger.forgetPoison(bufferAddress(first), (long) count * strideBytes);
        }
        return region.release(from, to - from);
    }

    /** From one buffer to the next. */
    int strideBytes() {
        return strideBytes;
    }

    /** Address of the first byte of a handle. */
    public long address(final long handle) {
        return bufferAddress(PacketHandle.index(handle)) + PacketHandle.offsetBytes(handle);
    }

    private long record(final int index) {
        return metadataBase + (long) index * RECORD_BYTES;
    }

    /** Makes a buffer the head of a new packet: no slices, no flags, no flow; the reference count stays. */
    public void resetMetadata(final int index) {
        final long record = record(index);
        memory.putInt(record + FLAGS_OFFSET, 0);
        memory.putLong(record + CHECKSUM_START_OFFSET, 0);
        memory.putLong(record + HEADER_LENGTH_OFFSET, 0);
        memory.putLong(record + FLOW_ID_OFFSET, 0xFFFF_FFFFL);
        memory.putLong(record + TOTAL_LENGTH_OFFSET, 0);
    }

    // -- reference count

    int referenceCount(final int index) {
        return memory.getInt(record(index) + REFERENCE_COUNT_OFFSET);
    }

    void referenceCount(final int index, final int count) {
        memory.putInt(record(index) + REFERENCE_COUNT_OFFSET, count);
    }

    // -- slices

    public int sliceCount(final int index) {
        return memory.getByte(record(index) + SLICE_COUNT_OFFSET);
    }

    public long slice(final int index, final int position) {
        return memory.getLong(record(index) + SLICES_OFFSET + (long) position * Long.BYTES);
    }

    /** @return false if the packet has {@link PacketLayout#MAX_SLICES} already */
    public boolean addSlice(final int index, final long handle) {
        final int count = sliceCount(index);
        if (count == MAX_SLICES) {
            return false;
        }
        memory.putLong(record(index) + SLICES_OFFSET + (long) count * Long.BYTES, handle);
        memory.putByte(record(index) + SLICE_COUNT_OFFSET, (byte) (count + 1));
        return true;
    }

    /** Forgets the slices, without releasing them. */
    public void clearSlices(final int index) {
        memory.putByte(record(index) + SLICE_COUNT_OFFSET, (byte) 0);
    }

    /** Bytes of the head and of all slices. */
    public int frameBytes(final long packet) {
        final int index = PacketHandle.index(packet);
        int total = PacketHandle.lengthBytes(packet);
        for (int i = 0, n = sliceCount(index); i < n; i++) {
            total += PacketHandle.lengthBytes(slice(index, i));
        }
        return total;
    }

    // -- the rest of the record; units and meaning in PacketLayout

    public int flags(final int index) {
        return memory.getShort(record(index) + FLAGS_OFFSET);
    }

    public void flags(final int index, final int flags) {
        memory.putShort(record(index) + FLAGS_OFFSET, (short) flags);
    }

    public int protocol(final int index) {
        return memory.getByte(record(index) + PROTOCOL_OFFSET) & 0xFF;
    }

    public void protocol(final int index, final int protocol) {
        memory.putByte(record(index) + PROTOCOL_OFFSET, (byte) protocol);
    }

    public int checksumStart(final int index) {
        return memory.getShort(record(index) + CHECKSUM_START_OFFSET) & 0xFFFF;
    }

    public int checksumOffset(final int index) {
        return memory.getShort(record(index) + CHECKSUM_OFFSET_OFFSET) & 0xFFFF;
    }

    public void checksum(final int index, final int startBytes, final int offsetBytes) {
        memory.putShort(record(index) + CHECKSUM_START_OFFSET, (short) startBytes);
        memory.putShort(record(index) + CHECKSUM_OFFSET_OFFSET, (short) offsetBytes);
    }

    public int gsoType(final int index) {
        return memory.getByte(record(index) + GSO_TYPE_OFFSET) & 0xFF;
    }

    public int gsoSizeBytes(final int index) {
        return memory.getShort(record(index) + GSO_SIZE_OFFSET) & 0xFFFF;
    }

    public void gso(final int index, final int type, final int sizeBytes) {
        memory.putShort(record(index) + GSO_SIZE_OFFSET, (short) sizeBytes);
        memory.putByte(record(index) + GSO_TYPE_OFFSET, (byte) type);
    }

    /** Length of all headers, link to transport, of a GSO frame. */
    public int headerLengthBytes(final int index) {
        return memory.getShort(record(index) + HEADER_LENGTH_OFFSET) & 0xFFFF;
    }

    public void headerLengthBytes(final int index, final int lengthBytes) {
        memory.putShort(record(index) + HEADER_LENGTH_OFFSET, (short) lengthBytes);
    }

    public int networkOffset(final int index) {
        return memory.getShort(record(index) + NETWORK_OFFSET_OFFSET) & 0xFFFF;
    }

    public int transportOffset(final int index) {
        return memory.getShort(record(index) + TRANSPORT_OFFSET_OFFSET) & 0xFFFF;
    }

    public int payloadOffset(final int index) {
        return memory.getShort(record(index) + PAYLOAD_OFFSET_OFFSET) & 0xFFFF;
    }

    public void offsets(final int index, final int networkBytes, final int transportBytes, final int payloadBytes) {
        memory.putShort(record(index) + NETWORK_OFFSET_OFFSET, (short) networkBytes);
        memory.putShort(record(index) + TRANSPORT_OFFSET_OFFSET, (short) transportBytes);
        memory.putShort(record(index) + PAYLOAD_OFFSET_OFFSET, (short) payloadBytes);
    }

    /** Length of the network packet by its own header: what follows it in the frame is link padding. */
    public int networkLengthBytes(final int index) {
        return memory.getShort(record(index) + NETWORK_LENGTH_OFFSET) & 0xFFFF;
    }

    public void networkLengthBytes(final int index, final int lengthBytes) {
        memory.putShort(record(index) + NETWORK_LENGTH_OFFSET, (short) lengthBytes);
    }

    public int vlanTag(final int index) {
        return memory.getShort(record(index) + VLAN_TAG_OFFSET) & 0xFFFF;
    }

    public void vlanTag(final int index, final int tag) {
        memory.putShort(record(index) + VLAN_TAG_OFFSET, (short) tag);
    }

    public int flowId(final int index) {
        return memory.getInt(record(index) + FLOW_ID_OFFSET);
    }

    public void flowId(final int index, final int flowId) {
        memory.putInt(record(index) + FLOW_ID_OFFSET, flowId);
    }

    public int flowHash(final int index) {
        return memory.getInt(record(index) + FLOW_HASH_OFFSET);
    }

    public void flowHash(final int index, final int hash) {
        memory.putInt(record(index) + FLOW_HASH_OFFSET, hash);
    }

    /** Frame length as the receiver recorded it; {@link #frameBytes} derives it. */
    public int totalLengthBytes(final int index) {
        return memory.getInt(record(index) + TOTAL_LENGTH_OFFSET);
    }

    public void totalLengthBytes(final int index, final int lengthBytes) {
        memory.putInt(record(index) + TOTAL_LENGTH_OFFSET, lengthBytes);
    }
}
