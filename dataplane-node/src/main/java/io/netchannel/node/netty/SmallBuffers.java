package io.netchannel.node.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A loop's buffers for what is too little to lend: an allocator takes as long to hand one out as Netty's handlers to read it.
 * There is a fixed number. With all of them held, the channel's allocator has more.
 *
 * <p>Those who set an allocator of their own, or look for leaks, get what they ask for.
 *
 * <p>Threading: the loop's, or of whoever comes after it has ended.
 */
final class SmallBuffers {

    /** Most requests; more than a quarter of most packet buffers is lent. */
    static final int CAPACITY_BYTES = 512;
    static final int COUNT = 256;

    private final ReceivedBuffers home;
    private final SmallByteBuf[] free = new SmallByteBuf[COUNT];
    private int freeCount;
    private int made;
    // Of all. It lives as long as a buffer does, also one that nobody releases.
    private ByteBuffer memory;

    SmallBuffers(final ReceivedBuffers home) {
        this.home = home;
    }

    /** @return null if {@code allocator} is to be asked */
    SmallByteBuf take(final ByteBufAllocator allocator) {
        if (allocator != ByteBufAllocator.DEFAULT || ResourceLeakDetector.getLevel().compareTo(Level.SIMPLE) > 0) {
            return null;
        }
        if (freeCount > 0) {
            return free[--freeCount].again();
        }
        return made < COUNT ? make() : null;
    }

    private SmallByteBuf make() {
        if (memory == null) {
            memory = ByteBuffer.allocateDirect(COUNT * CAPACITY_BYTES);
        }
        final int index = made++;
        return over(memory.slice(index * CAPACITY_BYTES, CAPACITY_BYTES));
    }

    private SmallByteBuf over(final ByteBuffer bytes) {
        return new SmallByteBuf(ByteBufAllocator.DEFAULT, bytes, MemorySegment.ofBuffer(bytes).address(), home, this);
    }

    void takeBack(final SmallByteBuf released) {
        free[freeCount++] = released.hasMoved() ? over(released.bytes()) : released;
    }
}
