package io.netchannel.tcpip.icmp;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Says what a node must about an IPv6 packet whose headers lead to nothing that we know (RFC 8200, 4): the classifier has
 * walked over them and stopped at the one that is the datagram's protocol, which lies in the head as all before it do.
 *
 * <p>Threading: stateless.
 */
final class Ipv6HeaderProblem {

    private static final int ROUTING_TYPE_OFFSET = 2;
    private static final int OPTIONS_OFFSET = 2;
    private static final int PAD1 = 0;
    /** What the two high bits of an option's type ask for of who doesn't know it (RFC 8200, 4.2). */
    private static final int DISCARD = 1;
    private static final int REPORT = 2;
    private static final int REPORT_UNLESS_GROUP = 3;

    private Ipv6HeaderProblem() {
    }

    static void report(final IpDatagram datagram, final IcmpErrorSender errors, final long nowNs) {
        final OrderedMemory memory = datagram.memory();
        final long ip = datagram.networkAddress();
        final int at = datagram.transportOffset() - datagram.networkOffset();
        final int protocol = datagram.protocol();
        if (protocol == IpProtocol.NO_NEXT_HEADER) {
            return;
        }
        final boolean readable = datagram.contiguousBytes() >= 8;
        final boolean first = at == Ipv6Layout.HEADER_BYTES;
        if (readable && protocol == IpProtocol.ROUTING) {
            // RFC 8200, 4.4: segments are left, of a type that we don't know; 0 is to be treated so (RFC 5095, 3).
            errors.parameterProblem(datagram, Icmpv6Layout.ERRONEOUS_HEADER, at + ROUTING_TYPE_OFFSET, nowNs);
        } else if (readable && (protocol == IpProtocol.DESTINATION_OPTIONS
                || protocol == IpProtocol.HOP_BY_HOP && first)) {
            reportOption(datagram, memory, ip, at, errors, nowNs);
        } else {
            errors.parameterProblem(datagram, Icmpv6Layout.UNRECOGNIZED_NEXT_HEADER, nextHeaderField(memory, ip, at),
                    nowNs);
        }
    }

    private static void reportOption(final IpDatagram datagram, final OrderedMemory memory, final long ip,
            final int header, final IcmpErrorSender errors, final long nowNs) {
        final int end = header + Math.min(8 + NetworkOrder.getByte(memory, ip + header + 1) * 8,
                datagram.contiguousBytes());
        int at = header + OPTIONS_OFFSET;
        while (at < end) {
            final int type = NetworkOrder.getByte(memory, ip + at);
            final int action = type >>> 6;
            if (action == REPORT || action == REPORT_UNLESS_GROUP) {
                if (action == REPORT || !datagram.isToGroup()) {
                    errors.parameterProblem(datagram, Icmpv6Layout.UNRECOGNIZED_OPTION, at, nowNs);
                }
                return;
            }
            if (action == DISCARD) {
                return;
            }
            at += type == PAD1 || at + 1 >= end ? 1 : 2 + NetworkOrder.getByte(memory, ip + at + 1);
        }
    }

    /** Offset of the field that names the header at {@code offset}. */
    private static int nextHeaderField(final OrderedMemory memory, final long ip, final int offset) {
        int field = Ipv6Layout.NEXT_HEADER_OFFSET;
        for (int at = Ipv6Layout.HEADER_BYTES; at < offset;) {
            field = at;
            at += 8 + NetworkOrder.getByte(memory, ip + at + 1) * 8;
        }
        return field;
    }
}
