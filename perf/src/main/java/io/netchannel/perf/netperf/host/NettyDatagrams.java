package io.netchannel.perf.netperf.host;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelFuture;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A UDP socket of a {@link NettyHost}.
 *
 * <p>Threading: as {@link Datagrams}.
 */
final class NettyDatagrams extends ChannelInboundHandlerAdapter implements Datagrams {

    private final DatagramHandler handler;
    private final NettyBuffers buffers;
    private volatile Channel channel;
    private volatile boolean started;
    private boolean unflushed;
    private boolean waiting;

    NettyDatagrams(final DatagramHandler handler, final boolean verify) {
        this.handler = handler;
        this.buffers = new NettyBuffers(verify);
    }

    void bound(final Channel to) {
        channel = to;
    }

    @Override
    public int localPort() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void connect(final Host peer, final int port) {
        final ChannelFuture done = channel.connect(NettyKind.address(peer.address(), port)).awaitUninterruptibly();
        if (!done.isSuccess()) {
            throw new IllegalStateException("can't connect: " + done.cause().getMessage(), done.cause());
        }
    }

    @Override
    public void start() {
        started = true;
        channel.eventLoop().execute(() -> {
            handler.onStart(this);
            flush();
        });
    }

    @Override
    public boolean send(final Payload payload, final int lengthBytes) {
        if (!channel.isWritable()) {
            flush();
            if (!channel.isWritable()) {
                return false;
            }
        }
        channel.write(buffers.slice(payload, 0, lengthBytes), channel.voidPromise());
        unflushed = true;
        return true;
    }

    private void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    @Override
    public boolean again() {
        flush();
        if (channel.isWritable()) {
            channel.eventLoop().execute(this::ready);
        } else {
            waiting = true;
        }
        return false;
    }

    private void ready() {
        if (channel.isActive()) {
            handler.onReady(this);
            flush();
        }
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context) {
        if (waiting && context.channel().isWritable()) {
            waiting = false;
            context.channel().eventLoop().execute(this::ready);
        }
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
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        final ByteBuf received = message instanceof final ByteBufHolder holder ? holder.content() : (ByteBuf) message;
        try {
            if (started) {
                handler.onDatagram(this, buffers.address(received), received.readableBytes());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext context) {
        flush();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        handler.onFailure(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
}
