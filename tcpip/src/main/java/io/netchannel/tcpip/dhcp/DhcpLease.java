package io.netchannel.tcpip.dhcp;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.List;

/**
 * What a server has given: checked, so that it can be applied as it is.
 *
 * @param address with the prefix of the subnet mask; without one, that of the address's class
 * @param server identifier of the server
 * @param routes classless static routes if there are any, else a default route by each router (RFC 3442)
 * @param dnsServers in order of preference
 * @param domainName of the client, or null
 * @param searchDomains without trailing dots
 * @param broadcast address, or null
 * @param mtuBytes 0 if the server said nothing
 * @param startNs when the request was sent that it answers (RFC 2131, 4.4.1)
 * @param renewalNs T1, after the start
 * @param rebindingNs T2, after the start
 * @param durationNs after the start; {@link #INFINITE} for ever
 */
public record DhcpLease(IpPrefix address, IpAddress server, List<DhcpRoute> routes, List<IpAddress> dnsServers,
        String domainName, List<String> searchDomains, IpAddress broadcast, int mtuBytes, long startNs, long renewalNs,
        long rebindingNs, long durationNs) {

    /** A lease that does not expire, and a timer that does not run. */
    public static final long INFINITE = Long.MAX_VALUE;

    public DhcpLease {
        routes = List.copyOf(routes);
        dnsServers = List.copyOf(dnsServers);
        searchDomains = List.copyOf(searchDomains);
    }

    long renewAtNs() {
        return at(renewalNs);
    }

    long rebindAtNs() {
        return at(rebindingNs);
    }

    long expireAtNs() {
        return at(durationNs);
    }

    private long at(final long afterNs) {
        return afterNs == INFINITE ? INFINITE : startNs + afterNs;
    }

    /** Whether an interface that has {@code other} applied need not be changed. */
    public boolean isSameConfiguration(final DhcpLease other) {
        return address.equals(other.address) && routes.equals(other.routes) && dnsServers.equals(other.dnsServers)
                && mtuBytes == other.mtuBytes && searchDomains.equals(other.searchDomains);
    }
}
