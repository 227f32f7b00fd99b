package io.netchannel.node.netty;

import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** A buffer for what is too little to lend, used again and again. */
final class SmallByteBuf extends LoopByteBuf {

    private final SmallBuffers pool;
    private final ByteBuffer bytes;

    SmallByteBuf(final ByteBufAllocator allocator, final ByteBuffer bytes, final long address,
            final ReceivedBuffers home, final SmallBuffers pool) {
        super(allocator, bytes, address, home);
        this.pool = pool;
        this.bytes = bytes;
        clear();
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** As new. */
    SmallByteBuf again() {
        resetRefCnt();
        clear().markReaderIndex().markWriterIndex();
        return this;
    }

    @Override
    void takeBack() {
        pool.takeBack(this);
    }

    @Override
    protected void deallocate() {
        if (hasMoved()) {
            freeOwn();
        }
        super.deallocate();
    }
}
