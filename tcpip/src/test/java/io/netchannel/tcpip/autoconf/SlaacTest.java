package io.netchannel.tcpip.autoconf;

import static io.netchannel.tcpip.TimedHost.S;
import static io.netchannel.tcpip.autoconf.RouterFrames.advertisement;
import static io.netchannel.tcpip.autoconf.RouterFrames.claim;
import static io.netchannel.tcpip.autoconf.RouterFrames.prefix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netchannel.tcpip.TimedHost;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved.Reason;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 4862, 5.3 and 5.5, RFC 7217 and RFC 8981 in virtual time. */
class SlaacTest {

    private static final String US = "02:00:00:00:00:01";
    private static final StableSecret SECRET = StableSecret.parse("000102030405060708090a0b0c0d0e0f");
    private static final AutoconfConfig STABLE = AutoconfConfig.STATIC.withSlaac(SECRET);
    private static final long HOUR = 3600 * S;
    private static final int AUTONOMOUS = 0x40;

    private static TimedHost host(final AutoconfConfig config) {
        final TimedHost host = new TimedHost(InterfaceConfig.automatic(US, config));
        host.run(5 * S);
        return host;
    }

    private static byte[] autonomous(final long validSeconds, final long preferredSeconds) {
        return advertisement(1800, prefix("2001:db8::", 64, AUTONOMOUS, validSeconds, preferredSeconds));
    }

    private static IpPrefix added(final List<InterfaceEvent> events, final AddressOrigin origin) {
        return events.stream().filter(AddressAdded.class::isInstance).map(AddressAdded.class::cast)
                .filter(event -> event.origin() == origin).findFirst().orElseThrow().address();
    }

    // -- forming

    @Test
    void shouldFormALinkLocalAddressFirstThenOneOfThePrefixAfterProbing() {
        try (TimedHost host = host(STABLE)) {
            final List<InterfaceEvent> first = host.events();
            final IpPrefix linkLocal = added(first, AddressOrigin.LINK_LOCAL);
            assertThat(first).containsExactly(new AddressAdded(linkLocal, AddressState.TENTATIVE,
                    AddressOrigin.LINK_LOCAL), new AddressChanged(linkLocal, AddressState.PREFERRED));
            assertThat(linkLocal.address().high()).isEqualTo(IpAddress.LINK_LOCAL_HIGH);
            host.receive(autonomous(3600, 1800));
            final IpPrefix global = added(host.events(), AddressOrigin.SLAAC);
            assertThat(global.lengthBits()).as("the prefix isn't on-link").isEqualTo(128);
            assertThat(global.address().high()).isEqualTo(IpAddress.parse("2001:db8::").high());
            assertThat(host.stack().network().addresses().isLocal(global.address().high(), global.address().low()))
                    .isFalse();
            assertThat(host.run(3 * S, frame -> frame.isIcmpv6(135))).hasSize(1);
            assertThat(host.events()).containsExactly(new AddressChanged(global, AddressState.PREFERRED));
        }
    }

    @Test
    void shouldFormTheSameOpaqueAddressesFromTheSameSecretOnly() {
        final long prefix = IpAddress.parse("2001:db8::").high();
        final long id = OpaqueIds.stable(SECRET, prefix, 1, -1, 0);
        assertThat(OpaqueIds.stable(SECRET, prefix, 1, -1, 0)).isEqualTo(id);
        assertThat(List.of(OpaqueIds.stable(new StableSecret(1, 2), prefix, 1, -1, 0),
                OpaqueIds.stable(SECRET, prefix + 1, 1, -1, 0), OpaqueIds.stable(SECRET, prefix, 2, -1, 0),
                OpaqueIds.stable(SECRET, prefix, 1, 5, 0), OpaqueIds.stable(SECRET, prefix, 1, -1, 1)))
                .doesNotContain(id).doesNotHaveDuplicates();
        try (TimedHost one = host(STABLE); TimedHost other = host(STABLE)) {
            one.receive(autonomous(3600, 1800));
            other.receive(autonomous(3600, 1800));
            assertThat(added(one.events(), AddressOrigin.SLAAC)).isEqualTo(added(other.events(),
                    AddressOrigin.SLAAC));
        }
    }

