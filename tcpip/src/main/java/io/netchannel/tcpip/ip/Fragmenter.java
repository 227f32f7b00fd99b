package io.netchannel.tcpip.ip;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.Neighbor;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6FragmentLayout;

/**
 * Cuts datagrams that a path doesn't take (RFC 791, 3.2; RFC 8200, 4.5). All fragments but the last are as large as the
 * path takes; each is a copy.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Fragmenter {

    private final IpLayer ip;
    private final EthernetPort ethernet;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final NeighborCache cache;
    private final Counters counters;
    private final Identifications identifications;

    Fragmenter(final IpLayer ip, final EthernetPort ethernet, final NeighborCache cache, final Counters counters,
            final Identifications identifications) {
        this.ip = ip;
        this.ethernet = ethernet;
        this.pool = ethernet.pool();
        this.packets = ethernet.packets();
        this.memory = packets.memory();
        this.cache = cache;
        this.counters = counters;
        this.identifications = identifications;
    }

    /**
     * @param packet its checksum is there
     * @param neighbor null for a group
     * @param transportBytes of the packet
     */
    IpOutput.Result send(final long packet, final FlowPath path, final Neighbor neighbor, final int transportBytes,
            final int protocol, final int trafficClass, final int hops, final long nowNs) {
        final int extraBytes = path.ipv6 ? Ipv6FragmentLayout.BYTES : 0;
        final int mostBytes = path.mtuBytes - path.networkHeaderBytes() - extraBytes & ~7;
        final int count = (transportBytes + mostBytes - 1) / mostBytes;
        final boolean resolved = neighbor == null || neighbor.isUsable();
        // All or none: a part is worth nothing, and would cost the receiver its memory.
        if (resolved && ethernet.port().space() < count) {
            return IpOutput.Result.LINK_FULL;
        }
        final int buffersEach = (IpOutput.TRANSPORT_OFFSET + extraBytes + mostBytes - 1) / packets.bufferBytes() + 1;
        if (pool.available() < count * buffersEach) {
            counters.increment(path.ipv6 ? Counter.IP6_FRAG_FAILS : Counter.IP_FRAG_FAILS);
            pool.releasePacket(packet);
            return IpOutput.Result.DROPPED;
        }
        counters.increment(path.ipv6 ? Counter.IP6_OUT_REQUESTS : Counter.IP_OUT_REQUESTS);
        final int id = path.ipv6
                ? identifications.ofIpv6()
                : identifications.ofIpv4(path.localLow, path.remoteLow);
        for (int from = 0; from < transportBytes; from += mostBytes) {
            final int bytes = Math.min(mostBytes, transportBytes - from);
            final boolean more = from + bytes < transportBytes;
            final long fragment = PacketBytes.allocate(pool, IpOutput.TRANSPORT_OFFSET, extraBytes + bytes,
                    ip.capabilities().maxSlices());
            if (fragment == PacketHandle.NONE) {
                // A link that takes too few slices for its own MTU.
                counters.increment(path.ipv6 ? Counter.IP6_FRAG_FAILS : Counter.IP_FRAG_FAILS);
                break;
            }
            PacketBytes.copy(packets, packet, from, fragment, extraBytes, bytes);
            if (path.ipv6) {
                Ipv6FragmentLayout.put(memory, packets.address(fragment), protocol, from, more, id);
            }
            final long frame = ip.prepend(fragment, path, neighbor == null ? path.groupMac : neighbor.mac(), extraBytes
                    + bytes, path.ipv6 ? IpProtocol.FRAGMENT : protocol, trafficClass, hops, id,
                    from / 8 | (more
                            ? Ipv4Layout.MORE_FRAGMENTS
                            : 0));
            counters.increment(path.ipv6 ? Counter.IP6_FRAG_CREATES : Counter.IP_FRAG_CREATES);
            transmit(frame, neighbor, resolved, nowNs);
        }
        counters.increment(path.ipv6 ? Counter.IP6_FRAG_OKS : Counter.IP_FRAG_OKS);
        pool.releasePacket(packet);
        return IpOutput.Result.SENT;
    }

    private void transmit(final long frame, final Neighbor neighbor, final boolean resolved, final long nowNs) {
        if (!resolved) {
            cache.enqueue(neighbor, frame, nowNs);
            return;
        }
        ethernet.transmitOrDrop(frame);
        if (neighbor != null) {
            cache.onUse(neighbor, nowNs);
        }
    }
}
