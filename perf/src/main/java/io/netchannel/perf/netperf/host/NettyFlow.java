package io.netchannel.perf.netperf.host;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;

/**
 * A connection of a {@link NettyHost}.
 *
 * <p>Threading: its event loop's.
 */
final class NettyFlow extends ChannelInboundHandlerAdapter implements Flow {

    /** Written but not flushed, at most. */
    private static final int FLUSH_BYTES = 64 * 1024;

    private final FlowHandler handler;
    private final Runnable reconnect;
    private final NettyBuffers buffers;
    private Channel channel;
    private int unflushedBytes;
    private boolean inputEnded;
    private boolean reported;
    private String failure;

    /** @param reconnect null for an accepted connection */
    NettyFlow(final FlowHandler handler, final boolean verify, final Runnable reconnect) {
        this.handler = handler;
        this.reconnect = reconnect;
        this.buffers = new NettyBuffers(verify);
    }

    void connectFailed(final Throwable cause) {
        failure = "can't connect: " + cause.getMessage();
        report();
    }

    @Override
    public int write(final Payload payload, final int offset, final int lengthBytes) {
        return send(buffers.slice(payload, offset, lengthBytes), lengthBytes);
    }

    @Override
    public int writeFile(final FilePayload file, final int offset, final int lengthBytes) {
        return send(new LentRegion(file.channel(), offset, lengthBytes), lengthBytes);
    }

    /** Always taken: an outbound buffer has no limit; what is above its mark waits for {@code onWritable}. */
    private int send(final Object message, final int lengthBytes) {
        channel.write(message, channel.voidPromise());
        unflushedBytes += lengthBytes;
        if (unflushedBytes >= FLUSH_BYTES || !channel.isWritable()) {
            flush();
        }
        return lengthBytes;
    }

    private void flush() {
        if (unflushedBytes > 0) {
            unflushedBytes = 0;
            channel.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void finish() {
        flush();
        // Behind what was written.
        channel.writeAndFlush(channel.alloc().buffer(0))
                .addListener(done -> ((DuplexChannel) channel).shutdownOutput());
    }

    @Override
    public void close() {
        flush();
        channel.close();
    }

    @Override
    public void at(final long timeNs, final Runnable task) {
        final long delayNs = timeNs - System.nanoTime();
        if (delayNs <= 0) {
            task.run();
        } else {
            channel.eventLoop().schedule(() -> {
                task.run();
                flush();
            }, delayNs, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelActive(final ChannelHandlerContext context) {
        channel = context.channel();
        handler.onConnected(this);
        flush();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        final ByteBuf received = (ByteBuf) message;
        try {
            handler.onReceive(this, buffers.address(received), received.readableBytes());
        } finally {
            received.release();
        }
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext context) {
        flush();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context) {
        // Not from within send(), whose caller looks for itself.
        if (channel != null && channel.isWritable() && unflushedBytes == 0) {
            channel.eventLoop().execute(() -> {
                if (channel.isActive()) {
                    handler.onWritable(this);
                    flush();
                }
            });
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete) {
            endInput();
        }
    }

    private void endInput() {
        if (!inputEnded) {
            inputEnded = true;
            handler.onPeerFinished(this);
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        failure = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        context.close();
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        report();
    }

    private void report() {
        if (!reported) {
            reported = true;
            if (handler.onClosed(failure) && reconnect != null) {
                reconnect.run();
            }
        }
    }

    /** A part of a file that outlives it: Netty would close the file with the region. */
    private static final class LentRegion extends DefaultFileRegion {

        LentRegion(final FileChannel file, final long position, final long count) {
            super(file, position, count);
        }

        @Override
        protected void deallocate() {
            // The file is its owner's.
        }
    }
}
