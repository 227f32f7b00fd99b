package io.netchannel.samples.echo;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.udp.UdpHandler;
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

    public EchoApplication(final Set<EchoService> services) {
        this.services = Set.copyOf(services);
    }

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public void start(final LoopContext loop) {
        final NetStack stack = loop.stack();
        for (final EchoService service : services) {
            switch (service) {
                case ECHO -> {
                    final EchoHandler handler = new EchoHandler();
                    stack.tcp().listen(0, 0, service.port(), BACKLOG, flow -> handler);
                    stack.udp().bind(0, 0, service.port(), echoDatagrams());
                }
                case DISCARD -> {
                    final DiscardHandler handler = new DiscardHandler();
                    stack.tcp().listen(0, 0, service.port(), BACKLOG, flow -> handler);
                    stack.udp().bind(0, 0, service.port(), discardDatagrams());
                }
                case CHARGEN -> {
                    stack.tcp().listen(0, 0, service.port(), BACKLOG, flow -> new ChargenHandler());
                    stack.udp().bind(0, 0, service.port(), new ChargenDatagrams());
                }
            }
        }
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
