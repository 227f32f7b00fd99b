package io.netchannel.tcpip.autoconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.TimedHost;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Advertisements, probes, queries and reports with right checksums and wrong contents. */
class AutoconfFuzzTest {

    private static final long SEED = 20_260_303;
    private static final int MESSAGES = 200_000;

    @Test
    void shouldSurviveHostileLinkMessagesWithBoundedState() {
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<byte[]> seeds = seeds();
        int i = 0;
        try (TimedHost host = new TimedHost(InterfaceConfig.of("02:00:00:00:00:01", "10.7.0.1/24", "fd00::1/64")
                .withAutoconf(AutoconfConfig.STATIC.withConflictDetection(ConflictDetection.FULL).withSlaac(
                        new StableSecret(3, 4)).withTemporaryAddresses(100, 200)))) {
            host.run(10 * TimedHost.S);
            host.stack().network().joinGroup(IpAddress.parse("239.1.1.1"));
            host.stack().network().joinGroup(IpAddress.parse("ff05::7"));
            for (; i < MESSAGES; i++) {
                final byte[] frame = mutate(seeds.get(random.nextInt(seeds.size())).clone(), random);
                host.receive(frame);
                if (i % 64 == 0) {
                    host.run(random.nextLong(2 * TimedHost.S));
                    host.events();
                }
            }
            assertThat(host.stack().network().routes().all().size()).isLessThanOrEqualTo(AdvertisedRoutes.MAX_ROUTERS
                    + AdvertisedRoutes.MAX_ROUTES);
            assertThat(host.stack().network().addresses().count()).isLessThanOrEqualTo(Slaac.MAX_FORMED + 2);
            assertThat(host.stack().memberships().groupCount()).isLessThanOrEqualTo(4 * Slaac.MAX_FORMED);
            for (final Counter counter : List.of(Counter.NDP_IN_ROUTER_ADVERTISEMENTS, Counter.NDP_IN_ERRORS,
                    Counter.NDP_BAD_ADVERTISED_OPTIONS, Counter.NDP_IN_SOLICITS, Counter.NDP_IN_ADVERTISEMENTS,
                    Counter.IGMP_IN_QUERIES, Counter.IGMP_IN_REPORTS, Counter.IGMP_IN_ERRORS, Counter.IGMP_IN_UNKNOWN,
                    Counter.IGMP_IN_CSUM_ERRORS, Counter.MLD_IN_QUERIES, Counter.MLD_IN_REPORTS, Counter.MLD_IN_ERRORS,
                    Counter.MLD_OUT_REPORTS, Counter.MLD_OUT_VERSION_2_REPORTS, Counter.ARP_CONFLICTS)) {
                assertThat(host.count(counter)).as("%s of %s", counter, host.stack().counters()).isPositive();
            }
        } catch (final RuntimeException | AssertionError failure) {
            throw new AssertionError("seed=" + SEED + " message=" + i, failure);
        }
    }

