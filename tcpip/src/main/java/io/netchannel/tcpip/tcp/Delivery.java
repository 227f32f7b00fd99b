package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;

/**
 * Hands data in order to the application, in place, run by run of its packet.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Delivery {

    private final TcpConnection connection;
    private final Application application;
    private final PacketPool pool;
    private final PacketMemory packets;
    private boolean active;
    private boolean consumed;
    // Whose bytes a callback has before it, while active.
    private int buffer;

    Delivery(final TcpConnection connection, final PacketPool pool) {
        this.connection = connection;
        this.application = connection.application();
        this.pool = pool;
        this.packets = pool.packets();
    }

    /** Whether a callback has data before it. */
    boolean isActive() {
        return active;
    }

    /** {@link TcpFlow#keepReceived()}. */
    int keep() {
        if (!active) {
            throw new IllegalStateException("nothing is being received; keepReceived() is for within onReceive()");
        }
        // One that others hold too may be the send buffer of a flow of this host: what the application does to its bytes would reach
        // the peer with a retransmission.
        if (pool.isShared(buffer) || !connection.stack().receiveBudget().tryKeep()) {
            return TcpFlow.NOT_KEPT;
        }
        pool.retain(buffer);
        return buffer;
    }

    /** The room for data has changed otherwise than by reading. */
    void noteRoom() {
        consumed = true;
    }

    /** Whether the application has consumed something since this was asked last. */
    boolean takeConsumed() {
        final boolean taken = consumed;
        consumed = false;
        return taken;
    }

    /**
     * Delivers what waits, as far as it is taken.
     *
     * @param lends whether nothing of the stack is in progress
     * @return whether the connection goes on
     */
    boolean drain(final ReceiveQueue queue, final boolean lends) {
        while (!queue.isEmpty() && application.takesData()) {
            final int done = deliver(queue.headPacket(), queue.headOffset(), queue.headBytes(), lends);
            if (!connection.isOpen()) {
                return false;
            }
            queue.consume(done);
            if (connection.isOrphan() && !queue.isEmpty()) {
                // Closed by the callback, which left data unread.
                connection.closing().onUnread();
                return false;
            }
        }
        return true;
    }

    /** {@link #offer} of a packet that is nobody else's: released if a handler throws even from onFailure. */
    int offerOwned(final long packet, final int offset, final int lengthBytes, final ReceiveQueue queue) {
        boolean returned = false;
        try {
            final int done = offer(packet, offset, lengthBytes, queue);
            returned = true;
            return done;
        } finally {
            if (!returned) {
                pool.releasePacket(packet);
            }
        }
    }

    /**
     * To the application at once, if nothing waits before it, and if it isn't to be told later; what it doesn't take is the caller's to
     * queue.
     */
    int offer(final long packet, final int offset, final int lengthBytes, final ReceiveQueue queue) {
        if (!queue.isEmpty() || !application.takesData()) {
            return none();
        }
        // Without room to wait in it is told at once, even if the application then blocks a stack that nobody may take.
        final TcpStack stack = connection.stack();
        if (stack.lends() && (stack.isStoodIn() || queue.takes(packet))) {
            application.deliverLater();
            return 0;
        }
        final int done = deliver(packet, offset, lengthBytes, false);
        return done < lengthBytes ? done + none() : done;
    }

    private int none() {
        if (connection.isOpen() && connection.isOrphan()) {
            // Closed by a callback that left data unread.
            connection.closing().onUnread();
        }
        return 0;
    }

    /**
     * Hands over as much as is taken.
     *
     * <p>The packet is held by the caller or by the queue; so the receiver's release, which a callback may bring about,
     * waits for its end.
     */
    private int deliver(final long packet, final int offset, final int lengthBytes, final boolean lends) {
        active = true;
        try {
            final int done = deliverRuns(packet, offset, lengthBytes, lends);
            consumed |= done > 0;
            return done;
        } finally {
            active = false;
            if (!connection.isOpen()) {
                connection.receiver().release();
            }
        }
    }

    // Runs of a packet's frame, head first. The bounds were checked against the frame when it was parsed.
    private int deliverRuns(final long packet, final int offset, final int lengthBytes, final boolean lends) {
        final int index = PacketHandle.index(packet);
        final int slices = packets.sliceCount(index);
        long part = packet;
        int skip = offset;
        int done = 0;
        for (int slice = 0; done < lengthBytes; slice++) {
            final int partBytes = PacketHandle.lengthBytes(part);
            if (skip < partBytes) {
                final int run = Math.min(partBytes - skip, lengthBytes - done);
                buffer = PacketHandle.index(part);
                final int consumed = application.deliver(packets.address(part) + skip, run, lends);
                done += consumed;
                if (consumed < run || !connection.isOpen() || !application.takesData()) {
                    break;
                }
                skip = 0;
            } else {
                skip -= partBytes;
            }
            if (slice == slices) {
                break;
            }
            part = packets.slice(index, slice);
        }
        return done;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        consumed = image.of(consumed);
    }
}
