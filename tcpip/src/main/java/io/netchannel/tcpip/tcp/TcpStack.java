package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.pressure.Shrinker;
import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import io.netchannel.tcpip.SocketEntry;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.icmp.TransportErrorHandler;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.ArrayDeque;
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
 * <p>Standing in: with a {@link LoopActivity} that lends, callbacks come from within {@link #emit} only, or are held; from {@link
 * #beginStandIn()} to {@link #endStandIn()} there are none: data waits in its flow, its end behind it, and connections with their listener.
 *
 * <p>Threading: confined to one thread, or to whoever has the stack by its {@link LoopActivity}. Callbacks come from within {@link #input}, {@link #emit},
 * {@link TimerWheel#advance} and the methods of {@link TcpFlow} and {@link TcpListener} that say so.
 */
public final class TcpStack implements TransportErrorHandler, AutoCloseable {

    private final TcpConfig config;
    private final ListenerRegistry registry;
    private final IpOutput output;
    private final PacketPool pool;
    private final TimerWheel timers;
    private final TcpCounters counters = new TcpCounters();
    private final IsnGenerator random;
    private final FlowMap flows;
    private final SegmentWriter writer;
    private final TcpInput input;
    private final Acknowledgment acknowledgment = new Acknowledgment();
    private final ReceiveBudget receiveBudget;
    private final ReplyLimits limits;
    private final TimeWaits timeWaits;
    private final ActiveOpens activeOpens;
    private final Listeners listeners = new Listeners();
    private final DirtyQueue dirty = new DirtyQueue();
    private final LiveConnections live = new LiveConnections();
    private final SendMemory sendMemory = new SendMemory(this, live);
    private final int sendReserveBuffers;
    private final ConnectionImage image = new ConnectionImage();
    private final LoopActivity activity;
    private final boolean lends;
    // Whose applications hear of it when the loop is back.
    private final ArrayDeque<TcpConnection> owed = new ArrayDeque<>();
    private final ArrayDeque<TcpListener> accepting = new ArrayDeque<>();

    private long nowNs;
    private boolean open = true;
    private boolean stoodIn;
    // Whose turn it is, in emit() of the loop; null else.
    private TcpConnection current;

    /** A stack that is its thread's alone. */
    public TcpStack(final TcpConfig config, final IpOutput output, final TimerWheel timers, final FlowSteering steering,
            final ListenerRegistry registry, final RandomGenerator secrets) {
        this(config, output, timers, steering, registry, secrets, null);
    }

    /**
     * @param timers advanced by the owner
     * @param registry is told of each listener, so that packets for it come to this loop
     * @param secrets a cryptographic source: for sequence numbers, ports and timestamps; a seeded one only in
     *            simulations
     * @param activity is told of callbacks, and may lend the stack; or null
     */
    public TcpStack(final TcpConfig config, final IpOutput output, final TimerWheel timers, final FlowSteering steering,
            final ListenerRegistry registry, final RandomGenerator secrets, final LoopActivity activity) {
        this.activity = activity;
        this.lends = activity != null && activity.lends();
        this.registry = registry;
        this.config = config.checked();
        this.output = output;
        this.pool = output.pool();
        this.timers = timers;
        this.random = new IsnGenerator(secrets);
        this.flows = new FlowMap(steering,
                config.getInt(TcpSetting.MAX_CONNECTIONS) + config.getInt(TcpSetting.MAX_TIME_WAITS));
        this.writer = new SegmentWriter(output, counters);
        this.receiveBudget = new ReceiveBudget(
                config.getInt(TcpSetting.MAX_RECEIVE_BUFFERS) == 0
                        ? pool.capacity() / 2
                        : config.getInt(TcpSetting.MAX_RECEIVE_BUFFERS));
        this.limits = new ReplyLimits(config, counters, random);
        this.timeWaits = new TimeWaits(this, timers, config);
        this.activeOpens = new ActiveOpens(this, output, new EphemeralPorts(flows, random,
                config.getInt(TcpSetting.FIRST_EPHEMERAL_PORT), config.getInt(TcpSetting.LAST_EPHEMERAL_PORT)));
        this.input = new TcpInput(this, output, listeners);
        this.sendReserveBuffers = pool.capacity() >>> 3;
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
        reclaim();
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
        reclaim();
        return activeOpens.open(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort, settings, handler);
    }

    /** Why the last {@link #connect} has returned null. */
    public TcpConnectFailure connectFailure() {
        return activeOpens.failure();
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
        while (!stoodIn && !accepting.isEmpty()) {
            accepting.poll().handWaiting();
        }
        // Callbacks may give others work, which is done in this turn too; but the turn must end.
        int left = 2 * dirty.size() + 64;
        int done = 0;
        while (!dirty.isEmpty() && left-- > 0) {
            final TcpConnection connection = dirty.remove();
            current = stoodIn ? current : connection;
            final int result = connection.emit(nowNs);
            if (result == SegmentWriter.LINK_FULL) {
                dirty.addFirst(connection);
                break;
            }
            done++;
            if (result == TcpConnection.MORE) {
                dirty.add(connection);
            }
        }
        current = stoodIn ? current : null;
        return done;
    }

    /**
     * Gives back what {@link TcpFlow#keepReceived()} has kept, whether its flow is still there or not; also after {@link #close()}.
     *
     * @throws IllegalStateException if it was given back before
     */
    public void releaseReceived(final int buffer) {
        reclaim();
        pool.release(buffer);
        receiveBudget.releaseKept();
    }

    /** Send buffers that size themselves, to be registered where memory is given back under pressure, on this loop. */
    public Shrinker sendBuffers(final String name) {
        return sendMemory.shrinker(name);
    }

    /** Buffers that applications keep: {@link TcpFlow#keepReceived()}. */
    public int keptBuffers() {
        return receiveBudget.keptBuffers();
    }

    /** Whether {@link #emit} has something to do. */
    public boolean hasWork() {
        return !dirty.isEmpty() || !stoodIn && !accepting.isEmpty();
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

    // -- standing in

    /** From here on no application is called. */
    public void beginStandIn() {
        stoodIn = true;
        if (current != null && current.isOpen()) {
            // In the midst of its turn: what it owes its peer is the helper's now.
            dirty.add(current);
        }
    }

    /** Callbacks that were put off come with the next {@link #emit}. */
    public void endStandIn() {
        stoodIn = false;
        for (TcpConnection connection = owed.poll(); connection != null; connection = owed.poll()) {
            connection.owed = false;
            dirty.add(connection);
        }
    }

    boolean isStoodIn() {
        return stoodIn;
    }

    /** Whether somebody may ever stand in: what can wait for the end of the burst does. */
    boolean lends() {
        return lends && open;
    }

    /** Null if nobody is told. */
    LoopActivity activity() {
        return activity;
    }

    /** For each way from the application into the stack. */
    void reclaim() {
        if (activity != null) {
            activity.reclaim();
        }
    }

    void owe(final TcpConnection connection) {
        if (!connection.owed) {
            connection.owed = true;
            owed.add(connection);
        }
    }

    void acceptLater(final TcpListener listener) {
        if (!accepting.contains(listener)) {
            accepting.add(listener);
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

    SendMemory sendMemory() {
        return sendMemory;
    }

    TimeWaits timeWaits() {
        return timeWaits;
    }

    /** Buffers that send queues leave in the pool. */
    int sendReserveBuffers() {
        return sendReserveBuffers;
    }

    long nowNs() {
        return nowNs;
    }
}
