package io.netchannel.tcpip.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestNetwork;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

class ResolverTest {

    private static final long S = 1_000_000_000L;
    private static final long STEP_NS = S / 4;
    private static final IpAddress FIRST = IpAddress.parse("10.7.0.53");
    private static final IpAddress SECOND = IpAddress.parse("10.7.0.54");
    private static final String SOA = "test. 300 SOA ns.test. admin.test. 1 2 3 4 60";

    private final TestHost client = host("02:00:00:00:00:01", "10.7.0.1/24");
    private final TestHost firstHost = host("02:00:00:00:00:53", "10.7.0.53/24");
    private final TestHost secondHost = host("02:00:00:00:00:54", "10.7.0.54/24");
    private final TestNetwork network = new TestNetwork(client, firstHost, secondHost);
    private final TestServer first = new TestServer(firstHost);
    private final TestServer second = new TestServer(secondHost);
    private final List<String> results = new ArrayList<>();
    private Resolver resolver = resolver(ResolverConfig.of(List.of(FIRST)), "");
    private long nowNs;

    private static TestHost host(final String mac, final String address) {
        return new TestHost(NetStackConfig.of(InterfaceConfig.of(mac, address)));
    }

    private Resolver resolver(final ResolverConfig config, final String hosts) {
        return new Resolver(client.stack(), config, HostsFile.parse(hosts), UnaryOperator.identity(),
                new SplittableRandom(5));
    }

    @AfterEach
    void close() {
        resolver.close();
        network.settle();
        client.close();
        firstHost.close();
        secondHost.close();
    }

    private DnsRequest resolve(final String name, final AddressFamily family) {
        return resolver.resolve(name, family, new DnsCallback() {
            @Override
            public void onResolved(final String resolved, final List<IpAddress> addresses) {
                results.add(resolved + " " + addresses);
            }

            @Override
            public void onFailed(final String failed, final DnsFailure failure) {
                results.add(failed + " " + failure);
            }
        });
    }

    private void run(final long durationNs) {
        for (final long end = nowNs + durationNs; nowNs < end;) {
            nowNs += STEP_NS;
            for (final TestHost host : List.of(client, firstHost, secondHost)) {
                host.time(nowNs);
            }
            network.settle();
        }
    }

    private void assertResolved(final String name, final AddressFamily family, final String expected) {
        results.clear();
        resolve(name, family);
        assertThat(results).as("never before resolve returns").isEmpty();
        run(S);
        assertThat(results).containsExactly(expected);
    }

