package io.netchannel.tcpip.udp;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import io.netchannel.tcpip.SocketEntry;
import io.netchannel.tcpip.icmp.IcmpErrorSender;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.icmp.TransportErrorHandler;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * UDP (RFC 768; RFC 1122, 4.1) of one loop.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class UdpStack implements TransportErrorHandler {

    private static final int FIRST_EPHEMERAL_PORT = 32768;
    private static final int LAST_EPHEMERAL_PORT = 60999;

    private final IpLayer ip;
    private final FlowSteering steering;
    private final ListenerRegistry listeners;
    private final RandomGenerator random;
    private final UdpPorts ports = new UdpPorts();
    private final UdpReceiver receiver;
    private final UdpSender sender;
    private final FlowKey key = new FlowKey();
    private LoopActivity activity;
    private boolean stoodIn;

    /**
     * @param verifyChecksums although the classifier has done so
     * @param random of ports; a cryptographic source, except in simulations
     */
    public UdpStack(final IpLayer ip, final IcmpErrorSender icmp, final FlowSteering steering,
            final ListenerRegistry listeners, final Counters counters, final RandomGenerator random,
            final boolean verifyChecksums, final long startNs) {
        this.ip = ip;
        this.steering = steering;
        this.listeners = listeners;
        this.random = random;
        this.receiver = new UdpReceiver(ip.pool().packets(), ports, icmp, counters, verifyChecksums);
        this.sender = new UdpSender(ip, counters, startNs);
    }

    /** By which the stack's loop may lend it. */
    public void activity(final LoopActivity loops) {
        activity = loops;
    }

    /** Whether no application may be called. */
    public void standIn(final boolean on) {
        stoodIn = on;
    }

    private void reclaim() {
        if (activity != null) {
            activity.reclaim();
        }
    }

    UdpSender sender() {
        reclaim();
        return sender;
    }

    /** The time of what is sent until the next call. */
    public void beginTurn(final long turnNs) {
        sender.beginTurn(turnNs);
    }

    /** Handles a datagram, and leaves the packet to the caller. */
    public void input(final IpDatagram datagram, final long turnNs) {
        receiver.input(datagram, turnNs);
    }

    // -- sockets

    /**
     * Binds a socket.
     *
     * @param localHigh with {@code localLow}: an address of ours; both 0 for any; 0 and {@code 0x0000FFFF_00000000} for
     *            any of IPv4
     * @param port 0 to have one chosen
     * @throws UncheckedIOException of a {@link BindException}: the port is taken, or none is left
     */
    public UdpSocket bind(final long localHigh, final long localLow, final int port, final UdpHandler handler) {
        return bind(localHigh, localLow, port, false, handler);
    }

    /**
     * As {@link #bind}, and lets others that are bound so have the same port (SO_REUSEADDR): what comes to a group or to
     * all goes to each of them, what comes to an address of ours to the one that was bound last.
     *
     * @param localHigh with {@code localLow}: may be a multicast group too
     */
    public UdpSocket bindShared(final long localHigh, final long localLow, final int port, final UdpHandler handler) {
        return bind(localHigh, localLow, port, true, handler);
    }

    private UdpSocket bind(final long localHigh, final long localLow, final int port, final boolean shared,
            final UdpHandler handler) {
        reclaim();
        checkPort("port", port, 0);
        final int chosen = port == 0 ? ephemeralPort(localHigh, localLow) : port;
        final UdpSocket taken = ports.boundTo(localHigh, localLow, chosen, shared);
        if (taken != null) {
            throw bindFailure(localHigh, localLow, chosen, "is taken by " + taken);
        }
        final UdpSocket socket = new UdpSocket(this, handler, localHigh, localLow, chosen, shared);
        ports.add(socket);
        register(socket);
        return socket;
    }

    /**
     * Binds a socket that exchanges datagrams with one remote side.
     *
     * @param localHigh with {@code localLow}: an address of ours, or both 0 to have one chosen
     * @param localPort 0 to have one chosen, such that the flow's hash belongs to this loop
     * @throws UncheckedIOException of a {@link BindException}: the flow is taken, or no port is left; of a
     *             {@link NoRouteToHostException}
     */
    public UdpSocket connect(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort, final UdpHandler handler) {
        reclaim();
        checkPort("localPort", localPort, 0);
        checkPort("remotePort", remotePort, 1);
        final Path path = ip.pathTo(localHigh, localLow, remoteHigh, remoteLow);
        if (path == null) {
            throw new UncheckedIOException(new NoRouteToHostException("no route from "
                    + IpAddress.format(localHigh, localLow) + " to " + IpAddress.format(remoteHigh, remoteLow)));
        }
        final int chosen = localPort == 0 ? ephemeralPort(path, remotePort) : localPort;
        if (ports.connected(path.localHigh(), path.localLow(), chosen, remoteHigh, remoteLow, remotePort) != null) {
            throw bindFailure(path.localHigh(), path.localLow(), chosen,
                    "is connected to " + IpAddress.format(remoteHigh, remoteLow) + " port " + remotePort + " already");
        }
        final UdpSocket socket = new UdpSocket(this, handler, path.localHigh(), path.localLow(), chosen, false);
        socket.remote(path, remotePort);
        ports.add(socket);
        addFlow(socket);
        // Of another loop's hash, or with the table full: only as a listener do its packets find the way.
        if (!socket.inFlowTable || !steering.isOurs(key)) {
            register(socket);
        }
        return socket;
    }

    private void addFlow(final UdpSocket socket) {
        fillKey(socket.path, socket.localPort, socket.remotePort);
        socket.inFlowTable = steering.flows().insert(key, steering.hash().hash(key), socket.localPort);
    }

    private void eraseFlow(final UdpSocket socket) {
        if (socket.inFlowTable) {
            fillKey(socket.path, socket.localPort, socket.remotePort);
            steering.flows().erase(key, steering.hash().hash(key));
            socket.inFlowTable = false;
        }
    }

    boolean connect(final UdpSocket socket, final long toHigh, final long toLow, final int toPort) {
        reclaim();
        checkPort("toPort", toPort, 1);
        final boolean group = IpAddress.isMulticast(socket.boundHigh, socket.boundLow);
        final Path path = socket.open
                ? ip.pathTo(group ? 0 : socket.boundHigh, group ? 0 : socket.boundLow, toHigh, toLow)
                : null;
        if (path == null || ports.connected(path.localHigh(), path.localLow(), socket.localPort, toHigh, toLow,
                toPort) != null) {
            return false;
        }
        eraseFlow(socket);
        socket.remote(path, toPort);
        addFlow(socket);
        if (!socket.registered) {
            register(socket);
        }
        return true;
    }

    void disconnect(final UdpSocket socket) {
        reclaim();
        if (socket.open && socket.isConnected()) {
            eraseFlow(socket);
            socket.noRemote();
            if (!socket.registered) {
                register(socket);
            }
        }
    }

    private static void checkPort(final String name, final int port, final int min) {
        if (port < min || port > 65535) {
            throw new IllegalArgumentException(name + "=" + port + " is not within " + min + "..65535");
        }
    }

    private static UncheckedIOException bindFailure(final long high, final long low, final int port, final String why) {
        return new UncheckedIOException(
                new BindException("UDP port " + port + " of " + IpAddress.format(high, low) + " " + why));
    }

    /** A port for any remote side. Loops share the listener table, so each chooses among ports of its own. */
    private int ephemeralPort(final long high, final long low) {
        final int count = LAST_EPHEMERAL_PORT - FIRST_EPHEMERAL_PORT + 1;
        final int start = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            final int port = FIRST_EPHEMERAL_PORT + (start + i) % count;
            if (port % steering.loops() == steering.loop() && ports.first(port) == null) {
                return port;
            }
        }
        throw bindFailure(high, low, 0, "can't be chosen: all ephemeral ports are taken");
    }

    /** A port that nobody uses, and that makes the flow's packets come to this loop (RFC 6056, 3.3.1). */
    private int ephemeralPort(final Path path, final int remotePort) {
        final int count = LAST_EPHEMERAL_PORT - FIRST_EPHEMERAL_PORT + 1;
        final int start = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            final int port = FIRST_EPHEMERAL_PORT + (start + i) % count;
            if (ports.first(port) == null) {
                fillKey(path, port, remotePort);
                if (steering.isOurs(key)) {
                    return port;
                }
            }
        }
        throw bindFailure(path.localHigh(), path.localLow(), 0, "can't be chosen: all ephemeral ports are taken");
    }

    private void fillKey(final Path path, final int localPort, final int remotePort) {
        key.local(path.localHigh(), path.localLow(), localPort).remote(path.remoteHigh(), path.remoteLow(), remotePort)
                .protocol(IpProtocol.UDP).vlanId(steering.vlanId());
    }

    private void register(final UdpSocket socket) {
        listeners.register(IpProtocol.UDP, socket.boundHigh, socket.boundLow, socket.localPort);
        socket.registered = true;
    }

    void close(final UdpSocket socket) {
        reclaim();
        if (!socket.open) {
            return;
        }
        socket.open = false;
        ports.remove(socket);
        if (socket.registered) {
            listeners.unregister(IpProtocol.UDP, socket.boundHigh, socket.boundLow, socket.localPort);
        }
        eraseFlow(socket);
        socket.groups.forEach(ip.network()::leaveGroup);
        socket.groups.clear();
        sender.releaseReserved(socket);
    }

    /** Closes all sockets. */
    public void close() {
        reclaim();
        for (UdpSocket socket = ports.any(); socket != null; socket = ports.any()) {
            close(socket);
        }
        receiver.close();
    }

    /** Tells of the sockets, for display. Allocates. */
    public void describe(final Consumer<SocketEntry> into) {
        ports.forEach(socket -> into.accept(new SocketEntry("udp", socket.isConnected() ? "ESTAB" : "UNCONN",
                new IpAddress(socket.localHigh(), socket.localLow()), socket.localPort(),
                new IpAddress(socket.remoteHigh(), socket.remoteLow()), socket.remotePort(), 0, 0, Map.of())));
    }

    // -- groups

    boolean join(final UdpSocket socket, final IpAddress group) {
        reclaim();
        if (!socket.open || socket.groups.size() == UdpSocket.MAX_GROUPS || socket.groups.contains(group)
                || !ip.network().joinGroup(group)) {
            return false;
        }
        socket.groups.add(group);
        return true;
    }

    boolean leave(final UdpSocket socket, final IpAddress group) {
        reclaim();
        if (!socket.groups.remove(group)) {
            return false;
        }
        ip.network().leaveGroup(group);
        return true;
    }

    // -- errors

    @Override
    public boolean onTransportError(final TransportError error, final long localHigh, final long localLow,
            final int localPort, final long remoteHigh, final long remoteLow, final int remotePort, final int sequence,
            final int mtuBytes, final long turnNs) {
        final UdpSocket socket = ports.find(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        if (socket == null) {
            return false;
        }
        if (stoodIn) {
            // Its application is busy; a datagram's error is a hint.
            return true;
        }
        try {
            socket.handler().onError(socket, error, remoteHigh, remoteLow, remotePort, mtuBytes);
        } catch (final RuntimeException failure) {
            socket.handler().onFailure(socket, failure);
        }
        return true;
    }
}
