package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;

/** Where packets go (RFC 1122, 3.3.1): to ourselves, to a group, to the neighbour, or to the gateway. Immutable. */
final class Routes {

    private final LocalAddresses addresses;
    private final IpAddress ipv4Gateway;
    private final IpAddress ipv6Gateway;

    Routes(final LocalAddresses addresses, final IpAddress ipv4Gateway, final IpAddress ipv6Gateway) {
        this.addresses = addresses;
        this.ipv4Gateway = ipv4Gateway;
        this.ipv6Gateway = ipv6Gateway;
    }

    /**
     * Fills in a path; {@code local} may be unspecified.
     *
     * @return false if there is no way, or the local address is not ours
     */
    boolean route(final FlowPath path, final long localHigh, final long localLow, final long remoteHigh,
            final long remoteLow) {
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
            if (source == LocalAddresses.NONE) {
                return false;
            }
            path.ends(!ipv4, addresses.high(source), addresses.low(source), remoteHigh, remoteLow);
        }
        if (toSelf) {
            path.local();
            return true;
        }
        return chooseWay(path, ipv4, remoteHigh, remoteLow);
    }

    private boolean chooseWay(final FlowPath path, final boolean ipv4, final long remoteHigh, final long remoteLow) {
        if (IpAddress.isMulticast(remoteHigh, remoteLow)) {
            path.group(ipv4 ? MacAddress.ofIpv4Multicast((int) remoteLow) : MacAddress.ofIpv6Multicast(remoteLow));
        } else if (addresses.isBroadcast(remoteHigh, remoteLow)) {
            path.group(MacAddress.BROADCAST);
        } else if (addresses.isOnLink(remoteHigh, remoteLow)) {
            path.nextHop(remoteHigh, remoteLow, false);
        } else {
            final IpAddress gateway = ipv4 ? ipv4Gateway : ipv6Gateway;
            // A link-local destination that isn't on our link is on none.
            if (gateway == null || !ipv4 && IpAddress.isIpv6LinkLocal(remoteHigh)) {
                return false;
            }
            path.nextHop(gateway.high(), gateway.low(), true);
        }
        return true;
    }
}