    @Test
    void shouldKnowReservedIdentifiers() {
        for (final long id : new long[]{0, 0xFDFF_FFFF_FFFF_FF80L, 0xFDFF_FFFF_FFFF_FFFFL, 0x0200_5EFF_FE00_0000L,
            0x0200_5EFF_FEFF_FFFFL}) {
            assertThat(OpaqueIds.isReserved(id)).as("%016x", id).isTrue();
        }
        for (final long id : new long[]{1, 0xFDFF_FFFF_FFFF_FF7FL, 0xFE00_0000_0000_0000L, 0x0200_5EFF_FF00_0000L}) {
            assertThat(OpaqueIds.isReserved(id)).as("%016x", id).isFalse();
        }
    }

    @Test
    void shouldFormAddressesFromTheMacAddressWhereAsked() {
        try (TimedHost host = host(AutoconfConfig.STATIC.withEui64Slaac())) {
            assertThat(added(host.events(), AddressOrigin.LINK_LOCAL)).isEqualTo(IpPrefix.parse("fe80::ff:fe00:1/64"));
            host.receive(autonomous(3600, 1800));
            final IpPrefix expected = IpPrefix.parse("2001:db8::ff:fe00:1/128");
            assertThat(added(host.events(), AddressOrigin.SLAAC)).isEqualTo(expected);
            // Another with our MAC address: there is no second identifier.
            host.receive(claim("2001:db8::ff:fe00:1"));
            assertThat(host.events()).contains(new AddressRemoved(expected, Reason.CONFLICT));
            host.receive(autonomous(3600, 1800));
            assertThat(host.events(AddressAdded.class)).isEmpty();
        }
    }

    @Test
    void shouldTryTheNextStableAddressTwiceWhenOneIsTaken() {
        try (TimedHost host = host(STABLE)) {
            host.events();
            host.receive(autonomous(3600, 1800));
            final IpAddress[] tried = new IpAddress[3];
            for (int i = 0; i < 3; i++) {
                tried[i] = added(host.events(), AddressOrigin.SLAAC).address();
                host.receive(claim(tried[i].toString()));
            }
            assertThat(tried).doesNotHaveDuplicates();
            assertThat(tried[1].low()).isEqualTo(OpaqueIds.stable(SECRET, tried[0].high(), 0x0200_0000_0001L, -1, 1));
            assertThat(host.events(AddressAdded.class)).isEmpty();
            host.receive(autonomous(3600, 1800));
            assertThat(host.events(AddressAdded.class)).as("RFC 7217, 6: no further").isEmpty();
        }
    }

    @Test
    void shouldFormNothingFromPrefixesThatDontAllowIt() {
        try (TimedHost host = host(STABLE)) {
            host.events();
            host.receive(advertisement(0, prefix("2001:db8::", 64, 0x80, 3600, 1800), prefix("2001:db8::", 63, 0x40,
                    3600, 1800), prefix("fe80::", 64, 0x40, 3600, 1800), prefix("2001:db8::", 64, 0x40, 1800, 3600),
                    prefix("2001:db8::", 64, 0x40, 0, 0), prefix("ff02::", 64, 0x40, 3600, 1800),
                    prefix("2001:db8::", 129, 0xC0, 3600, 1800)));
            assertThat(host.events(AddressAdded.class)).isEmpty();
        }
    }

    // -- lifetimes