    private static byte[] mutate(final byte[] frame, final SplittableRandom random) {
        byte[] bytes = frame;
        final int message = messageOffset(bytes);
        switch (random.nextInt(8)) {
            case 0 -> bytes = Arrays.copyOf(bytes, message + random.nextInt(bytes.length - message + 1));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 8 * random.nextInt(20));
            case 2 -> {
                // Nothing but the type is kept.
                for (int i = message + 4; i < bytes.length; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
            }
            case 3, 4, 5 -> {
                for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                    final int at = random.nextInt(8) == 0
                            ? 14 + random.nextInt(bytes.length - 14)
                            : message + random.nextInt(bytes.length - message);
                    bytes[at] = extreme(random);
                }
            }
            default -> {
            }
        }
        if (random.nextInt(16) > 0 && bytes.length >= message + 8) {
            fixLengthsAndChecksums(bytes, message);
        }
        return bytes;
    }

    private static byte extreme(final SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> (byte) 0xFF;
            case 2 -> 1;
            case 3 -> (byte) 0x80;
            case 4 -> 64;
            default -> (byte) random.nextInt();
        };
    }

    static int messageOffset(final byte[] frame) {
        return switch (Frames.getShort(frame, 12)) {
            case 0x0800 -> 14 + 24;
            case 0x86DD -> frame[20] == 0 ? 14 + 48 : 14 + 40;
            default -> 14;
        };
    }

    static void fixLengthsAndChecksums(final byte[] bytes, final int message) {
        if (Frames.getShort(bytes, 12) == 0x0800) {
            Frames.putShort(bytes, 16, bytes.length - 14);
            Frames.putShort(bytes, 24, 0);
            Frames.putShort(bytes, 24, ~Frames.sum(Frames.slice(bytes, 14, message), 0) & 0xFFFF);
            Frames.putShort(bytes, message + 2, 0);
            Frames.putShort(bytes, message + 2, ~Frames.sum(Frames.slice(bytes, message, bytes.length), 0) & 0xFFFF);
        } else if (Frames.getShort(bytes, 12) == 0x86DD) {
            Frames.putShort(bytes, 18, bytes.length - 54);
            Frames.putShort(bytes, message + 2, 0);
            final byte[] pseudo = Frames.concat(Frames.slice(bytes, 22, 54), Frames.shorts(0, bytes.length - message, 0,
                    Frames.ICMPV6));
            Frames.putShort(bytes, message + 2, ~Frames.sum(Frames.slice(bytes, message, bytes.length), Frames.sum(
                    pseudo, 0)) & 0xFFFF);
        }
    }

    static List<byte[]> seeds() {
        final byte[] advertisement = RouterFrames.advertisement(RouterFrames.ROUTER, 64, 0x08, 1800, 30_000, 1_000,
                RouterFrames.linkAddress(RouterFrames.ROUTER_MAC), RouterFrames.mtu(1400),
                RouterFrames.prefix("2001:db8::", 64, 0xC0, 300, 200), RouterFrames.route("2001:db9::", 48, 1, 600, 16),
                RouterFrames.dnsServers(600, "2001:db8::53"), RouterFrames.searchList(600, "example.com"));
        return List.of(advertisement, advertisement, RouterFrames.claim("fd00::1"),
                RouterFrames.probe("fd00::1", Frames.shorts(0x0E01, 1, 2, 3)),
                multicast("igmpQuery"), multicast("igmpSourceQuery"), multicast("igmpReport"), multicast("mldQuery"),
                multicast("mldOldQuery"), multicast("mldReport"),
                Frames.ethernet("ff:ff:ff:ff:ff:ff", RouterFrames.PEER_MAC, 0x0806,
                        Frames.arp(1, RouterFrames.PEER_MAC, "10.7.0.1", "00:00:00:00:00:00", "10.7.0.1")),
                Frames.ethernet("ff:ff:ff:ff:ff:ff", RouterFrames.PEER_MAC, 0x0806,
                        Frames.arp(1, RouterFrames.PEER_MAC, "0.0.0.0", "00:00:00:00:00:00", "10.7.0.1")));
    }

    private static byte[] multicast(final String which) {
        return switch (which) {
            case "igmpQuery" -> igmp("224.0.0.1", 0x11, 10, Frames.concat(Frames.ip("0.0.0.0"), Frames.shorts(0x027D,
                    0)));
            case "igmpSourceQuery" -> igmp("239.1.1.1", 0x11, 10, Frames.concat(Frames.ip("239.1.1.1"),
                    Frames.shorts(0x027D, 2), Frames.ip("10.0.0.1"), Frames.ip("10.0.0.2")));
            case "igmpReport" -> igmp("239.1.1.1", 0x16, 0, Frames.ip("239.1.1.1"));
            case "mldQuery" -> mld("ff05::7", 130, Frames.concat(Frames.ip("ff05::7"), Frames.shorts(0x027D, 1),
                    Frames.ip("2001:db8::1")));
            case "mldOldQuery" -> mld("ff02::1", 130, Frames.ip("::"));
            default -> mld("ff05::7", 131, Frames.ip("ff05::7"));
        };
    }

    private static byte[] igmp(final String to, final int type, final int code, final byte[] body) {
        final byte[] bytes = Frames.ethernet("01:00:5e:00:00:01", RouterFrames.ROUTER_MAC, 0x0800, Frames.concat(
                Frames.shorts(0x46C0, 0, 0, 0, 0x0102, 0), Frames.ip("10.7.0.254"), Frames.ip(to),
                Frames.shorts(0x9404, 0, type << 8 | code, 0), body));
        fixLengthsAndChecksums(bytes, 38);
        return bytes;
    }

    private static byte[] mld(final String to, final int type, final byte[] body) {
        final byte[] bytes = Frames.ethernet("33:33:00:00:00:01", RouterFrames.ROUTER_MAC, 0x86DD, Frames.ipv6(
                RouterFrames.ROUTER, to, 0, 1, Frames.concat(Frames.shorts(Frames.ICMPV6 << 8, 0x0502, 0, 0x0100,
                        type << 8, 0, 1000, 0), body)));
        fixLengthsAndChecksums(bytes, 62);
        return bytes;
    }
}
