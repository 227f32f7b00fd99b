package io.netchannel.tcpip.autoconf;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.autoconf.InterfaceEvent.HopLimitChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.MtuChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.NeighborTimesChanged;
import io.netchannel.tcpip.ip.NetInterface;
import io.netchannel.tcpip.ip.Route;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NdpLayout;
import io.netchannel.tcpip.wire.NdpOptionLayout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Takes a router advertisement apart (RFC 4861, 6.3.4): each option to whoever it concerns. Options that make no sense
 * are counted and passed over.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class RouterAdvertisements {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;
    /** RFC 4861, 10: MAX_REACHABLE_TIME in a router's configuration, 6.2.1. */
    private static final long MAX_REACHABLE_MS = 3_600_000;
    /** RFC 4861 gives none; Linux asks no sooner than this, and whoever waits longer would never find out. */
    private static final long MIN_RETRANSMIT_MS = 10;
    private static final long MAX_RETRANSMIT_MS = 60_000;
    private static final int PREFERENCE_SHIFT = 3;
    private static final int ADDRESS_BITS = 128;

    private final NetInterface network;
    private final InterfaceChanges changes;
    private final NeighborCache neighbors;
    private final AdvertisedRoutes routes;
    private final Slaac slaac;
    private final DnsAdvertisements dns;
    private final OrderedMemory memory;
    private final Counters counters;

    RouterAdvertisements(final NetInterface network, final InterfaceChanges changes, final NeighborCache neighbors,
            final AdvertisedRoutes routes, final Slaac slaac, final DnsAdvertisements dns, final OrderedMemory memory,
            final Counters counters) {
        this.network = network;
        this.changes = changes;
        this.neighbors = neighbors;
        this.routes = routes;
        this.slaac = slaac;
        this.dns = dns;
        this.memory = memory;
        this.counters = counters;
    }

    /** @param icmp of a message whose options are sound */
    void input(final long icmp, final int lengthBytes, final long routerHigh, final long routerLow,
            final long nowNs) {
        final IpAddress router = new IpAddress(routerHigh, routerLow);
        onHeader(icmp, router, nowNs);
        int at = NdpLayout.ROUTER_ADVERTISEMENT_OPTIONS_OFFSET;
        while (at < lengthBytes) {
            final long option = icmp + at;
            if (!onOption(option, router, nowNs)) {
                counters.increment(Counter.NDP_BAD_ADVERTISED_OPTIONS);
            }
            at += NdpOptionLayout.lengthBytes(memory, option);
        }
        dns.tell();
    }

    private void onHeader(final long icmp, final IpAddress router, final long nowNs) {
        final RouterPreference preference = RouterPreference.of(
                NetworkOrder.getByte(memory, icmp + NdpLayout.HOP_LIMIT_OFFSET + 1) >>> PREFERENCE_SHIFT & 3);
        // RFC 4191, 2.2: the reserved value is taken for medium.
        routes.advertise(Route.DEFAULT_IPV6, router, preference == null ? RouterPreference.MEDIUM : preference,
                NdpLayout.routerLifetimeSeconds(memory, icmp) * SECOND_NS, nowNs);
        final int hopLimit = NetworkOrder.getByte(memory, icmp + NdpLayout.HOP_LIMIT_OFFSET);
        if (hopLimit != 0 && hopLimit != network.ipv6HopLimit()) {
            changes.publish(new HopLimitChanged(hopLimit));
        }
        final long reachableMs = NetworkOrder.getInt(memory, icmp + NdpLayout.REACHABLE_TIME_OFFSET) & 0xFFFF_FFFFL;
        final long retransmitMs = NetworkOrder.getInt(memory, icmp + NdpLayout.RETRANSMISSION_TIME_OFFSET)
                & 0xFFFF_FFFFL;
        final long reachableNs = reachableMs > MAX_REACHABLE_MS ? 0 : reachableMs * MILLISECOND_NS;
        final long retransmitNs = retransmitMs == 0
                ? 0
                : Math.clamp(retransmitMs, MIN_RETRANSMIT_MS, MAX_RETRANSMIT_MS) * MILLISECOND_NS;
        if (reachableNs != 0 && reachableNs != neighbors.ipv6BaseReachableNs()
                || retransmitNs != 0 && retransmitNs != neighbors.ipv6RetransmitNs()) {
            changes.publish(new NeighborTimesChanged(reachableNs, retransmitNs));
        }
    }

    /** @return false if it makes no sense */
    private boolean onOption(final long option, final IpAddress router, final long nowNs) {
        final int optionBytes = NdpOptionLayout.lengthBytes(memory, option);
        return switch (NdpOptionLayout.type(memory, option)) {
            case NdpLayout.OPTION_PREFIX_INFORMATION -> optionBytes == NdpOptionLayout.PREFIX_INFORMATION_BYTES
                    && onPrefix(option, nowNs);
            case NdpLayout.OPTION_MTU -> onMtu(NdpOptionLayout.mtuBytes(memory, option));
            case NdpOptionLayout.ROUTE_INFORMATION -> onRoute(option, optionBytes, router, nowNs);
            case NdpOptionLayout.DNS_SERVERS -> dns.onServers(memory, option, lifetimeNs(option), nowNs);
            case NdpOptionLayout.DNS_SEARCH_LIST -> dns.onSearchList(memory, option, lifetimeNs(option), nowNs);
            default -> true;
        };
    }

    private long lifetimeNs(final long option) {
        return nanoseconds(NdpOptionLayout.lifetimeSeconds(memory, option));
    }

    private static long nanoseconds(final long seconds) {
        return seconds == NdpOptionLayout.INFINITE_SECONDS ? ManagedAddress.FOREVER : seconds * SECOND_NS;
    }

    private boolean onPrefix(final long option, final long nowNs) {
        final int lengthBits = NdpOptionLayout.prefixLengthBits(memory, option);
        if (lengthBits > ADDRESS_BITS) {
            return false;
        }
        final IpPrefix prefix = prefix(option + NdpOptionLayout.PREFIX_OFFSET, NdpOptionLayout.PREFIX_INFORMATION_BYTES
                - NdpOptionLayout.PREFIX_OFFSET, lengthBits);
        final long high = prefix.address().high();
        final long low = prefix.address().low();
        // RFC 4861, 6.3.4: the link-local prefix is never told. What is no host's prefix would swallow other traffic.
        if (IpAddress.isIpv6LinkLocal(high) || IpAddress.isMulticast(high, low) || high == 0) {
            return false;
        }
        final int flags = NdpOptionLayout.flags(memory, option);
        final long validNs = lifetimeNs(option);
        if ((flags & NdpOptionLayout.FLAG_ON_LINK) != 0) {
            routes.advertise(prefix, null, RouterPreference.MEDIUM, validNs, nowNs);
        }
        if ((flags & NdpOptionLayout.FLAG_AUTONOMOUS) != 0) {
            slaac.onPrefix(high, lengthBits, validNs,
                    nanoseconds(NdpOptionLayout.preferredLifetimeSeconds(memory, option)), nowNs);
        }
        return true;
    }

    /** RFC 4861, 6.3.4: within what IPv6 needs and the link takes. */
    private boolean onMtu(final long bytes) {
        if (bytes < Ipv6Layout.MIN_MTU_BYTES || bytes > network.mtuBytes()) {
            return false;
        }
        if (bytes != network.ipv6MtuBytes()) {
            changes.publish(new MtuChanged((int) bytes));
        }
        return true;
    }

    /** RFC 4191, 2.3. */
    private boolean onRoute(final long option, final int optionBytes, final IpAddress router, final long nowNs) {
        final int lengthBits = NdpOptionLayout.prefixLengthBits(memory, option);
        final int prefixBytes = optionBytes - NdpOptionLayout.ROUTE_PREFIX_OFFSET;
        final RouterPreference preference = RouterPreference.of(
                NdpOptionLayout.flags(memory, option) >>> PREFERENCE_SHIFT & 3);
        if (lengthBits > ADDRESS_BITS || prefixBytes > 16 || lengthBits > prefixBytes * 8 || preference == null) {
            return false;
        }
        final IpPrefix prefix = prefix(option + NdpOptionLayout.ROUTE_PREFIX_OFFSET, prefixBytes, lengthBits);
        if (lengthBits > 0 && (IpAddress.isIpv6LinkLocal(prefix.address().high())
                || IpAddress.isMulticast(prefix.address().high(), 0) || prefix.address().high() == 0)) {
            return false;
        }
        routes.advertise(lengthBits == 0 ? Route.DEFAULT_IPV6 : prefix, router, preference, lifetimeNs(option), nowNs);
        return true;
    }

    /** Bits behind the length are ignored. */
    private IpPrefix prefix(final long address, final int availableBytes, final int lengthBits) {
        final long high = availableBytes < 8 ? 0 : NetworkOrder.getLong(memory, address);
        final long low = availableBytes < 16 ? 0 : NetworkOrder.getLong(memory, address + 8);
        final long maskHigh = lengthBits >= 64 ? -1L : lengthBits == 0 ? 0 : -1L << 64 - lengthBits;
        final long maskLow = lengthBits <= 64 ? 0 : -1L << ADDRESS_BITS - lengthBits;
        return new IpPrefix(new IpAddress(high & maskHigh, low & maskLow), lengthBits);
    }
}
