package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names with fixed addresses, in the format of hosts(5). Lines that make no sense are skipped, as Linux does. Immutable. */
public final class HostsFile {

    public static final HostsFile EMPTY = new HostsFile(Map.of());

    private final Map<String, List<IpAddress>> addresses;

    private HostsFile(final Map<String, List<IpAddress>> addresses) {
        this.addresses = addresses;
    }

    public static HostsFile read(final Path file) throws IOException {
        return parse(Files.readString(file));
    }

    public static HostsFile parse(final String text) {
        final Map<String, List<IpAddress>> addresses = new HashMap<>();
        text.lines().forEach(line -> {
            final int comment = line.indexOf('#');
            final String[] words = (comment < 0 ? line : line.substring(0, comment)).strip().split("[ \t]+");
            final IpAddress address = words.length < 2 ? null : addressOrNull(words[0]);
            for (int i = 1; address != null && i < words.length; i++) {
                final List<IpAddress> known = addresses.computeIfAbsent(words[i].toLowerCase(Locale.ROOT),
                        _ -> new ArrayList<>());
                if (!known.contains(address)) {
                    known.add(address);
                }
            }
        });
        return new HostsFile(addresses);
    }

    static IpAddress addressOrNull(final String text) {
        try {
            return IpAddress.parse(text);
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    /** @param name in lower case, without a trailing dot; @return none if it is not in the file */
    List<IpAddress> addresses(final String name, final AddressFamily family) {
        return ofFamily(addresses.getOrDefault(name, List.of()), family);
    }

    static List<IpAddress> ofFamily(final List<IpAddress> all, final AddressFamily family) {
        return family == AddressFamily.ANY
                ? all
                : all.stream().filter(address -> address.isIpv4() == (family == AddressFamily.IPV4)).toList();
    }
}
