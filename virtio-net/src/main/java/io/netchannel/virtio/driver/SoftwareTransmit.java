package io.netchannel.virtio.driver;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.virtio.net.FrameCopier;
import io.netchannel.virtio.net.FrameTarget;
import io.netchannel.virtio.net.FrameView;
import io.netchannel.virtio.net.VirtioNetHeader;

/**
 * Finishes a frame before it is sent to a device that wouldn't: cuts a super-frame, or completes a checksum, into
 * buffers of the pool. A stack that looks at {@code capabilities()} hardly ever needs it; ECN is the case that these
 * can't express.
 *
 * <p>Threading: that of the transmit queue.
 */
final class SoftwareTransmit implements FrameTarget {

    private final PacketPool pool;
    private final PacketMemory packets;
    private final FrameView view;
    private final FrameCopier copier = new FrameCopier();
    private TransmitQueue queue;
    private int buffer;
    private int written;

    SoftwareTransmit(final PacketPool pool) {
        this.pool = pool;
        this.packets = pool.packets();
        this.view = new FrameView(packets.memory(), BufferPlan.MAX_BUFFERS);
    }

    /** Frames that it takes, at most. */
    int frameCount(final long packet, final VirtioNetHeader header) {
        return header.isGso() && header.gsoSizeBytes() > 0
                ? packets.frameBytes(packet) / header.gsoSizeBytes() + 1
                : 1;
    }

    /** @return false if it can't be done, or the pool was empty before all was done */
    boolean finish(final long packet, final VirtioNetHeader header, final TransmitQueue target) {
        final int head = PacketHandle.index(packet);
        view.clear().add(packets.address(packet), PacketHandle.lengthBytes(packet));
        for (int i = 0, n = packets.sliceCount(head); i < n; i++) {
            final long slice = packets.slice(head, i);
            view.add(packets.address(slice), PacketHandle.lengthBytes(slice));
        }
        final int bytes = view.lengthBytes();
        final boolean badChecksum = header.needsChecksum()
                && header.checksumStart() + header.checksumOffset() + Short.BYTES > bytes;
        if (badChecksum || header.isGso() && (header.gsoSizeBytes() == 0 || !header.needsChecksum())) {
            return false;
        }
        queue = target;
        final int answer = copier.copy(view, header, 0, this);
        copier.forget();
        return answer == READY;
    }

    @Override
    public int begin(final int frameBytes, final VirtioNetHeader header) {
        if (BufferPlan.HEADROOM_BYTES + frameBytes > packets.bufferBytes()) {
            return TOO_LONG;
        }
        buffer = pool.allocate();
        written = 0;
        return buffer == PacketPool.EMPTY ? NO_ROOM : READY;
    }

    @Override
    public void write(final long sourceAddress, final int lengthBytes) {
        packets.memory().copy(sourceAddress, packets.bufferAddress(buffer) + BufferPlan.HEADROOM_BYTES + written,
                lengthBytes);
        written += lengthBytes;
    }

    @Override
    public void end() {
        queue.enqueueFinished(PacketHandle.of(buffer, BufferPlan.HEADROOM_BYTES, written));
    }
}
