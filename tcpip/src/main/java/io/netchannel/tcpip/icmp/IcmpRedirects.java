package io.netchannel.tcpip.icmp;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.Icmpv4Layout;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.tcpip.wire.NdpLayout;
import io.netchannel.tcpip.wire.RedirectLayout;

/**
 * Redirects: validated (RFC 1122, 3.2.2.2; RFC 4861, 8.1) and, as on a Linux host, believed of the router that is the first
 * hop now. All others are counted and ignored.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class IcmpRedirects {

    private static final int LAST_IPV4_CODE = 3;

    private final IpLayer ip;
    private final OrderedMemory memory;
    private final LocalAddresses addresses;
    private final Counters counters;

    IcmpRedirects(final IpLayer ip, final LocalAddresses addresses, final Counters counters) {
        this.ip = ip;
        this.memory = ip.pool().packets().memory();
        this.addresses = addresses;
        this.counters = counters;
    }

    void onIpv4(final IpDatagram datagram, final long nowNs) {
        counters.increment(Counter.ICMP_IN_REDIRECTS);
        final long icmp = datagram.transportAddress();
        final long inner = icmp + Icmpv4Layout.HEADER_BYTES;
        final boolean sound = datagram.contiguousBytes() >= Icmpv4Layout.HEADER_BYTES + Ipv4Layout.HEADER_BYTES
                && Icmpv4Layout.code(memory, icmp) <= LAST_IPV4_CODE && Ipv4Layout.version(memory, inner) == 4
                && addresses.isLocal(0, IpAddress.lowOfIpv4(Ipv4Layout.source(memory, inner)));
        // RFC 1122, 3.2.2.2: one for a network is taken as one for the host.
        if (!sound || !ip.onRedirect(datagram.sourceHigh(), datagram.sourceLow(), 0,
                IpAddress.lowOfIpv4(Ipv4Layout.destination(memory, inner)), 0,
                IpAddress.lowOfIpv4(RedirectLayout.gateway(memory, icmp)), NdpLayout.NO_OPTION, nowNs)) {
            counters.increment(Counter.ICMP_REDIRECTS_IGNORED);
        }
    }

    void onIpv6(final IpDatagram datagram, final long nowNs) {
        counters.increment(Counter.ICMP6_IN_REDIRECTS);
        if (!isSoundIpv6(datagram) || !follow(datagram.transportAddress(), datagram, nowNs)) {
            counters.increment(Counter.ICMP6_REDIRECTS_IGNORED);
        }
    }

    /** RFC 4861, 8.1. */
    private boolean isSoundIpv6(final IpDatagram datagram) {
        return Ipv6Layout.hopLimit(memory, datagram.networkAddress()) == NdpLayout.HOP_LIMIT
                && IpAddress.isIpv6LinkLocal(datagram.sourceHigh())
                && datagram.transportBytes() >= RedirectLayout.OPTIONS_OFFSET
                && datagram.contiguousBytes() == datagram.transportBytes()
                && Icmpv6Layout.code(memory, datagram.transportAddress()) == 0;
    }

    private boolean follow(final long icmp, final IpDatagram datagram, final long nowNs) {
        final long hopHigh = RedirectLayout.targetHigh(memory, icmp);
        final long hopLow = RedirectLayout.targetLow(memory, icmp);
        final long remoteHigh = RedirectLayout.destinationHigh(memory, icmp);
        final long remoteLow = RedirectLayout.destinationLow(memory, icmp);
        final long mac = NdpLayout.findLinkAddress(memory, icmp + RedirectLayout.OPTIONS_OFFSET,
                datagram.transportBytes()
                        - RedirectLayout.OPTIONS_OFFSET,
                NdpLayout.OPTION_TARGET_LINK_ADDRESS);
        final boolean toRouter = IpAddress.isIpv6LinkLocal(hopHigh);
        final boolean toDestination = hopHigh == remoteHigh && hopLow == remoteLow;
        final boolean goodOption = mac == NdpLayout.NO_OPTION || mac >= 0 && MacAddress.isStation(mac);
        return goodOption && (toRouter || toDestination) && !IpAddress.isMulticast(remoteHigh, remoteLow)
                && ip.onRedirect(datagram.sourceHigh(), datagram.sourceLow(), remoteHigh, remoteLow, hopHigh, hopLow,
                        mac, nowNs);
    }
}
