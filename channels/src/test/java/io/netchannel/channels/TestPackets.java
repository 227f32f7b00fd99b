package io.netchannel.channels;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;

/** Packet buffers in which only the bytes of the packet that was made last may be touched. */
public final class TestPackets implements AutoCloseable {

    private static final int HEADROOM_BYTES = 128;
    private static final byte GUARD = (byte) 0x45;

    public final PacketMemory packets;
    public final PacketPool pool;
    public final CheckedMemory memory;
    private final TestMemory own = new TestMemory();
    private final int bufferBytes;

    public TestPackets(final int bufferCount, final int bufferBytes) {
        this.bufferBytes = bufferBytes;
        final long bytes = PacketMemory.requiredBytes(bufferCount, bufferBytes);
        final long metadata = own.allocate((long) bufferCount * PacketLayout.RECORD_BYTES);
        final long buffers = own.allocate(bytes);
        memory = new CheckedMemory(buffers, bytes);
        packets = new PacketMemory(memory, bufferCount, bufferBytes, metadata, buffers);
        pool = new PacketPool(packets);
        HostMemory.INSTANCE.fill(buffers, bytes, GUARD);
    }

    /**
     * A packet of these bytes.
     *
     * @param partBytes lengths of the head and of the slices; what is left lies in one more
     */
    public long packet(final byte[] frame, final int... partBytes) {
        memory.forbidAll();
        long head = PacketHandle.NONE;
        int done = 0;
        for (int i = 0; head < 0 || done < frame.length; i++) {
            final int length = i < partBytes.length ? Math.min(partBytes[i], frame.length - done) : frame.length - done;
            final int index = pool.allocate();
            final int offset = HEADROOM_BYTES + (i * 3 & 7);
            if (index < 0 || offset + length > bufferBytes) {
                throw new IllegalArgumentException("length=" + length + " in buffer " + index);
            }
            final long handle = PacketHandle.of(index, offset, length);
            HostMemory.INSTANCE.copyFromArray(frame, done, packets.address(handle), length);
            memory.permit(packets.address(handle), length);
            done += length;
            if (head < 0) {
                head = handle;
            } else {
                packets.addSlice(PacketHandle.index(head), handle);
            }
        }
        return head;
    }

    public void release(final long packet) {
        pool.releasePacket(packet);
    }

    @Override
    public void close() {
        own.close();
    }
}
