package io.netchannel.tcpip.udp;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.IpAddress;

/**
 * A UDP port of one stack, connected to a remote side or not.
 *
 * <p>Sending answers with the bytes that were sent, or with one of the negative constants; nothing is queued here.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class UdpSocket {

    /** Larger than the path's MTU allows; refused, because datagrams are not cut into fragments. */
    public static final int TOO_LONG = -1;
    /** No buffer, or the link is full: try again later. */
    public static final int WOULD_BLOCK = -2;
    /** No route, or no local address of that family. */
    public static final int NO_ROUTE = -3;
    public static final int CLOSED = -4;

    /** No remote side is set. */
    static final int UNCONNECTED = 0;

    private final UdpStack stack;
    private final UdpHandler handler;
    final long localHigh;
    final long localLow;
    final int localPort;
    final long remoteHigh;
    final long remoteLow;
    final int remotePort;
    /** Of a connected socket; otherwise null. */
    final Path path;
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

    UdpSocket(final UdpStack stack, final UdpHandler handler, final long localHigh, final long localLow,
            final int localPort, final Path path, final int remotePort) {
        this.stack = stack;
        this.handler = handler;
        this.localHigh = localHigh;
        this.localLow = localLow;
        this.localPort = localPort;
        this.path = path;
        this.remoteHigh = path == null ? 0 : path.remoteHigh();
        this.remoteLow = path == null ? 0 : path.remoteLow();
        this.remotePort = remotePort;
    }

    /** Sends to the remote side of a connected socket; copies once. */
    public int send(final long address, final int lengthBytes) {
        requireConnected();
        return stack.send(this, path, remotePort, address, lengthBytes);
    }

    /** Sends from the bound address, or from one that suits the destination; copies once. */
    public int send(final long toHigh, final long toLow, final int toPort, final long address, final int lengthBytes) {
        return sendFrom(localHigh, localLow, toHigh, toLow, toPort, address, lengthBytes);
    }

    /**
     * Sends from a given address of ours, such as {@link #datagramLocalHigh()}: a peer may not know us by another.
     *
     * @param fromHigh with {@code fromLow}: both 0 for one that suits the destination
     */
    public int sendFrom(final long fromHigh, final long fromLow, final long toHigh, final long toLow, final int toPort,
            final long address, final int lengthBytes) {
        final Path to = stack.transientPath(fromHigh, fromLow, toHigh, toLow);
        return stack.send(this, to, toPort, address, lengthBytes);
    }

    // -- in place: reserve(), write to the address, commit()

    /**
     * Room for a datagram's payload in a packet buffer.
     *
     * @return where to write; 0 if no buffer is free, the socket is closed, or the length is not one buffer's
     */
    public long reserve(final int lengthBytes) {
        return stack.reserve(this, lengthBytes);
    }

    /** Most that {@link #reserve} gives. */
    public int maxReserveBytes() {
        return stack.maxReserveBytes();
    }

    /** Sends the first {@code lengthBytes} of what was reserved to the remote side of a connected socket. */
    public int commit(final int lengthBytes) {
        requireConnected();
        return stack.commit(this, path, remotePort, lengthBytes);
    }

    /** Sends the first {@code lengthBytes} of what was reserved. */
    public int commit(final long toHigh, final long toLow, final int toPort, final int lengthBytes) {
        return stack.commit(this, stack.transientPath(localHigh, localLow, toHigh, toLow), toPort, lengthBytes);
    }

    private void requireConnected() {
        if (path == null) {
            throw new IllegalStateException(this + " is not connected; name the destination");
        }
    }

    /** Gives the port back; does nothing if it is closed. */
    public void close() {
        stack.close(this);
    }

    public boolean isOpen() {
        return open;
    }

    public boolean isConnected() {
        return path != null;
    }

    /** Bound address; with {@link #localLow()} 0 for any. */
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

    @Override
    public String toString() {
        final String local = "UDP " + IpAddress.format(localHigh, localLow) + " port " + localPort;
        return path == null ? local : local + " to " + IpAddress.format(remoteHigh, remoteLow) + " port " + remotePort;
    }
}
