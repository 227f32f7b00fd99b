package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.tcp.TcpConnectFailure;
import io.netchannel.tcpip.tcp.TcpFlow;

/** A TCP socket: what its calls do in each of its states. */
final class StreamSocket extends Descriptor {

    /** {@code CONNECTING} lasts until a call learns how connect() has ended, as Linux's SS_CONNECTING. */
    enum State {
        UNCONNECTED, LISTENING, CONNECTING, CONNECTED
    }

    private static final long SECOND_NS = 1_000_000_000L;

    private final Environment host;
    private final StreamOptions options;
    private State state = State.UNCONNECTED;
    private boolean bound;
    private long localHigh;
    private long localLow;
    private int localPort;
    private ListenQueue queue;
    private Connection connection;
    private boolean readShut;
    private boolean writeShut;

    StreamSocket(final Environment host, final StreamOptions options) {
        this.host = host;
        this.options = options;
    }

    /** A socket that accept() makes. */
    StreamSocket(final Environment host, final StreamOptions options, final Connection connection) {
        this(host, options);
        this.connection = connection;
        this.state = State.CONNECTED;
        final TcpFlow flow = connection.flow();
        bindTo(flow.localHigh(), flow.localLow(), flow.localPort());
        options.applyTo(flow);
    }

    StreamOptions options() {
        return options;
    }

    /** Of the present connect() or accept(); null if there is none. */
    Connection connection() {
        return connection;
    }

    State state() {
        return state;
    }

    boolean isReadShut() {
        return readShut;
    }

    boolean isWriteShut() {
        return writeShut;
    }

    // -- addresses

    boolean isBoundTo(final int port) {
        return bound && localPort == port;
    }

    private void bindTo(final long high, final long low, final int port) {
        bound = true;
        localHigh = high;
        localLow = low;
        localPort = port;
    }

    long bind(final long high, final long low, final int port) {
        if (bound) {
            return -Errno.EINVAL;
        }
        bindTo(high, low, port);
        return 0;
    }

    // -- accepting

    /** @return 0 or a negated error number */
    long listen(final int backlog) {
        if (state == State.LISTENING) {
            return 0;
        }
        if (state != State.UNCONNECTED) {
            return -Errno.EINVAL;
        }
        try {
            queue = new ListenQueue(host, options.configure(host.config()), localHigh, localLow, localPort, backlog);
        } catch (final IllegalArgumentException taken) {
            return -Errno.EADDRINUSE;
        }
        state = State.LISTENING;
        return 0;
    }

    /** A listening socket's options count for who is accepted from now on. */
    void reconfigure() {
        if (queue != null) {
            queue.configure(options.configure(host.config()));
        }
    }

    /** Lets the stack send what was written. */
    void send(final long nowNs) {
        host.stack().poll(nowNs);
    }

    boolean isBound() {
        return bound;
    }

    /** The listening socket's queue; null unless it listens. */
    ListenQueue queue() {
        return queue;
    }

    // -- connecting

    /** Begins a connection. @return 0, when it is on its way, or a negated error number */
    long startConnect(final long remoteHigh, final long remoteLow, final int remotePort) {
        final Connection opening = new Connection(host.dialect());
        final TcpFlow flow = host.stack().tcp().connect(localHigh, localLow, localPort, remoteHigh, remoteLow,
                remotePort, options.configure(host.config()), opening);
        if (flow == null) {
            return -errnoOf(host.stack().tcp().connectFailure());
        }
        opening.attach(flow);
        connection = opening;
        options.applyTo(flow);
        state = State.CONNECTING;
        readShut = false;
        writeShut = false;
        return 0;
    }

    private static int errnoOf(final TcpConnectFailure failure) {
        return switch (failure) {
            case NO_ROUTE -> Errno.ENETUNREACH;
            case NO_PORT, ADDRESS_IN_USE -> Errno.EADDRNOTAVAIL;
            default -> Errno.ENOBUFS;
        };
    }

    /** How the connect() under way stands: 0, a negated error number, or {@link PendingCall#WAIT}. */
    long connectResult() {
        if (connection.isEnded()) {
            final int error = connection.takeError();
            state = State.UNCONNECTED;
            return -(error != 0 ? error : Errno.ECONNABORTED);
        }
        if (!connection.wasConnected()) {
            return PendingCall.WAIT;
        }
        state = State.CONNECTED;
        return 0;
    }

    /** FreeBSD's connect() doesn't tell of the end of an earlier one; Linux's does, once. */
    void noticeConnected() {
        if (!host.isLinux() && state == State.CONNECTING && !connection.isEnded() && connection.wasConnected()) {
            state = State.CONNECTED;
        }
    }

    /** connect() to AF_UNSPEC. */
    long disconnect() {
        if (queue != null) {
            queue.close();
            queue = null;
        }
        if (connection != null) {
            connection.abort();
            connection = null;
        }
        state = State.UNCONNECTED;
        return 0;
    }

    // -- ending

    long shutdown(final int how) {
        final boolean read = how != LinuxNumbers.SHUT_WR;
        final boolean write = how != LinuxNumbers.SHUT_RD;
        if (state == State.LISTENING) {
            return read ? disconnect() : 0;
        }
        if (connection == null || connection.isEnded()) {
            return -Errno.ENOTCONN;
        }
        if (!connection.wasConnected()) {
            if (host.isLinux()) {
                return disconnect();
            }
            return -Errno.ENOTCONN;
        }
        readShut |= read;
        if (write && !writeShut) {
            writeShut = true;
            connection.flow().shutdownOutput();
        }
        return 0;
    }

    @Override
    long close(final PendingCall call, final long nowNs) {
        if (queue != null) {
            queue.close();
            queue = null;
        }
        if (connection == null || connection.isEnded()) {
            return 0;
        }
        final long lingerSeconds = options.lingerSeconds();
        if (lingerSeconds == 0) {
            connection.abort();
            return 0;
        }
        connection.letGo();
        connection.flow().close();
        if (lingerSeconds < 0) {
            return 0;
        }
        call.waitUntil(nowNs + lingerSeconds * SECOND_NS);
        return PendingCall.WAIT;
    }

    /** close() waits for what was written to be acknowledged, as long as SO_LINGER says. */
    long closeResult(final PendingCall call, final long nowNs) {
        return connection.isDelivered() || call.isPast(nowNs) ? 0 : PendingCall.WAIT;
    }

    // -- readiness

    @Override
    long arrivals() {
        if (queue != null) {
            queue.observe();
            return queue.arrivals();
        }
        if (connection != null) {
            connection.observe();
            return connection.arrivals();
        }
        return 0;
    }

    // As Linux's tcp_poll().
    @Override
    int readiness() {
        if (state == State.LISTENING) {
            return queue.isEmpty() ? 0 : IN;
        }
        if (connection == null) {
            return OUT | HUP;
        }
        final int error = connection.error() != 0 ? ERR : 0;
        if (connection.isEnded()) {
            return IN | OUT | READ_HANG_UP | HUP | error;
        }
        if (!connection.wasConnected()) {
            return error;
        }
        connection.observe();
        final boolean readEnds = readShut || connection.isPeerFinished();
        int ready = error;
        if (readEnds) {
            ready |= IN | READ_HANG_UP | (writeShut ? HUP : 0);
        }
        if (connection.unreadBytes() >= Math.max(1, options.receiveLowWaterBytes())) {
            ready |= IN;
        }
        if (writeShut || !connection.isFull() && options.mayWrite(connection.flow())) {
            ready |= OUT;
        }
        return ready;
    }

    /** SO_ERROR. */
    int takeError() {
        return connection == null ? 0 : connection.takeError();
    }
}
