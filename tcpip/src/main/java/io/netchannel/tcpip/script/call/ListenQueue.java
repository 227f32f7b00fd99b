package io.netchannel.tcpip.script.call;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpListener;
import java.util.ArrayDeque;

/**
 * The complete connections of a listening socket, until accept() takes them.
 *
 * <p>The oldest is held here, so that a reset of it reaches who accepts it, as on Linux. The others wait in the stack's
 * listener: together one more than the backlog, which is Linux's limit too.
 */
final class ListenQueue {

    private final Dialect dialect;
    private final ArrayDeque<Connection> held = new ArrayDeque<>();
    private final TcpListener listener;
    private long arrivals;
    private int lastWaiting;

    ListenQueue(final Environment host, final TcpConfig config, final long localHigh, final long localLow,
            final int localPort, final int backlog) {
        this.dialect = host.dialect();
        this.listener = host.stack().tcp().listen(localHigh, localLow, localPort, Math.max(1, backlog), config,
                this::hold);
    }

    private TcpHandler hold(final TcpFlow flow) {
        final Connection connection = new Connection(dialect);
        connection.attach(flow);
        held.add(connection);
        arrivals++;
        listener.held(held.size());
        listener.pauseAccepting();
        return connection;
    }

    /** Of connections to come. */
    void configure(final TcpConfig config) {
        listener.config(config);
    }

    boolean isEmpty() {
        return held.isEmpty() && listener.waiting() == 0;
    }

    /** The oldest complete connection, or null. */
    Connection take() {
        if (held.isEmpty()) {
            listener.resumeAccepting();
        }
        final Connection oldest = held.poll();
        if (oldest != null) {
            listener.held(held.size());
            listener.resumeAccepting();
        }
        return oldest;
    }

    void observe() {
        final int waiting = listener.waiting();
        if (waiting > lastWaiting) {
            arrivals++;
        }
        lastWaiting = waiting;
        held.forEach(Connection::observe);
    }

    long arrivals() {
        return arrivals;
    }

    /** Who has not been accepted is reset. */
    void close() {
        held.forEach(Connection::abort);
        held.clear();
        listener.close();
    }
}
