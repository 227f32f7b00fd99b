package io.netchannel.tcpip.dhcp;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;

/**
 * A route of a lease.
 *
 * @param destination host bits zero
 * @param gateway null if the destination is on the link (RFC 3442, local subnet routes)
 */
public record DhcpRoute(IpPrefix destination, IpAddress gateway) {

    @Override
    public String toString() {
        return destination + (gateway == null ? " on link" : " via " + gateway);
    }
}
