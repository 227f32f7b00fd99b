package io.netchannel.tcpip.icmp;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.Icmpv4Layout;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * ICMP errors about our packets: finds the flow in the part of the packet that they carry (RFC 792; RFC 4443, 2.4 (d)).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class IcmpErrorReceiver {

    /** Ports and sequence number: all that RFC 792 promises of the transport header. */
    private static final int TRANSPORT_BYTES = 8;
    /** MTUs in use (RFC 1191, 7), for routers that don't say theirs. */
    private static final int[] PLATEAUS = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

    private final IpLayer ip;
    private final OrderedMemory memory;
    private final LocalAddresses addresses;
    private final TransportErrorHandler tcp;
    private final TransportErrorHandler udp;

    IcmpErrorReceiver(final IpLayer ip, final OrderedMemory memory, final LocalAddresses addresses,
            final TransportErrorHandler tcp,
            final TransportErrorHandler udp) {
        this.ip = ip;
        this.memory = memory;
        this.addresses = addresses;
        this.tcp = tcp;
        this.udp = udp;
    }

    /** @return false if the packet inside is cut off, malformed or not ours */
    boolean onIpv4Error(final IpDatagram datagram, final long nowNs) {
        final long icmp = datagram.transportAddress();
        final long inner = icmp + Icmpv4Layout.HEADER_BYTES;
        final int available = datagram.contiguousBytes() - Icmpv4Layout.HEADER_BYTES;
        if (available < Ipv4Layout.HEADER_BYTES || Ipv4Layout.version(memory, inner) != 4) {
            return false;
        }
        final int headerBytes = Ipv4Layout.headerBytes(memory, inner);
        final boolean first = (Ipv4Layout.fragmentField(memory, inner) & Ipv4Layout.FRAGMENT_MASK
                & ~Ipv4Layout.MORE_FRAGMENTS) == 0;
        if (headerBytes < Ipv4Layout.HEADER_BYTES || available < headerBytes + TRANSPORT_BYTES || !first) {
            return false;
        }
        final int type = Icmpv4Layout.type(memory, icmp);
        final int code = Icmpv4Layout.code(memory, icmp);
        final TransportError error = ofIpv4(type, code);
        final int mtuBytes = error != TransportError.PACKET_TOO_BIG
                ? 0
                : ipv4Mtu(Icmpv4Layout.nextHopMtuBytes(memory, icmp), Ipv4Layout.totalLengthBytes(memory, inner));
        return error == null || deliver(error, datagram, Ipv4Layout.protocol(memory, inner), 0,
                IpAddress.lowOfIpv4(Ipv4Layout.source(memory, inner)), 0,
                IpAddress.lowOfIpv4(Ipv4Layout.destination(memory, inner)), inner + headerBytes, mtuBytes, nowNs);
    }

    /** @return false if the packet inside is cut off, malformed or not ours */
    boolean onIpv6Error(final IpDatagram datagram, final long nowNs) {
        final long icmp = datagram.transportAddress();
        final long inner = icmp + Icmpv6Layout.HEADER_BYTES;
        final int available = datagram.contiguousBytes() - Icmpv6Layout.HEADER_BYTES;
        if (available < Ipv6Layout.HEADER_BYTES || Ipv6Layout.version(memory, inner) != 6) {
            return false;
        }
        final int found = Ipv6Layout.findTransport(memory, inner, available);
        final int transportOffset = found & 0xFFFF;
        if (found == Ipv6Layout.NOT_FOUND || available < transportOffset + TRANSPORT_BYTES) {
            return false;
        }
        final TransportError error = ofIpv6(Icmpv6Layout.type(memory, icmp), Icmpv6Layout.code(memory, icmp));
        // RFC 8201, 4: an estimate is never below the least MTU, whatever the message says.
        final int mtuBytes = error != TransportError.PACKET_TOO_BIG
                ? 0
                : Math.clamp(Icmpv6Layout.mtuBytes(memory, icmp), Ipv6Layout.MIN_MTU_BYTES, 0xFFFF);
        return error == null || deliver(error, datagram, found >>> 16, Ipv6Layout.sourceHigh(memory, inner),
                Ipv6Layout.sourceLow(memory, inner), Ipv6Layout.destinationHigh(memory, inner),
                Ipv6Layout.destinationLow(memory, inner), inner + transportOffset, mtuBytes, nowNs);
    }

    private boolean deliver(final TransportError error, final IpDatagram outer, final int protocol,
            final long localHigh,
            final long localLow, final long remoteHigh, final long remoteLow, final long transport, final int mtuBytes,
            final long nowNs) {
        // We must have sent it, and the error must have been sent to whom it concerns.
        if (!addresses.isLocal(localHigh, localLow) && !IpAddress.isLoopback(localHigh, localLow)
                || localHigh != outer.destinationHigh()
                || localLow != outer.destinationLow()) {
            return false;
        }
        final int localPort = NetworkOrder.getShort(memory, transport);
        final int remotePort = NetworkOrder.getShort(memory, transport + 2);
        final int sequence = NetworkOrder.getInt(memory, transport + 4);
        final TransportErrorHandler owner = protocol == IpProtocol.TCP
                ? tcp
                : protocol == IpProtocol.UDP ? udp : null;
        final boolean live = owner != null && owner.onTransportError(error, localHigh, localLow, localPort, remoteHigh,
                remoteLow, remotePort, sequence, mtuBytes, nowNs);
        // RFC 5927, 7.2: what nobody has sent teaches nothing.
        if (live && error == TransportError.PACKET_TOO_BIG) {
            ip.onPacketTooBig(remoteHigh, remoteLow, mtuBytes, nowNs);
        }
        return true;
    }

    private static int ipv4Mtu(final int told, final int packetBytes) {
        if (told != 0) {
            return Math.max(told, Ipv4Layout.MIN_MTU_BYTES);
        }
        for (final int plateau : PLATEAUS) {
            if (plateau < packetBytes) {
                return plateau;
            }
        }
        return Ipv4Layout.MIN_MTU_BYTES;
    }

    /**
     * @return null for one that tells a transport nothing: a redirect, a source quench (RFC 6633), what we don't know
     */
    private static TransportError ofIpv4(final int type, final int code) {
        return switch (type) {
            case Icmpv4Layout.DESTINATION_UNREACHABLE -> switch (code) {
                case Icmpv4Layout.NET_UNREACHABLE, 6, 11 -> TransportError.NET_UNREACHABLE;
                case Icmpv4Layout.HOST_UNREACHABLE, 5, 7, 8, 12 -> TransportError.HOST_UNREACHABLE;
                case Icmpv4Layout.PROTOCOL_UNREACHABLE -> TransportError.PROTOCOL_UNREACHABLE;
                case Icmpv4Layout.PORT_UNREACHABLE -> TransportError.PORT_UNREACHABLE;
                case Icmpv4Layout.FRAGMENTATION_NEEDED -> TransportError.PACKET_TOO_BIG;
                case Icmpv4Layout.NET_PROHIBITED, Icmpv4Layout.HOST_PROHIBITED,
                        Icmpv4Layout.ADMINISTRATIVELY_PROHIBITED ->
                    TransportError.PROHIBITED;
                default -> null;
            };
            case Icmpv4Layout.TIME_EXCEEDED -> TransportError.TIME_EXCEEDED;
            case Icmpv4Layout.PARAMETER_PROBLEM -> TransportError.PARAMETER_PROBLEM;
            default -> null;
        };
    }

    private static TransportError ofIpv6(final int type, final int code) {
        return switch (type) {
            case Icmpv6Layout.DESTINATION_UNREACHABLE -> switch (code) {
                case Icmpv6Layout.ADMINISTRATIVELY_PROHIBITED, 5, 6 -> TransportError.PROHIBITED;
                case Icmpv6Layout.ADDRESS_UNREACHABLE -> TransportError.HOST_UNREACHABLE;
                case Icmpv6Layout.PORT_UNREACHABLE -> TransportError.PORT_UNREACHABLE;
                default -> TransportError.NET_UNREACHABLE;
            };
            case Icmpv6Layout.PACKET_TOO_BIG -> TransportError.PACKET_TOO_BIG;
            case Icmpv6Layout.TIME_EXCEEDED -> TransportError.TIME_EXCEEDED;
            case Icmpv6Layout.PARAMETER_PROBLEM -> code == Icmpv6Layout.UNRECOGNIZED_NEXT_HEADER
                    ? TransportError.PROTOCOL_UNREACHABLE
                    : TransportError.PARAMETER_PROBLEM;
            default -> null;
        };
    }
}
