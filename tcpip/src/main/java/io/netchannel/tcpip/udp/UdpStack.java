package io.netchannel.tcpip.udp;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import io.netchannel.tcpip.icmp.IcmpErrorSender;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.icmp.TransportErrorHandler;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.PacketBytes;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.NetworkOrder;
import io.netchannel.tcpip.wire.UdpLayout;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.NoRouteToHostException;
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
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final FlowSteering steering;
    private final ListenerRegistry listeners;
    private final Counters counters;
    private final RandomGenerator random;
    private final UdpPorts ports = new UdpPorts();
    private final UdpReceiver receiver;
    private final FlowKey key = new FlowKey();
    private long nowNs;

    /**
     * @param verifyChecksums although the classifier has done so
     * @param random of ports; a cryptographic source, except in simulations
     */
    public UdpStack(final IpLayer ip, final IcmpErrorSender icmp, final FlowSteering steering,
            final ListenerRegistry listeners, final Counters counters, final RandomGenerator random,
            final boolean verifyChecksums, final long startNs) {
        this.ip = ip;
        this.pool = ip.pool();
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.steering = steering;
        this.listeners = listeners;
        this.counters = counters;
        this.random = random;
        this.receiver = new UdpReceiver(packets, ports, icmp, counters, verifyChecksums);
        this.nowNs = startNs;
    }

    /** The time of what is sent until the next call. */
    public void beginTurn(final long turnNs) {
        nowNs = turnNs;
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
        checkPort("port", port, 0);
        final int chosen = port == 0 ? ephemeralPort(localHigh, localLow) : port;
        final UdpSocket taken = ports.boundTo(localHigh, localLow, chosen);
        if (taken != null) {
            throw bindFailure(localHigh, localLow, chosen, "is taken by " + taken);
        }
        final UdpSocket socket = new UdpSocket(this, handler, localHigh, localLow, chosen, null, UdpSocket.UNCONNECTED);
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
        final UdpSocket socket = new UdpSocket(this, handler, path.localHigh(), path.localLow(), chosen, path,
                remotePort);
        ports.add(socket);
        fillKey(path, chosen, remotePort);
        socket.inFlowTable = steering.flows().insert(key, steering.hash().hash(key), chosen);
        // Of another loop's hash, or with the table full: only as a listener do its packets find the way.
        if (!socket.inFlowTable || !steering.isOurs(key)) {
            register(socket);
        }
        return socket;
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
        listeners.register(IpProtocol.UDP, socket.localHigh, socket.localLow, socket.localPort);
        socket.registered = true;
    }

    void close(final UdpSocket socket) {
        if (!socket.open) {
            return;
        }
        socket.open = false;
        ports.remove(socket);
        if (socket.registered) {
            listeners.unregister(IpProtocol.UDP, socket.localHigh, socket.localLow, socket.localPort);
        }
        if (socket.inFlowTable) {
            fillKey(socket.path, socket.localPort, socket.remotePort);
            steering.flows().erase(key, steering.hash().hash(key));
        }
        releaseReserved(socket);
    }

    private void releaseReserved(final UdpSocket socket) {
        if (socket.reserved != PacketHandle.NONE) {
            pool.releasePacket(socket.reserved);
            socket.reserved = PacketHandle.NONE;
        }
    }

    /** Closes all sockets. */
    public void close() {
        for (UdpSocket socket = ports.any(); socket != null; socket = ports.any()) {
            close(socket);
        }
        receiver.close();
    }

    // -- sending

    Path transientPath(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow) {
        return ip.transientPathTo(localHigh, localLow, remoteHigh, remoteLow);
    }

    /** @param path null if there is none */
    int send(final UdpSocket socket, final Path path, final int remotePort, final long address, final int lengthBytes) {
        final int refusal = refusal(socket, path, lengthBytes);
        if (refusal < 0) {
            return refusal;
        }
        final long packet = PacketBytes.allocate(pool, IpOutput.TRANSPORT_OFFSET, UdpLayout.HEADER_BYTES + lengthBytes,
                ip.capabilities().maxSlices());
        if (packet == PacketHandle.NONE) {
            counters.increment(Counter.UDP_SNDBUF_ERRORS);
            return UdpSocket.WOULD_BLOCK;
        }
        PacketBytes.copyIn(packets, address, packet, UdpLayout.HEADER_BYTES, lengthBytes);
        return transmit(socket, path, remotePort, packet, lengthBytes);
    }

    private int refusal(final UdpSocket socket, final Path path, final int lengthBytes) {
        if (!socket.open) {
            return UdpSocket.CLOSED;
        }
        if (path == null) {
            counters.increment(Counter.UDP_SNDBUF_ERRORS);
            return UdpSocket.NO_ROUTE;
        }
        if (lengthBytes < 0 || lengthBytes > path.mtuBytes() - path.networkHeaderBytes() - UdpLayout.HEADER_BYTES) {
            counters.increment(Counter.UDP_OUT_TOO_LONG);
            return UdpSocket.TOO_LONG;
        }
        return 0;
    }

    private int transmit(final UdpSocket socket, final Path path, final int remotePort, final long packet,
            final int lengthBytes) {
        final int index = PacketHandle.index(packet);
        final long udp = packets.address(packet);
        final int udpBytes = UdpLayout.HEADER_BYTES + lengthBytes;
        UdpLayout.put(memory, udp, socket.localPort, remotePort, udpBytes);
        NetworkOrder.putShort(memory, udp + UdpLayout.CHECKSUM_OFFSET, InternetChecksum.pseudoHeader(path.localHigh(),
                path.localLow(), path.remoteHigh(), path.remoteLow(), IpProtocol.UDP, udpBytes));
        packets.checksum(index, 0, UdpLayout.CHECKSUM_OFFSET);
        packets.flags(index, packets.flags(index) | PacketLayout.FLAG_NEEDS_CHECKSUM);
        final IpOutput.Result result = ip.send(packet, path, IpProtocol.UDP, 0, nowNs);
        if (result == IpOutput.Result.SENT) {
            counters.increment(Counter.UDP_OUT_DATAGRAMS);
            return lengthBytes;
        }
        counters.increment(Counter.UDP_SNDBUF_ERRORS);
        if (result == IpOutput.Result.LINK_FULL) {
            pool.releasePacket(packet);
        }
        return UdpSocket.WOULD_BLOCK;
    }

    int maxReserveBytes() {
        return packets.bufferBytes() - IpOutput.TRANSPORT_OFFSET - UdpLayout.HEADER_BYTES;
    }

    long reserve(final UdpSocket socket, final int lengthBytes) {
        if (!socket.open || lengthBytes < 0 || lengthBytes > maxReserveBytes()) {
            return 0;
        }
        releaseReserved(socket);
        socket.reserved = PacketBytes.allocate(pool, IpOutput.TRANSPORT_OFFSET, UdpLayout.HEADER_BYTES + lengthBytes,
                0);
        if (socket.reserved == PacketHandle.NONE) {
            counters.increment(Counter.UDP_SNDBUF_ERRORS);
            return 0;
        }
        return packets.address(socket.reserved) + UdpLayout.HEADER_BYTES;
    }

    int commit(final UdpSocket socket, final Path path, final int remotePort, final int lengthBytes) {
        final long packet = socket.reserved;
        if (socket.open && (packet == PacketHandle.NONE
                || UdpLayout.HEADER_BYTES + lengthBytes > PacketHandle.lengthBytes(packet))) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " were not reserved");
        }
        final int refusal = refusal(socket, path, lengthBytes);
        if (refusal < 0) {
            releaseReserved(socket);
            return refusal;
        }
        socket.reserved = PacketHandle.NONE;
        final long cut = PacketHandle.withRange(packet, IpOutput.TRANSPORT_OFFSET, UdpLayout.HEADER_BYTES
                + lengthBytes);
        return transmit(socket, path, remotePort, cut, lengthBytes);
    }

    // -- errors

    @Override
    public void onTransportError(final TransportError error, final long localHigh, final long localLow,
            final int localPort, final long remoteHigh, final long remoteLow, final int remotePort, final int sequence,
            final int mtuBytes, final long turnNs) {
        final UdpSocket socket = ports.find(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        if (socket == null) {
            return;
        }
        try {
            socket.handler().onError(socket, error, remoteHigh, remoteLow, remotePort, mtuBytes);
        } catch (final RuntimeException failure) {
            socket.handler().onFailure(socket, failure);
        }
    }
}
