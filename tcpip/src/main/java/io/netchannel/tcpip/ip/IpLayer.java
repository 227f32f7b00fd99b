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
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.Neighbor;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;
import io.netchannel.tcpip.wire.UdpLayout;
import java.util.random.RandomGenerator;

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
    /** {@link #send}: whatever the interface and the destination's kind suggest. */
    public static final int DEFAULT_HOPS = -1;
    /** The least path MTU that routers are believed; Linux's min_pmtu. */
    static final int MIN_PATH_MTU_IPV4 = 552;

    private static final int MAX_NETWORK_BYTES = 65535;
    /** Where a TCP header has its own length, in words, in the upper half of the byte (RFC 9293, 3.1). */
    private static final int TCP_DATA_OFFSET = 12;

    private final EthernetPort ethernet;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final TxPort port;
    private final Counters counters;
    private final NetInterface network;
    private final Router router;
    private final DestinationCache destinations;
    private final NeighborCache cache;
    private final LinkCapabilities capabilities;
    private final LocalQueue localQueue;
    private final FlowPath transientPath;
    private final Fragmenter fragmenter;
    private final Identifications identifications;
    private int identification;

    /** @param random for what must not be guessed: identifications, the hash of destinations */
    public IpLayer(final InterfaceConfig config, final EthernetPort ethernet, final LocalAddresses addresses,
            final NeighborCache cache, final TimerWheel timers, final Counters counters,
            final RandomGenerator random) {
        this.ethernet = ethernet;
        this.pool = ethernet.pool();
        this.packets = ethernet.packets();
        this.memory = packets.memory();
        this.port = ethernet.port();
        this.counters = counters;
        this.cache = cache;
        this.capabilities = port.capabilities();
        this.localQueue = new LocalQueue(LOCAL_QUEUE_PACKETS);
        this.network = new NetInterface(config, addresses, capabilities.mtuBytes());
        this.destinations = new DestinationCache(timers, addresses.revision(), random.nextLong());
        this.router = new Router(network, destinations);
        this.transientPath = new FlowPath(cache, router);
        this.identification = random.nextInt();
        this.identifications = new Identifications(random);
        this.fragmenter = new Fragmenter(this, ethernet, cache, counters, identifications);
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

    /** Addresses, routes, groups and MTU, which may change while the stack runs. */
    public NetInterface network() {
        return network;
    }

    public int mtuBytes() {
        return network.mtuBytes();
    }

    @Override
    public Path pathTo(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow) {
        final FlowPath path = new FlowPath(cache, router);
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
        if (router.route(path, localHigh, localLow, remoteHigh, remoteLow)) {
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
        return send(packet, way, protocol, trafficClass, DEFAULT_HOPS, PathMtuDiscovery.DONT, nowNs);
    }

    /**
     * As {@link IpOutput#send}, for datagrams, which are cut if need be.
     *
     * @param hops time to live or hop limit, 0 to 255; {@link #DEFAULT_HOPS} for the interface's, and 1 to multicast
     *            groups (RFC 1112, 6.1)
     * @param discovery not of TCP, which cuts by itself: that has DF, and may be as large as the link takes, because it
     *            learns the path MTU from the errors about its own segments
     */
    public Result send(final long packet, final Path way, final int protocol, final int trafficClass, final int hops,
            final PathMtuDiscovery discovery, final long nowNs) {
        final FlowPath path = (FlowPath) way;
        final int index = PacketHandle.index(packet);
        final int transportBytes = packets.frameBytes(packet);
        path.refresh();
        if (path.way == FlowPath.Way.NONE) {
            drop(packet, path.ipv6 ? Counter.IP6_OUT_NO_ROUTES : Counter.IP_OUT_NO_ROUTES);
            return Result.DROPPED;
        }
        final boolean tcp = protocol == IpProtocol.TCP;
        final int networkBytes = path.networkHeaderBytes() + transportBytes;
        final boolean cut = networkBytes > maxNetworkBytes(path, packets.gsoType(index), tcp, discovery);
        if (cut && (tcp || !discovery.mayFragment() || networkBytes > MAX_NETWORK_BYTES
                || packets.gsoType(index) != PacketLayout.GSO_NONE)) {
            drop(packet, path.ipv6 ? Counter.IP6_FRAG_FAILS : Counter.IP_FRAG_FAILS);
            return Result.DROPPED;
        }
        if (path.way == FlowPath.Way.LOCAL) {
            return sendLocal(packet, path, transportBytes, protocol, trafficClass, hops);
        }
        final Neighbor neighbor = path.way == FlowPath.Way.NEIGHBOR ? path.neighbor() : null;
        final boolean resolved = neighbor == null || neighbor.isUsable();
        if (resolved && port.space() == 0) {
            return Result.LINK_FULL;
        }
        if ((cut || !capabilities.transmitChecksum())
                && (packets.flags(index) & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0) {
            fillChecksum(packet, index, transportBytes, protocol);
        }
        if (cut) {
            return fragmenter.send(packet, path, neighbor, transportBytes, protocol, trafficClass, hops, nowNs);
        }
        final boolean dontFragment = tcp || discovery == PathMtuDiscovery.WANT
                ? !path.mtuLocked
                : discovery != PathMtuDiscovery.DONT;
        final long mac = neighbor == null ? path.groupMac : neighbor.mac();
        final long frame = prepend(packet, path, mac, transportBytes, protocol, trafficClass, hops, path.ipv6
                ? 0
                : dontFragment ? identification++ & 0xFFFF : identifications.ofIpv4(path.localLow, path.remoteLow),
                dontFragment ? Ipv4Layout.DONT_FRAGMENT : 0);
        shiftMetadata(index, headerBytes(path));
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

    private int maxNetworkBytes(final FlowPath path, final int gsoType, final boolean tcp,
            final PathMtuDiscovery discovery) {
        final boolean cutByLink = switch (gsoType) {
            case PacketLayout.GSO_TCPV4 -> capabilities.tsoIpv4();
            case PacketLayout.GSO_TCPV6 -> capabilities.tsoIpv6();
            case PacketLayout.GSO_UDP_L4 -> capabilities.uso();
            default -> false;
        };
        if (cutByLink) {
            return capabilities.maxGsoBytes();
        }
        if (path.way == FlowPath.Way.LOCAL) {
            return gsoType == PacketLayout.GSO_NONE ? MAX_NETWORK_BYTES : 0;
        }
        return tcp
                ? capabilities.mtuBytes()
                : discovery == PathMtuDiscovery.PROBE ? path.linkMtuBytes : path.mtuBytes;
    }

    int headerBytes(final FlowPath path) {
        return ethernet.headerBytes() + path.networkHeaderBytes();
    }

    /**
     * Writes both headers in front of the transport's.
     *
     * @param id and {@code fragmentField}: of IPv4
     * @return the frame
     */
    long prepend(final long packet, final FlowPath path, final long mac, final int transportBytes, final int protocol,
            final int trafficClass, final int hops, final int id, final int fragmentField) {
        final long frame = PacketHandle.skip(packet, -headerBytes(path));
        final long address = packets.address(frame);
        EthernetLayout.put(memory, address, mac, ethernet.mac(), ethernet.vlanId(),
                path.ipv6 ? EthernetLayout.TYPE_IPV6 : EthernetLayout.TYPE_IPV4);
        final long ip = address + ethernet.headerBytes();
        final int limit = hops != DEFAULT_HOPS
                ? hops
                : path.way == FlowPath.Way.GROUP && IpAddress.isMulticast(path.remoteHigh, path.remoteLow)
                        ? 1
                        : path.ipv6 ? network.ipv6HopLimit() : NetInterface.DEFAULT_HOP_LIMIT;
        if (path.ipv6) {
            Ipv6Layout.put(memory, ip, trafficClass, 0, transportBytes, protocol, limit, path.localHigh,
                    path.localLow, path.remoteHigh, path.remoteLow);
        } else {
            Ipv4Layout.put(memory, ip, trafficClass, Ipv4Layout.HEADER_BYTES + transportBytes, id, fragmentField,
                    limit, protocol, (int) path.localLow, (int) path.remoteLow);
        }
        return frame;
    }

    // -- path MTU

    /**
     * A router says that a packet was too big, and the transport has found that it had sent it (RFC 1191, 6.3; RFC 8201,
     * 4). Only a decrease is believed. Below {@link #MIN_PATH_MTU_IPV4} IPv4 packets go without DF instead, as Linux's
     * min_pmtu has it: forged errors could make us send crumbs.
     */
    public void onPacketTooBig(final long remoteHigh, final long remoteLow, final int mtuBytes, final long nowNs) {
        final FlowPath path = transientPath;
        if (!route(path, 0, 0, remoteHigh, remoteLow) || path.way != FlowPath.Way.NEIGHBOR) {
            return;
        }
        final boolean locked = !path.ipv6 && mtuBytes < MIN_PATH_MTU_IPV4;
        final int bounded = path.ipv6
                ? Math.max(mtuBytes, Ipv6Layout.MIN_MTU_BYTES)
                : Math.max(mtuBytes, MIN_PATH_MTU_IPV4);
        if (bounded < path.mtuBytes || bounded == path.mtuBytes && path.mtuBytes < path.linkMtuBytes
                || locked && !path.mtuLocked) {
            destinations.learnMtu(remoteHigh, remoteLow, Math.min(bounded, path.mtuBytes), locked || path.mtuLocked,
                    nowNs);
        }
    }

    // -- redirects

    /**
     * A router says that another first hop is better (RFC 1122, 3.2.2.2; RFC 4861, 8.3).
     *
     * @param fromHigh with {@code fromLow}: who says so; must be the first hop as it is
     * @param hopHigh with {@code hopLow}: a neighbour; the destination itself if that is on the link
     * @param hopMac its link address, or negative if the router doesn't say
     * @return whether it was believed
     */
    public boolean onRedirect(final long fromHigh, final long fromLow, final long remoteHigh, final long remoteLow,
            final long hopHigh, final long hopLow, final long hopMac, final long nowNs) {
        final LocalAddresses addresses = network.addresses();
        final FlowPath path = transientPath;
        final boolean toNeighbor = addresses.isOnLink(hopHigh, hopLow)
                || hopHigh == remoteHigh && hopLow == remoteLow && !IpAddress.isIpv4(hopHigh, hopLow);
        if (!toNeighbor || addresses.isLocal(hopHigh, hopLow) || addresses.isBroadcast(hopHigh, hopLow)
                || IpAddress.isMulticast(hopHigh, hopLow)
                || !router.route(path, 0, 0, remoteHigh, remoteLow) || !path.isByGateway()
                || !path.isNextHop(fromHigh, fromLow)) {
            return false;
        }
        destinations.redirect(remoteHigh, remoteLow, hopHigh, hopLow);
        if (hopMac >= 0) {
            cache.onSolicitationSource(cache.findOrCreate(hopHigh, hopLow), hopMac, nowNs);
        }
        return true;
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
            final int trafficClass, final int hops) {
        if (localQueue.isFull()) {
            drop(packet, Counter.IP_LOCAL_QUEUE_DROPS);
            return Result.DROPPED;
        }
        final long frame = prepend(packet, path, ethernet.mac(), transportBytes, protocol, trafficClass, hops,
                identification++ & 0xFFFF, 0);
        shiftMetadata(PacketHandle.index(packet), headerBytes(path));
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

    /**
     * Gives a copy of a packet that is about to be sent to a group back to ourselves.
     *
     * @param packet as for {@link #send}; stays with the caller
     */
    public void loopBack(final long packet, final Path way, final int protocol, final int trafficClass,
            final int hops) {
        final int lengthBytes = packets.frameBytes(packet);
        final long copy = PacketBytes.allocate(pool, TRANSPORT_OFFSET, lengthBytes, PacketLayout.MAX_SLICES);
        if (copy == PacketHandle.NONE) {
            counters.increment(Counter.LINK_OUT_NO_BUFFER);
            return;
        }
        PacketBytes.copy(packets, packet, 0, copy, 0, lengthBytes);
        final int from = PacketHandle.index(packet);
        final int to = PacketHandle.index(copy);
        packets.flags(to, packets.flags(from));
        packets.checksum(to, packets.checksumStart(from), packets.checksumOffset(from));
        packets.gso(to, packets.gsoType(from), packets.gsoSizeBytes(from));
        sendLocal(copy, (FlowPath) way, lengthBytes, protocol, trafficClass, hops);
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

    /** A neighbour did not answer: if it is a gateway, another is taken from here on. */
    public void onNeighborFailed(final long high, final long low) {
        network.routes().onNeighborFailed(high, low);
        destinations.onNeighborFailed(high, low);
    }

    /** A neighbour answers: if it is a gateway that had failed, it is as good as before. */
    public void onNeighborReachable(final long high, final long low) {
        network.routes().onNeighborReachable(high, low);
    }

    /** Releases what was not delivered. */
    public void close() {
        destinations.close();
        while (hasLocal()) {
            drop(localQueue.remove(), Counter.IP_LOCAL_QUEUE_DROPS);
        }
    }
}
