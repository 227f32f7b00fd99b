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
import io.netchannel.tcpip.wire.NdpOptionLayout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Neighbor solicitations and advertisements (RFC 4861, 7); messages of duplicate address detection and of router
 * discovery, whose rules are those of a {@link ConflictListener} and a {@link RouterListener}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Ndp {

    private static final int MESSAGE_BYTES = NdpLayout.NEIGHBOR_BYTES + NdpLayout.LINK_ADDRESS_OPTION_BYTES;
    private static final long ALL_NODES_LOW = 1;
    private static final long ALL_ROUTERS_LOW = 2;

    private final EthernetPort port;
    private final LocalAddresses addresses;
    private final NeighborCache cache;
    private final Counters counters;
    private final boolean answersRequests;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private ConflictListener conflicts = ConflictListener.NONE;
    private RouterListener routers = RouterListener.NONE;

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

    /** Who is told of others that claim our addresses, and of routers. */
    public void listeners(final ConflictListener conflictListener, final RouterListener routerListener) {
        conflicts = conflictListener;
        routers = routerListener;
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
            case Icmpv6Layout.NEIGHBOR_ADVERTISEMENT -> onAdvertisement(ip, icmp, lengthBytes, senderMac, nowNs);
            case Icmpv6Layout.ROUTER_ADVERTISEMENT -> onRouterAdvertisement(ip, icmp, lengthBytes, nowNs);
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
        if (probe && conflicts.isBeingProbed(targetHigh, targetLow)) {
            conflicts.onProbed(targetHigh, targetLow, senderMac, nonce(icmp, lengthBytes), nowNs);
            return true;
        }
        // RFC 4862, 5.4.3: who asks for a tentative address gets no answer.
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

    private boolean onAdvertisement(final long ip, final long icmp, final int lengthBytes, final long senderMac,
            final long nowNs) {
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
        if (addresses.indexOf(targetHigh, targetLow) != LocalAddresses.NONE) {
            counters.increment(Counter.NDP_CONFLICTS);
            conflicts.onClaimed(targetHigh, targetLow, mac >= 0 ? mac : senderMac, nowNs);
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

    /** RFC 4861, 6.1.2: what else could not come from a router of this link. */
    private boolean onRouterAdvertisement(final long ip, final long icmp, final int lengthBytes, final long nowNs) {
        final int offset = NdpLayout.ROUTER_ADVERTISEMENT_OPTIONS_OFFSET;
        final long routerHigh = Ipv6Layout.sourceHigh(memory, ip);
        final long routerLow = Ipv6Layout.sourceLow(memory, ip);
        if (lengthBytes < offset || !IpAddress.isIpv6LinkLocal(routerHigh)
                || !NdpOptionLayout.isSound(memory, icmp + offset, lengthBytes - offset)) {
            return false;
        }
        final long mac = NdpLayout.findLinkAddress(memory, icmp + offset, lengthBytes - offset,
                NdpLayout.OPTION_SOURCE_LINK_ADDRESS);
        if (!isGoodOption(mac)) {
            return false;
        }
        counters.increment(Counter.NDP_IN_ROUTER_ADVERTISEMENTS);
        if (mac >= 0) {
            cache.onSolicitationSource(cache.findOrCreate(routerHigh, routerLow), mac, nowNs);
        }
        final Neighbor router = cache.find(routerHigh, routerLow);
        if (router != null) {
            // RFC 4861, 6.3.4.
            router.router = true;
        }
        routers.onRouterAdvertisement(icmp, lengthBytes, routerHigh, routerLow, nowNs);
        return true;
    }

    /** @return the nonce of a solicitation whose options are sound, or {@link NdpLayout#NO_OPTION} */
    private long nonce(final long icmp, final int lengthBytes) {
        for (int at = NdpLayout.NEIGHBOR_OPTIONS_OFFSET; at < lengthBytes; at += NdpOptionLayout.lengthBytes(memory,
                icmp
                        + at)) {
            if (NdpOptionLayout.type(memory, icmp + at) == NdpOptionLayout.NONCE) {
                return NdpOptionLayout.nonce(memory, icmp + at);
            }
        }
        return NdpLayout.NO_OPTION;
    }

    /** Tells all nodes that an address is ours (RFC 4861, 7.2.6). */
    public void announce(final long high, final long low) {
        advertise(MacAddress.ofIpv6Multicast(ALL_NODES_LOW), IpAddress.LINK_MULTICAST_HIGH, ALL_NODES_LOW, 0, high,
                low);
    }

    /** Asks whether anybody has an address that we want (RFC 4862, 5.4.2; the nonce is RFC 7527's). */
    public void probe(final long high, final long low, final long nonce) {
        final long groupLow = IpAddress.solicitedNodeLow(low);
        counters.increment(Counter.NDP_OUT_SOLICITS);
        final long packet = newMessage(MacAddress.ofIpv6Multicast(groupLow), MESSAGE_BYTES);
        if (packet != PacketHandle.NONE) {
            final long icmp = icmp(packet);
            NdpLayout.putNeighbor(memory, icmp, Icmpv6Layout.NEIGHBOR_SOLICITATION, 0, high, low);
            NdpOptionLayout.putNonce(memory, icmp + NdpLayout.NEIGHBOR_OPTIONS_OFFSET, nonce);
            transmit(packet, MESSAGE_BYTES, 0, 0, IpAddress.LINK_MULTICAST_HIGH, groupLow);
        }
    }

    /** Asks for routers (RFC 4861, 4.1), from our link-local address; does nothing without one. */
    public void solicitRouters() {
        final int source = addresses.sourceFor(IpAddress.LINK_MULTICAST_HIGH, ALL_ROUTERS_LOW);
        if (source == LocalAddresses.NONE) {
            return;
        }
        final int lengthBytes = NdpLayout.ROUTER_SOLICITATION_OPTIONS_OFFSET + NdpLayout.LINK_ADDRESS_OPTION_BYTES;
        final long packet = newMessage(MacAddress.ofIpv6Multicast(ALL_ROUTERS_LOW), lengthBytes);
        if (packet != PacketHandle.NONE) {
            final long icmp = icmp(packet);
            counters.increment(Counter.NDP_OUT_ROUTER_SOLICITS);
            NdpLayout.putRouterSolicitation(memory, icmp);
            NdpLayout.putLinkAddress(memory, icmp + NdpLayout.ROUTER_SOLICITATION_OPTIONS_OFFSET,
                    NdpLayout.OPTION_SOURCE_LINK_ADDRESS, port.mac());
            transmit(packet, lengthBytes, addresses.high(source), addresses.low(source), IpAddress.LINK_MULTICAST_HIGH,
                    ALL_ROUTERS_LOW);
        }
    }

    private void advertise(final long destinationMac, final long destinationHigh, final long destinationLow,
            final int solicitedFlag, final long targetHigh, final long targetLow) {
        if (!answersRequests) {
            return;
        }
        counters.increment(Counter.NDP_OUT_ADVERTISEMENTS);
        // RFC 4429, 3.3: who is not sure yet overrides nobody.
        final int override = conflicts.isBeingProbed(targetHigh, targetLow) ? 0 : NdpLayout.FLAG_OVERRIDE;
        send(Icmpv6Layout.NEIGHBOR_ADVERTISEMENT, solicitedFlag | override,
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
        final long packet = newMessage(destinationMac, MESSAGE_BYTES);
        if (packet != PacketHandle.NONE) {
            final long icmp = icmp(packet);
            NdpLayout.putNeighbor(memory, icmp, type, flags, targetHigh, targetLow);
            NdpLayout.putLinkAddress(memory, icmp + NdpLayout.NEIGHBOR_OPTIONS_OFFSET, option, port.mac());
            transmit(packet, MESSAGE_BYTES, sourceHigh, sourceLow, destinationHigh, destinationLow);
        }
    }

    private long newMessage(final long destinationMac, final int lengthBytes) {
        return port.newFrame(destinationMac, EthernetLayout.TYPE_IPV6, Ipv6Layout.HEADER_BYTES + lengthBytes);
    }

    private long icmp(final long packet) {
        return packets.address(packet) + port.headerBytes() + Ipv6Layout.HEADER_BYTES;
    }

    private void transmit(final long packet, final int lengthBytes, final long sourceHigh, final long sourceLow,
            final long destinationHigh, final long destinationLow) {
        final long icmp = icmp(packet);
        Ipv6Layout.put(memory, icmp - Ipv6Layout.HEADER_BYTES, 0, 0, lengthBytes, IpProtocol.ICMPV6,
                NdpLayout.HOP_LIMIT, sourceHigh, sourceLow, destinationHigh, destinationLow);
        final int pseudo = InternetChecksum.pseudoHeader(sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.ICMPV6, lengthBytes);
        NetworkOrder.putShort(memory, icmp + Icmpv6Layout.CHECKSUM_OFFSET,
                InternetChecksum.checksum(InternetChecksum.sum(memory, icmp, lengthBytes, pseudo)));
        port.transmitOrDrop(packet);
    }
}
