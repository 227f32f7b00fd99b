package io.netchannel.tcpip.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReassemblyTest {

    private static final long S = 1_000_000_000L;

    private TestHost host = host(2048);
    private final List<byte[]> received = new ArrayList<>();

    ReassemblyTest() {
        listen();
    }

    private static TestHost host(final int bufferBytes) {
        final TestHost made = new TestHost(NetStackConfig.of(InterfaceConfig.of(Fragments.US, "10.7.0.1/24",
                "fd00::1/64")), TestHost.PLAIN, 512, bufferBytes, 1);
        made.pollUntil(5 * S);
        for (final String peer : List.of("10.7.0.2", "fd00::2")) {
            final IpAddress address = IpAddress.parse(peer);
            made.stack().neighbors().onSolicitationSource(made.stack().neighbors().findOrCreate(address.high(),
                    address.low()), 0x0200_0000_0002L, made.nowNs());
        }
        return made;
    }

    private void listen() {
        host.stack().udp().bind(0, 0, 7, (socket, high, low, port, address, length) -> {
            final byte[] bytes = new byte[length];
            host.pool().packets().memory().copyToArray(address, bytes, 0, length);
            received.add(bytes);
        });
    }

    @AfterEach
    void close() {
        host.close();
    }

    private List<Frame> receive(final List<byte[]> frames) {
        final List<Frame> sent = new ArrayList<>();
        for (final byte[] frame : frames) {
            sent.addAll(host.receive(frame));
        }
        return sent;
    }

    private Counter of(final boolean ipv6, final Counter four, final Counter six) {
        return ipv6 ? six : four;
    }

    private long fails(final boolean ipv6) {
        return host.count(of(ipv6, Counter.IP_REASM_FAILS, Counter.IP6_REASM_FAILS));
    }

    private void assertNothingKept() {
        assertThat(host.stack().reassembler().datagrams()).isZero();
        assertThat(host.stack().reassembler().buffers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"false,9,8,2048", "false,1472,1480,2048", "false,1473,1480,2048", "false,9000,1480,2048",
        "false,20000,1480,2048", "false,30000,552,2048", "false,65507,1480,4352", "true,65000,1232,4352",
        "true,1453,1448,2048", "true,9000,1448,2048", "true,30000,1232,2048"})
    void shouldPutDatagramsTogetherInAnyOrder(final boolean ipv6, final int bytes, final int size,
            final int bufferBytes) {
        host.close();
        host = host(bufferBytes);
        listen();
        for (int seed = 0; seed < 4; seed++) {
            final Fragments fragments = new Fragments(ipv6, Frames.UDP, 1000 + seed);
            final List<byte[]> frames = fragments.cut(fragments.udp(7, Frames.pattern(bytes)), size);
            if (seed > 0) {
                Collections.shuffle(frames, new Random(seed));
            }
            receive(frames);
            assertThat(received).as("seed=%d", seed).hasSize(1);
            assertThat(received.removeFirst()).isEqualTo(Frames.pattern(bytes));
            assertNothingKept();
        }
        assertThat(fails(ipv6)).isZero();
    }

    @Test
    void shouldAnswerAPingThatCameInPieces() {
        final Fragments fragments = new Fragments(false, Frames.ICMP, 5);
        final List<Frame> replies = receive(fragments.cut(Frames.icmpv4(8, 0, 0x10001, Frames.pattern(1400)), 600));
        assertThat(replies).hasSize(1);
        final byte[] reply = replies.getFirst().bytes();
        assertThat(Frames.slice(reply, 34, reply.length)).isEqualTo(Frames.icmpv4(0, 0, 0x10001, Frames.pattern(1400)));
    }

    @Test
    void shouldGiveTcpSegmentsToTcp() {
        host.stack().tcp().listen(0, 0, 80, 8, flow -> null);
        final byte[] syn = Frames.concat(Frames.shorts(4000, 80, 0, 1, 0, 0, 0x5002, 1000, 0, 0), new byte[12]);
        Frames.putShort(syn, 16, ~Frames.pseudoSum("10.7.0.2", "10.7.0.1", Frames.TCP, syn) & 0xFFFF);
        final List<Frame> replies = receive(new Fragments(false, Frames.TCP, 5).cut(syn, 24));
        assertThat(replies).hasSize(1);
        assertThat(replies.getFirst().bytes()[47] & 0x3F).as("SYN,ACK").isEqualTo(0x12);
    }

    @Test
    void shouldPutTogetherWhatSplitsTheTransportHeader() {
        final byte[] ping = Frames.icmpv4(8, 0, 1, Frames.pattern(16));
        assertThat(receive(new Fragments(false, Frames.ICMP, 5).cut(ping, 8))).hasSize(1);
        final byte[] syn = Frames.shorts(4000, 81, 0, 1, 0, 0, 0x5002, 1000, 0, 0);
        Frames.putShort(syn, 16, ~Frames.pseudoSum("10.7.0.2", "10.7.0.1", Frames.TCP, syn) & 0xFFFF);
        assertThat(receive(new Fragments(false, Frames.TCP, 6).cut(syn, 8))).as("reset").hasSize(1);
    }

    @Test
    void shouldVerifyTheChecksumOfTheWhole() {
        final Fragments fragments = new Fragments(false, Frames.UDP, 9);
        final byte[] udp = fragments.udp(7, Frames.pattern(3000));
        udp[2000]++;
        receive(fragments.cut(udp, 1480));
        assertThat(received).isEmpty();
        assertThat(host.count(Counter.UDP_IN_CSUM_ERRORS)).isEqualTo(1);
        assertNothingKept();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldIgnoreExactDuplicates(final boolean ipv6) {
        final Fragments fragments = new Fragments(ipv6, Frames.UDP, 9);
        final List<byte[]> frames = fragments.cut(fragments.udp(7, Frames.pattern(4000)), 1200);
        receive(List.of(frames.get(0), frames.get(0), frames.get(3), frames.get(3), frames.get(1), frames.get(2)));
        assertThat(received).hasSize(1);
        assertThat(host.count(of(ipv6, Counter.IP_REASM_DUPLICATES, Counter.IP6_REASM_DUPLICATES))).isEqualTo(2);
        assertNothingKept();
    }

    @ParameterizedTest
    @CsvSource({"false,8,40", "false,0,24", "false,16,32", "false,40,64", "true,8,40", "true,0,24", "true,16,32"})
    void shouldDropTheWholeDatagramWhenFragmentsOverlap(final boolean ipv6, final int from, final int to) {
        final Fragments fragments = new Fragments(ipv6, Frames.UDP, 9);
        final byte[] udp = fragments.udp(7, Frames.pattern(100));
        host.receive(fragments.part(udp, 16, 48));
        host.receive(fragments.part(udp, from, to));
        assertThat(host.count(of(ipv6, Counter.IP_REASM_OVERLAPS, Counter.IP6_REASM_OVERLAPS))).isEqualTo(1);
        // RFC 5722: also what comes later.
        receive(fragments.cut(udp, 16));
        assertThat(received).isEmpty();
        assertThat(host.stack().reassembler().buffers()).isZero();
        host.pollUntil(host.nowNs() + 61 * S);
        assertNothingKept();
        receive(fragments.cut(udp, 16));
        assertThat(received).as("once it is forgotten").hasSize(1);
    }

    @Test
    void shouldDropTheWholeDatagramWhenItHasTwoEnds() {
        final Fragments fragments = new Fragments(false, Frames.UDP, 9);
        final byte[] udp = fragments.udp(7, Frames.pattern(100));
        host.receive(fragments.part(udp, 0, 16));
        host.receive(fragments.part(udp, 48, 56, false, 0));
        host.receive(fragments.part(udp, 64, 72));
        assertThat(host.count(Counter.IP_REASM_OVERLAPS)).isEqualTo(1);
        assertThat(host.stack().reassembler().buffers()).isZero();
    }

    @Test
    void shouldNotMixAtomicFragmentsWithOthers() {
        final Fragments fragments = new Fragments(true, Frames.UDP, 9);
        final byte[] udp = fragments.udp(7, Frames.pattern(100));
        host.receive(fragments.part(udp, 16, 48));
        host.receive(fragments.part(fragments.udp(7, Frames.pattern(5)), 0, 13));
        assertThat(received).hasSize(1);
        host.receive(fragments.part(udp, 0, 16));
        host.receive(fragments.part(udp, 48, 108));
        assertThat(received).hasSize(2);
        assertThat(host.count(Counter.IP6_REASM_OKS)).isEqualTo(2);
        assertNothingKept();
    }

    @ParameterizedTest
    @CsvSource({"false,30", "true,60"})
    void shouldGiveUpAfterAWhileAndSaySoIfTheFirstFragmentCame(final boolean ipv6, final int seconds) {
        final Fragments fragments = new Fragments(ipv6, Frames.UDP, 9);
        final byte[] udp = fragments.udp(7, Frames.pattern(100));
        final byte[] first = fragments.part(udp, 0, 48);
        final long startNs = host.nowNs();
        host.receive(first);
        final Fragments other = new Fragments(ipv6, Frames.UDP, 10);
        host.receive(other.part(udp, 48, 56));
        assertThat(host.pollUntil(startNs + seconds * S - 1_000_000)).isEmpty();
        final List<Frame> errors = host.pollUntil(startNs + seconds * S + 1_000_000);
        assertThat(errors).hasSize(1);
        final byte[] error = errors.getFirst().bytes();
        final byte[] quoted = Frames.slice(first, 14, first.length);
        assertThat(Frames.slice(error, ipv6 ? 54 : 34, error.length)).isEqualTo(ipv6
                ? Frames.icmpv6("fd00::1", "fd00::2", 3, 1, 0, quoted)
                : Frames.icmpv4(11, 1, 0, quoted));
        assertThat(host.count(of(ipv6, Counter.IP_REASM_TIMEOUT, Counter.IP6_REASM_TIMEOUT))).isEqualTo(2);
        assertNothingKept();
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "1,1,1", "2,2,2", "3,3,3", "2,3,3", "1,3,3", "3,1,3", "1,2,1", "2,1,2", "0,1,-1", "0,3,-1",
        "2,0,-1"})
    void shouldMergeTheEcnFields(final int one, final int two, final int merged) {
        for (final boolean ipv6 : new boolean[]{false, true}) {
            final int[] seen = {-1};
            final var socket = host.stack().udp().bind(0, 0, 8,
                    (s, high, low, port, address, length) -> seen[0] = s.datagramTrafficClass() & 3);
            final Fragments fragments = new Fragments(ipv6, Frames.UDP, 9);
            final byte[] udp = fragments.udp(8, Frames.pattern(100));
            host.receive(fragments.part(udp, 48, 108, false, two));
            host.receive(fragments.part(udp, 0, 48, true, one));
            assertThat(seen[0]).isEqualTo(merged);
            assertNothingKept();
            socket.close();
        }
    }

    @Test
    void shouldReportIpv6FragmentsThatMakeNoSense() {
        final Fragments fragments = new Fragments(true, Frames.UDP, 9);
        final byte[] udp = fragments.udp(7, Frames.pattern(100));
        expectProblem(fragments.part(udp, 0, 41), 0, 4);
        expectProblem(fragments.part(new byte[65536], 65520, 65536, false, 0), 0, 42);
        expectProblem(fragments.part(udp, 0, 4, false, 0), 3, 0);
        assertThat(fails(true)).isEqualTo(3);
        assertNothingKept();
    }

    private void expectProblem(final byte[] frame, final int code, final int pointer) {
        final byte[] error = host.receive(frame).getFirst().bytes();
        assertThat(Frames.slice(error, 54, error.length)).isEqualTo(Frames.icmpv6("fd00::1", "fd00::2", 4, code,
                pointer, Frames.slice(frame, 14, frame.length)));
    }

    @Test
    void shouldRefuseIpv4FragmentsThatMakeNoSense() {
        final Fragments fragments = new Fragments(false, Frames.UDP, 9);
        host.receive(fragments.part(new byte[100], 0, 41));
        host.receive(fragments.part(new byte[65536], 65520, 65536, false, 0));
        host.receive(fragments.part(new byte[100], 8, 8));
        assertThat(fails(false)).isEqualTo(3);
        assertNothingKept();
    }

    @Test
    void shouldLetTheOldestDatagramGoWhenThereAreTooMany() {
        final byte[] udp = new Fragments(false, Frames.UDP, 0).udp(7, Frames.pattern(100));
        for (int id = 0; id < 40; id++) {
            host.receive(new Fragments(false, Frames.UDP, id).part(udp, 0, 48));
            assertThat(host.stack().reassembler().datagrams()).isLessThanOrEqualTo(
                    Reassembler.MAX_DATAGRAMS_PER_SOURCE);
        }
        for (int source = 10; source < 110; source++) {
            host.receive(new Fragments(false, "10.7.0." + source, Frames.UDP, 0).part(udp, 48, 56));
            assertThat(host.stack().reassembler().datagrams()).isLessThanOrEqualTo(Reassembler.MAX_DATAGRAMS);
        }
        assertThat(fails(false)).isEqualTo(40 + 100 - Reassembler.MAX_DATAGRAMS);
    }

    @Test
    void shouldBoundTheBuffersOfOneDatagramAndOfAll() {
        final Reassembler reassembler = host.stack().reassembler();
        assertThat(reassembler.maxBuffers()).isEqualTo(128);
        final byte[] whole = new byte[60_000];
        for (int i = 0; i < 129; i++) {
            host.receive(new Fragments(false, Frames.UDP, 1).part(whole, i * 16, i * 16 + 8));
        }
        assertThat(reassembler.buffers()).as("one datagram of too many").isZero();
        for (int id = 0; id < 10; id++) {
            for (int i = 0; i < 100; i++) {
                host.receive(new Fragments(false, Frames.UDP, 100 + id).part(whole, i * 16, i * 16 + 8));
                assertThat(reassembler.buffers()).isLessThanOrEqualTo(128);
            }
        }
    }

    @Test
    void shouldDeliverTheSameDatagramOrNothingWhateverHappensToTheFragments() {
        final long seed = 20_260_102;
        final SplittableRandom random = new SplittableRandom(seed);
        int delivered = 0;
        for (int round = 0; round < 3000; round++) {
            final boolean ipv6 = random.nextBoolean();
            final Fragments fragments = new Fragments(ipv6, Frames.UDP, round);
            final byte[] payload = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 30_000 : 5000)];
            random.nextBytes(payload);
            final byte[] udp = fragments.udp(7, payload);
            final List<byte[]> frames = new ArrayList<>(fragments.cut(udp, 8 + random.nextInt(600), random));
            boolean harmed = false;
            if (random.nextInt(3) == 0) {
                frames.add(frames.get(random.nextInt(frames.size())));
            }
            if (random.nextInt(4) == 0) {
                final int from = random.nextInt(udp.length) & ~7;
                final int to = Math.min(udp.length, from + 8 + (random.nextInt(64) & ~7));
                frames.add(fragments.part(udp, from, to));
                harmed = true;
            }
            if (random.nextInt(4) == 0) {
                frames.remove(random.nextInt(frames.size()));
                harmed = true;
            }
            if (random.nextBoolean()) {
                Collections.shuffle(frames, new Random(random.nextLong()));
            }
            final boolean sliced = random.nextInt(4) == 0;
            host.receiveBufferBytes(sliced ? 200 + random.nextInt(400) : Integer.MAX_VALUE);
            received.clear();
            receive(frames);
            for (final byte[] datagram : received) {
                assertThat(datagram).as("seed=%d round=%d", seed, round).isEqualTo(payload);
            }
            delivered += received.size();
            // What takes more buffers than a datagram may is dropped.
            if (!harmed && (!sliced || payload.length <= 5000)) {
                assertThat(received).as("seed=%d round=%d %s", seed, round, host.stack().counters()).isNotEmpty();
            }
        }
        assertThat(delivered).isGreaterThan(1500);
        host.pollUntil(host.nowNs() + 61 * S);
        assertNothingKept();
    }

    @Test
    void shouldKeepNoBufferOfAMillionRandomFragments() {
        final long seed = 20_260_103;
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] whole = Frames.udp("10.7.0.2", "10.7.0.1", 5000, 7, Frames.pattern(4000));
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            final boolean ipv6 = random.nextBoolean();
            final int from = random.nextInt(whole.length) & ~7;
            final int to = Math.min(whole.length, from + 1 + random.nextInt(1400));
            frames.add(new Fragments(ipv6, ipv6
                    ? "fd00::" + (2 + random.nextInt(40))
                    : "10.7.0." + (2
                            + random.nextInt(40)),
                    Frames.UDP, random.nextInt(20)).part(whole, from,
                            random.nextInt(8) == 0
                                    ? to
                                    : Math.min(whole.length, from + (to - from & ~7)),
                            random.nextInt(5) != 0, 0));
        }
        for (int i = 0; i < 1_000_000; i++) {
            host.receive(Frame.of(frames.get(random.nextInt(frames.size()))));
            assertThat(host.stack().reassembler().buffers()).isLessThanOrEqualTo(128);
            if (i % 64 == 0) {
                host.poll(host.nowNs() + random.nextLong(i % 4096 == 0 ? 70 * S : S / 4));
            }
        }
        assertThat(host.count(Counter.IP_REASM_TIMEOUT)).isPositive();
        assertThat(host.count(Counter.IP_REASM_OVERLAPS)).isPositive();
        host.pollUntil(host.nowNs() + 61 * S);
        assertNothingKept();
    }
}
