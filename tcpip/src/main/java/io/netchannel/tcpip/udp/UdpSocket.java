package io.netchannel.tcpip.udp;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.ip.PathMtuDiscovery;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A UDP port of one stack, connected to a remote side or not.
 *
 * <p>Sending answers with the bytes that were sent, or with one of the negative constants; nothing is queued here.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class UdpSocket {

    /** Larger than any datagram, or than the path's MTU and not to be cut. */
    public static final int TOO_LONG = -1;
    /** No buffer, or the link is full: try again later. */
    public static final int WOULD_BLOCK = -2;
    /** No route, or no local address of that family. */
    public static final int NO_ROUTE = -3;
    public static final int CLOSED = -4;
    /** To a broadcast address, which {@link #broadcast} forbids. */
    public static final int PROHIBITED = -5;

    /** Groups that a socket may join; Linux's igmp_max_memberships. */
    public static final int MAX_GROUPS = 20;

    /** No remote side is set. */
    static final int UNCONNECTED = 0;

    private final UdpStack stack;
    private final UdpHandler handler;
    final UdpOptions options = new UdpOptions();
    final List<IpAddress> groups = new ArrayList<>(0);
    /** Others may have the same address and port, if they agree. */
    final boolean shared;
    final long boundHigh;
    final long boundLow;
    final int localPort;
    long localHigh;
    long localLow;
    long remoteHigh;
    long remoteLow;
    int remotePort;
    /** Of a connected socket; otherwise null. */
    Path path;
    /** Next socket of the same local port. */
    UdpSocket next;
    boolean open = true;
    /** Reported to the listener registry. */
    boolean registered;
    /** In the flow table. */
    boolean inFlowTable;
    long reserved = PacketHandle.NONE;
    long datagramLocalHigh;
    long datagramLocalLow;
    int datagramTrafficClass;
    int datagramHopLimit;

    UdpSocket(final UdpStack stack, final UdpHandler handler, final long localHigh, final long localLow,
            final int localPort, final boolean shared) {
        this.stack = stack;
        this.handler = handler;
        this.boundHigh = localHigh;
        this.boundLow = localLow;
        this.localHigh = localHigh;
        this.localLow = localLow;
        this.localPort = localPort;
        this.shared = shared;
    }

    // -- the remote side

    /**
     * Exchanges datagrams with one remote side only from here on; the local address becomes the one that the path
     * chooses. Its datagrams come to this loop if those of the bound port do.
     *
     * @return false if there is no route, or another socket has that flow
     */
    public boolean connect(final long toHigh, final long toLow, final int toPort) {
        return stack.connect(this, toHigh, toLow, toPort);
    }

    /** Exchanges datagrams with anybody again. */
    public void disconnect() {
        stack.disconnect(this);
    }

    void remote(final Path to, final int port) {
        path = to;
        remotePort = port;
        remoteHigh = to.remoteHigh();
        remoteLow = to.remoteLow();
        localHigh = to.localHigh();
        localLow = to.localLow();
    }

    void noRemote() {
        path = null;
        remotePort = UNCONNECTED;
        remoteHigh = 0;
        remoteLow = 0;
        localHigh = boundHigh;
        localLow = boundLow;
    }

    // -- sending

    /** Sends to the remote side of a connected socket; copies once. */
    public int send(final long address, final int lengthBytes) {
        requireConnected();
        return stack.sender().send(this, path, remotePort, address, lengthBytes);
    }

    /** Sends from the bound address, or from one that suits the destination; copies once. */
    public int send(final long toHigh, final long toLow, final int toPort, final long address, final int lengthBytes) {
        return sendFrom(localHigh, localLow, toHigh, toLow, toPort, address, lengthBytes);
    }

    /**
     * Sends from a given address of ours, such as {@link #datagramLocalHigh()}: a peer may not know us by another.
     *
     * @param fromHigh with {@code fromLow}: both 0, or a group, for one that suits the destination
     */
    public int sendFrom(final long fromHigh, final long fromLow, final long toHigh, final long toLow, final int toPort,
            final long address, final int lengthBytes) {
        final Path to = stack.sender().transientPath(fromHigh, fromLow, toHigh, toLow);
        return stack.sender().send(this, to, toPort, address, lengthBytes);
    }

    /**
     * Sends many datagrams of {@code segmentBytes} each, the last may be shorter, to the remote side of a connected
     * socket: as one super-frame where the link cuts them (USO).
     *
     * @param segmentBytes at least 1, and no more than the path takes
     * @return the bytes sent, which may be those of the first datagrams only; or a negative constant
     */
    public int sendSegmented(final long address, final int lengthBytes, final int segmentBytes) {
        requireConnected();
        return stack.sender().sendSegmented(this, path, remotePort, address, lengthBytes, segmentBytes);
    }

    /** As {@link #sendSegmented(long, int, int)}, to a named remote side. */
    public int sendSegmented(final long toHigh, final long toLow, final int toPort, final long address,
            final int lengthBytes, final int segmentBytes) {
        final Path to = stack.sender().transientPath(localHigh, localLow, toHigh, toLow);
        return stack.sender().sendSegmented(this, to, toPort, address, lengthBytes, segmentBytes);
    }

    // -- in place: reserve(), write to the address, commit()

    /**
     * Room for a datagram's payload in a packet buffer.
     *
     * @return where to write; 0 if no buffer is free, the socket is closed, or the length is not one buffer's
     */
    public long reserve(final int lengthBytes) {
        return stack.sender().reserve(this, lengthBytes);
    }

    /** Most that {@link #reserve} gives. */
    public int maxReserveBytes() {
        return stack.sender().maxReserveBytes();
    }

    /** Sends the first {@code lengthBytes} of what was reserved to the remote side of a connected socket. */
    public int commit(final int lengthBytes) {
        requireConnected();
        return stack.sender().commit(this, path, remotePort, lengthBytes);
    }

    /** Sends the first {@code lengthBytes} of what was reserved. */
    public int commit(final long toHigh, final long toLow, final int toPort, final int lengthBytes) {
        return stack.sender().commit(this, stack.sender().transientPath(localHigh, localLow, toHigh, toLow), toPort,
                lengthBytes);
    }

    private void requireConnected() {
        if (path == null) {
            throw new IllegalStateException(this + " is not connected; name the destination");
        }
    }

    /** Gives the port back and leaves all groups; does nothing if it is closed. */
    public void close() {
        stack.close(this);
    }

    // -- groups

    /**
     * Joins a multicast group of the stack's interface, until it is left or the socket closes.
     *
     * @return false if it is no group, or joined already, or there are {@link #MAX_GROUPS}
     */
    public boolean joinGroup(final IpAddress group) {
        return stack.join(this, group);
    }

    /** @return false if it was not joined */
    public boolean leaveGroup(final IpAddress group) {
        return stack.leave(this, group);
    }

    // -- options

    /** DS field of what is sent, ECN bits included: 0 to 255; 0 at first. */
    public void trafficClass(final int trafficClass) {
        options.trafficClass = checked("trafficClass", trafficClass, 0);
    }

    /** Time to live, or hop limit, of what is sent to hosts; the interface's at first. */
    public void hopLimit(final int hops) {
        options.hopLimit = checked("hopLimit", hops, 1);
    }

    /** Of what is sent to groups: 0 stays on this host, 1, as at first, on the link. */
    public void multicastHops(final int hops) {
        options.multicastHops = checked("multicastHops", hops, 0);
    }

    /** Whether this stack gets what is sent to groups that it is in; it does at first. */
    public void multicastLoopback(final boolean loops) {
        options.multicastLoopback = loops;
    }

    /** Whether groups are received that only others have joined (Linux's IP_MULTICAST_ALL); they are at first. */
    public void allGroups(final boolean all) {
        options.allGroups = all;
    }

    /** Whether it may send to broadcast addresses (SO_BROADCAST). It may at first, unlike a POSIX socket. */
    public void broadcast(final boolean permitted) {
        options.broadcast = permitted;
    }

    /** Whether coalesced datagrams are delivered together, by {@link UdpHandler#onCoalesced}; not at first. */
    public void coalescing(final boolean together) {
        options.coalescing = together;
    }

    /** What becomes of datagrams that the path doesn't take; {@link PathMtuDiscovery#WANT} at first. */
    public void pathMtuDiscovery(final PathMtuDiscovery discovery) {
        options.pathMtuDiscovery = discovery;
    }

    private static int checked(final String name, final int value, final int min) {
        if (value < min || value > 255) {
            throw new IllegalArgumentException(name + "=" + value + " is not within " + min + "..255");
        }
        return value;
    }

    // -- questions

    public boolean isOpen() {
        return open;
    }

    public boolean isConnected() {
        return path != null;
    }

    /** Largest payload that goes to the remote side of a connected socket in one packet, as far as is known. */
    public int maxUnfragmentedBytes() {
        requireConnected();
        return UdpSender.fittingBytes(path, path.mtuBytes());
    }

    /** Bound address; with {@link #localLow()} 0 for any. Of a connected socket, the one that it sends from. */
    public long localHigh() {
        return localHigh;
    }

    public long localLow() {
        return localLow;
    }

    public int localPort() {
        return localPort;
    }

    public long remoteHigh() {
        return remoteHigh;
    }

    public long remoteLow() {
        return remoteLow;
    }

    /** 0 if not connected. */
    public int remotePort() {
        return remotePort;
    }

    /** During {@link UdpHandler#onDatagram}: the address to which the datagram was sent. */
    public long datagramLocalHigh() {
        return datagramLocalHigh;
    }

    public long datagramLocalLow() {
        return datagramLocalLow;
    }

    /** During {@link UdpHandler#onDatagram}: its DS field, ECN bits included. */
    public int datagramTrafficClass() {
        return datagramTrafficClass;
    }

    /** During {@link UdpHandler#onDatagram}: the time to live, or hop limit, that was left. */
    public int datagramHopLimit() {
        return datagramHopLimit;
    }

    UdpHandler handler() {
        return handler;
    }

    /** How well a datagram fits: 0 not at all; else the more the better. */
    int score(final long toHigh, final long toLow, final long fromHigh, final long fromLow, final int fromPort) {
        int score = 1;
        if (localHigh == toHigh && localLow == toLow) {
            score = 3;
        } else if (!IpAddress.isUnspecified(localHigh, localLow)) {
            return 0;
        } else if (localLow != 0) {
            if (!IpAddress.isIpv4(toHigh, toLow)) {
                return 0;
            }
            score = 2;
        }
        if (path == null) {
            return score;
        }
        return remotePort == fromPort && remoteLow == fromLow && remoteHigh == fromHigh ? score + 4 : 0;
    }

    /** Whether it gets what is sent to a group that the stack is in. */
    boolean wantsGroup(final long groupHigh, final long groupLow) {
        if (options.allGroups || localHigh == groupHigh && localLow == groupLow) {
            return true;
        }
        for (int i = 0; i < groups.size(); i++) {
            final IpAddress group = groups.get(i);
            if (group.low() == groupLow && group.high() == groupHigh) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        final String local = "UDP " + IpAddress.format(localHigh, localLow) + " port " + localPort;
        return path == null ? local : local + " to " + IpAddress.format(remoteHigh, remoteLow) + " port " + remotePort;
    }
}
