package io.netchannel.node.netty;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * What a loop has received, as Netty's buffers: lent from the packet, or copied.
 *
 * <p>Threading: {@link #giveBack} any; the rest the loop's, or of whoever comes after it has ended.
 */
final class ReceivedBuffers {

    private static final int CHUNK = 256;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final TcpStack tcp;
    private final ThreadAwareExecutor loop;
    private final MpscUnboundedVarHandleArrayQueue<PacketByteBuf> returned = new MpscUnboundedVarHandleArrayQueue<>(
            CHUNK);
    private volatile boolean ended;

    ReceivedBuffers(final TcpStack tcp, final ThreadAwareExecutor loop) {
        this.tcp = tcp;
        this.loop = loop;
    }

    /** The bytes that {@code flow} has before it, in their packet; null if it has to be a copy. */
    ByteBuf lend(final TcpFlow flow, final long address, final int lengthBytes, final ByteBufAllocator allocator) {
        final int buffer = flow.keepReceived();
        return buffer == TcpFlow.NOT_KEPT
                ? null
                : new PacketByteBuf(allocator, bytes(address, lengthBytes), this, buffer);
    }

    // The stack vouches for the range.
    @SuppressWarnings("restricted")
    private static ByteBuffer bytes(final long address, final int lengthBytes) {
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes).asByteBuffer();
    }

    /** Appends bytes to a buffer that has room for them. */
    void copy(final long address, final ByteBuf into, final int lengthBytes) {
        final int at = into.writerIndex();
        if (into.hasMemoryAddress()) {
            memory.copy(address, into.memoryAddress() + at, lengthBytes);
        } else if (into.hasArray()) {
            memory.copyToArray(address, into.array(), into.arrayOffset() + at, lengthBytes);
        } else {
            into.setBytes(at, bytes(address, lengthBytes));
        }
        into.writerIndex(at + lengthBytes);
    }

    /** The last reference to a lent buffer is gone. */
    void giveBack(final PacketByteBuf lent) {
        if (!ended && loop.isExecutorThread(Thread.currentThread())) {
            tcp.releaseReceived(lent.buffer());
        } else {
            // No wake-up: a loop that sleeps has buffers enough, and flows that wait for some look again by themselves.
            returned.offer(lent);
        }
    }

    /** Takes what other threads have given back. @return how many */
    int takeReturned() {
        int taken = 0;
        for (PacketByteBuf lent = returned.poll(); lent != null; lent = returned.poll()) {
            tcp.releaseReceived(lent.buffer());
            taken++;
        }
        return taken;
    }

    /** The loop runs no more: {@link #takeReturned} is its successor's, even for what its thread gives back. */
    void end() {
        takeReturned();
        ended = true;
    }
}
