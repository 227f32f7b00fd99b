package io.netchannel.tcpip.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DhcpOptionsTest {

    private static final long S = 1_000_000_000L;
    private static final int ADDRESS = IpAddress.parse("10.7.0.9").ipv4();
    private static final int SERVER = IpAddress.parse("10.7.0.1").ipv4();
    private static final byte[] REQUEST = new DhcpRequestWriter(DhcpConfig.of(new MacAddress(0x0200_0000_0007L)))
            .begin(DhcpOption.DISCOVER, 99, 0, 0).end();

    private static Message offer() {
        return Message.answer(REQUEST, DhcpOption.OFFER, ADDRESS).word(DhcpOption.SERVER_ID, SERVER)
                .word(DhcpOption.LEASE_TIME, 3600);
    }

    private static DhcpLease lease(final Message message) {
        return DhcpLeaseReader.read(DhcpReply.parse(message.bytes()), 0);
    }

    @Test
    void shouldReadEveryOption() {
        final DhcpLease lease = lease(offer().word(DhcpOption.SUBNET_MASK, 0xFFFF_FF80).word(DhcpOption.ROUTER, SERVER)
                .word(DhcpOption.DOMAIN_NAME_SERVER, SERVER, SERVER + 1).option(DhcpOption.INTERFACE_MTU, 5, 0xDC - 256)
                .word(DhcpOption.BROADCAST_ADDRESS, 0x0A07007F)
                .option(DhcpOption.DOMAIN_NAME, 'a', '.', 'b', 0));
        assertThat(lease).hasToString("DhcpLease[address=10.7.0.9/25, server=10.7.0.1, routes=[0.0.0.0/0 via 10.7.0.1],"
                + " dnsServers=[10.7.0.1, 10.7.0.2], domainName=a.b, searchDomains=[], broadcast=10.7.0.127,"
                + " mtuBytes=1500, startNs=0, renewalNs=" + 1800 * S + ", rebindingNs=" + 3150 * S + ", durationNs="
                + 3600 * S + "]");
    }

    @Test
    void shouldDeriveThePrefixFromTheClassWithoutAMask() {
        assertThat(lease(offer()).address().lengthBits()).isEqualTo(8);
        assertThat(lease(settled("172.20.0.9")).address().lengthBits()).isEqualTo(16);
        assertThat(lease(settled("192.0.2.9")).address().lengthBits()).isEqualTo(24);
    }

    private static Message settled(final String address) {
        return Message.answer(REQUEST, DhcpOption.OFFER, IpAddress.parse(address).ipv4())
                .word(DhcpOption.SERVER_ID, SERVER).word(DhcpOption.LEASE_TIME, 60);
    }

    @Test
    void shouldPreferClasslessRoutesToRouters() {
        final DhcpLease lease = lease(offer().word(DhcpOption.ROUTER, SERVER).option(DhcpOption.CLASSLESS_ROUTES,
                // 0.0.0.0/0 by 10.7.0.2; 172.16.0.0/12, host bits to be cleared, by 10.7.0.3; 10.9.0.0/16 on link
                0, 10, 7, 0, 2, 12, 172, 17, 10, 7, 0, 3, 16, 10, 9, 0, 0, 0, 0));
        assertThat(lease.routes()).hasToString(
                "[0.0.0.0/0 via 10.7.0.2, 172.16.0.0/12 via 10.7.0.3, 10.9.0.0/16 on link]");
    }

    @Test
    void shouldIgnoreClasslessRoutesThatAreMalformed() {
        final Message base = offer().word(DhcpOption.ROUTER, SERVER);
        assertThat(lease(base.option(DhcpOption.CLASSLESS_ROUTES, 33, 1, 2, 3, 4, 5, 10, 7, 0, 1)).routes())
                .hasToString("[0.0.0.0/0 via 10.7.0.1]");
        assertThat(lease(offer().option(DhcpOption.CLASSLESS_ROUTES, 24, 10, 7)).routes()).isEmpty();
    }

    @Test
    void shouldReadASearchListWithCompression() {
        // The example of RFC 3397, 2.
        final int[] list = {3, 'e', 'n', 'g', 5, 'a', 'p', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0, 9, 'm', 'a', 'r', 'k',
            'e', 't', 'i', 'n', 'g', 0xC0, 4};
        assertThat(lease(offer().option(DhcpOption.DOMAIN_SEARCH, list)).searchDomains())
                .containsExactly("eng.apple.com", "marketing.apple.com");
        // In two options, in the middle of a name (RFC 3396).
        assertThat(lease(offer().option(DhcpOption.DOMAIN_SEARCH, Arrays.copyOf(list, 7)).option(
                DhcpOption.DOMAIN_SEARCH, Arrays.copyOfRange(list, 7, list.length))).searchDomains()).hasSize(2);
    }

    @Test
    void shouldRefuseCompressionLoopsAndOddNames() {
        assertThat(lease(offer().option(DhcpOption.DOMAIN_SEARCH, 0xC0, 0)).searchDomains()).isEmpty();
        assertThat(lease(offer().option(DhcpOption.DOMAIN_SEARCH, 1, 'a', 0xC0, 0)).searchDomains()).isEmpty();
        assertThat(lease(offer().option(DhcpOption.DOMAIN_SEARCH, 1, 'a', 0xC0, 9, 0)).searchDomains()).isEmpty();
        assertThat(lease(offer().option(DhcpOption.DOMAIN_SEARCH, 9, 'a', 'b')).searchDomains()).isEmpty();
        assertThat(lease(offer().option(DhcpOption.DOMAIN_NAME, 'a', '\n', 'b')).domainName()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 67, 1})
    void shouldIgnoreAnMtuThatIsTooSmall(final int mtuBytes) {
        assertThat(lease(offer().option(DhcpOption.INTERFACE_MTU, 0, mtuBytes)).mtuBytes()).isZero();
    }

    @Test
    void shouldReadOptionsOverloadedIntoFileAndServerName() {
        final int[] file = {DhcpOption.SUBNET_MASK, 4, 255, 255, 255, 0, DhcpOption.END};
        final int[] sname = {DhcpOption.ROUTER, 4, 10, 7, 0, 1, DhcpOption.END};
        final Message message = offer().at(DhcpLayout.FILE, file).at(DhcpLayout.SNAME, sname);
        assertThat(lease(message).routes()).as("not overloaded").isEmpty();
        final DhcpLease lease = lease(message.option(DhcpOption.OVERLOAD, 3));
        assertThat(lease.address().lengthBits()).isEqualTo(24);
        assertThat(lease.routes()).hasSize(1);
    }

    @Test
    void shouldRefuseMalformedMessages() {
        final byte[] good = offer().bytes();
        assertThat(DhcpReply.parse(good)).isNotNull();
        assertThat(DhcpReply.parse(Arrays.copyOf(good, 239))).as("short").isNull();
        assertThat(DhcpReply.parse(offer().at(DhcpLayout.OP, 1).bytes())).as("a request").isNull();
        assertThat(DhcpReply.parse(offer().at(DhcpLayout.HLEN, 16).bytes())).as("hlen").isNull();
        assertThat(DhcpReply.parse(offer().at(DhcpLayout.COOKIE, 1).bytes())).as("cookie").isNull();
        assertThat(DhcpReply.parse(offer().option(DhcpOption.OVERLOAD, 4).bytes())).as("overload").isNull();
        assertThat(DhcpReply.parse(Arrays.copyOf(good, good.length - 3))).as("option cut short").isNull();
        assertThat(DhcpReply.parse(Arrays.copyOf(good, good.length - 1))).as("no end").isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldSurviveAnything(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] good = offer().word(DhcpOption.SUBNET_MASK, -256).word(DhcpOption.ROUTER, SERVER)
                .option(DhcpOption.CLASSLESS_ROUTES, 0, 10, 7, 0, 2, 12, 172, 17, 10, 7, 0, 3)
                .option(DhcpOption.DOMAIN_SEARCH, 1, 'a', 0, 1, 'b', 0xC0, 0).option(DhcpOption.OVERLOAD, 3).bytes();
        int leases = 0;
        for (int run = 0; run < 30_000; run++) {
            final byte[] bytes = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(400) : good.length);
            for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
                final int at = random.nextBoolean() && bytes.length > 240
                        ? random.nextInt(240, bytes.length)
                        : random.nextInt(bytes.length);
                bytes[at] = (byte) random.nextInt();
            }
            final DhcpReply reply = DhcpReply.parse(bytes);
            final DhcpLease lease = reply == null ? null : DhcpLeaseReader.read(reply, 0);
            if (lease != null) {
                leases++;
                assertThat(lease.renewalNs()).as("seed %s run %s", seed, run).isLessThanOrEqualTo(lease.rebindingNs());
                assertThat(lease.rebindingNs()).isLessThanOrEqualTo(lease.durationNs());
            }
        }
        assertThat(leases).as("seed %s", seed).isPositive();
    }
}