    @Test
    void shouldResolveBothFamilies() {
        first.zone("a.test A", "a.test. 60 A 10.0.0.1", "a.test. 60 A 10.0.0.2").zone("a.test AAAA",
                "a.test. 60 AAAA fd00::1");
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1, 10.0.0.2]");
        assertResolved("A.Test.", AddressFamily.IPV6, "A.Test. [fd00::1]");
        assertResolved("a.test", AddressFamily.ANY, "a.test [fd00::1, 10.0.0.1, 10.0.0.2]");
        assertThat(first.edns).containsOnly(true);
    }

    @Test
    void shouldTakeOneFamilyWhenTheOtherHasNone() {
        first.zone("a.test A", "a.test. 60 A 10.0.0.1");
        assertResolved("a.test", AddressFamily.ANY, "a.test [10.0.0.1]");
        assertResolved("a.test", AddressFamily.IPV6, "a.test NO_ADDRESS");
        assertResolved("b.test", AddressFamily.ANY, "b.test NO_SUCH_NAME");
    }

    @Test
    void shouldAnswerTextHostsAndLocalhostWithoutAsking() {
        resolver = resolver(ResolverConfig.of(List.of(FIRST)),
                "# comment\n10.9.9.9 Printer lp # a printer\nfd00::9\tlp\nnonsense here\n");
        assertResolved("10.1.2.3", AddressFamily.ANY, "10.1.2.3 [10.1.2.3]");
        assertResolved("fd00::5", AddressFamily.IPV4, "fd00::5 NO_ADDRESS");
        assertResolved("lp", AddressFamily.ANY, "lp [10.9.9.9, fd00::9]");
        assertResolved("printer", AddressFamily.IPV4, "printer [10.9.9.9]");
        assertResolved("www.localhost", AddressFamily.ANY, "www.localhost [::1, 127.0.0.1]");
        assertResolved("no good", AddressFamily.ANY, "no good BAD_NAME");
        assertThat(first.asked).isEmpty();
    }

    @Test
    void shouldFollowAliasesAndAskAgainWhereTheChainEnds() {
        first.zone("a.test A", "a.test. 60 CNAME b.test.", "b.test. 10 CNAME c.test.", "c.test. 60 A 10.0.0.3");
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.3]");
        assertThat(first.asked).containsExactly("a.test A");
        first.zone("d.test A", "d.test. 60 CNAME e.test.").zone("e.test A", "e.test. 60 A 10.0.0.5");
        assertResolved("d.test", AddressFamily.IPV4, "d.test [10.0.0.5]");
        assertThat(first.asked).endsWith("d.test A", "e.test A");
    }

    @Test
    void shouldEndAtAliasLoops() {
        first.zone("a.test A", "a.test. 60 CNAME b.test.", "b.test. 60 CNAME a.test.");
        first.zone("c.test A", "c.test. 60 CNAME d.test.").zone("d.test A", "d.test. 60 CNAME c.test.");
        assertResolved("a.test", AddressFamily.IPV4, "a.test SERVERS_FAILED");
        assertResolved("c.test", AddressFamily.IPV4, "c.test SERVERS_FAILED");
    }

    @Test
    void shouldIgnoreRecordsOfOtherNames() {
        first.zone("a.test A", "a.test. 60 A 10.0.0.1", "bank.test. 60 A 10.6.6.6", "b.test. 60 CNAME bank.test.");
        first.zone("bank.test A", "bank.test. 60 A 10.0.0.9");
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1]");
        assertResolved("bank.test", AddressFamily.IPV4, "bank.test [10.0.0.9]");
    }

    // -- cache

    @Test
    void shouldCacheByTheLeastTimeToLive() {
        first.zone("a.test A", "a.test. 60 CNAME b.test.", "b.test. 10 A 10.0.0.1");
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1]");
        run(8 * S);
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1]");
        assertThat(first.asked).hasSize(1);
        run(2 * S);
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1]");
        assertThat(first.asked).hasSize(2);
        assertThat(resolver.count(DnsCounter.CACHE_HITS)).isOne();
    }

    @Test
    void shouldCacheThatANameDoesNotExistAsLongAsTheZoneSays() {
        first.negative("a.test A", SOA);
        assertResolved("a.test", AddressFamily.IPV4, "a.test NO_SUCH_NAME");
        run(57 * S);
        assertResolved("a.test", AddressFamily.IPV4, "a.test NO_SUCH_NAME");
        assertThat(first.asked).hasSize(1);
        run(5 * S);
        assertResolved("a.test", AddressFamily.IPV4, "a.test NO_SUCH_NAME");
        assertThat(first.asked).hasSize(2);
        // Without an SOA, or with one of a zone elsewhere, it is not kept.
        first.negative("b.test A", SOA.replace("test. 300", "other. 300"));
        assertResolved("b.test", AddressFamily.IPV4, "b.test NO_SUCH_NAME");
        assertResolved("b.test", AddressFamily.IPV4, "b.test NO_SUCH_NAME");
        assertThat(first.asked).hasSize(4);
    }

    @Test
    void shouldBoundTheCache() {
        resolver = resolver(ResolverConfig.of(List.of(FIRST)).withLimits(2, 16), "");
        for (final String name : List.of("a", "b", "c")) {
            first.zone(name + ".test A", name + ".test. 60 A 10.0.0.1");
            assertResolved(name + ".test", AddressFamily.IPV4, name + ".test [10.0.0.1]");
        }
        assertResolved("c.test", AddressFamily.IPV4, "c.test [10.0.0.1]");
        assertThat(first.asked).hasSize(3);
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1]");
        assertThat(first.asked).hasSize(4);
    }

    // -- servers

    @Test
    void shouldAskTheNextServerWhenOneIsSilentThenTheFirstAgain() {
        resolver = resolver(ResolverConfig.of(List.of(FIRST, SECOND)), "");
        first.udp = _ -> null;
        second.udp = _ -> null;
        second.zone("a.test A", "a.test. 60 A 10.0.0.2");
        resolve("a.test", AddressFamily.IPV4);
        run(4 * S);
        assertThat(first.asked).hasSize(1);
        assertThat(second.asked).isEmpty();
        run(2 * S);
        assertThat(second.asked).hasSize(1);
        second.udp = message -> message;
        // Second round: twice the time.
        run(9 * S);
        assertThat(first.asked).hasSize(2);
        assertThat(second.asked).hasSize(1);
        run(10 * S);
        assertThat(results).containsExactly("a.test [10.0.0.2]");
    }

    @Test
    void shouldGiveUpWhenNobodyAnswers() {
        first.udp = _ -> null;
        resolve("a.test", AddressFamily.IPV4);
        run(14 * S);
        assertThat(results).isEmpty();
        run(2 * S);
        assertThat(results).containsExactly("a.test TIMED_OUT");
        assertThat(resolver.count(DnsCounter.TIMEOUTS)).isEqualTo(2);
    }

    @Test
    void shouldAskTheNextServerAtOnceWhenOneFails() {
        resolver = resolver(ResolverConfig.of(List.of(FIRST, SECOND)), "");
        first.rcode = Rcode.SERVFAIL;
        second.zone("a.test A", "a.test. 60 A 10.0.0.2");
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.2]");
        second.rcode = Rcode.REFUSED;
        assertResolved("b.test", AddressFamily.IPV4, "b.test SERVERS_FAILED");
    }

    @Test
    void shouldRotateServers() {
        resolver = resolver(ResolverConfig.of(List.of(FIRST, SECOND)).withRotate(true), "");
        assertResolved("a.test", AddressFamily.IPV4, "a.test NO_SUCH_NAME");
        assertResolved("b.test", AddressFamily.IPV4, "b.test NO_SUCH_NAME");
        assertThat(first.asked).containsExactly("a.test A");
        assertThat(second.asked).containsExactly("b.test A");
    }

    @Test
    void shouldAskWithoutEdnsWhereItIsNotUnderstood() {
        first.zone("a.test A", "a.test. 60 A 10.0.0.1");
        first.udp = message -> {
            if (first.edns.getLast()) {
                message.getHeader().setRcode(Rcode.FORMERR);
                message.removeAllRecords(Section.QUESTION);
            }
            return message;
        };
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1]");
        assertThat(first.edns).containsExactly(true, false);
    }

    @Test
    void shouldAskByTcpWhatDoesNotFit() {
        first.zone("a.test A", "a.test. 60 A 10.0.0.1");
        first.udp = message -> {
            message.getHeader().setFlag(Flags.TC);
            message.removeAllRecords(Section.ANSWER);
            return message;
        };
        assertResolved("a.test", AddressFamily.IPV4, "a.test [10.0.0.1]");
        assertThat(first.asked).containsExactly("a.test A", "a.test A/tcp");
        run(S);
        assertThat(client.stack().tcp().connections()).isZero();
    }

    @Test
    void shouldAnswerWithoutServers() {
        resolver = resolver(ResolverConfig.of(List.of()), "10.1.1.1 known\n");
        assertResolved("a.test", AddressFamily.IPV4, "a.test SERVERS_FAILED");
        assertResolved("known", AddressFamily.IPV4, "known [10.1.1.1]");
    }

    // -- search list

    @Test
    void shouldSearchShortNamesFirstAndLongNamesLast() {
        resolver = resolver(ResolverConfig.of(List.of(FIRST)).withSearchDomains(List.of("x.test", "y.test")), "");
        assertResolved("host", AddressFamily.IPV4, "host NO_SUCH_NAME");
        assertThat(first.asked).containsExactly("host.x.test A", "host.y.test A", "host A");
        first.asked.clear();
        assertResolved("a.b", AddressFamily.IPV4, "a.b NO_SUCH_NAME");
        assertThat(first.asked).containsExactly("a.b A", "a.b.x.test A", "a.b.y.test A");
        first.asked.clear();
        assertResolved("host2.", AddressFamily.IPV4, "host2. NO_SUCH_NAME");
        assertThat(first.asked).containsExactly("host2 A");
        first.zone("host3.y.test A", "host3.y.test. 60 A 10.0.0.3");
        assertResolved("host3", AddressFamily.IPV4, "host3 [10.0.0.3]");
    }

    // -- spoofing

    @Test
    void shouldUseRandomPortsAndIdentifications() {
        for (int i = 0; i < 20; i++) {
            resolve("n" + i + ".test", AddressFamily.IPV4);
        }
        run(S);
        assertThat(new HashSet<>(first.ports)).hasSizeGreaterThan(15);
        assertThat(new HashSet<>(first.ids)).hasSizeGreaterThan(15);
    }

    @Test
    void shouldWaitForTheRightAnswerWhenOthersCome() {
        first.zone("a.test A", "a.test. 60 A 10.6.6.6");
        final Map<String, UnaryOperator<byte[]>> spoofs = Map.of("id", bytes -> flip(bytes, 0), "a query",
                bytes -> flip(bytes, 2), "question", bytes -> flip(bytes, 13));
        spoofs.forEach((_, spoof) -> {
            first.raw = spoof;
            resolve("a.test", AddressFamily.IPV4);
            run(S);
            assertThat(results).isEmpty();
            first.raw = bytes -> bytes;
            run(5 * S);
            assertThat(results).containsExactly("a.test [10.6.6.6]");
            results.clear();
            resolver.configure(resolver.config());
        });
        assertThat(resolver.count(DnsCounter.IN_MISMATCHED)).isEqualTo(3);
    }

    private static byte[] flip(final byte[] bytes, final int at) {
        bytes[at] ^= at == 2 ? (byte) 0x80 : 1;
        return bytes;
    }

    // -- callers

    @Test
    void shouldAskOnceForManyAndGoOnWhenOneCancels() {
        first.zone("a.test A", "a.test. 60 A 10.0.0.1");
        final DnsRequest cancelled = resolve("a.test", AddressFamily.IPV4);
        resolve("a.test", AddressFamily.IPV4);
        cancelled.cancel();
        run(S);
        assertThat(results).containsExactly("a.test [10.0.0.1]");
        assertThat(first.asked).hasSize(1);
        assertThat(resolver.count(DnsCounter.COALESCED)).isOne();
    }

    @Test
    void shouldStopAskingWhenEverybodyHasCancelled() {
        first.udp = _ -> null;
        resolve("a.test", AddressFamily.ANY).cancel();
        run(20 * S);
        assertThat(first.asked.size()).isLessThanOrEqualTo(2);
        assertThat(results).isEmpty();
    }

    @Test
    void shouldBoundRequests() {
        resolver = resolver(ResolverConfig.of(List.of(FIRST)).withLimits(16, 2), "");
        for (int i = 0; i < 4; i++) {
            resolve("a" + i + ".test", AddressFamily.IPV4);
        }
        run(S);
        assertThat(results).containsExactlyInAnyOrder("a0.test NO_SUCH_NAME", "a1.test NO_SUCH_NAME",
                "a2.test TOO_MANY_REQUESTS", "a3.test TOO_MANY_REQUESTS");
        assertResolved("b.test", AddressFamily.IPV4, "b.test NO_SUCH_NAME");
    }

    @Test
    void shouldFailWhatIsUnderWayOnClose() {
        first.udp = _ -> null;
        resolve("a.test", AddressFamily.ANY);
        resolver.close();
        assertThat(results).containsExactly("a.test CLOSED");
        assertResolved("b.test", AddressFamily.ANY, "b.test CLOSED");
    }

    @Test
    void shouldRefuseABadConfiguration() {
        final ResolverConfig good = ResolverConfig.of(List.of(FIRST));
        assertThatThrownBy(() -> good.withNdots(16)).hasMessage("ndots=16 is not within 0..15");
        assertThatThrownBy(() -> good.withTimeout(0, 1)).hasMessageContaining("timeoutNs=0");
        assertThatThrownBy(() -> good.withSearchDomains(List.of("a b"))).hasMessageContaining("\"a b\"");
        assertThatThrownBy(() -> good.withServers(java.util.Collections.nCopies(17, FIRST)))
                .hasMessage("servers=17 > MAX=16");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldSurviveAnyAnswer(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        first.zone("a.test A", "a.test. 60 CNAME b.test.", "b.test. 60 A 10.0.0.1", "b.test. 60 AAAA fd00::1",
                "b.test. 60 SOA b.test. c.test. 1 2 3 4 5", "b.test. 60 TXT \"text\"");
        final List<byte[]> answers = new ArrayList<>();
        first.raw = bytes -> {
            answers.add(bytes);
            return bytes;
        };
        resolve("a.test", AddressFamily.IPV4);
        run(S);
        final int id = first.ids.getFirst();
        final DnsQuestion question = new DnsQuestion("a.test", false);
        int good = 0;
        for (int i = 0; i < 30_000; i++) {
            final byte[] bytes = answers.getFirst().clone();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                bytes[random.nextInt(2, bytes.length)] = (byte) random.nextInt();
            }
            final byte[] cut = random.nextInt(8) == 0
                    ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
                    : bytes;
            good += DnsCodec.parse(cut, question, id) instanceof DnsAnswer.Addresses ? 1 : 0;
        }
        assertThat(good).as("seed %s", seed).isPositive();
    }
}
