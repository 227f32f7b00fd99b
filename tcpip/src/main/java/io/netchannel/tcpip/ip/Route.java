package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.Objects;

/**
 * A way to the addresses of a prefix.
 *
 * @param destination /0 for a default route; host bits don't matter
 * @param gateway a neighbour; null if the destinations are neighbours themselves
 * @param metric of two routes of equal length the lower is taken; a router's preference (RFC 4191) maps to it
 * @param mtuBytes 0 for the interface's
 */
public record Route(IpPrefix destination, IpAddress gateway, int metric, int mtuBytes) {

    public static final IpPrefix DEFAULT_IPV4 = new IpPrefix(IpAddress.ofIpv4(0), 0);
    public static final IpPrefix DEFAULT_IPV6 = new IpPrefix(IpAddress.ANY, 0);

    public Route {
        Objects.requireNonNull(destination, "destination");
        if (gateway != null && gateway.isIpv4() != destination.address().isIpv4()) {
            throw new IllegalArgumentException("gateway=" + gateway + " is not of the family of " + destination);
        }
        if (mtuBytes < 0) {
            throw new IllegalArgumentException("mtuBytes=" + mtuBytes + " is negative; 0 is the interface's");
        }
    }

    public static Route onLink(final IpPrefix destination) {
        return new Route(destination, null, 0, 0);
    }

    public static Route via(final IpPrefix destination, final IpAddress gateway) {
        return new Route(destination, gateway, 0, 0);
    }

    /** The default route of the gateway's family. */
    public static Route byDefault(final IpAddress gateway) {
        return via(gateway.isIpv4() ? DEFAULT_IPV4 : DEFAULT_IPV6, gateway);
    }
}
