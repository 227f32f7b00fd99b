package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.proxy.ProxyLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Moves bytes between a connection and its {@link CliSession}, and ends it when nothing came for {@code stats timeout}. */
final class CliHandler extends ChannelInboundHandlerAdapter {

    private final CliSession session;
    private final ProxyLoop loop;
    private Future<?> timeout;

    CliHandler(final CliSession session, final ProxyLoop loop) {
        this.session = session;
        this.loop = loop;
    }

    @Override
    public void channelActive(final ChannelHandlerContext context) {
        rearm(context, session.timeoutMs());
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        final ByteBuf bytes = (ByteBuf) message;
        final String text = bytes.toString(StandardCharsets.ISO_8859_1);
        bytes.release();
        inProxyLoop(() -> {
            if (!session.isFinished()) {
                session.receive(text);
                // What commands changed may have given connections something to send.
                loop.flush();
                answer(context);
            }
        });
    }

    /** On a node operators' sockets have a loop of their own: the kernel's. */
    private void inProxyLoop(final Runnable task) {
        if (loop.executor().inEventLoop()) {
            task.run();
        } else {
            loop.executor().execute(task);
        }
    }

    private void answer(final ChannelHandlerContext context) {
        final boolean heldUp = session.isHeldUp();
        final ByteBuf bytes = Unpooled.wrappedBuffer(session.takeOutput().getBytes(StandardCharsets.ISO_8859_1));
        final ChannelFuture written = context.writeAndFlush(bytes);
        if (session.isFinished()) {
            written.addListener(ChannelFutureListener.CLOSE);
        } else if (heldUp) {
            written.addListener(_ -> inProxyLoop(() -> proceed(context)));
        } else {
            final long timeoutMs = session.timeoutMs();
            context.executor().execute(() -> rearm(context, timeoutMs));
        }
    }

    private void proceed(final ChannelHandlerContext context) {
        if (!session.isFinished()) {
            session.proceed();
            loop.flush();
            answer(context);
        }
    }

    private void rearm(final ChannelHandlerContext context, final long timeoutMs) {
        cancel();
        if (context.channel().isActive()) {
            timeout = context.executor().schedule(() -> context.close(), timeoutMs, TimeUnit.MILLISECONDS);
        }
    }

    private void cancel() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context) {
        // Who doesn't read answers gets none of further commands.
        context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inProxyLoop(() -> {
                if (!session.isFinished()) {
                    session.finish();
                    answer(context);
                }
            });
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        cancel();
        inProxyLoop(session::finish);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        context.close();
    }
}
