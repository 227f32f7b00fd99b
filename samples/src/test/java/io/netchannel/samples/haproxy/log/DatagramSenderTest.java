package io.netchannel.samples.haproxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatagramSenderTest {

    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

    @TempDir
    Path directory;

    private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
    private MultiThreadIoEventLoopGroup group;
    private IoEventLoop loop;

    @BeforeEach
    void start() {
        assumeTrue(Epoll.isAvailable());
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        loop = group.next();
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Channel server(final Path path) throws Exception {
        Files.deleteIfExists(path);
        return new Bootstrap().group(loop).channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(final ChannelHandlerContext context,
                            final DomainDatagramPacket packet) {
                        received.add(packet.content().toString(StandardCharsets.ISO_8859_1));
                    }
                }).bind(new DomainSocketAddress(path.toString())).sync().channel();
    }

    private void sendUntilOneComes(final DatagramSender sender, final String line) throws InterruptedException {
        final long untilNs = System.nanoTime() + LIMIT_NS;
        do {
            sender.send(line);
        } while (received.poll(10, TimeUnit.MILLISECONDS) == null && System.nanoTime() < untilNs);
        assertThat(System.nanoTime()).as("a line in time").isLessThan(untilNs);
    }

    @Test
    void shouldSendToAServerThatWasStartedAnew() throws Exception {
        final Path path = directory.resolve("log");
        final Channel first = server(path);
        final DatagramSender sender = DatagramSender.open(loop, new LogServer.UnixDatagram(path.toString()), 1);
        // From a thread that isn't the loop's, as on a node.
        sender.send("one\n");
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("one\n");
        first.close().sync();
        server(path);
        sendUntilOneComes(sender, "two\n");
        sender.close();
    }

    @Test
    void shouldSendToAServerThatIsStartedLater() throws Exception {
        final Path path = directory.resolve("log");
        final DatagramSender sender = DatagramSender.open(loop, new LogServer.UnixDatagram(path.toString()), 1);
        sender.send("lost\n");
        server(path);
        sendUntilOneComes(sender, "found\n");
        sender.close();
    }
}
