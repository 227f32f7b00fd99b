package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a resolver asks, and how; names and defaults are those of resolv.conf(5).
 *
 * @param servers in the order in which they are asked; may be empty, then only the hosts file answers
 * @param searchDomains appended to names with few dots; without trailing dots
 * @param ndots names with as many dots are tried as they are first
 * @param timeoutNs for the first answer of a server; doubled in each round
 * @param attempts rounds through all servers
 * @param rotate begin each question with the next server, to spread load
 * @param udpPayloadBytes largest answer by UDP that we ask for (RFC 6891, 6.2.3)
 * @param cacheEntries questions whose answers are kept
 * @param maxRequests names that may be under way
 */
public record ResolverConfig(List<IpAddress> servers, List<String> searchDomains, int ndots, long timeoutNs,
        int attempts, boolean rotate, int udpPayloadBytes, int cacheEntries, int maxRequests) {

    public static final int MAX_SERVERS = 16;
    public static final int MAX_SEARCH_DOMAINS = 32;

    private static final int MIN_UDP_PAYLOAD_BYTES = 512;
    /** What fits into an Ethernet frame with IPv6 on every path (DNS flag day 2020). */
    private static final int DEFAULT_UDP_PAYLOAD_BYTES = 1232;

    /** @throws IllegalArgumentException naming the value that is wrong */
    public ResolverConfig {
        servers = List.copyOf(servers);
        searchDomains = List.copyOf(searchDomains);
        atMost("servers", servers.size(), MAX_SERVERS);
        atMost("searchDomains", searchDomains.size(), MAX_SEARCH_DOMAINS);
        within("ndots", ndots, 0, 15);
        within("attempts", attempts, 1, 5);
        within("udpPayloadBytes", udpPayloadBytes, MIN_UDP_PAYLOAD_BYTES, 4096);
        within("cacheEntries", cacheEntries, 0, 1 << 20);
        within("maxRequests", maxRequests, 1, 1 << 16);
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("timeoutNs=" + timeoutNs + " is not positive");
        }
        for (final String domain : searchDomains) {
            if (!HostNames.isHostName(domain)) {
                throw new IllegalArgumentException("search domain \"" + domain + "\" is not a domain name");
            }
        }
    }

    public static ResolverConfig of(final List<IpAddress> servers) {
        return new ResolverConfig(servers, List.of(), 1, 5_000_000_000L, 2, false, DEFAULT_UDP_PAYLOAD_BYTES, 4096,
                1024);
    }

    /** Reads a file in the format of resolv.conf(5), as glibc does: what makes no sense is skipped. */
    public static ResolverConfig read(final Path file) throws IOException {
        return ResolvConf.read(file);
    }

    /** The text of a file in the format of resolv.conf(5). */
    public static ResolverConfig parse(final String text) {
        return ResolvConf.parse(text);
    }

    /**
     * The same with servers and domains that come from the network: at most as many as there may be, and of the domains only
     * those that are names.
     */
    public ResolverConfig withAdvertised(final List<IpAddress> addresses, final List<String> domains) {
        return withServers(addresses.stream().distinct().limit(MAX_SERVERS).toList())
                .withSearchDomains(domains.stream().map(HostNames::withoutDot).filter(HostNames::isHostName).distinct()
                        .limit(MAX_SEARCH_DOMAINS).toList());
    }

    public ResolverConfig withServers(final List<IpAddress> addresses) {
        return new ResolverConfig(addresses, searchDomains, ndots, timeoutNs, attempts, rotate, udpPayloadBytes,
                cacheEntries, maxRequests);
    }

    public ResolverConfig withSearchDomains(final List<String> domains) {
        return new ResolverConfig(servers, domains, ndots, timeoutNs, attempts, rotate, udpPayloadBytes, cacheEntries,
                maxRequests);
    }

    public ResolverConfig withNdots(final int dots) {
        return new ResolverConfig(servers, searchDomains, dots, timeoutNs, attempts, rotate, udpPayloadBytes,
                cacheEntries, maxRequests);
    }

    public ResolverConfig withTimeout(final long ns, final int rounds) {
        return new ResolverConfig(servers, searchDomains, ndots, ns, rounds, rotate, udpPayloadBytes, cacheEntries,
                maxRequests);
    }

    public ResolverConfig withRotate(final boolean on) {
        return new ResolverConfig(servers, searchDomains, ndots, timeoutNs, attempts, on, udpPayloadBytes,
                cacheEntries, maxRequests);
    }

    public ResolverConfig withLimits(final int cached, final int requests) {
        return new ResolverConfig(servers, searchDomains, ndots, timeoutNs, attempts, rotate, udpPayloadBytes, cached,
                requests);
    }

    private static void atMost(final String name, final int value, final int max) {
        if (value > max) {
            throw new IllegalArgumentException(name + "=" + value + " > MAX=" + max);
        }
    }

    private static void within(final String name, final int value, final int min, final int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " is not within " + min + ".." + max);
        }
    }

    /** The absolute names to try for a name, in order: resolv.conf(5), ndots and search. */
    List<String> candidates(final String name) {
        if (name.endsWith(".")) {
            return List.of(name.substring(0, name.length() - 1));
        }
        final List<String> candidates = new ArrayList<>();
        for (final String domain : searchDomains) {
            final String full = name + "." + domain;
            if (HostNames.isHostName(full)) {
                candidates.add(full);
            }
        }
        final boolean first = name.chars().filter(c -> c == '.').count() >= ndots;
        candidates.add(first ? 0 : candidates.size(), name);
        return candidates;
    }
}
