package io.netchannel.tcpip.link;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.tcpip.wire.NdpLayout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Neighbor solicitations and advertisements (RFC 4861, 7). Addresses are used at once (optimistic, without the
 * detection of duplicates of RFC 4862); a duplicate that speaks up is counted. Router advertisements are counted and
 * not acted upon.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Ndp {

    private static final int MESSAGE_BYTES = NdpLayout.NEIGHBOR_BYTES + NdpLayout.LINK_ADDRESS_OPTION_BYTES;
    private static final long ALL_NODES_LOW = 1;

    private final EthernetPort port;
    private final LocalAddresses addresses;
    private final NeighborCache cache;
    private final Counters counters;
    private final boolean answersRequests;
    private final PacketMemory packets;
    private final OrderedMemory memory;

    /** @param answersRequests false for stacks that only learn, because another of the same station answers */
    public Ndp(final EthernetPort port, final LocalAddresses addresses, final NeighborCache cache,
            final Counters counters, final boolean answersRequests) {
        this.port = port;
        this.addresses = addresses;
        this.cache = cache;
        this.counters = counters;
        this.answersRequests = answersRequests;
        this.packets = port.packets();
        this.memory = packets.memory();
    }

    /**
     * Handles a message of types 133 to 137 whose checksum is right, and leaves the packet to the caller.
     *
     * @param ip address of the IPv6 header
     * @param icmp address of the message, which lies in one piece
     * @param lengthBytes of the message
     * @param senderMac Ethernet source of the frame
     */
    public void input(final long ip, final long icmp, final int lengthBytes, final long senderMac, final long nowNs) {
        final boolean sound = Ipv6Layout.hopLimit(memory, ip) == NdpLayout.HOP_LIMIT
                && Icmpv6Layout.code(memory, icmp) == 0;
        final boolean accepted = sound && switch (Icmpv6Layout.type(memory, icmp)) {
            case Icmpv6Layout.NEIGHBOR_SOLICITATION -> onSolicitation(ip, icmp, lengthBytes, senderMac, nowNs);
            case Icmpv6Layout.NEIGHBOR_ADVERTISEMENT -> onAdvertisement(ip, icmp, lengthBytes, nowNs);
            default -> {
                counters.increment(Counter.NDP_IN_ROUTER_MESSAGES);
                yield true;
            }
        };
        if (!accepted) {
            counters.increment(Counter.NDP_IN_ERRORS);
        }
    }

    private boolean onSolicitation(final long ip, final long icmp, final int lengthBytes, final long senderMac,
            final long nowNs) {
        if (lengthBytes < NdpLayout.NEIGHBOR_BYTES) {
            return false;
        }
        final long targetHigh = NdpLayout.targetHigh(memory, icmp);
        final long targetLow = NdpLayout.targetLow(memory, icmp);
        final long mac = NdpLayout.findLinkAddress(memory, icmp + NdpLayout.NEIGHBOR_OPTIONS_OFFSET,
                lengthBytes - NdpLayout.NEIGHBOR_BYTES, NdpLayout.OPTION_SOURCE_LINK_ADDRESS);
        if (IpAddress.isMulticast(targetHigh, targetLow) || !isGoodOption(mac)) {
            return false;
        }
        final long sourceHigh = Ipv6Layout.sourceHigh(memory, ip);
        final long sourceLow = Ipv6Layout.sourceLow(memory, ip);
        final boolean probe = IpAddress.isUnspecified(sourceHigh, sourceLow);
        final boolean toGroup = Ipv6Layout.destinationHigh(memory, ip) == IpAddress.LINK_MULTICAST_HIGH
                && Ipv6Layout.destinationLow(memory, ip) == IpAddress.solicitedNodeLow(targetLow);
        // RFC 4861, 7.1.1: who has no address yet asks the group and gives no link address.
        if (probe && (!toGroup || mac != NdpLayout.NO_OPTION)) {
            return false;
        }
        counters.increment(Counter.NDP_IN_SOLICITS);
        if (!addresses.isLocal(targetHigh, targetLow)) {
            return true;
        }
        if (probe) {
            advertise(MacAddress.ofIpv6Multicast(ALL_NODES_LOW), IpAddress.LINK_MULTICAST_HIGH, ALL_NODES_LOW, 0,
                    targetHigh, targetLow);
            return true;
        }
        if (mac >= 0 && addresses.isOnLink(sourceHigh, sourceLow)) {
            cache.onSolicitationSource(cache.findOrCreate(sourceHigh, sourceLow), mac, nowNs);
        }
        advertise(mac >= 0 ? mac : senderMac, sourceHigh, sourceLow, NdpLayout.FLAG_SOLICITED, targetHigh, targetLow);
        return true;
    }

    private boolean onAdvertisement(final long ip, final long icmp, final int lengthBytes, final long nowNs) {
        if (lengthBytes < NdpLayout.NEIGHBOR_BYTES) {
            return false;
        }
        final long targetHigh = NdpLayout.targetHigh(memory, icmp);
        final long targetLow = NdpLayout.targetLow(memory, icmp);
        final long mac = NdpLayout.findLinkAddress(memory, icmp + NdpLayout.NEIGHBOR_OPTIONS_OFFSET,
                lengthBytes - NdpLayout.NEIGHBOR_BYTES, NdpLayout.OPTION_TARGET_LINK_ADDRESS);
        final int flags = NdpLayout.flags(memory, icmp);
        final boolean solicited = (flags & NdpLayout.FLAG_SOLICITED) != 0;
        final boolean toGroup = IpAddress.isMulticast(Ipv6Layout.destinationHigh(memory, ip), 0);
        if (IpAddress.isMulticast(targetHigh, targetLow) || !isGoodOption(mac) || toGroup && solicited) {
            return false;
        }
        counters.increment(Counter.NDP_IN_ADVERTISEMENTS);
        if (addresses.isLocal(targetHigh, targetLow)) {
            counters.increment(Counter.NDP_CONFLICTS);
            return true;
        }
        final Neighbor entry = cache.find(targetHigh, targetLow);
        if (entry != null) {
            cache.onAdvertisement(entry, mac, solicited, (flags & NdpLayout.FLAG_OVERRIDE) != 0,
                    (flags & NdpLayout.FLAG_ROUTER) != 0, nowNs);
        }
        return true;
    }

    private boolean isGoodOption(final long mac) {
        return mac == NdpLayout.NO_OPTION || mac >= 0 && MacAddress.isStation(mac) && mac != port.mac();
    }

    /** Tells all nodes our addresses (RFC 4861, 7.2.6), if it is this stack that answers for them. */
    public void announce() {
        for (int i = 0; i < addresses.count(); i++) {
            if (!IpAddress.isIpv4(addresses.high(i), addresses.low(i))) {
                advertise(MacAddress.ofIpv6Multicast(ALL_NODES_LOW), IpAddress.LINK_MULTICAST_HIGH, ALL_NODES_LOW, 0,
                        addresses.high(i), addresses.low(i));
            }
        }
    }

    private void advertise(final long destinationMac, final long destinationHigh, final long destinationLow,
            final int solicitedFlag, final long targetHigh, final long targetLow) {
        if (!answersRequests) {
            return;
        }
        counters.increment(Counter.NDP_OUT_ADVERTISEMENTS);
        send(Icmpv6Layout.NEIGHBOR_ADVERTISEMENT, solicitedFlag | NdpLayout.FLAG_OVERRIDE,
                NdpLayout.OPTION_TARGET_LINK_ADDRESS, destinationMac, targetHigh, targetLow, destinationHigh,
                destinationLow, targetHigh, targetLow);
    }

    /** Asks for a neighbour's address: the solicited-node group, or the neighbour itself if {@code unicast}. */
    void solicit(final Neighbor neighbor, final boolean unicast) {
        final int source = addresses.sourceFor(neighbor.high(), neighbor.low());
        if (source == LocalAddresses.NONE) {
            return;
        }
        final long groupLow = IpAddress.solicitedNodeLow(neighbor.low());
        counters.increment(Counter.NDP_OUT_SOLICITS);
        send(Icmpv6Layout.NEIGHBOR_SOLICITATION, 0, NdpLayout.OPTION_SOURCE_LINK_ADDRESS,
                unicast ? neighbor.mac() : MacAddress.ofIpv6Multicast(groupLow), addresses.high(source),
                addresses.low(source), unicast ? neighbor.high() : IpAddress.LINK_MULTICAST_HIGH,
                unicast ? neighbor.low() : groupLow, neighbor.high(), neighbor.low());
    }

    private void send(final int type, final int flags, final int option, final long destinationMac,
            final long sourceHigh, final long sourceLow, final long destinationHigh, final long destinationLow,
            final long targetHigh, final long targetLow) {
        final long packet = port.newFrame(destinationMac, EthernetLayout.TYPE_IPV6, Ipv6Layout.HEADER_BYTES
                + MESSAGE_BYTES);
        if (packet == PacketHandle.NONE) {
            return;
        }
        final long ip = packets.address(packet) + port.headerBytes();
        final long icmp = ip + Ipv6Layout.HEADER_BYTES;
        Ipv6Layout.put(memory, ip, 0, 0, MESSAGE_BYTES, IpProtocol.ICMPV6, NdpLayout.HOP_LIMIT, sourceHigh, sourceLow,
                destinationHigh, destinationLow);
        NdpLayout.putNeighbor(memory, icmp, type, flags, targetHigh, targetLow);
        NdpLayout.putLinkAddress(memory, icmp + NdpLayout.NEIGHBOR_OPTIONS_OFFSET, option, port.mac());
        final int pseudo = InternetChecksum.pseudoHeader(sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.ICMPV6, MESSAGE_BYTES);
        NetworkOrder.putShort(memory, icmp + Icmpv6Layout.CHECKSUM_OFFSET,
                InternetChecksum.checksum(InternetChecksum.sum(memory, icmp, MESSAGE_BYTES, pseudo)));
        port.transmitOrDrop(packet);
    }
}