    @Test
    void shouldDeprecateAndRemoveAddressesWhenTheirLifetimesAreOver() {
        try (TimedHost host = host(STABLE)) {
            host.receive(autonomous(200, 100));
            final IpPrefix address = added(host.events(), AddressOrigin.SLAAC);
            host.run(99 * S);
            host.events();
            host.run(2 * S);
            assertThat(host.events()).containsExactly(new AddressChanged(address, AddressState.DEPRECATED));
            host.receive(autonomous(200, 100));
            assertThat(host.events()).containsExactly(new AddressChanged(address, AddressState.PREFERRED));
            host.run(199 * S);
            assertThat(host.events()).containsExactly(new AddressChanged(address, AddressState.DEPRECATED));
            host.run(2 * S);
            assertThat(host.events()).containsExactly(new AddressRemoved(address, Reason.EXPIRED));
        }
    }

    @Test
    void shouldKeepAnAddressTwoHoursWhateverAForgedLifetimeSays() {
        try (TimedHost host = host(STABLE)) {
            host.receive(autonomous(86_400, 86_400));
            final IpPrefix address = added(host.events(), AddressOrigin.SLAAC);
            host.run(10 * S);
            host.events();
            host.receive(autonomous(1, 0));
            assertThat(host.events()).containsExactly(new AddressChanged(address, AddressState.DEPRECATED));
            host.run(HOUR);
            // 5.5.3 (e) 2: at two hours or less it is not shortened; (e) 1: it may be made longer.
            host.receive(autonomous(1, 0));
            host.run(HOUR - 20 * S);
            assertThat(host.events(AddressRemoved.class)).isEmpty();
            host.receive(autonomous(60, 0));
            host.run(50 * S);
            assertThat(host.events(AddressRemoved.class)).isEmpty();
            host.run(20 * S);
            assertThat(host.events(AddressRemoved.class)).containsExactly(
                    new AddressRemoved(address, Reason.EXPIRED));
        }
    }

    @Test
    void shouldNeverEndAnAddressOfInfiniteLifetime() {
        try (TimedHost host = host(STABLE)) {
            host.receive(advertisement(0, prefix("2001:db8::", 64, AUTONOMOUS, 0xFFFF_FFFFL, 0xFFFF_FFFFL)));
            host.run(5 * S);
            host.events();
            host.run(100_000 * HOUR);
            assertThat(host.events(AddressRemoved.class)).isEmpty();
            host.receive(autonomous(60, 60));
            host.run(3 * HOUR);
            assertThat(host.events(AddressRemoved.class)).as("not for ever any more").hasSize(1);
        }
    }

    // -- temporary addresses

    @Test
    void shouldUseATemporaryAddressAndMakeASuccessorBeforeItIsDeprecated() {
        final long preferred = 1000;
        try (TimedHost host = host(STABLE.withTemporaryAddresses(preferred, 3000))) {
            host.receive(autonomous(1_000_000, 1_000_000));
            final List<InterfaceEvent> events = host.events();
            final IpPrefix stable = added(events, AddressOrigin.SLAAC);
            final IpPrefix first = added(events, AddressOrigin.TEMPORARY);
            assertThat(first.address().high()).isEqualTo(stable.address().high());
            host.run(10 * S);
            host.events();
            final IpAddress far = IpAddress.parse("2001:db8:1::1");
            assertThat(host.stack().ip().pathTo(0, 0, far.high(), far.low()).localLow()).as("RFC 6724, rule 7")
                    .isEqualTo(first.address().low());
            long begun = host.nowNs() - 10 * S;
            final long start = begun;
            int successors = 0;
            IpPrefix current = first;
            while (host.nowNs() < start + 20_000 * S) {
                host.run(S);
                for (final InterfaceEvent event : host.events()) {
                    if (event instanceof AddressAdded(final var address, final var _, final var origin)) {
                        assertThat(origin).isEqualTo(AddressOrigin.TEMPORARY);
                        // The preferred lifetime less a desynchronisation of up to 0.4 of it, less REGEN_ADVANCE of 5 s.
                        assertThat(host.nowNs() - begun).isBetween((long) (0.6 * preferred * S) - 6 * S,
                                preferred * S - 4 * S);
                        begun = host.nowNs();
                        current = address;
                        successors++;
                    } else if (event instanceof AddressChanged(final var address, final var state)
                            && state == AddressState.DEPRECATED) {
                        assertThat(address).as("its successor is preferred by now").isNotEqualTo(current);
                    }
                }
            }
            assertThat(successors).isBetween(20, 35);
            // Each lives for 3000 s, and for 595 s at least it is the only one.
            assertThat(host.stack().network().addresses().count()).isLessThanOrEqualTo(2 + 6);
        }
    }

