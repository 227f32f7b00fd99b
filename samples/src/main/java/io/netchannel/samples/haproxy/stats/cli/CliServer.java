package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.proxy.ListeningSocket;
import io.netchannel.samples.haproxy.proxy.Transport;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Listens for operators: {@code stats socket}, and the master's sockets. Threading: the transport's loop. */
public final class CliServer implements AutoCloseable {

    private static final int BACKLOG = 10;

    private final Control control;
    private final Transport transport;
    private final int maxSessions;
    private final long timeoutMs;
    private final List<ListeningSocket> listeners = new ArrayList<>();
    private int sessions;

    private CliServer(final Control control, final Transport transport) {
        final GlobalSettings global = control.proxies().configuration().global();
        this.control = control;
        this.transport = transport;
        this.maxSessions = global.get(GlobalOptions.STATS_MAX_CONNECTIONS);
        this.timeoutMs = global.get(GlobalOptions.STATS_TIMEOUT_MS);
    }

    /**
     * @param transport the kernel's, on the proxy's loop
     * @param masterSockets of {@code -S}; none if there is no master
     * @throws IOException if a socket can't be opened; none is then
     */
    public static CliServer start(final Control control, final Transport transport,
            final List<BindSettings> masterSockets) throws IOException {
        final CliServer server = new CliServer(control, transport);
        try {
            for (final BindSettings socket : control.proxies().configuration().global().get(
                    GlobalOptions.STATS_SOCKETS)) {
                server.open(socket, false);
                control.opened(socket);
            }
            for (final BindSettings socket : masterSockets) {
                server.open(socket, true);
            }
            // A listener takes nobody before it is told to.
            transport.loop().execute(server::admit);
        } catch (final IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void open(final BindSettings socket, final boolean master) throws IOException {
        for (final Address address : socket.addresses()) {
            final ListeningSocket listener = control.proxies().sockets().open(transport, address, socket, BACKLOG,
                    channel -> accept(channel, socket, master));
            listeners.add(listener);
            listener.accepting(true);
        }
    }

    private void accept(final Channel channel, final BindSettings socket, final boolean master) {
        sessions++;
        admit();
        channel.pipeline().addLast(new CliHandler(new CliSession(control, master
                ? BindOptions.Level.ADMIN
                : socket.get(
                        BindOptions.LEVEL),
                socket.get(BindOptions.SEVERITY_OUTPUT), timeoutMs, master), control.proxies().loop()));
        channel.closeFuture().addListener(_ -> {
            sessions--;
            admit();
        });
    }

    /** More operators than {@code stats maxconn} wait in the kernel's backlog. */
    private void admit() {
        listeners.forEach(listener -> listener.accepting(sessions < maxSessions));
    }

    @Override
    public void close() {
        listeners.forEach(ListeningSocket::close);
    }
}
