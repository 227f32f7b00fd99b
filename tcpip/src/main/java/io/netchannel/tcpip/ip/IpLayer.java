package io.netchannel.tcpip.ip;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.PacketSink;
import io.netchannel.channels.TxPort;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.Neighbor;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;
import io.netchannel.tcpip.wire.UdpLayout;

/**
 * IPv4 and IPv6 output: route, header, link address, and the device's part of the metadata.
 *
 * <p>On the fast path (a path whose neighbour is known) a packet costs the stores of both headers and of the metadata;
 * no table is asked.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class IpLayer implements IpOutput {

    /** Packets to ourselves that may wait for the next turn. */
    private static final int LOCAL_QUEUE_PACKETS = 256;
    private static final int HOP_LIMIT = 64;
    /** Where a TCP header has its own length, in words, in the upper half of the byte (RFC 9293, 3.1). */
    private static final int TCP_DATA_OFFSET = 12;

    private final EthernetPort ethernet;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final TxPort port;
    private final Counters counters;
    private final Routes routes;
    private final NeighborCache cache;
    private final LinkCapabilities capabilities;
    private final LocalQueue localQueue;
    private final FlowPath transientPath;
    private final int mtuBytes;
    private int identification;

    /** @param firstIdentification of IPv4 packets; random, so that it tells nothing */
    public IpLayer(final InterfaceConfig config, final EthernetPort ethernet, final LocalAddresses addresses,
            final NeighborCache cache, final Counters counters, final int firstIdentification) {
        this.ethernet = ethernet;
        this.pool = ethernet.pool();
        this.packets = ethernet.packets();
        this.memory = packets.memory();
        this.port = ethernet.port();
        this.counters = counters;
        this.routes = new Routes(addresses, config.ipv4Gateway(), config.ipv6Gateway());
        this.cache = cache;
        this.capabilities = port.capabilities();
        this.localQueue = new LocalQueue(LOCAL_QUEUE_PACKETS);
        this.mtuBytes = Math.min(config.mtuBytes(), capabilities.mtuBytes());
        this.transientPath = new FlowPath(cache, mtuBytes);
        this.identification = firstIdentification;
    }

    @Override
    public PacketPool pool() {
        return pool;
    }

    @Override
    public LinkCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public int space() {
        return port.space();
    }

    public int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public Path pathTo(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow) {
        final FlowPath path = new FlowPath(cache, mtuBytes);
        return route(path, localHigh, localLow, remoteHigh, remoteLow) ? path : null;
    }

    /**
     * As {@link #pathTo}, without allocation.
     *
     * @return a path that holds until the next call, or null
     */
    public Path transientPathTo(final long localHigh, final long localLow, final long remoteHigh,
            final long remoteLow) {
        return route(transientPath, localHigh, localLow, remoteHigh, remoteLow) ? transientPath : null;
    }

    private boolean route(final FlowPath path, final long localHigh, final long localLow, final long remoteHigh,
            final long remoteLow) {
        if (routes.route(path, localHigh, localLow, remoteHigh, remoteLow)) {
            return true;
        }
        counters.increment(localLow >>> 32 == 0xFFFF || remoteLow >>> 32 == 0xFFFF
                ? Counter.IP_OUT_NO_ROUTES
                : Counter.IP6_OUT_NO_ROUTES);
        return false;
    }

    @Override
    public Result send(final long packet, final Path way, final int protocol, final int trafficClass,
            final long nowNs) {
        final FlowPath path = (FlowPath) way;
        final int index = PacketHandle.index(packet);
        final int transportBytes = packets.frameBytes(packet);
        if (path.networkHeaderBytes() + transportBytes > maxNetworkBytes(packets.gsoType(index))) {
            drop(packet, path.ipv6 ? Counter.IP6_FRAG_FAILS : Counter.IP_FRAG_FAILS);
            return Result.DROPPED;
        }
        if (path.way == FlowPath.Way.LOCAL) {
            return sendLocal(packet, path, transportBytes, protocol, trafficClass);
        }
        final Neighbor neighbor = path.way == FlowPath.Way.NEIGHBOR ? path.neighbor() : null;
        final boolean resolved = neighbor == null || neighbor.isUsable();
        if (resolved && port.space() == 0) {
            return Result.LINK_FULL;
        }
        if (!capabilities.transmitChecksum() && (packets.flags(index) & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0) {
            fillChecksum(packet, index, transportBytes, protocol);
        }
        final long mac = neighbor == null ? path.groupMac : neighbor.mac();
        final long frame = prepend(packet, path, mac, transportBytes, protocol, trafficClass);
        if (!resolved) {
            counters.increment(path.ipv6 ? Counter.IP6_OUT_REQUESTS : Counter.IP_OUT_REQUESTS);
            cache.enqueue(neighbor, frame, nowNs);
            return Result.SENT;
        }
        if (!port.transmit(frame)) {
            shiftMetadata(index, -headerBytes(path));
            return Result.LINK_FULL;
        }
        counters.increment(path.ipv6 ? Counter.IP6_OUT_REQUESTS : Counter.IP_OUT_REQUESTS);
        counters.increment(Counter.LINK_OUT_FRAMES);
        if (neighbor != null) {
            cache.onUse(neighbor, nowNs);
        }
        return Result.SENT;
    }

    private int maxNetworkBytes(final int gsoType) {
        final boolean cut = switch (gsoType) {
            case PacketLayout.GSO_TCPV4 -> capabilities.tsoIpv4();
            case PacketLayout.GSO_TCPV6 -> capabilities.tsoIpv6();
            default -> false;
        };
        return cut ? capabilities.maxGsoBytes() : mtuBytes;
    }

    private int headerBytes(final FlowPath path) {
        return ethernet.headerBytes() + path.networkHeaderBytes();
    }

    /** Writes both headers in front of the transport's. @return the frame */
    private long prepend(final long packet, final FlowPath path, final long mac, final int transportBytes,
            final int protocol, final int trafficClass) {
        final int headerBytes = headerBytes(path);
        final long frame = PacketHandle.skip(packet, -headerBytes);
        final long address = packets.address(frame);
        EthernetLayout.put(memory, address, mac, ethernet.mac(), ethernet.vlanId(),
                path.ipv6 ? EthernetLayout.TYPE_IPV6 : EthernetLayout.TYPE_IPV4);
        final long ip = address + ethernet.headerBytes();
        if (path.ipv6) {
            Ipv6Layout.put(memory, ip, trafficClass, 0, transportBytes, protocol, HOP_LIMIT, path.localHigh,
                    path.localLow, path.remoteHigh, path.remoteLow);
        } else {
            Ipv4Layout.put(memory, ip, trafficClass, Ipv4Layout.HEADER_BYTES + transportBytes,
                    identification++ & 0xFFFF,
                    protocol == IpProtocol.TCP ? Ipv4Layout.DONT_FRAGMENT : 0, HOP_LIMIT, protocol, (int) path.localLow,
                    (int) path.remoteLow);
        }
        shiftMetadata(PacketHandle.index(packet), headerBytes);
        return frame;
    }

    /** The transport counts from its header, the device from the frame. */
    private void shiftMetadata(final int index, final int bytes) {
        if ((packets.flags(index) & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0) {
            packets.checksum(index, packets.checksumStart(index) + bytes, packets.checksumOffset(index));
        }
        if (packets.gsoType(index) != PacketLayout.GSO_NONE) {
            packets.headerLengthBytes(index, packets.headerLengthBytes(index) + bytes);
        }
    }

    /** Completes the checksum for a link that can't: its field holds the pseudo header's sum already. */
    private void fillChecksum(final long packet, final int index, final int transportBytes, final int protocol) {
        final int start = packets.checksumStart(index);
        final int sum = InternetChecksum.transportSum(packets, packet, start, transportBytes - start, 0);
        final long field = packets.address(packet) + start + packets.checksumOffset(index);
        NetworkOrder.putShort(memory, field,
                protocol == IpProtocol.UDP ? InternetChecksum.udpChecksum(sum) : InternetChecksum.checksum(sum));
        packets.flags(index, packets.flags(index) & ~PacketLayout.FLAG_NEEDS_CHECKSUM);
    }

    private void drop(final long packet, final Counter reason) {
        counters.increment(reason);
        pool.releasePacket(packet);
    }

    // -- to ourselves

    /**
     * Makes a received packet of it, as the classifier would have, for the next turn. A checksum that is still to be
     * filled in stays so: the data has not left this memory.
     */
    private Result sendLocal(final long packet, final FlowPath path, final int transportBytes, final int protocol,
            final int trafficClass) {
        if (localQueue.isFull()) {
            drop(packet, Counter.IP_LOCAL_QUEUE_DROPS);
            return Result.DROPPED;
        }
        final long frame = prepend(packet, path, ethernet.mac(), transportBytes, protocol, trafficClass);
        final int index = PacketHandle.index(packet);
        final int transportOffset = headerBytes(path);
        final int transportHeaderBytes = protocol == IpProtocol.TCP
                ? NetworkOrder.getByte(memory, packets.address(packet) + TCP_DATA_OFFSET) >>> 4 << 2
                : UdpLayout.HEADER_BYTES;
        packets.flags(index, packets.flags(index) | PacketLayout.FLAG_CLASSIFIED);
        packets.protocol(index, protocol);
        packets.offsets(index, ethernet.headerBytes(), transportOffset, transportOffset + transportHeaderBytes);
        packets.networkLengthBytes(index, path.networkHeaderBytes() + transportBytes);
        packets.totalLengthBytes(index, transportOffset + transportBytes);
        counters.increment(path.ipv6 ? Counter.IP6_OUT_REQUESTS : Counter.IP_OUT_REQUESTS);
        localQueue.add(frame);
        return Result.SENT;
    }

    /** Hands over what was sent to ourselves before this call. @return how many packets */
    public int deliverLocal(final PacketSink sink) {
        final int count = localQueue.size();
        int done = 0;
        // What a callback has closed holds none any more.
        for (; done < count && hasLocal(); done++) {
            sink.accept(localQueue.remove());
        }
        return done;
    }

    public boolean hasLocal() {
        return localQueue.size() > 0;
    }

    /** Releases what was not delivered. */
    public void close() {
        while (hasLocal()) {
            drop(localQueue.remove(), Counter.IP_LOCAL_QUEUE_DROPS);
        }
    }
}
