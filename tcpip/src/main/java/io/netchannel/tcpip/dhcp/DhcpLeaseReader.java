package io.netchannel.tcpip.dhcp;

import static io.netchannel.tcpip.dhcp.DhcpLayout.getInt;

import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a lease of an OFFER or ACK. What the address needs must be right, or there is no lease; of the rest, a malformed
 * option is left out, as Linux clients do.
 */
final class DhcpLeaseReader {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int INFINITE_SECONDS = -1;
    /** RFC 2132, 5.1: the minimum legal value. */
    private static final int MIN_MTU_BYTES = 68;
    /** A message has room for more; nobody has use for them. */
    private static final int MAX_ADDRESSES = 16;

    private DhcpLeaseReader() {
    }

    /** @return null if it gives no lease that can be used */
    static DhcpLease read(final DhcpReply reply, final long startNs) {
        final int address = reply.yourAddress();
        final int server = reply.intOption(DhcpOption.SERVER_ID);
        final int seconds = reply.intOption(DhcpOption.LEASE_TIME);
        final int prefixBits = prefixBits(reply, address);
        if (!isHost(address) || !isHost(server) || seconds == 0 || prefixBits < 0 || !isHostOf(address, prefixBits)) {
            return null;
        }
        final long durationNs = seconds == INFINITE_SECONDS
                ? DhcpLease.INFINITE
                : Integer.toUnsignedLong(seconds) * SECOND_NS;
        final long rebindingNs = timer(reply, DhcpOption.REBINDING_TIME, durationNs, durationNs / 8 * 7);
        final long renewalNs = timer(reply, DhcpOption.RENEWAL_TIME, rebindingNs,
                Math.min(durationNs / 2, rebindingNs));
        final IpPrefix prefix = new IpPrefix(IpAddress.ofIpv4(address), prefixBits);
        final int broadcast = reply.intOption(DhcpOption.BROADCAST_ADDRESS);
        return new DhcpLease(prefix, IpAddress.ofIpv4(server), routes(reply, prefix),
                addresses(reply.option(DhcpOption.DOMAIN_NAME_SERVER)),
                DomainNames.text(reply.option(DhcpOption.DOMAIN_NAME)),
                DomainNames.compressed(reply.option(DhcpOption.DOMAIN_SEARCH)),
                broadcast == 0 ? null : IpAddress.ofIpv4(broadcast), mtu(reply), startNs,
                durationNs == DhcpLease.INFINITE ? DhcpLease.INFINITE : renewalNs,
                durationNs == DhcpLease.INFINITE ? DhcpLease.INFINITE : rebindingNs, durationNs);
    }

    /** What the server says if that is before {@code limitNs}; otherwise the default of RFC 2131, 4.4.5. */
    private static long timer(final DhcpReply reply, final int code, final long limitNs, final long defaultNs) {
        final long ns = Integer.toUnsignedLong(reply.intOption(code)) * SECOND_NS;
        return ns > 0 && ns < limitNs ? ns : defaultNs;
    }

    private static boolean isHost(final int address) {
        final long low = IpAddress.lowOfIpv4(address);
        return address >>> 24 != 0 && !IpAddress.isLoopback(0, low) && !IpAddress.isMulticast(0, low)
                && !IpAddress.isIpv4Reserved(0, low) && !IpAddress.isIpv4Broadcast(0, low);
    }

    /** @return -1 if the mask is malformed */
    private static int prefixBits(final DhcpReply reply, final int address) {
        final byte[] option = reply.option(DhcpOption.SUBNET_MASK);
        if (option == null) {
            return address >= 0 ? 8 : address >>> 30 == 2 ? 16 : 24;
        }
        if (option.length != Integer.BYTES) {
            return -1;
        }
        final int mask = getInt(option, 0);
        final int bits = Integer.bitCount(mask);
        return bits > 0 && bits == Integer.numberOfLeadingZeros(~mask) ? bits : -1;
    }

    /** Neither the network's nor the broadcast address, where there are such. */
    private static boolean isHostOf(final int address, final int prefixBits) {
        final int hostMask = prefixBits >= 31 ? 0 : -1 >>> prefixBits;
        return hostMask == 0 || (address & hostMask) != 0 && (address & hostMask) != hostMask;
    }

    private static int mtu(final DhcpReply reply) {
        final byte[] option = reply.option(DhcpOption.INTERFACE_MTU);
        if (option == null || option.length != Short.BYTES) {
            return 0;
        }
        final int bytes = (option[0] & 0xFF) << 8 | option[1] & 0xFF;
        return bytes < MIN_MTU_BYTES || bytes > InterfaceConfig.MAX_MTU_BYTES ? 0 : bytes;
    }

    private static List<IpAddress> addresses(final byte[] option) {
        final List<IpAddress> addresses = new ArrayList<>();
        if (option == null || option.length % Integer.BYTES != 0) {
            return addresses;
        }
        for (int at = 0; at < option.length && addresses.size() < MAX_ADDRESSES; at += Integer.BYTES) {
            if (isHost(getInt(option, at))) {
                addresses.add(IpAddress.ofIpv4(getInt(option, at)));
            }
        }
        return addresses;
    }

    /** RFC 3442: with option 121 the Router option must be ignored. */
    private static List<DhcpRoute> routes(final DhcpReply reply, final IpPrefix own) {
        final List<DhcpRoute> classless = classless(reply.option(DhcpOption.CLASSLESS_ROUTES), own);
        if (!classless.isEmpty()) {
            return classless;
        }
        final List<DhcpRoute> routes = new ArrayList<>();
        for (final IpAddress router : addresses(reply.option(DhcpOption.ROUTER))) {
            if (!router.equals(own.address())) {
                routes.add(new DhcpRoute(new IpPrefix(IpAddress.ofIpv4(0), 0), router));
            }
        }
        return routes;
    }

    /** RFC 3442: a length in bits, the significant bytes of the destination, the router. All of it, or nothing. */
    private static List<DhcpRoute> classless(final byte[] option, final IpPrefix own) {
        final List<DhcpRoute> routes = new ArrayList<>();
        int at = 0;
        while (option != null && at < option.length) {
            final int bits = option[at++] & 0xFF;
            final int significantBytes = (bits + 7) / 8;
            if (bits > 32 || at + significantBytes + Integer.BYTES > option.length) {
                return List.of();
            }
            int destination = 0;
            for (int i = 0; i < significantBytes; i++) {
                destination |= (option[at + i] & 0xFF) << 24 - 8 * i;
            }
            at += significantBytes;
            final int router = getInt(option, at);
            at += Integer.BYTES;
            final int mask = bits == 0 ? 0 : -1 << 32 - bits;
            final IpPrefix prefix = new IpPrefix(IpAddress.ofIpv4(destination & mask), bits);
            if (router == 0) {
                routes.add(new DhcpRoute(prefix, null));
            } else if (isHost(router) && router != own.address().ipv4()) {
                routes.add(new DhcpRoute(prefix, IpAddress.ofIpv4(router)));
            }
        }
        return routes.size() > MAX_ADDRESSES ? routes.subList(0, MAX_ADDRESSES) : routes;
    }
}
