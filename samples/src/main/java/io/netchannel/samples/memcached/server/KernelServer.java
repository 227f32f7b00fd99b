package io.netchannel.samples.memcached.server;

import io.netchannel.samples.memcached.options.Endpoint;
import io.netchannel.samples.memcached.options.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * The server on the kernel's sockets: a loop for each thread, the first of which also takes connections and does the
 * maintenance.
 *
 * <p>Threading: one thread starts and closes it.
 */
public final class KernelServer implements Listeners, AutoCloseable {

    private final MemcachedServer server;
    private final Settings settings;
    private final List<KernelLoop> loops = new ArrayList<>();
    private final List<String> ports = new ArrayList<>();
    private int nextLoop;

    /** Opens all sockets. */
    public KernelServer(final MemcachedServer server) throws IOException {
        this.server = server;
        this.settings = server.settings();
        server.listeners(this);
        for (int i = 0; i < settings.threads; i++) {
            loops.add(new KernelLoop(server, this, i));
        }
        loops.getFirst().watch(server.watchMemory(loops.getFirst()::execute));
        loops.forEach(KernelLoop::giveBack);
        try {
            listen();
        } catch (final IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void listen() throws IOException {
        if (settings.unixSocket != null) {
            listenUnix();
            return;
        }
        for (final Endpoint endpoint : Endpoint.all(settings)) {
            final InetAddress address = endpoint.address();
            if (endpoint.tcpPort() != 0) {
                listenTcp(new InetSocketAddress(address, Math.max(0, endpoint.tcpPort())));
            }
            if (endpoint.udpPort() != 0) {
                listenUdp(new InetSocketAddress(address, Math.max(0, endpoint.udpPort())));
            }
        }
    }

    private void listenTcp(final InetSocketAddress address) throws IOException {
        final ServerSocketChannel channel = ServerSocketChannel.open(Names.family(address));
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, settings.backlog);
        } catch (final IOException e) {
            channel.close();
            throw new IOException("failed to listen on TCP port " + address.getPort() + ": " + e.getMessage(), e);
        }
        final InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
        settings.tcpPort = bound.getPort();
        ports.add("TCP " + Names.familyName(bound) + ": " + bound.getPort());
        server.listening(server.newId(), false, Names.of("tcp", bound));
        loops.getFirst().accept(channel);
    }

    private void listenUdp(final InetSocketAddress address) throws IOException {
        final DatagramChannel channel = DatagramChannel.open(Names.family(address));
        try {
            channel.bind(address);
        } catch (final IOException e) {
            channel.close();
            throw new IOException("failed to listen on UDP port " + address.getPort() + ": " + e.getMessage(), e);
        }
        final InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
        settings.udpPort = bound.getPort();
        ports.add("UDP " + Names.familyName(bound) + ": " + bound.getPort());
        final int id = server.newId();
        server.listening(id, true, Names.of("udp", bound));
        loops.getFirst().receive(channel, id);
    }

    private void listenUnix() throws IOException {
        Files.deleteIfExists(settings.unixSocket);
        final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(settings.unixSocket), settings.backlog);
        server.listening(server.newId(), false, "unix:" + settings.unixSocket);
        loops.getFirst().accept(channel);
    }

    /** Lines like {@code TCP INET: 11211}, one for each port. */
    public List<String> ports() {
        return List.copyOf(ports);
    }

    public void start() {
        loops.forEach(KernelLoop::start);
    }

    /** The loop of the next connection. */
    KernelLoop nextLoop() {
        nextLoop = (nextLoop + 1) % loops.size();
        return loops.get(nextLoop);
    }

    @Override
    public void accept(final boolean on) {
        loops.getFirst().execute(() -> loops.getFirst().accept(on));
    }

    @Override
    public void wakeMaintenance() {
        loops.getFirst().wakeMaintenance();
    }

    /** Ends the loops, and with them all connections. */
    @Override
    public void close() throws IOException {
        for (final KernelLoop loop : loops) {
            loop.close();
        }
        if (settings.unixSocket != null) {
            Files.deleteIfExists(settings.unixSocket);
        }
    }
}
