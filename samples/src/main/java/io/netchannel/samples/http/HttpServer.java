package io.netchannel.samples.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A listener and its connections, on whatever transport. Opened and closed by one thread, which is no event loop. */
final class HttpServer implements AutoCloseable {

    /** What is under way when the server ends has so long to finish. */
    private static final long GRACE_MS = 5_000;

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final EventLoopGroup group;
    private final Channel listener;

    /**
     * @param group ended with the server
     * @param tls null: cleartext
     * @param handshakes runs what of a TLS handshake takes long
     * @throws IOException if the address can't be listened at; the group has ended
     */
    HttpServer(final EventLoopGroup group, final Class<? extends ServerChannel> transport,
            final InetSocketAddress address, final Site site, final Limits limits, final SslContext tls,
            final Executor handshakes) throws IOException {
        this.group = group;
        final ChannelFuture bound = new ServerBootstrap().group(group).channel(transport)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(
                        new ConnectionInitializer(site, limits, tls, handshakes, new ServerDate(InstantSource.system()),
                                connections, GRACE_MS))
                .bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            endGroup();
            throw new IOException("can't listen at " + address.getAddress().getHostAddress() + " port "
                    + address.getPort() + ": " + bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        for (final Channel connection : connections) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(Closing.SERVER));
        }
        if (!connections.newCloseFuture().awaitUninterruptibly(GRACE_MS)) {
            connections.close().awaitUninterruptibly(GRACE_MS);
        }
        endGroup();
    }

    private void endGroup() {
        group.shutdownGracefully(0, GRACE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
