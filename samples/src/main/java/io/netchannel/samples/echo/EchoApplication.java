package io.netchannel.samples.echo;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.tcp.TcpAcceptor;
import io.netchannel.tcpip.udp.UdpHandler;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Echo, discard and chargen on every loop of a node.
 *
 * <p>Threading: immutable; its handlers belong to the loops.
 */
public final class EchoApplication implements Application {

    /** Handshakes under way, of each service on each loop: more than any burst of clients, less than a flood's worth. */
    private static final int BACKLOG = 1024;

    private final Set<EchoService> services;
    private final boolean fibers;

    /** By callbacks. */
    public EchoApplication(final Set<EchoService> services) {
        this(services, false);
    }

    /** @param fibers whether connections and datagrams are served by fibers in blocking code, instead of by callbacks */
    public EchoApplication(final Set<EchoService> services, final boolean fibers) {
        this.services = Set.copyOf(services);
        this.fibers = fibers;
    }

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public void start(final LoopContext loop) {
        final NetStack stack = loop.stack();
        for (final EchoService service : services) {
            if (fibers) {
                final InetSocketAddress any = new InetSocketAddress(service.port());
                FiberService.listen(loop, service, any, BACKLOG);
                FiberDatagramService.bind(loop, service, any);
            } else {
                stack.tcp().listen(0, 0, service.port(), BACKLOG, callbacks(service));
                stack.udp().bind(0, 0, service.port(), datagrams(service));
            }
        }
    }

    private static TcpAcceptor callbacks(final EchoService service) {
        return switch (service) {
            case ECHO -> {
                final EchoHandler handler = new EchoHandler();
                yield flow -> handler;
            }
            case DISCARD -> {
                final DiscardHandler handler = new DiscardHandler();
                yield flow -> handler;
            }
            case CHARGEN -> flow -> new ChargenHandler();
        };
    }

    private static UdpHandler datagrams(final EchoService service) {
        return switch (service) {
            case ECHO -> echoDatagrams();
            case DISCARD -> discardDatagrams();
            case CHARGEN -> new ChargenDatagrams();
        };
    }

    private static UdpHandler echoDatagrams() {
        return (socket, remoteHigh, remoteLow, remotePort, address, lengthBytes) -> socket.sendFrom(
                socket.datagramLocalHigh(), socket.datagramLocalLow(), remoteHigh, remoteLow, remotePort, address,
                lengthBytes);
    }

    private static UdpHandler discardDatagrams() {
        return (socket, remoteHigh, remoteLow, remotePort, address, lengthBytes) -> {
        };
    }
}
