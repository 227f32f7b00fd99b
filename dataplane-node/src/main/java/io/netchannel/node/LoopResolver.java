package io.netchannel.node;

import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.autoconf.InterfaceEvent.DnsChanged;
import io.netchannel.tcpip.dns.Resolver;
import io.netchannel.tcpip.dns.ResolverConfig;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps a loop's resolver at the servers and search list that count now: those of the configuration; where it has none,
 * what DHCP and, behind it, routers have told (RFC 8106, 5.3.1).
 *
 * <p>Threading: confined to the loop's thread.
 */
final class LoopResolver {

    private final ResolverConfig configured;
    private final Resolver resolver;
    private List<IpAddress> leasedServers = List.of();
    private List<String> leasedDomains = List.of();
    private DnsChanged advertised = new DnsChanged(List.of(), List.of());

    LoopResolver(final ResolverConfig configured, final Resolver resolver) {
        this.configured = configured;
        this.resolver = resolver;
    }

    Resolver resolver() {
        return resolver;
    }

    void onInterfaceEvent(final InterfaceEvent event) {
        if (event instanceof final DnsChanged changed) {
            advertised = changed;
            configure();
        }
    }

    /** Both empty when there is no lease any more. */
    void onLease(final List<IpAddress> servers, final List<String> searchDomains) {
        leasedServers = servers;
        leasedDomains = searchDomains;
        configure();
    }

    private void configure() {
        final List<IpAddress> servers = configured.servers().isEmpty()
                ? Stream.concat(leasedServers.stream(), advertised.servers().stream()).toList()
                : configured.servers();
        final List<String> domains = configured.searchDomains().isEmpty()
                ? Stream.concat(leasedDomains.stream(), advertised.searchDomains().stream()).toList()
                : configured.searchDomains();
        final ResolverConfig next = configured.withAdvertised(servers, domains);
        // What the cache holds is forgotten only if somebody else is asked from here on.
        if (!next.equals(resolver.config())) {
            resolver.configure(next);
        }
    }
}
