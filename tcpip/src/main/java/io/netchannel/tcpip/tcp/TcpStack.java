package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import io.netchannel.tcpip.SocketEntry;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.icmp.TransportErrorHandler;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.function.Consumer;
import io.netchannel.tcpip.tcp.recovery.Acknowledgment;
import java.util.random.RandomGenerator;

/**
 * The TCP of one loop (RFC 9293).
 *
 * <p>Its owner calls, once in each turn: {@link #input} for each packet of the burst, {@link TimerWheel#advance} on the
 * wheel that it shares with the stack, and then {@link #emit}, which sends all that became due: so what one turn brings
 * about for a connection goes out together. If {@link #hasWork()} is true after that, the link was full or somebody's
 * share of the turn was used up: the next turn must come soon; else the wheel's next deadline says when.
 *
 * <p>Memory: a flow holds buffers for what it has sent and the peer hasn't acknowledged, and for what it has received
 * and the application hasn't consumed; both are bounded, and an idle flow holds none.
 *
 * <p>Threading: confined to one thread. Callbacks come from within {@link #input}, {@link #emit},
 * {@link TimerWheel#advance} and the methods of {@link TcpFlow} and {@link TcpListener} that say so.
 */
public final class TcpStack implements TransportErrorHandler, AutoCloseable {

    private static final int MAX_WINDOW_FIELD = 0xFFFF;

    private final TcpConfig config;
    private final ListenerRegistry registry;
    private final IpOutput output;
    private final PacketPool pool;
    private final TimerWheel timers;
    private final TcpCounters counters = new TcpCounters();
    private final IsnGenerator random;
    private final FlowMap flows;
    private final EphemeralPorts ports;
    private final SegmentWriter writer;
    private final TcpInput input;
    private final Acknowledgment acknowledgment = new Acknowledgment();
    private final ReceiveBudget receiveBudget;
    private final ReplyLimits limits;
    private final TimeWaits timeWaits;
    private final Listeners listeners = new Listeners();
    private final DirtyQueue dirty = new DirtyQueue();
    private final LiveConnections live = new LiveConnections();
    private final int sendReserveBuffers;
    private final ConnectionImage image = new ConnectionImage();

    private TcpConnectFailure connectFailure = TcpConnectFailure.NONE;
    private long nowNs;
    private boolean open = true;

    /**
     * @param timers advanced by the owner
     * @param registry is told of each listener, so that packets for it come to this loop
     * @param secrets a cryptographic source: for sequence numbers, ports and timestamps; a seeded one only in
     *            simulations
     */
    public TcpStack(final TcpConfig config, final IpOutput output, final TimerWheel timers, final FlowSteering steering,
            final ListenerRegistry registry, final RandomGenerator secrets) {
        this.registry = registry;
        this.config = config.checked();
        this.output = output;
        this.pool = output.pool();
        this.timers = timers;
        this.random = new IsnGenerator(secrets);
        this.flows = new FlowMap(steering,
                config.getInt(TcpSetting.MAX_CONNECTIONS) + config.getInt(TcpSetting.MAX_TIME_WAITS));
        this.ports = new EphemeralPorts(flows, random, config.getInt(TcpSetting.FIRST_EPHEMERAL_PORT),
                config.getInt(TcpSetting.LAST_EPHEMERAL_PORT));
        this.writer = new SegmentWriter(output, counters);
        this.receiveBudget = new ReceiveBudget(
                config.getInt(TcpSetting.MAX_RECEIVE_BUFFERS) == 0
                        ? pool.capacity() / 2
                        : config.getInt(TcpSetting.MAX_RECEIVE_BUFFERS));
        this.limits = new ReplyLimits(config, counters, random);
        this.timeWaits = new TimeWaits(this, timers, config);
        this.input = new TcpInput(this, output, listeners);
        this.sendReserveBuffers = pool.capacity() >>> 3;
    }

    private static int scaleFor(final int bufferBytes) {
        int scale = 0;
        while (scale < TcpOptions.MAX_WINDOW_SCALE && bufferBytes >>> scale > MAX_WINDOW_FIELD) {
            scale++;
        }
        return scale;
    }

    // -- the application's side

    /**
     * Accepts connections.
     *
     * @param localHigh with {@code localLow}: the local address; 0 and 0 for any, 0 and 0x0000FFFF_00000000 for any of
     *            IPv4
     * @param backlog of handshakes under way, and of connections that wait while accepting is paused:
     *            {@link TcpListener}
     * @throws IllegalArgumentException if the port or the backlog is out of range, or somebody listens there
     * @throws IllegalStateException if the stack is closed
     */
    public TcpListener listen(final long localHigh, final long localLow, final int localPort, final int backlog,
            final TcpAcceptor acceptor) {
        return listen(localHigh, localLow, localPort, backlog, config, acceptor);
    }

