package io.netchannel.node.netty;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.kernel.storage.ramfs.PageTarget;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A stream channel's writing: one copy, into the flow's send buffer, from wherever the bytes are; none from a file of a {@link
 * io.netchannel.kernel.storage.ramfs.RamFs} over the node's pages, which goes out as any {@link FileRegion} does. What finds no room there waits
 * in Netty's outbound buffer, until the flow says that there is some.
 *
 * <p>Threading: the event loop's.
 */
final class StreamOutput {

    private final DataplaneSocketChannel channel;
    private final RegionTarget target = new RegionTarget();

    StreamOutput(final DataplaneSocketChannel channel) {
        this.channel = channel;
    }

    /** Writes what was flushed, as far as there is room. */
    void write(final ChannelOutboundBuffer buffer) throws IOException {
        final TcpFlow flow = channel.flow();
        boolean room = true;
        for (Object message = buffer.current(); message != null && room; message = buffer.current()) {
            if (!flow.isOpen()) {
                throw channel.brokenPipe();
            }
            room = message instanceof final ByteBuf bytes
                    ? writeBytes(flow, bytes, buffer)
                    : writeRegion((FileRegion) message, buffer);
        }
    }

    private static boolean writeBytes(final TcpFlow flow, final ByteBuf bytes, final ChannelOutboundBuffer buffer) {
        final int length = bytes.readableBytes();
        final int taken = length == 0 ? 0 : put(flow, bytes, length);
        if (taken > 0 || length == 0) {
            buffer.removeBytes(taken);
        }
        return taken == length;
    }

    private static int put(final TcpFlow flow, final ByteBuf bytes, final int length) {
        final int from = bytes.readerIndex();
        if (bytes.hasMemoryAddress()) {
            return flow.write(bytes.memoryAddress() + from, length);
        }
        if (bytes.hasArray()) {
            return flow.write(bytes.array(), bytes.arrayOffset() + from, length);
        }
        if (bytes.nioBufferCount() == 1) {
            return put(flow, bytes.internalNioBuffer(from, length));
        }
        int taken = 0;
        for (final ByteBuffer part : bytes.nioBuffers(from, length)) {
            final int partBytes = part.remaining();
            final int done = partBytes == 0 ? 0 : put(flow, part);
            taken += done;
            if (done < partBytes) {
                break;
            }
        }
        return taken;
    }

    private static int put(final TcpFlow flow, final ByteBuffer bytes) {
        if (bytes.isDirect()) {
            return flow.write(MemorySegment.ofBuffer(bytes).address(), bytes.remaining());
        }
        if (bytes.hasArray()) {
            return flow.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
        final byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return flow.write(copy, 0, copy.length);
    }

    private boolean writeRegion(final FileRegion region, final ChannelOutboundBuffer buffer) throws IOException {
        target.full = false;
        while (region.transferred() < region.count() && !target.full) {
            final long moved = region.transferTo(target, region.transferred());
            if (moved > 0) {
                buffer.progress(moved);
            } else if (!target.full) {
                throw new IOException("region ends at " + region.transferred() + " of " + region.count() + " bytes");
            }
        }
        if (region.transferred() < region.count()) {
            return false;
        }
        buffer.remove();
        return true;
    }

    /** Where a region puts its bytes; or, if they are in pages of the node, shows them. */
    private final class RegionTarget implements PageTarget {

        private boolean full;

        @Override
        public int write(final ByteBuffer source) {
            final int length = source.remaining();
            final int taken = length == 0 ? 0 : put(channel.flow(), source);
            source.position(source.position() + taken);
            full = taken < length;
            return taken;
        }

        @Override
        public boolean canShow(final SharedPages pages) {
            return channel.flow().sharedPages() == pages;
        }

        @Override
        public int writePage(final long part) {
            final int taken = channel.flow().writePage(part);
            full = taken < PacketHandle.lengthBytes(part);
            return taken;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {
            // The channel's owner does.
        }
    }
}
