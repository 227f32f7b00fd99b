package io.netchannel.tcpip;

import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.ArrayList;
import java.util.List;

/** Keeps the registry in step with the TCP listeners of a stack. Confined to one thread. */
final class TcpListeners {

    private final ListenerRegistry registry;
    private final List<TcpListener> open = new ArrayList<>();

    TcpListeners(final ListenerRegistry registry) {
        this.registry = registry;
    }

    void add(final TcpListener listener) {
        open.add(listener);
        registry.register(IpProtocol.TCP, listener.localHigh(), listener.localLow(), listener.localPort());
    }

    /** Unregisters what was closed since the last call; a stack has few listeners. */
    void sweep() {
        for (int i = open.size() - 1; i >= 0; i--) {
            final TcpListener listener = open.get(i);
            if (!listener.isOpen()) {
                open.remove(i);
                registry.unregister(IpProtocol.TCP, listener.localHigh(), listener.localLow(), listener.localPort());
            }
        }
    }
}
