package io.netchannel.samples.haproxy.proxy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;

/** The kernel's sockets: over epoll where it is there, which also takes descriptors that are open already; else over NIO. */
public final class KernelTransport implements Transport {

    /** Where the system doesn't tell: the usual limit. */
    private static final long UNKNOWN_DESCRIPTORS = 1024;
    /** Those of the JVM itself, its jars among them, and of checks, logs and operators. */
    private static final int OTHER_DESCRIPTORS = 128;
    private static final int LOW_WATER_BYTES = 16 * 1024;
    private static final int HIGH_WATER_BYTES = 64 * 1024;

    private final EventLoop loop;
    private final boolean epoll;

    /** @param loop over {@code EpollIoHandler} if {@link Epoll#isAvailable()}, else over {@code NioIoHandler} */
    public KernelTransport(final EventLoop loop) {
        this.loop = loop;
        this.epoll = Epoll.isAvailable();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public int maxConnections() {
        final long descriptors = ManagementFactory
                .getOperatingSystemMXBean() instanceof final UnixOperatingSystemMXBean system
                        ? system.getMaxFileDescriptorCount()
                        : UNKNOWN_DESCRIPTORS;
        return Math.clamp(descriptors - OTHER_DESCRIPTORS, 1, Integer.MAX_VALUE);
    }

    @Override
    public Channel listen(final Address address, final BindSettings bind, final int backlog,
            final Consumer<Channel> accepted) throws IOException {
        final ServerBootstrap bootstrap = new ServerBootstrap().group(loop).option(ChannelOption.SO_BACKLOG, backlog)
                // The listener says when: not before all of the proxy is there.
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(
                        LOW_WATER_BYTES, HIGH_WATER_BYTES))
                .childHandler(new Accepting(accepted));
        final UnixSocketFile file = address instanceof final Address.Unix unix ? new UnixSocketFile(unix.path()) : null;
        final ChannelFuture future;
        if (address instanceof final Address.Descriptor descriptor) {
            if (!epoll) {
                throw new IOException("fd@" + descriptor.fd() + " needs epoll");
            }
            bootstrap.channelFactory(() -> new EpollServerSocketChannel(descriptor.fd()));
            future = bootstrap.childOption(ChannelOption.TCP_NODELAY, true).register();
        } else if (address instanceof final Address.Ip ip) {
            final EpollListening tuning = new EpollListening(bind);
            if (!epoll && tuning.isNeeded()) {
                throw new IOException("cannot bind socket (" + tuning + " needs epoll)");
            }
            if (epoll) {
                // A process that takes the place of another listens beside it for a while.
                bootstrap.channelFactory(tuning::open).option(UnixChannelOption.SO_REUSEPORT, bind.get(
                        BindOptions.REUSE_PORT));
            } else {
                bootstrap.channel(NioServerSocketChannel.class);
            }
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
            future = bootstrap.bind(new InetSocketAddress(ip.ip(), ip.port()));
        } else {
            bootstrap.channel(epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class);
            future = bootstrap.bind(unix(file == null ? name(address) : file.temporaryName()));
        }
        future.awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new IOException("cannot bind socket (" + future.cause().getMessage() + ")", future.cause());
        }
        if (file != null) {
            publish(file, bind, future.channel());
        }
        return future.channel();
    }

    private static void publish(final UnixSocketFile file, final BindSettings bind, final Channel channel)
            throws IOException {
        try {
            file.publish(bind);
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
        channel.closeFuture().addListener(_ -> file.remove());
    }

    /** Of a path, or one that begins with a NUL and is no file (unix(7)). */
    private static String name(final Address address) {
        return address instanceof final Address.Unix unix ? unix.path() : "\0" + ((Address.Abstract) address).name();
    }

    private SocketAddress unix(final String path) {
        return epoll ? new DomainSocketAddress(path) : UnixDomainSocketAddress.of(path);
    }

    @Override
    public ChannelFuture connect(final Address address, final InetSocketAddress source, final ChannelHandler handler) {
        final Bootstrap bootstrap = new Bootstrap().group(loop).handler(handler)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(
                        LOW_WATER_BYTES, HIGH_WATER_BYTES));
        if (address instanceof final Address.Ip ip) {
            bootstrap.channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
            return bootstrap.connect(new InetSocketAddress(ip.ip(), ip.port()), source);
        }
        bootstrap.channel(epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class);
        return bootstrap.connect(unix(name(address)));
    }

    @Override
    public void mark(final Channel channel, final int value) {
        if (channel instanceof EpollSocketChannel) {
            try {
                channel.config().setOption(EpollListening.SO_MARK, value);
            } catch (final ChannelException e) {
                // Without CAP_NET_ADMIN packets stay unmarked, as haproxy's do then.
                return;
            }
        }
    }

    @Override
    public void apply(final SocketOptions options, final Channel channel) {
        if (channel instanceof SocketChannel) {
            options.values().forEach((option, value) -> apply(option, value, channel.config()));
        }
    }

    private void apply(final SocketOptions.Option option, final int value, final ChannelConfig config) {
        switch (option) {
            case SO_KEEPALIVE -> config.setOption(ChannelOption.SO_KEEPALIVE, value > 0);
            case TCP_KEEPCNT -> config.setOption(epoll
                    ? EpollChannelOption.TCP_KEEPCNT
                    : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), value);
            case TCP_KEEPIDLE -> config.setOption(epoll
                    ? EpollChannelOption.TCP_KEEPIDLE
                    : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), value);
            case TCP_KEEPINTVL -> config.setOption(epoll
                    ? EpollChannelOption.TCP_KEEPINTVL
                    : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), value);
            // Of epoll's sockets only: NIO has no such option, as systems that haproxy runs on without it.
            case TCP_USER_TIMEOUT -> config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, value);
            case SO_LINGER -> config.setOption(ChannelOption.SO_LINGER, value);
            case SO_RCVBUF -> config.setOption(ChannelOption.SO_RCVBUF, value);
            case SO_SNDBUF -> config.setOption(ChannelOption.SO_SNDBUF, value);
            case TCP_QUICKACK -> config.setOption(epoll
                    ? EpollChannelOption.TCP_QUICKACK
                    : NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK), value > 0);
            case TCP_MAXSEG -> config.setOption(EpollListening.TCP_MAXSEG, config.getOption(
                    EpollListening.TCP_MAXSEG) + value);
            case TCP_FASTOPEN_CONNECT -> config.setOption(ChannelOption.TCP_FASTOPEN_CONNECT, value > 0);
        }
    }
}
