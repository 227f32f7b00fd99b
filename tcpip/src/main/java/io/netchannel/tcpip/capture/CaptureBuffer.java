package io.netchannel.tcpip.capture;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelLayout;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.channels.OwnedLongs;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.WakeWord;
import io.netchannel.tcpip.ip.PacketBytes;

/**
 * Copies of a stack's frames on their way to another thread, bounded: what finds it full is counted and left out.
 *
 * <p>Records lie in a ring of bytes; their positions go through a channel. A position counts all bytes that were ever used,
 * so that the difference of two is what lies between them.
 *
 * <pre>
 *   record   time ns (8) │ captured bytes (4) │ frame's bytes (4) │ outbound (4) │ - (4) │ the bytes, padded to 8
 * </pre>
 *
 * <p>Threading: {@link #offer} and {@link #flush} the stack's; {@link #drain} and {@link #isEmpty} the reader's; the counts
 * any. {@link #close} when neither uses it any more.
 */
public final class CaptureBuffer implements AutoCloseable {

    public static final int MAX_SNAP_BYTES = 262_144;
    public static final int MIN_BUFFER_BYTES = 1 << 16;
    public static final int MAX_BUFFER_BYTES = 1 << 28;

    private static final int TIME = 0;
    private static final int CAPTURED = 8;
    private static final int LENGTH = 12;
    private static final int OUTBOUND = 16;
    private static final int HEADER_BYTES = 24;
    private static final int RECORD_ALIGNMENT = 8;
    /** A small frame's record: as many fit. */
    private static final int MEAN_RECORD_BYTES = 128;

    private static final int POSITION = 0;
    private static final int CACHED_FREED = 1;
    private static final int ACCEPTED = 2;
    private static final int DROPPED = 3;

    private final Region region;
    private final OrderedMemory memory;
    private final CaptureFilter filter;
    private final int snapBytes;
    private final int bufferBytes;
    private final long bytes;
    /** Shared word: bytes that the reader has done with. */
    private final long freedWord;
    private final NetChannelProducer producer;
    private final NetChannelConsumer consumer;
    private final OwnedLongs own = new OwnedLongs(4);
    private final FrameSummary summary = new FrameSummary();

    /** Gets the records of a buffer. */
    @FunctionalInterface
    public interface Reader {

        /** @param address of {@code capturedBytes} bytes, valid during the call */
        void onFrame(long timeNs, boolean outbound, long address, int capturedBytes, int frameBytes);
    }

    /**
     * @param snapBytes of each frame, at most
     * @param bufferBytes for all that is on its way; a power of two
     * @param readerWake of the reader's loop, or null for one that polls
     * @throws IllegalArgumentException naming the value that is wrong
     */
    public CaptureBuffer(final CaptureFilter filter, final int snapBytes, final int bufferBytes,
            final WakeWord readerWake) {
        if (snapBytes < 1 || snapBytes > MAX_SNAP_BYTES) {
            throw new IllegalArgumentException("snapBytes=" + snapBytes + " is not within 1.." + MAX_SNAP_BYTES);
        }
        if (bufferBytes < MIN_BUFFER_BYTES || bufferBytes > MAX_BUFFER_BYTES || Integer.bitCount(bufferBytes) != 1) {
            throw new IllegalArgumentException("bufferBytes=" + bufferBytes + " is not a power of two within "
                    + MIN_BUFFER_BYTES + ".." + MAX_BUFFER_BYTES);
        }
        final int records = bufferBytes / MEAN_RECORD_BYTES;
        this(filter, snapBytes, bufferBytes, records, Region.create("capture", regionBytes(records, bufferBytes)),
                readerWake);
    }

    /** Over a region that is there already, which may be modelled; of any size that is a power of two. */
    CaptureBuffer(final CaptureFilter filter, final int snapBytes, final int bufferBytes, final int records,
            final Region region, final WakeWord readerWake) {
        this.filter = filter;
        this.snapBytes = snapBytes;
        this.bufferBytes = bufferBytes;
        this.region = region;
        memory = region.memory();
        final long channel = region.allocate(NetChannel.sizeBytes(records), NetChannelLayout.ALIGNMENT_BYTES);
        freedWord = region.allocate(Long.BYTES, NetChannelLayout.ALIGNMENT_BYTES);
        bytes = region.allocate(bufferBytes, NetChannelLayout.ALIGNMENT_BYTES);
        producer = new NetChannelProducer(memory, channel, records, readerWake);
        consumer = new NetChannelConsumer(memory, channel, records);
    }

