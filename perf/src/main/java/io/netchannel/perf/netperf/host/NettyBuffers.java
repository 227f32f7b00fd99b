package io.netchannel.perf.netperf.host;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Payloads as Netty's buffers, and what was received by address.
 *
 * <p>Threading: confined to one event loop.
 */
final class NettyBuffers {

    private final Buffer scratch;
    private Payload of;
    private ByteBuf buffer;

    /** @param verify whether received bytes must have an address */
    NettyBuffers(final boolean verify) {
        scratch = verify ? new Buffer(BlockingHost.RECEIVE_BUFFER_BYTES) : null;
    }

    /** A slice with a reference of its own; the bytes stay where they are. */
    ByteBuf slice(final Payload payload, final int offset, final int lengthBytes) {
        if (of != payload) {
            of = payload;
            buffer = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(payload.buffer()));
        }
        return buffer.retainedSlice(offset, lengthBytes);
    }

    /** @return 0 if nobody wants to see them */
    long address(final ByteBuf received) {
        if (scratch == null) {
            return 0;
        }
        received.getBytes(received.readerIndex(), scratch.cleared().limit(received.readableBytes()));
        return scratch.address();
    }
}
