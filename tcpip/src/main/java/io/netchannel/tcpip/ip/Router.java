package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.Revision;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MacAddress;

/**
 * Decides where packets go (RFC 1122, 3.3.1; RFC 4861, 5.2): to ourselves, to a group, to a neighbour, or to a gateway; and
 * how large they may be.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Router {

    private final NetInterface network;
    private final LocalAddresses addresses;
    private final DestinationCache destinations;

    Router(final NetInterface network, final DestinationCache destinations) {
        this.network = network;
        this.addresses = network.addresses();
        this.destinations = destinations;
    }

    /** Of all that a route follows from. */
    Revision changes() {
        return addresses.revision();
    }

    /**
     * Fills in a path; {@code local} may be unspecified.
     *
     * @return false if there is no way, or the local address is not ours
     */
    boolean route(final FlowPath path, final long localHigh, final long localLow, final long remoteHigh,
            final long remoteLow) {
        path.revision = changes().value();
        path.way = FlowPath.Way.NONE;
        final boolean ipv4 = IpAddress.isIpv4(remoteHigh, remoteLow);
        if (IpAddress.isUnspecified(remoteHigh, remoteLow) || IpAddress.isIpv4Reserved(remoteHigh, remoteLow)) {
            return false;
        }
        final boolean toLoopback = IpAddress.isLoopback(remoteHigh, remoteLow);
        final boolean toSelf = toLoopback || addresses.isLocal(remoteHigh, remoteLow);
        if (!IpAddress.isUnspecified(localHigh, localLow)) {
            final boolean fromSelf = addresses.isLocal(localHigh, localLow)
                    || toSelf && IpAddress.isLoopback(localHigh, localLow);
            if (!fromSelf || IpAddress.isIpv4(localHigh, localLow) != ipv4) {
                return false;
            }
            path.ends(!ipv4, localHigh, localLow, remoteHigh, remoteLow);
        } else if (toSelf) {
            path.ends(!ipv4, remoteHigh, remoteLow, remoteHigh, remoteLow);
        } else {
            final int source = addresses.sourceFor(remoteHigh, remoteLow);
            if (source != LocalAddresses.NONE) {
                path.ends(!ipv4, addresses.high(source), addresses.low(source), remoteHigh, remoteLow);
            } else if (IpAddress.isIpv4Broadcast(remoteHigh, remoteLow)) {
                // RFC 1122, 3.2.1.3 (a): who asks for an address has none.
                path.ends(false, 0, IpAddress.IPV4_PREFIX, remoteHigh, remoteLow);
            } else {
                return false;
            }
        }
        final int interfaceMtuBytes = ipv4 ? network.mtuBytes() : network.ipv6MtuBytes();
        path.mtu(interfaceMtuBytes, interfaceMtuBytes, false);
        if (toSelf) {
            path.local();
            return true;
        }
        return chooseWay(path, ipv4, remoteHigh, remoteLow);
    }

    private boolean chooseWay(final FlowPath path, final boolean ipv4, final long remoteHigh, final long remoteLow) {
        if (IpAddress.isMulticast(remoteHigh, remoteLow)) {
            path.group(ipv4 ? MacAddress.ofIpv4Multicast((int) remoteLow) : MacAddress.ofIpv6Multicast(remoteLow));
            return true;
        }
        if (addresses.isBroadcast(remoteHigh, remoteLow)) {
            path.group(MacAddress.BROADCAST);
            return true;
        }
        final int known = destinations.find(remoteHigh, remoteLow);
        if (!chooseHop(path, ipv4, known, remoteHigh, remoteLow)) {
            path.way = FlowPath.Way.NONE;
            return false;
        }
        if (known != DestinationCache.NONE && destinations.mtuBytes(known) != 0) {
            path.mtu(Math.min(path.mtuBytes, destinations.mtuBytes(known)), path.linkMtuBytes,
                    destinations.isLocked(known));
        }
        return true;
    }

    private boolean chooseHop(final FlowPath path, final boolean ipv4, final int known, final long remoteHigh,
            final long remoteLow) {
        if (known != DestinationCache.NONE && destinations.isRedirected(known)) {
            final long hopHigh = destinations.firstHopHigh(known);
            final long hopLow = destinations.firstHopLow(known);
            path.nextHop(hopHigh, hopLow, hopHigh != remoteHigh || hopLow != remoteLow);
            return true;
        }
        final Route route = network.routes().find(remoteHigh, remoteLow);
        if (route == null) {
            path.nextHop(remoteHigh, remoteLow, false);
            return addresses.isOnLink(remoteHigh, remoteLow);
        }
        if (route.mtuBytes() != 0) {
            final int least = ipv4 ? Ipv4Layout.MIN_MTU_BYTES : Ipv6Layout.MIN_MTU_BYTES;
            path.routeMtu(Math.max(least, route.mtuBytes()));
        }
        if (route.gateway() == null) {
            path.nextHop(remoteHigh, remoteLow, false);
            return true;
        }
        // A link-local destination that isn't on our link is on none.
        path.nextHop(route.gateway().high(), route.gateway().low(), true);
        return ipv4 || !IpAddress.isIpv6LinkLocal(remoteHigh);
    }
}
