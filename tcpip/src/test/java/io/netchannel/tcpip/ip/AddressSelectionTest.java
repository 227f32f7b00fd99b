package io.netchannel.tcpip.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.link.AddressPolicy;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6724; the cases of its section 10 where one interface has them. */
class AddressSelectionTest {

    private static LocalAddresses addresses(final String... texts) {
        final LocalAddresses addresses = new LocalAddresses(List.of());
        for (final String text : texts) {
            final String[] parts = text.split(" ");
            assertThat(addresses.add(IpPrefix.parse(parts[0]), parts.length > 1 && parts[1].equals("deprecated")
                    ? AddressState.DEPRECATED
                    : parts.length > 1 && parts[1].equals("tentative")
                            ? AddressState.TENTATIVE
                            : AddressState.PREFERRED,
                    parts.length > 1 && parts[1].equals("temporary"))).isTrue();
        }
        return addresses;
    }

    private static String source(final String destination, final String... texts) {
        final LocalAddresses addresses = addresses(texts);
        final IpAddress to = IpAddress.parse(destination);
        final int index = addresses.sourceFor(to.high(), to.low());
        return index == LocalAddresses.NONE
                ? "none"
                : IpAddress.format(addresses.high(index), addresses.low(index));
    }

    @ParameterizedTest
    @CsvSource({
        // Rule 1
        "2001:db8:1::1, 2001:db8:3::1/64, 2001:db8:1::1/64 deprecated, 2001:db8:1::1",
        // Rule 2
        "2001:db8:1::1, 2001:db8:3::1/64, fe80::1/64, 2001:db8:3::1",
        "ff02::5, 2001:db8:3::1/64, fe80::1/64, fe80::1", "fe80::9, 2001:db8:3::1/64, fe80::1/64, fe80::1",
        "ff05::5, fe80::1/64, 2001:db8:3::1/64, 2001:db8:3::1",
        "fe80::9, 2001:db8:3::1/64, fd00::1/64, 2001:db8:3::1",
        // Rule 3
        "2001:db8:1::2, 2001:db8:1::1/64 deprecated, 2001:db8:3::1/64, 2001:db8:3::1",
        // Rule 6
        "2002:c633:6401::1, 2001:db8:1::2/64, 2002:c633:6401::d5e3/64, 2002:c633:6401::d5e3",
        "fd00:5::1, 2001:db8:1::2/64, fd00:9::1/64, fd00:9::1",
        // Rule 7
        "2001:db8:1::9, 2001:db8:1::2/64, 2001:db8:1::d5e3/64 temporary, 2001:db8:1::d5e3",
        // Rule 8
        "2001:db8:1::9, 2001:db8:3::2/64, 2001:db8:1::2/64, 2001:db8:1::2",
        "10.2.3.4, 10.2.0.1/16, 10.2.3.1/24, 10.2.3.1", "10.9.9.9, 10.2.0.1/16, 10.2.3.1/24, 10.2.0.1",
        "10.2.3.4, 10.2.3.2/24 deprecated, 10.9.0.1/16, 10.9.0.1", "192.0.2.1, 169.254.3.3/16, 10.9.0.1/16, 10.9.0.1",
        // Not of the other family, nor tentative ones
        "10.2.3.4, fd00::1/64, fe80::1/64, none", "2001:db8::1, 2001:db8::2/64 tentative, fe80::1/64, fe80::1"})
    void shouldChooseTheSourceByTheRules(final String destination, final String one, final String two,
            final String chosen) {
        assertThat(source(destination, one, two)).isEqualTo(chosen);
        assertThat(source(destination, two, one)).isIn(chosen, chosen.equals("10.2.0.1") ? "10.2.3.1" : chosen);
    }

    private static List<String> sort(final List<String> destinations, final String... local) {
        final NetInterface network = new NetInterface(InterfaceConfig.of("02:00:00:00:00:01", "10.99.0.1/24"),
                addresses(local), 1500);
        network.routes().add(Route.byDefault(IpAddress.parse("fe80::99")));
        network.routes().add(Route.byDefault(IpAddress.parse("198.51.100.254")));
        return DestinationOrder.sort(destinations.stream().map(IpAddress::parse).toList(), network).stream()
                .map(IpAddress::toString).toList();
    }

    private static void expectOrder(final List<String> best, final String... local) {
        assertThat(sort(best, local)).isEqualTo(best);
        final List<String> reversed = new ArrayList<>(best.reversed());
        assertThat(sort(reversed, local)).isEqualTo(best);
    }

    @Test
    void shouldSortDestinationsByTheRules() {
        // Rule 2, of RFC 6724, 10.2.
        expectOrder(List.of("2001:db8:1::1", "198.51.100.121"), "2001:db8:1::2/64", "fe80::1/64", "169.254.13.78/16");
        expectOrder(List.of("198.51.100.121", "2001:db8:1::1"), "fe80::1/64", "198.51.100.117/24");
        // Rule 6: IPv6 before IPv4.
        expectOrder(List.of("2001:db8:1::1", "10.1.2.3"), "2001:db8:1::2/64", "fe80::1/64", "10.1.2.4/24");
        // Rule 8: smaller scope.
        expectOrder(List.of("fe80::7", "2001:db8:1::1"), "2001:db8:1::2/64", "fe80::1/64");
        // Rule 9.
        expectOrder(List.of("2001:db8:1::1", "2001:db8:3ffe::1"), "2001:db8:1::2/64", "2001:db8:3f44::2/64",
                "fe80::1/64");
        // Rule 5: 6to4 to 6to4.
        expectOrder(List.of("2002:c633:6401::1", "2001:db8:1::1"), "2002:c633:6401::2/64", "fe80::1/64");
        // Rule 3.
        expectOrder(List.of("2001:db8:1::1", "10.1.2.3"), "2001:db8:1::2/64", "10.1.2.4/24 deprecated");
        // Rule 1: no source at all.
        expectOrder(List.of("10.1.2.3", "2001:db8:1::1"), "10.1.2.4/24");
        // Rule 10.
        final List<String> equal = List.of("10.1.2.200", "10.1.2.100");
        assertThat(sort(equal, "10.1.2.4/24")).isEqualTo(equal);
    }

    @Test
    void shouldKnowScopesLabelsAndPrecedences() {
        final IpAddress teredo = IpAddress.parse("2001::1");
        assertThat(AddressPolicy.precedence(teredo.high(), teredo.low())).isEqualTo(5);
        final IpAddress unique = IpAddress.parse("fd00::1");
        assertThat(AddressPolicy.label(unique.high(), unique.low())).isEqualTo(13);
        final IpAddress four = IpAddress.parse("10.0.0.1");
        assertThat(AddressPolicy.precedence(four.high(), four.low())).isEqualTo(35);
        assertThat(AddressPolicy.label(0, 1)).isZero();
        final IpAddress site = IpAddress.parse("fec0::1");
        assertThat(AddressPolicy.scope(site.high(), site.low())).isEqualTo(AddressPolicy.SCOPE_SITE);
        assertThat(AddressPolicy.commonPrefixBits(1, 0, 1, 0)).isEqualTo(128);
    }
}
