package io.netchannel.tcpip;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.autoconf.Autoconfiguration;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.icmp.TransportErrorHandler;
import io.netchannel.tcpip.ip.IpLayer;
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
    private IpLayer ipLayer;
    private Autoconfiguration autoconfiguration;
    private TransportErrorHandler tcp;
    private TransportErrorHandler udp;

    LinkEvents(final EthernetPort ethernet) {
        this.ethernet = ethernet;
        this.packets = ethernet.packets();
        this.memory = packets.memory();
    }

    void connect(final NeighborSolicitor asks, final IpLayer ip, final TransportErrorHandler tcpErrors,
            final TransportErrorHandler udpErrors) {
        solicitor = asks;
        ipLayer = ip;
        tcp = tcpErrors;
        udp = udpErrors;
    }

    /** Of the stack that has one. */
    void connect(final Autoconfiguration configures) {
        autoconfiguration = configures;
    }

    @Override
    public void failed(final Neighbor neighbor, final long nowNs) {
        ipLayer.onNeighborFailed(neighbor.high(), neighbor.low());
        if (autoconfiguration != null) {
            autoconfiguration.onNeighborFailed(neighbor, nowNs);
        }
    }

    @Override
    public void reachable(final Neighbor neighbor) {
        ipLayer.onNeighborReachable(neighbor.high(), neighbor.low());
        if (autoconfiguration != null) {
            autoconfiguration.onNeighborReachable(neighbor);
        }
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
        final int available = PacketHandle.lengthBytes(packet) - ethernet.headerBytes();
        final int found = ipv6 ? Ipv6Layout.findTransport(memory, ip, available) : transportOfIpv4(ip);
        final int protocol = found >>> 16;
        final long transport = ip + (found & 0xFFFF);
        final TransportErrorHandler handler = found == Ipv6Layout.NOT_FOUND
                ? null
                : protocol == IpProtocol.TCP
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
        final int localPort = handler == null ? 0 : NetworkOrder.getShort(memory, transport);
        final int remotePort = handler == null ? 0 : NetworkOrder.getShort(memory, transport + 2);
        final int sequence = handler == null ? 0 : NetworkOrder.getInt(memory, transport + 4);
        ethernet.pool().releasePacket(packet);
        if (handler != null) {
            handler.onTransportError(TransportError.HOST_UNREACHABLE, localHigh, localLow, localPort, remoteHigh,
                    remoteLow, remotePort, sequence, 0, nowNs);
        }
    }

    /** As {@link Ipv6Layout#findTransport}, of a header that we wrote: it has no options. */
    private int transportOfIpv4(final long ip) {
        return (Ipv4Layout.fragmentField(memory, ip) & Ipv4Layout.FRAGMENT_OFFSET_MASK) != 0
                ? Ipv6Layout.NOT_FOUND
                : Ipv4Layout.protocol(memory, ip) << 16 | Ipv4Layout.HEADER_BYTES;
    }
}
