package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the format of resolv.conf(5) as glibc does: what it doesn't know is skipped, the last of {@code domain} and {@code
 * search} counts, numbers beyond a limit are the limit.
 */
final class ResolvConf {

    private static final int MAX_SERVERS = 3;
    private static final int MAX_NDOTS = 15;
    private static final int MAX_TIMEOUT_SECONDS = 30;
    private static final int MAX_ATTEMPTS = 5;
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<IpAddress> servers = new ArrayList<>();
    private List<String> searchDomains = List.of();
    private ResolverConfig config = ResolverConfig.of(List.of());

    private ResolvConf() {
    }

    static ResolverConfig read(final Path file) throws IOException {
        return parse(Files.readString(file));
    }

    static ResolverConfig parse(final String text) {
        final ResolvConf reader = new ResolvConf();
        text.lines().forEach(reader::line);
        return reader.config.withServers(reader.servers).withSearchDomains(reader.searchDomains);
    }

    private void line(final String line) {
        if (line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        final String[] words = line.strip().split("[ \t]+");
        switch (words[0]) {
            case "nameserver" -> {
                // There is one interface: the zone of a link-local address (RFC 4007, 11) says nothing more.
                final IpAddress server = words.length < 2 ? null : HostsFile.addressOrNull(words[1].split("%")[0]);
                if (server != null && servers.size() < MAX_SERVERS) {
                    servers.add(server);
                }
            }
            case "domain", "search" -> searchDomains = Stream.of(words).skip(1)
                    .limit(words[0].equals("domain") ? 1 : ResolverConfig.MAX_SEARCH_DOMAINS)
                    .map(HostNames::withoutDot).filter(HostNames::isHostName).toList();
            case "options" -> Stream.of(words).skip(1).forEach(this::option);
            default -> {
                // Of another resolver, or none.
            }
        }
    }

    private void option(final String option) {
        final int colon = option.indexOf(':');
        final int value = colon < 0 ? -1 : number(option.substring(colon + 1));
        if (option.equals("rotate")) {
            config = config.withRotate(true);
        } else if (value >= 0) {
            switch (option.substring(0, colon)) {
                case "ndots" -> config = config.withNdots(Math.min(value, MAX_NDOTS));
                case "timeout" -> config = config.withTimeout(
                        Math.clamp(value, 1, MAX_TIMEOUT_SECONDS) * SECOND_NS, config.attempts());
                case "attempts" -> config = config.withTimeout(config.timeoutNs(),
                        Math.clamp(value, 1, MAX_ATTEMPTS));
                default -> {
                    // Of another resolver.
                }
            }
        }
    }

    private static int number(final String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
}