    static long regionBytes(final int records, final int bufferBytes) {
        return NetChannel.sizeBytes(records) + bufferBytes + 3 * NetChannelLayout.ALIGNMENT_BYTES;
    }

    // -- the stack's thread

    /** Copies a frame if the filter selects it. */
    void offer(final PacketMemory packets, final long packet, final boolean outbound, final long nowNs) {
        if (!filter.matchesAll()) {
            summary.read(packets.memory(), packets.address(packet), PacketHandle.lengthBytes(packet));
            if (!filter.matches(summary)) {
                return;
            }
        }
        final int frameBytes = packets.frameBytes(packet);
        final int captured = Math.min(frameBytes, snapBytes);
        final int recordBytes = recordBytes(captured);
        final long position = place(recordBytes);
        own.add(ACCEPTED, 1);
        if (position < 0) {
            own.add(DROPPED, 1);
            return;
        }
        final long record = bytes + (position & bufferBytes - 1);
        memory.putLong(record + TIME, nowNs);
        memory.putInt(record + CAPTURED, captured);
        memory.putInt(record + LENGTH, frameBytes);
        memory.putInt(record + OUTBOUND, outbound ? 1 : 0);
        PacketBytes.copyOut(packets, packet, 0, record + HEADER_BYTES, captured);
        // Published, record and all, by the release of the channel's tail.
        producer.offer(position);
        own.set(POSITION, position + recordBytes);
    }

    private static int recordBytes(final int captured) {
        return HEADER_BYTES + captured + RECORD_ALIGNMENT - 1 & -RECORD_ALIGNMENT;
    }

    /** @return where a record goes, in one piece; -1 if there is no room */
    private long place(final int recordBytes) {
        long position = own.get(POSITION);
        final int untilEnd = bufferBytes - (int) (position & bufferBytes - 1);
        if (recordBytes > untilEnd) {
            position += untilEnd;
        }
        if (position + recordBytes - own.get(CACHED_FREED) > bufferBytes) {
            // Pairs with the release in drain(): what the reader has copied may be written over.
            own.set(CACHED_FREED, memory.getLongAcquire(freedWord));
            if (position + recordBytes - own.get(CACHED_FREED) > bufferBytes) {
                return -1;
            }
        }
        return producer.space() == 0 ? -1 : position;
    }

    /** Publishes what was offered in this turn, and wakes the reader. */
    void flush() {
        producer.flush();
    }

    // -- the reader's thread

    /** @return how many frames the reader got, at most {@code limit} */
    public int drain(final Reader reader, final int limit) {
        int count = 0;
        while (count < limit) {
            final long position = consumer.poll();
            if (position == NetChannelConsumer.NONE) {
                break;
            }
            final long record = bytes + (position & bufferBytes - 1);
            final int captured = memory.getInt(record + CAPTURED);
            try {
                reader.onFrame(memory.getLong(record + TIME), memory.getInt(record + OUTBOUND) != 0,
                        record + HEADER_BYTES, captured, memory.getInt(record + LENGTH));
            } finally {
                // Pairs with the acquire in place(): the record is not written over before it was read.
                memory.putLongRelease(freedWord, position + recordBytes(captured));
            }
            count++;
        }
        consumer.flush();
        return count;
    }

    public boolean isEmpty() {
        return consumer.isEmpty();
    }

    /** To read what a {@link Reader} is given. */
    public OrderedMemory memory() {
        return memory;
    }

    // -- any thread

    /** Frames that the filter selected. */
    public long accepted() {
        return own.read(ACCEPTED);
    }

    /** Of these, those that found no room. */
    public long dropped() {
        return own.read(DROPPED);
    }

    @Override
    public void close() {
        region.close();
    }
}
