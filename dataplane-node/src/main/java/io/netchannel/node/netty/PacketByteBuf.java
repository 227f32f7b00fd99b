package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpStack;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** Received bytes where the packet has them. */
final class PacketByteBuf extends LoopByteBuf {

    private final TcpStack tcp;
    private final int buffer;

    /** @param buffer of {@link io.netchannel.tcpip.tcp.TcpFlow#keepReceived()} */
    PacketByteBuf(final ByteBufAllocator allocator, final ByteBuffer bytes, final long address,
            final ReceivedBuffers home, final TcpStack tcp, final int buffer) {
        super(allocator, bytes, address, home);
        this.tcp = tcp;
        this.buffer = buffer;
    }

    @Override
    void takeBack() {
        tcp.releaseReceived(buffer);
    }

    @Override
    protected void deallocate() {
        freeOwn();
        super.deallocate();
    }
}
