package io.netchannel.tcpip;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.icmp.TransportErrorHandler;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.Neighbor;
import io.netchannel.tcpip.link.NeighborOutput;
import io.netchannel.tcpip.link.NeighborSolicitor;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * What the neighbour cache needs of the layers around it, which are made after it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class LinkEvents implements NeighborOutput {

    private final EthernetPort ethernet;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private NeighborSolicitor solicitor;
    private TransportErrorHandler tcp;
    private TransportErrorHandler udp;

    LinkEvents(final EthernetPort ethernet) {
        this.ethernet = ethernet;
        this.packets = ethernet.packets();
        this.memory = packets.memory();
    }

    void connect(final NeighborSolicitor asks, final TransportErrorHandler tcpErrors,
            final TransportErrorHandler udpErrors) {
        solicitor = asks;
        tcp = tcpErrors;
        udp = udpErrors;
    }

    @Override
    public void solicit(final Neighbor neighbor, final boolean unicast, final long nowNs) {
        solicitor.solicit(neighbor, unicast);
    }

    @Override
    public void transmitResolved(final Neighbor neighbor, final long packet) {
        EthernetLayout.destination(memory, packets.address(packet), neighbor.mac());
        ethernet.transmitOrDrop(packet);
    }

    /** Tells the transport whose packet it was, as an ICMP error from a router would. */
    @Override
    public void unreachable(final Neighbor neighbor, final long packet, final long nowNs) {
        final long ip = packets.address(packet) + ethernet.headerBytes();
        final boolean ipv6 = Ipv4Layout.version(memory, ip) == 6;
        // We wrote the header ourselves: it has neither options nor extension headers.
        final int protocol = ipv6 ? Ipv6Layout.nextHeader(memory, ip) : Ipv4Layout.protocol(memory, ip);
        final long transport = ip + (ipv6 ? Ipv6Layout.HEADER_BYTES : Ipv4Layout.HEADER_BYTES);
        final TransportErrorHandler handler = protocol == IpProtocol.TCP
                ? tcp
                : protocol == IpProtocol.UDP
                        ? udp
                        : null;
        final long localHigh = ipv6 ? Ipv6Layout.sourceHigh(memory, ip) : 0;
        final long localLow = ipv6
                ? Ipv6Layout.sourceLow(memory, ip)
                : IpAddress.lowOfIpv4(Ipv4Layout.source(memory, ip));
        final long remoteHigh = ipv6 ? Ipv6Layout.destinationHigh(memory, ip) : 0;
        final long remoteLow = ipv6
                ? Ipv6Layout.destinationLow(memory, ip)
                : IpAddress.lowOfIpv4(Ipv4Layout.destination(memory, ip));
        final int localPort = NetworkOrder.getShort(memory, transport);
        final int remotePort = NetworkOrder.getShort(memory, transport + 2);
        final int sequence = NetworkOrder.getInt(memory, transport + 4);
        ethernet.pool().releasePacket(packet);
        if (handler != null) {
            handler.onTransportError(TransportError.HOST_UNREACHABLE, localHigh, localLow, localPort, remoteHigh,
                    remoteLow, remotePort, sequence, 0, nowNs);
        }
    }
}
