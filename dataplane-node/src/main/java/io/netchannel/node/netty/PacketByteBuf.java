package io.netchannel.node.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.nio.ByteBuffer;

/**
 * Received bytes where the packet has them. Its last {@code release()}, on any thread, gives the packet's buffer back.
 */
final class PacketByteBuf extends UnpooledDirectByteBuf {

    private final ReceivedBuffers home;
    private final int buffer;

    /** @param buffer of {@link io.netchannel.tcpip.tcp.TcpFlow#keepReceived()} */
    PacketByteBuf(final ByteBufAllocator allocator, final ByteBuffer bytes, final ReceivedBuffers home,
            final int buffer) {
        super(allocator, bytes, Integer.MAX_VALUE);
        this.home = home;
        this.buffer = buffer;
    }

    int buffer() {
        return buffer;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        home.giveBack(this);
    }
}