    @Test
    void shouldTryAnotherTemporaryAddressWhenOneIsTaken() {
        try (TimedHost host = host(STABLE.withTemporaryAddresses(1000, 3000))) {
            host.receive(autonomous(1_000_000, 1_000_000));
            final IpPrefix first = added(host.events(), AddressOrigin.TEMPORARY);
            host.receive(claim(first.address().toString()));
            final List<InterfaceEvent> events = host.events();
            assertThat(events).contains(new AddressRemoved(first, Reason.CONFLICT));
            assertThat(added(events, AddressOrigin.TEMPORARY)).isNotEqualTo(first);
        }
    }

    @Test
    void shouldEndTemporaryAddressesWithTheirPrefix() {
        try (TimedHost host = host(STABLE.withTemporaryAddresses(1000, 3000))) {
            host.receive(autonomous(100, 50));
            host.run(60 * S);
            assertThat(host.events(AddressChanged.class)).filteredOn(event -> event.state() == AddressState.DEPRECATED)
                    .hasSize(2);
            host.run(50 * S);
            assertThat(host.events(AddressRemoved.class)).hasSize(2);
            assertThat(host.stack().network().addresses().count()).isOne();
        }
    }

    @Test
    void shouldMakeNoTemporaryAddressThatWouldBeOverBeforeItsSuccessor() {
        try (TimedHost host = host(STABLE.withTemporaryAddresses(1000, 3000))) {
            host.receive(autonomous(100, 4));
            assertThat(host.events(AddressAdded.class)).filteredOn(event -> event.origin() == AddressOrigin.TEMPORARY)
                    .isEmpty();
        }
    }

    // -- configuration

    @Test
    void shouldRefuseContradictionsAndNameBoth() {
        assertThatIllegalArgumentException().isThrownBy(() -> AutoconfConfig.STATIC.withTemporaryAddresses(1000, 2000))
                .withMessageContaining("temporary=true").withMessageContaining("slaac=false");
        assertThatIllegalArgumentException().isThrownBy(() -> STABLE.withTemporaryAddresses(2000, 1000))
                .withMessageContaining("temporaryValidSeconds=1000").withMessageContaining(
                        "temporaryPreferredSeconds=2000");
        assertThatIllegalArgumentException().isThrownBy(() -> STABLE.withTemporaryAddresses(59, 1000))
                .withMessageContaining("temporaryPreferredSeconds=59 < MIN=60");
        assertThatIllegalArgumentException().isThrownBy(() -> new AutoconfConfig(STABLE.conflictDetection(), true,
                false, AutoconfConfig.InterfaceIds.EUI64, SECRET, false, 1000, 2000))
                .withMessageContaining("stableSecret").withMessageContaining("EUI64");
        assertThatIllegalArgumentException().isThrownBy(() -> InterfaceConfig.automatic(US, AutoconfConfig.STATIC))
                .withMessageContaining("slaac=false").withMessageContaining("dhcp=false");
        assertThatIllegalArgumentException().isThrownBy(() -> InterfaceConfig.automatic(US, STABLE).withMtuBytes(1000))
                .withMessageContaining("IPv6 needs 1280");
        assertThatIllegalArgumentException().isThrownBy(() -> StableSecret.parse("secret"))
                .withMessageContaining("6 characters").withMessageContaining("openssl rand -hex 16");
        assertThat(STABLE.toString()).doesNotContain("0001020304").contains("StableSecret");
        assertThat(InterfaceConfig.automatic(US, AutoconfConfig.STATIC.withDhcp()).allAddresses()).isEmpty();
    }
}
