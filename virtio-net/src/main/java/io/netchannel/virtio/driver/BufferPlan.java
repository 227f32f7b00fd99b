package io.netchannel.virtio.driver;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;

import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.virtio.net.VirtioFeature;

/**
 * How frames are laid out in packet buffers.
 *
 * <pre>
 *   0                 116          128                                  bufferBytes
 *  +-----------------+------------+------------------------------------+
 *  |    headroom     | net header |  frame                             |   receive, first buffer; transmit, head
 *  +-----------------+------------+------------------------------------+
 *  |    headroom     |  frame, continued                               |   receive, further buffers
 *  +-----------------+-------------------------------------------------+
 * </pre>
 * So a received frame has the headroom of one to be sent, and can be sent on where it lies.
 */
final class BufferPlan {

    /** Free bytes before a frame. */
    static final int HEADROOM_BYTES = 128;
    /** Where receive buffers begin, so that the frame begins at the headroom's end. */
    static final int RECEIVE_OFFSET = HEADROOM_BYTES - LENGTH_BYTES;
    /** Buffers that a packet may have. */
    static final int MAX_BUFFERS = 1 + PacketLayout.MAX_SLICES;

    /**
     * Buffers that a receive queue takes even from a pool that runs out, so that whatever frees buffers, an
     * acknowledgement say, can still arrive: enough for the largest frame, and some more.
     */
    static final int MIN_POSTED_BUFFERS = 32;

    private BufferPlan() {
    }

    static int receiveCapacity(final int bufferBytes) {
        return bufferBytes - RECEIVE_OFFSET;
    }

    /** Buffers of a chain that holds any frame that may arrive; with MRG_RXBUF a chain is one buffer. */
    static int buffersPerChain(final int bufferBytes, final int mtuBytes, final long features) {
        if (VirtioFeature.MRG_RXBUF.in(features)) {
            return 1;
        }
        final int capacity = receiveCapacity(bufferBytes);
        return (LENGTH_BYTES + maxFrameBytes(mtuBytes, features) + capacity - 1) / capacity;
    }

    static int maxFrameBytes(final int mtuBytes, final long features) {
        return VirtioFeature.acceptsSuperFrames(features)
                ? MAX_FRAME_BYTES
                : mtuBytes + MAX_LINK_HEADER_BYTES;
    }

    /** Whether the largest super-frame fits into a packet, the receive queue, and what the pool gives it. */
    static boolean fitsSuperFrames(final PacketPool pool, final int queueSize) {
        final long capacity = receiveCapacity(pool.packets().bufferBytes());
        final int most = Math.min(MAX_BUFFERS, Math.min(queueSize, pool.capacity() - reservedBuffers(pool)));
        return capacity * most >= LENGTH_BYTES + MAX_FRAME_BYTES;
    }

    /**
     * Buffers of a pool that a receive queue leaves alone once it has {@link #MIN_POSTED_BUFFERS}: a node that has
     * nothing left to answer with is as good as dead.
     */
    static int reservedBuffers(final PacketPool pool) {
        return pool.capacity() / 4;
    }
}