    /**
     * {@link #listen(long, long, int, int, TcpAcceptor)} with settings of its own.
     *
     * @param settings for the flows that are accepted
     */
    public TcpListener listen(final long localHigh, final long localLow, final int localPort, final int backlog,
            final TcpConfig settings, final TcpAcceptor acceptor) {
        if (localPort < 1 || localPort > 0xFFFF || backlog < 1) {
            throw new IllegalArgumentException(backlog < 1
                    ? "backlog=" + backlog + " < MIN=1"
                    : "localPort=" + localPort + " is not within 1.." + 0xFFFF);
        }
        if (!open) {
            throw new IllegalStateException("the stack is closed");
        }
        final TcpListener listener = new TcpListener(this, settings.checked(), acceptor, localHigh, localLow, localPort,
                backlog);
        if (!listeners.add(listener)) {
            throw new IllegalArgumentException("localPort=" + localPort + " has a listener at this address");
        }
        registry.register(IpProtocol.TCP, localHigh, localLow, localPort);
        return listener;
    }

    /** Whether somebody listens at this address, or at one that it is part of or that is part of it. */
    public boolean isListening(final long localHigh, final long localLow, final int localPort) {
        return listeners.isTaken(localHigh, localLow, localPort);
    }

    /** {@link #connect(long, long, int, long, long, int, TcpHandler)} from a local address and port chosen here. */
    public TcpFlow connect(final long remoteHigh, final long remoteLow, final int remotePort,
            final TcpHandler handler) {
        return connect(0, 0, 0, remoteHigh, remoteLow, remotePort, handler);
    }

    /** {@link #connect(long, long, int, long, long, int, TcpConfig, TcpHandler)} with the stack's settings. */
    public TcpFlow connect(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort, final TcpHandler handler) {
        return connect(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort, config, handler);
    }

    /**
     * Opens a connection; {@link TcpHandler#onConnected} or {@link TcpHandler#onClosed} follows.
     *
     * @param localHigh and {@code localLow}: the local address, or both 0 for one that leads to the peer
     * @param localPort 0 for a free one whose packets come to this loop; another must be such a one
     * @param settings of the flow
     * @return the flow, which can be written to already; null if there is none: {@link #connectFailure()}
     */
    public TcpFlow connect(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort, final TcpConfig settings, final TcpHandler handler) {
        if (remotePort < 1 || remotePort > 0xFFFF || localPort < 0 || localPort > 0xFFFF) {
            throw new IllegalArgumentException("localPort=" + localPort + " remotePort=" + remotePort
                    + ": one is out of range");
        }
        connectFailure = open ? TcpConnectFailure.NONE : TcpConnectFailure.STACK_CLOSED;
        final Path path = open ? output.pathTo(localHigh, localLow, remoteHigh, remoteLow) : null;
        // RFC 9293, 3.9.2.3, MUST-57: no connection to many, for which Linux says ENETUNREACH, too.
        if (path == null || path.isGroup()) {
            return failure(TcpConnectFailure.NO_ROUTE);
        }
        final int port = localPort != 0
                ? localPort
                : ports.choose(path.localHigh(), path.localLow(), remoteHigh, remoteLow, remotePort, nowNs);
        if (port == EphemeralPorts.NONE) {
            return failure(TcpConnectFailure.NO_PORT);
        }
        final TcpEndpoint present = flows.find(path.localHigh(), path.localLow(), port, remoteHigh, remoteLow,
                remotePort);
        if (!EphemeralPorts.isFree(present, nowNs)) {
            return failure(TcpConnectFailure.ADDRESS_IN_USE);
        }
        final TcpConnection connection = new TcpConnection(this, settings.checked(), path, port, remotePort);
        if (isFull() || !takePlace(present, connection)) {
            counters.increment(TcpCounter.CONNECTION_LIMIT);
            return failure(TcpConnectFailure.TOO_MANY_CONNECTIONS);
        }
        live.add(connection);
        connection.openActive(handler, (TimeWait) present, nowNs);
        return connection.flow();
    }

    private boolean takePlace(final TcpEndpoint present, final TcpConnection connection) {
        if (present instanceof final TimeWait old) {
            counters.increment(TcpCounter.TIME_WAIT_RECYCLED);
            timeWaits.remove(old);
        }
        return flows.add(connection);
    }

    private TcpFlow failure(final TcpConnectFailure reason) {
        if (connectFailure == TcpConnectFailure.NONE) {
            connectFailure = reason;
        }
        return null;
    }

    /** Why the last {@link #connect} has returned null. */
    public TcpConnectFailure connectFailure() {
        return connectFailure;
    }

    public TcpConfig config() {
        return config;
    }

    public TcpCounters counters() {
        return counters;
    }

    /** Flows, half-open ones included, those in TIME-WAIT not. */
    public int connections() {
        return flows.size() - timeWaits.size();
    }

    /** Flows in TIME-WAIT, and those that wait for no more than the peer's FIN. */
    public int timeWaiting() {
        return timeWaits.size();
    }

    /** Tells of listeners and flows, for display. Allocates. */
    public void describe(final Consumer<SocketEntry> into) {
        new TcpSockets().describe(listeners, flows, into);
    }

    // -- the loop's side

    /** From here on it is {@code now}; before the timers of the turn. */
    public void beginTurn(final long now) {
        nowNs = now;
    }

