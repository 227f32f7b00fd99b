package io.netchannel.tcpip.capture;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.tcpip.wire.NetworkOrder;

/** What a filter asks of a frame. Reads no byte beyond the length that it is given. Re-used; confined to one thread. */
final class FrameSummary {

    static final int UNKNOWN = -1;

    private static final int MAX_EXTENSIONS = 8;
    private static final int FRAGMENT_OFFSET_MASK = 0x1FFF;
    private static final int PORTS_BYTES = 4;

    int etherType;
    int protocol;
    boolean toGroup;
    boolean fragment;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;

    /** @param lengthBytes contiguous at the address; what the headers need of it may be missing */
    void read(final OrderedMemory memory, final long frame, final int lengthBytes) {
        etherType = UNKNOWN;
        protocol = UNKNOWN;
        sourcePort = UNKNOWN;
        destinationPort = UNKNOWN;
        toGroup = false;
        fragment = false;
        if (lengthBytes < EthernetLayout.HEADER_BYTES) {
            return;
        }
        toGroup = MacAddress.isMulticast(EthernetLayout.destination(memory, frame));
        etherType = EthernetLayout.type(memory, frame);
        int at = EthernetLayout.HEADER_BYTES;
        if (etherType == EthernetLayout.TYPE_VLAN && lengthBytes >= at + EthernetLayout.TAG_BYTES) {
            etherType = EthernetLayout.taggedType(memory, frame);
            at += EthernetLayout.TAG_BYTES;
        }
        if (etherType == EthernetLayout.TYPE_IPV4 && lengthBytes >= at + Ipv4Layout.HEADER_BYTES) {
            readIpv4(memory, frame + at, lengthBytes - at);
        } else if (etherType == EthernetLayout.TYPE_IPV6 && lengthBytes >= at + Ipv6Layout.HEADER_BYTES) {
            readIpv6(memory, frame + at, lengthBytes - at);
        }
    }

    boolean isIp() {
        return protocol != UNKNOWN;
    }

    private void readIpv4(final OrderedMemory memory, final long ip, final int lengthBytes) {
        protocol = Ipv4Layout.protocol(memory, ip);
        fragment = (Ipv4Layout.fragmentField(memory, ip) & Ipv4Layout.FRAGMENT_MASK) != 0;
        sourceHigh = 0;
        sourceLow = IpAddress.lowOfIpv4(Ipv4Layout.source(memory, ip));
        destinationHigh = 0;
        destinationLow = IpAddress.lowOfIpv4(Ipv4Layout.destination(memory, ip));
        if ((Ipv4Layout.fragmentField(memory, ip) & FRAGMENT_OFFSET_MASK) == 0) {
            readPorts(memory, ip, Math.max(Ipv4Layout.HEADER_BYTES, Ipv4Layout.headerBytes(memory, ip)), lengthBytes);
        }
    }

    private void readIpv6(final OrderedMemory memory, final long ip, final int lengthBytes) {
        sourceHigh = Ipv6Layout.sourceHigh(memory, ip);
        sourceLow = Ipv6Layout.sourceLow(memory, ip);
        destinationHigh = Ipv6Layout.destinationHigh(memory, ip);
        destinationLow = Ipv6Layout.destinationLow(memory, ip);
        protocol = Ipv6Layout.nextHeader(memory, ip);
        int at = Ipv6Layout.HEADER_BYTES;
        for (int i = 0; i < MAX_EXTENSIONS && at + 8 <= lengthBytes; i++) {
            if (protocol == IpProtocol.FRAGMENT) {
                fragment = true;
                protocol = NetworkOrder.getByte(memory, ip + at);
                if ((NetworkOrder.getShort(memory, ip + at + 2) & 0xFFF8) != 0) {
                    return;
                }
                at += 8;
            } else if (protocol == IpProtocol.HOP_BY_HOP || protocol == IpProtocol.ROUTING
                    || protocol == IpProtocol.DESTINATION_OPTIONS) {
                protocol = NetworkOrder.getByte(memory, ip + at);
                at += 8 + 8 * NetworkOrder.getByte(memory, ip + at + 1);
            } else {
                break;
            }
        }
        readPorts(memory, ip, at, lengthBytes);
    }

    private void readPorts(final OrderedMemory memory, final long ip, final int at, final int lengthBytes) {
        if ((protocol == IpProtocol.TCP || protocol == IpProtocol.UDP) && at + PORTS_BYTES <= lengthBytes) {
            sourcePort = NetworkOrder.getShort(memory, ip + at);
            destinationPort = NetworkOrder.getShort(memory, ip + at + 2);
        }
    }
}
