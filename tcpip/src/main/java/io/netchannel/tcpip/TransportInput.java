package io.netchannel.tcpip;

import io.netchannel.tcpip.icmp.IcmpErrorSender;
import io.netchannel.tcpip.icmp.IcmpInput;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.multicast.Memberships;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.udp.UdpStack;
import io.netchannel.tcpip.wire.IpProtocol;

/**
 * From a datagram that is for us to the protocol that it carries (RFC 1122, 3.2.1).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TransportInput {

    private final TcpStack tcp;
    private final UdpStack udp;
    private final IcmpInput icmp;
    private final IcmpErrorSender icmpErrors;
    /** Null where another stack of the station reports. */
    private final Memberships memberships;
    private final WaitingForLoop waiting;
    private final Counters counters;

    TransportInput(final TcpStack tcp, final UdpStack udp, final IcmpInput icmp, final IcmpErrorSender icmpErrors,
            final Memberships memberships, final WaitingForLoop waiting, final Counters counters) {
        this.tcp = tcp;
        this.udp = udp;
        this.icmp = icmp;
        this.icmpErrors = icmpErrors;
        this.memberships = memberships;
        this.waiting = waiting;
        this.counters = counters;
    }

    /** @return whether the packet was kept */
    boolean deliver(final IpDatagram datagram, final long nowNs) {
        final boolean ipv6 = datagram.isIpv6();
        boolean kept = false;
        switch (datagram.protocol()) {
            case IpProtocol.TCP -> {
                tcp.input(datagram.packet(), nowNs);
                kept = true;
            }
            case IpProtocol.UDP -> {
                if (waiting.isStoodIn()) {
                    kept = waiting.keep(datagram.packet());
                } else {
                    udp.input(datagram, nowNs);
                }
            }
            case IpProtocol.ICMP -> icmp.inputIpv4(datagram, nowNs);
            case IpProtocol.IGMP -> {
                if (memberships != null) {
                    memberships.inputIgmp(datagram, nowNs);
                }
            }
            case IpProtocol.ICMPV6 -> icmp.inputIpv6(datagram, nowNs);
            default -> {
                counters.increment(ipv6 ? Counter.IP6_IN_UNKNOWN_PROTOS : Counter.IP_IN_UNKNOWN_PROTOS);
                icmpErrors.protocolUnreachable(datagram, nowNs);
                return false;
            }
        }
        counters.increment(ipv6 ? Counter.IP6_IN_DELIVERS : Counter.IP_IN_DELIVERS);
        return kept;
    }
}
