package io.netchannel.samples.haproxy.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTransportTest {

    @TempDir
    Path directory;

    private EventLoopGroup group;
    private KernelTransport transport;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, Epoll.isAvailable()
                ? EpollIoHandler.newFactory()
                : NioIoHandler.newFactory());
        transport = new KernelTransport(group.next());
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Channel listen(final Address address, final int mode) throws IOException {
        final BindSettings bind = new BindSettings("test", List.of(address), "test.cfg", 1);
        bind.set(BindOptions.FILE_MODE, mode);
        return transport.listen(address, bind, 1, Channel::close);
    }

    private String[] files() {
        return directory.toFile().list();
    }

    @Test
    void shouldGiveASocketsFileItsModeAndRemoveItAtTheEnd() throws IOException {
        final Path file = directory.resolve("a.sock");
        final Channel channel = listen(new Address.Unix(file.toString()), 0640);
        assertEquals(PosixFilePermissions.fromString("rw-r-----"), Files.getPosixFilePermissions(file));
        assertArrayEquals(new String[]{"a.sock"}, files());
        channel.close().awaitUninterruptibly();
        stop();
        assertArrayEquals(new String[0], files());
    }

    @Test
    void shouldTakeThePlaceOfAnotherSocketAndNotBeRemovedWithIt() throws IOException {
        final Path file = directory.resolve("a.sock");
        final Channel before = listen(new Address.Unix(file.toString()), -1);
        listen(new Address.Unix(file.toString()), -1);
        before.close().awaitUninterruptibly();
        group.next().submit(() -> {
        }).awaitUninterruptibly();
        assertTrue(Files.exists(file), "the second socket's file");
        assertTrue(transport.connect(new Address.Unix(file.toString()), null,
                new ChannelInboundHandlerAdapter()).awaitUninterruptibly().isSuccess());
    }

    @Test
    void shouldSayWhyAPathCantBeUsedAndLeaveNothing() {
        final String path = directory.resolve("x".repeat(100)).toString();
        final IOException tooLong = assertThrows(IOException.class, () -> listen(new Address.Unix(path), -1));
        assertTrue(tooLong.getMessage().startsWith("name too long for UNIX socket"), tooLong.getMessage());
        final IOException nowhere = assertThrows(IOException.class,
                () -> listen(new Address.Unix("/nowhere/a.sock"), -1));
        assertTrue(nowhere.getMessage().startsWith("cannot bind socket ("), nowhere.getMessage());
        assertFalse(directory.resolve("a.sock").toFile().exists());
    }

    @Test
    void shouldListenBesideTheProcessWhosePlaceItTakes() throws IOException {
        assumeTrue(Epoll.isAvailable());
        final InetAddress host = InetAddress.getLoopbackAddress();
        final Channel before = listen(new Address.Ip(host.getHostAddress(), host, 0, false), -1);
        final int port = ((InetSocketAddress) before.localAddress()).getPort();
        assertTrue(listen(new Address.Ip(host.getHostAddress(), host, port, false), -1).isOpen());
    }
}
