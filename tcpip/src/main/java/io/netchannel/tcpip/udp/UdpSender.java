package io.netchannel.tcpip.udp;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.PacketBytes;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.ip.PathMtuDiscovery;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.NetworkOrder;
import io.netchannel.tcpip.wire.UdpLayout;

/** Datagrams from the application to the IP layer. Confined to one thread. */
final class UdpSender {

    private static final int MAX_NETWORK_BYTES = 65535;
    /** Datagrams in a super-frame; Linux's UDP_MAX_SEGMENTS. */
    private static final int MAX_SEGMENTS = 128;

    private final IpLayer ip;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final Counters counters;
    private final int maxPacketBytes;
    private long nowNs;

    UdpSender(final IpLayer ip, final Counters counters, final long startNs) {
        this.ip = ip;
        this.pool = ip.pool();
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.counters = counters;
        this.maxPacketBytes = packets.bufferBytes() * (1 + PacketLayout.MAX_SLICES) - IpOutput.TRANSPORT_OFFSET;
        this.nowNs = startNs;
    }

    void beginTurn(final long turnNs) {
        nowNs = turnNs;
    }

    /** @param localHigh with {@code localLow}: a group, to which a socket may be bound, is nobody's source */
    Path transientPath(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow) {
        final boolean group = IpAddress.isMulticast(localHigh, localLow);
        return ip.transientPathTo(group ? 0 : localHigh, group ? 0 : localLow, remoteHigh, remoteLow);
    }

    static int fittingBytes(final Path path, final int mtuBytes) {
        return mtuBytes - path.networkHeaderBytes() - UdpLayout.HEADER_BYTES;
    }

    /** @param path null if there is none */
    int send(final UdpSocket socket, final Path path, final int remotePort, final long address, final int lengthBytes) {
        final int refusal = refusal(socket, path, lengthBytes);
        if (refusal < 0) {
            return refusal;
        }
        final long packet = newPacket(address, lengthBytes, fittingBytes(path, path.mtuBytes()) < lengthBytes
                ? PacketLayout.MAX_SLICES
                : ip.capabilities().maxSlices());
        return packet == PacketHandle.NONE
                ? UdpSocket.WOULD_BLOCK
                : transmit(socket, path, remotePort, packet, lengthBytes);
    }

    /** Room for the header and a copy of the payload; counted if there is none. */
    private long newPacket(final long address, final int lengthBytes, final int slices) {
        final long packet = PacketBytes.allocate(pool, IpOutput.TRANSPORT_OFFSET, UdpLayout.HEADER_BYTES + lengthBytes,
                slices);
        if (packet == PacketHandle.NONE) {
            counters.increment(Counter.UDP_SNDBUF_ERRORS);
        } else {
            PacketBytes.copyIn(packets, address, packet, UdpLayout.HEADER_BYTES, lengthBytes);
        }
        return packet;
    }

    private int refusal(final UdpSocket socket, final Path path, final int lengthBytes) {
        if (!socket.open) {
            return UdpSocket.CLOSED;
        }
        if (path == null) {
            counters.increment(Counter.UDP_SNDBUF_ERRORS);
            return UdpSocket.NO_ROUTE;
        }
        if (!socket.options.broadcast && ip.network().addresses().isBroadcast(path.remoteHigh(), path.remoteLow())) {
            counters.increment(Counter.UDP_SNDBUF_ERRORS);
            return UdpSocket.PROHIBITED;
        }
        final PathMtuDiscovery discovery = socket.options.pathMtuDiscovery;
        final int mostNetworkBytes = switch (discovery) {
            case DO -> path.mtuBytes();
            case PROBE -> path.isIpv6() ? ip.network().ipv6MtuBytes() : ip.network().mtuBytes();
            case WANT, DONT -> MAX_NETWORK_BYTES;
        };
        if (lengthBytes < 0 || lengthBytes > fittingBytes(path, mostNetworkBytes)
                || UdpLayout.HEADER_BYTES + lengthBytes > maxPacketBytes) {
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
        final UdpOptions options = socket.options;
        final boolean group = IpAddress.isMulticast(path.remoteHigh(), path.remoteLow());
        final int hops = group ? options.multicastHops : options.hopLimit;
        if (group && options.multicastLoopback && ip.space() > 0
                && ip.network().groups().isJoined(path.remoteHigh(), path.remoteLow())) {
            ip.loopBack(packet, path, IpProtocol.UDP, options.trafficClass, hops);
        }
        if (group && hops == 0) {
            // RFC 1112, 6.1: it stays on this host.
            pool.releasePacket(packet);
            counters.increment(Counter.UDP_OUT_DATAGRAMS);
            return lengthBytes;
        }
        final IpOutput.Result result = ip.send(packet, path, IpProtocol.UDP, options.trafficClass, hops,
                options.pathMtuDiscovery, nowNs);
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

    // -- many at once

    int sendSegmented(final UdpSocket socket, final Path path, final int remotePort, final long address,
            final int lengthBytes, final int segmentBytes) {
        if (segmentBytes < 1) {
            throw new IllegalArgumentException("segmentBytes=" + segmentBytes + " is not positive");
        }
        int refusal = refusal(socket, path, Math.min(segmentBytes, lengthBytes));
        if (refusal == 0 && segmentBytes > fittingBytes(path, path.mtuBytes())) {
            counters.increment(Counter.UDP_OUT_TOO_LONG);
            refusal = UdpSocket.TOO_LONG;
        }
        if (refusal < 0) {
            return refusal;
        }
        final int perFrame = segmentsPerFrame(path, segmentBytes);
        int done = 0;
        do {
            final int bytes = Math.min(lengthBytes - done, perFrame * segmentBytes);
            final long packet = newPacket(address + done, bytes, ip.capabilities().maxSlices());
            if (packet == PacketHandle.NONE) {
                return done > 0 ? done : UdpSocket.WOULD_BLOCK;
            }
            if (bytes > segmentBytes) {
                final int index = PacketHandle.index(packet);
                packets.gso(index, PacketLayout.GSO_UDP_L4, segmentBytes);
                packets.headerLengthBytes(index, UdpLayout.HEADER_BYTES);
            }
            final int sent = transmit(socket, path, remotePort, packet, bytes);
            if (sent < 0) {
                return done > 0 ? done : sent;
            }
            counters.add(Counter.UDP_OUT_DATAGRAMS, (bytes - 1) / segmentBytes);
            done += bytes;
        } while (done < lengthBytes);
        return done;
    }

    /** 1 where the link doesn't cut super-frames. */
    private int segmentsPerFrame(final Path path, final int segmentBytes) {
        if (!ip.capabilities().uso()) {
            return 1;
        }
        final int slices = Math.min(ip.capabilities().maxSlices(), PacketLayout.MAX_SLICES);
        final int room = Math.min(packets.bufferBytes() * (1 + slices) - IpOutput.TRANSPORT_OFFSET
                - UdpLayout.HEADER_BYTES, fittingBytes(path, ip.capabilities().maxGsoBytes()));
        return Math.clamp(room / segmentBytes, 1, MAX_SEGMENTS);
    }

    // -- in place

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

    void releaseReserved(final UdpSocket socket) {
        if (socket.reserved != PacketHandle.NONE) {
            pool.releasePacket(socket.reserved);
            socket.reserved = PacketHandle.NONE;
        }
    }
}
