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
 * What a loop has received, as Netty's buffers: lent from the packet, or copied into one of the loop's or of the channel's allocator.
 *
 * <p>Threading: {@link #giveBack} any; the rest the loop's, or of whoever comes after it has ended.
 */
final class ReceivedBuffers {

    private static final int CHUNK = 256;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final TcpStack tcp;
    private final ThreadAwareExecutor loop;
    private final MpscUnboundedVarHandleArrayQueue<LoopByteBuf> returned = new MpscUnboundedVarHandleArrayQueue<>(
            CHUNK);
    private final SmallBuffers small = new SmallBuffers(this);
    private volatile boolean ended;
    // Handed out and not taken back.
    private int out;

    ReceivedBuffers(final TcpStack tcp, final ThreadAwareExecutor loop) {
        this.tcp = tcp;
        this.loop = loop;
    }

    /** The bytes that {@code flow} has before it, in their packet; null if it has to be a copy. */
    ByteBuf lend(final TcpFlow flow, final long address, final int lengthBytes, final ByteBufAllocator allocator) {
        final int buffer = flow.keepReceived();
        if (buffer == TcpFlow.NOT_KEPT) {
            return null;
        }
        out++;
        return new PacketByteBuf(allocator, bytes(address, lengthBytes), address, this, tcp, buffer);
    }

    /** A few bytes in one of the loop's buffers; null if it has to be one of the allocator's. */
    ByteBuf copyOf(final long address, final int lengthBytes, final ByteBufAllocator allocator) {
        final LoopByteBuf bytes = lengthBytes <= SmallBuffers.CAPACITY_BYTES ? small.take(allocator) : null;
        if (bytes != null) {
            out++;
            memory.copy(address, bytes.memoryAddress(), lengthBytes);
            bytes.writerIndex(lengthBytes);
        }
        return bytes;
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

    /** The last reference to a buffer is gone. */
    void giveBack(final LoopByteBuf lent) {
        if (!ended && loop.isExecutorThread(Thread.currentThread())) {
            takeBack(lent);
        } else {
            // No wake-up: a loop that sleeps has buffers enough, and flows that wait for some look again by themselves.
            returned.offer(lent);
        }
    }

    private void takeBack(final LoopByteBuf lent) {
        out--;
        lent.takeBack();
    }

    /** Takes what other threads have given back. @return how many */
    int takeReturned() {
        if (out == 0) {
            // Most turns: so the queue isn't looked at, two cache lines of it.
            return 0;
        }
        int taken = 0;
        for (LoopByteBuf lent = returned.poll(); lent != null; lent = returned.poll()) {
            takeBack(lent);
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
