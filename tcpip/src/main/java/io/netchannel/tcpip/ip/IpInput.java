package io.netchannel.tcpip.ip;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.UdpLayout;

/**
 * What remains to be checked of a classified packet: whether it is for us, and whether its source can be one.
 *
 * <p>The classifier has validated lengths, the IPv4 checksum and extension headers, and has set the offsets; a packet
 * that it has not seen is dropped. Nothing is forwarded.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class IpInput {

    private static final int DHCP_CLIENT_PORT = 68;

    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final LocalAddresses addresses;
    private final Counters counters;
    private final IpDatagram datagram;
    private boolean acceptDhcpToAnyAddress;

    public IpInput(final PacketMemory packets, final LocalAddresses addresses, final Counters counters) {
        this.packets = packets;
        this.memory = packets.memory();
        this.addresses = addresses;
        this.counters = counters;
        this.datagram = new IpDatagram(packets);
    }

    /** Whether a DHCP server's answers are taken whatever their destination: it may be an address that we have not yet. */
    public void acceptDhcpToAnyAddress(final boolean on) {
        acceptDhcpToAnyAddress = on;
    }

    /**
     * @param toLinkGroup the frame was sent to a multicast or broadcast link address
     * @param fromSelf it was sent by this stack and has not been on a link
     * @return the datagram, valid until the next call; null if it was dropped and counted, and the caller releases the
     * packet
     */
    public IpDatagram accept(final long packet, final boolean toLinkGroup, final boolean fromSelf) {
        final IpDatagram d = read(packet);
        counters.increment(d.ipv6 ? Counter.IP6_IN_RECEIVES : Counter.IP_IN_RECEIVES);
        return check(d, toLinkGroup, fromSelf);
    }

    /** As {@link #accept}, for a datagram whose fragments were accepted and counted. */
    public IpDatagram acceptReassembled(final long packet, final boolean toLinkGroup) {
        return check(read(packet), toLinkGroup, false);
    }

    /** What the headers of a packet say that was accepted before. */
    public IpDatagram reread(final long packet) {
        final IpDatagram d = read(packet);
        readAddresses(d);
        d.toGroup = isGroup(d);
        return d;
    }

    private IpDatagram read(final long packet) {
        final int index = PacketHandle.index(packet);
        final IpDatagram d = datagram;
        d.packet = packet;
        d.frame = packets.address(packet);
        d.networkOffset = packets.networkOffset(index);
        d.networkBytes = packets.networkLengthBytes(index);
        d.transportOffset = packets.transportOffset(index);
        d.protocol = packets.protocol(index);
        d.ipv6 = Ipv4Layout.version(memory, d.networkAddress()) == 6;
        return d;
    }

    private boolean isGroup(final IpDatagram d) {
        return IpAddress.isMulticast(d.destinationHigh, d.destinationLow)
                || addresses.isBroadcast(d.destinationHigh, d.destinationLow);
    }

    private IpDatagram check(final IpDatagram d, final boolean toLinkGroup, final boolean fromSelf) {
        final int index = PacketHandle.index(d.packet);
        if ((packets.flags(index) & PacketLayout.FLAG_CLASSIFIED) == 0 || !isInBounds(d)) {
            return drop(d.ipv6 ? Counter.IP6_IN_HDR_ERRORS : Counter.IP_IN_HDR_ERRORS);
        }
        readAddresses(d);
        final boolean group = isGroup(d);
        d.toGroup = group || toLinkGroup;
        if (!fromSelf && isMartian(d)) {
            return drop(d.ipv6 ? Counter.IP6_IN_MARTIANS : Counter.IP_IN_MARTIANS);
        }
        if (!isForUs(d, group, toLinkGroup, fromSelf)) {
            return drop(d.ipv6 ? Counter.IP6_IN_ADDR_ERRORS : Counter.IP_IN_ADDR_ERRORS);
        }
        d.fragment = isFragment(d);
        return d;
    }

    private IpDatagram drop(final Counter reason) {
        counters.increment(reason);
        return null;
    }

    /** Metadata that contradicts itself would make us read past the head; the headers must lie in it. */
    private boolean isInBounds(final IpDatagram d) {
        final int headerBytes = d.ipv6 ? Ipv6Layout.HEADER_BYTES : Ipv4Layout.HEADER_BYTES;
        return d.transportOffset - d.networkOffset >= headerBytes && d.transportBytes() >= 0
                && d.transportOffset <= PacketHandle.lengthBytes(d.packet)
                && d.networkOffset + d.networkBytes <= packets.frameBytes(d.packet);
    }

    private void readAddresses(final IpDatagram d) {
        final long ip = d.networkAddress();
        if (d.ipv6) {
            d.sourceHigh = Ipv6Layout.sourceHigh(memory, ip);
            d.sourceLow = Ipv6Layout.sourceLow(memory, ip);
            d.destinationHigh = Ipv6Layout.destinationHigh(memory, ip);
            d.destinationLow = Ipv6Layout.destinationLow(memory, ip);
        } else {
            d.sourceHigh = 0;
            d.sourceLow = IpAddress.lowOfIpv4(Ipv4Layout.source(memory, ip));
            d.destinationHigh = 0;
            d.destinationLow = IpAddress.lowOfIpv4(Ipv4Layout.destination(memory, ip));
        }
    }

    /** RFC 1122, 3.2.1.3; RFC 4291, 2.5 and 2.7. */
    private boolean isMartian(final IpDatagram d) {
        final long high = d.sourceHigh;
        final long low = d.sourceLow;
        if (d.ipv6 && IpAddress.isIpv4(high, low)) {
            return true;
        }
        if (IpAddress.isUnspecified(high, low)) {
            // Duplicate address detection of others (RFC 4861, 4.3); nothing else that we speak has no source.
            // IGMP queries of a switch that has no address either.
            return !(d.ipv6 ? d.protocol == IpProtocol.ICMPV6 : d.protocol == IpProtocol.IGMP);
        }
        return IpAddress.isMulticast(high, low) || IpAddress.isLoopback(high, low) || addresses.isBroadcast(high, low)
                || IpAddress.isIpv4Reserved(high, low) || addresses.isLocal(high, low) && !isAdvertisement(d);
    }

    /** A duplicate of an address of ours says so from that address (RFC 4862, 5.4.4). */
    private boolean isAdvertisement(final IpDatagram d) {
        return d.ipv6 && d.protocol == IpProtocol.ICMPV6 && d.contiguousBytes() >= Icmpv6Layout.HEADER_BYTES
                && Icmpv6Layout.type(memory, d.transportAddress()) == Icmpv6Layout.NEIGHBOR_ADVERTISEMENT;
    }

    private boolean isForUs(final IpDatagram d, final boolean group, final boolean toLinkGroup,
            final boolean fromSelf) {
        if (group) {
            // RFC 9293, 3.9.2.3: never TCP. A group must be one that we are in; UDP may be broadcast.
            return d.protocol != IpProtocol.TCP && (addresses.isBroadcast(d.destinationHigh, d.destinationLow)
                    || addresses.groups().isJoined(d.destinationHigh, d.destinationLow));
        }
        if (fromSelf && IpAddress.isLoopback(d.destinationHigh, d.destinationLow)) {
            return true;
        }
        if (acceptDhcpToAnyAddress && isDhcpAnswer(d)) {
            return true;
        }
        // RFC 1122, 3.3.6: a link broadcast with one host's address is an error of the sender, or an attack.
        return !toLinkGroup && addresses.isLocal(d.destinationHigh, d.destinationLow);
    }

    private boolean isDhcpAnswer(final IpDatagram d) {
        return !d.ipv6 && d.protocol == IpProtocol.UDP && d.contiguousBytes() >= UdpLayout.HEADER_BYTES
                && UdpLayout.destinationPort(memory, d.transportAddress()) == DHCP_CLIENT_PORT;
    }

    private boolean isFragment(final IpDatagram d) {
        return d.ipv6
                ? d.protocol == IpProtocol.FRAGMENT
                : (Ipv4Layout.fragmentField(memory, d.networkAddress()) & Ipv4Layout.FRAGMENT_MASK) != 0;
    }
}
