package io.netchannel.node.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Memory of a loop as Netty's buffer. Its last {@code release()}, on any thread, gives the memory back.
 *
 * <p>Threading: {@link #takeBack} the loop's, or of whoever comes after it has ended; the rest Netty's for buffers.
 */
abstract class LoopByteBuf extends UnpooledDirectByteBuf {

    private final ReceivedBuffers home;
    private final long address;
    // To memory of its own, as somebody has given it another capacity.
    private boolean moved;

    /** @param address of {@code bytes} */
    LoopByteBuf(final ByteBufAllocator allocator, final ByteBuffer bytes, final long address,
            final ReceivedBuffers home) {
        super(allocator, bytes, Integer.MAX_VALUE);
        this.home = home;
        this.address = address;
    }

    /** After the last reference is gone. */
    abstract void takeBack();

    final boolean hasMoved() {
        return moved;
    }

    @Override
    public final ByteBuf capacity(final int newCapacity) {
        final int before = capacity();
        super.capacity(newCapacity);
        moved |= before != newCapacity;
        return this;
    }

    /** Netty's own makes objects to find that out, in a JVM where it does without Unsafe. */
    @Override
    public final long memoryAddress() {
        if (moved) {
            // Where Netty has Unsafe it keeps no address here.
            return super.hasMemoryAddress()
                    ? super.memoryAddress()
                    : MemorySegment.ofBuffer(internalNioBuffer(0, capacity())).address();
        }
        ensureAccessible();
        return address;
    }

    /** What this object does without the loop's memory. */
    final void freeOwn() {
        super.deallocate();
    }

    @Override
    protected void deallocate() {
        home.giveBack(this);
    }
}