    /**
     * Takes over a received packet, whose metadata the classifier has filled in: network and transport offset, network
     * length, flow id. Must not be called from within a callback.
     */
    public void input(final long packet, final long now) {
        nowNs = now;
        input.accept(packet, now);
    }

    /** Whether no flow can be added. */
    boolean isFull() {
        return connections() >= config.getInt(TcpSetting.MAX_CONNECTIONS);
    }

    /**
     * Sends what became due, and makes the callbacks that were put off.
     *
     * @return connections that had something done for them: what meets a full link is no work, or a loop would never give its
     *         CPU to whoever empties the link
     */
    public int emit(final long now) {
        nowNs = now;
        // Callbacks may give others work, which is done in this turn too; but the turn must end.
        int left = 2 * dirty.size() + 64;
        int done = 0;
        while (!dirty.isEmpty() && left-- > 0) {
            final TcpConnection connection = dirty.remove();
            final int result = connection.emit(now);
            if (result == SegmentWriter.LINK_FULL) {
                dirty.addFirst(connection);
                break;
            }
            done++;
            if (result == TcpConnection.MORE) {
                dirty.add(connection);
            }
        }
        return done;
    }

    /**
     * Gives back what {@link TcpFlow#keepReceived()} has kept, whether its flow is still there or not; also after {@link #close()}.
     *
     * @throws IllegalStateException if it was given back before
     */
    public void releaseReceived(final int buffer) {
        pool.release(buffer);
        receiveBudget.releaseKept();
    }

    /** Buffers that applications keep: {@link TcpFlow#keepReceived()}. */
    public int keptBuffers() {
        return receiveBudget.keptBuffers();
    }

    /** Whether {@link #emit} has something to do. */
    public boolean hasWork() {
        return !dirty.isEmpty();
    }

    void markDirty(final TcpConnection connection) {
        dirty.add(connection);
    }

    /** {@link IcmpErrors}. */
    @Override
    public boolean onTransportError(final TransportError error, final long localHigh, final long localLow,
            final int localPort, final long remoteHigh, final long remoteLow, final int remotePort, final int sequence,
            final int mtuBytes, final long now) {
        nowNs = now;
        return switch (flows.find(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort)) {
            case final TcpConnection connection -> IcmpErrors.on(error, connection, sequence, mtuBytes, now);
            case final RestingConnection resting -> IcmpErrors.onResting(counters);
            case final Embryo embryo -> IcmpErrors.on(error, embryo, sequence, counters);
            case null, default -> false;
        };
    }

    /** Resets all flows, and gives every buffer back. Idempotent. */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        listeners.closeAll();
        flows.destroyResting();
        live.destroyAll();
        timeWaits.close();
        while (!dirty.isEmpty()) {
            dirty.remove();
        }
    }

    // -- for the connections

    void addLive(final TcpConnection connection) {
        live.add(connection);
    }

    /** {@code connection} gives way to what it is remembered by. */
    void rest(final TcpConnection connection) {
        connection.timer().cancel();
        live.remove(connection);
        final RestingConnection resting = new RestingConnection(connection, image);
        flows.replace(connection, resting);
        connection.flow().rest(resting);
    }

    /** And comes back. */
    void wake(final RestingConnection resting, final TcpConnection connection) {
        flows.replace(resting, connection);
        live.add(connection);
        markDirty(connection);
    }

    void forget(final TcpConnection connection) {
        flows.remove(connection);
        live.remove(connection);
    }

    void remove(final TcpListener listener) {
        listeners.remove(listener);
        registry.unregister(IpProtocol.TCP, listener.localHigh(), listener.localLow(), listener.localPort());
    }

    ReplyLimits limits() {
        return limits;
    }

    TcpInput input() {
        return input;
    }

    boolean isOpen() {
        return open;
    }

    PacketPool pool() {
        return pool;
    }

    TimerWheel timers() {
        return timers;
    }

    IsnGenerator random() {
        return random;
    }

    FlowMap flows() {
        return flows;
    }

    SegmentWriter writer() {
        return writer;
    }

    /** Of the acknowledgment under way. */
    Acknowledgment acknowledgment() {
        return acknowledgment;
    }

    ReceiveBudget receiveBudget() {
        return receiveBudget;
    }

    TimeWaits timeWaits() {
        return timeWaits;
    }

    /** The shift that our SYNs offer: for the largest window that the flow may come to. */
    int windowScale(final TcpConfig settings) {
        final TcpSetting largest = settings.is(TcpSetting.BUFFER_AUTOTUNING)
                ? TcpSetting.RECEIVE_BUFFER_MAX_BYTES
                : TcpSetting.RECEIVE_BUFFER_BYTES;
        return settings.is(TcpSetting.WINDOW_SCALING) ? scaleFor(settings.getInt(largest)) : 0;
    }

    /** The window field of our SYNs. */
    int synWindow(final TcpConfig settings) {
        return Math.min(settings.getInt(TcpSetting.RECEIVE_BUFFER_BYTES), MAX_WINDOW_FIELD);
    }

    /** Buffers that send queues leave in the pool. */
    int sendReserveBuffers() {
        return sendReserveBuffers;
    }

    long nowNs() {
        return nowNs;
    }
}
