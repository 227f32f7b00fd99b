package io.netchannel.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.tcp.TcpCounter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

public final class NetStackFuzzTest {

    public static final String OUR_MAC = "02:00:00:00:00:01";
    private static final String PEER_MAC = "02:00:00:00:00:02";
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final int FRAMES = 1_000_000;
    private static final long SEED = 20_260_101;

    @Test
    void shouldSurviveOneMillionHostileFramesWithoutExceptionAndWithAllBuffersBack() {
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<byte[]> seeds = seeds();
        final int[] verdicts = new int[5];
        long now = 0;
        int i = 0;
        try (TestHost host = new TestHost(NetStackConfig.of(network()).withVerifyChecksums(true))) {
            host.stack().udp().bind(0, 0, 7, (socket, high, low, port, address, length) -> socket.send(high, low, port,
                    address, length));
            host.stack().tcp().listen(0, 0, 80, 8, flow -> null);
            for (; i < FRAMES; i++) {
                final byte[] bytes = mutate(seeds.get(random.nextInt(seeds.size())), random);
                verdicts[host.receive(frame(bytes, random))]++;
                if (i % 16 == 0) {
                    now += random.nextLong(200_000_000);
                    host.time(now);
                    host.receiveBufferBytes(random.nextInt(4) == 0 ? 20 + random.nextInt(200) : Integer.MAX_VALUE);
                    host.poll(now);
                }
            }
            assertThat(host.stack().tcp().counters().get(TcpCounter.IN_SEGS)).isPositive();
            final Counters counters = host.stack().counters();
            final String seen = counters.toString();
            // The fuzz is worth something only if it goes past the first check and reaches every handler.
            assertThat(verdicts[Verdict.DROP]).as("dropped of %d", FRAMES).isLessThan(FRAMES * 95 / 100);
            for (final Counter counter : List.of(Counter.ARP_IN_REQUESTS, Counter.ARP_OUT_REPLIES,
                    Counter.ICMP_OUT_ECHO_REPS,
                    Counter.ICMP6_OUT_ECHO_REPLIES, Counter.UDP_IN_DATAGRAMS, Counter.UDP_NO_PORTS,
                    Counter.ICMP_OUT_DEST_UNREACHS, Counter.NDP_IN_SOLICITS, Counter.NDP_OUT_ADVERTISEMENTS,
                    Counter.ICMP_IN_DEST_UNREACHS, Counter.ICMP6_IN_PKT_TOO_BIGS, Counter.IP_IN_UNKNOWN_PROTOS,
                    Counter.IP_REASM_FAILS, Counter.NDP_IN_ERRORS, Counter.IP_IN_MARTIANS,
                    Counter.ICMP_IN_CSUM_ERRORS)) {
                assertThat(counters.get(counter)).as("%s of %s", counter, seen).isPositive();
            }
        } catch (final RuntimeException | AssertionError failure) {
            throw new AssertionError("seed=" + SEED + " frame=" + i, failure);
        }
    }

    private static InterfaceConfig network() {
        return InterfaceConfig.of(OUR_MAC, "10.7.0.1/24", "fd00::1/64").withGateway("10.7.0.254");
    }

    private static Frame frame(final byte[] bytes, final SplittableRandom random) {
        final int dice = random.nextInt(64);
        if (dice == 0) {
            return new Frame(bytes, random.nextInt() & 0xFFFF & ~PacketLayout.FLAG_CLASSIFIED, random.nextInt(65536),
                    random.nextInt(65536), random.nextInt(7), random.nextInt(65536), random.nextInt(65536));
        }
        // Some checksums are vouched for, so that mutated transport headers get past their checksum.
        return dice < 24
                ? new Frame(bytes, PacketLayout.FLAG_CHECKSUM_VALID, 0, 0, dice == 1
                        ? PacketLayout.GSO_UDP_L4
                        : 0,
                        dice == 1 ? 1 + random.nextInt(40) : 0, 0)
                : Frame.of(bytes);
    }

    private static byte[] mutate(final byte[] seed, final SplittableRandom random) {
        byte[] bytes = seed.clone();
        switch (random.nextInt(8)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(100));
            case 2 -> random.nextBytes(bytes);
            case 3, 4, 5 -> {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = extreme(random);
                }
            }
            default -> {
            }
        }
        if (random.nextBoolean()) {
            fixIpv4Checksum(bytes);
        }
        return bytes;
    }

    private static byte extreme(final SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> (byte) 0xFF;
            case 2 -> 1;
            case 3 -> (byte) 0x80;
            default -> (byte) random.nextInt();
        };
    }

    public static void fixIpv4Checksum(final byte[] bytes) {
        if (bytes.length >= 34 && Frames.getShort(bytes, 12) == 0x0800) {
            final int length = Math.min(bytes.length - 14, (bytes[14] & 0xF) * 4);
            if (length >= 20) {
                Frames.putShort(bytes, 24, 0);
                Frames.putShort(bytes, 24, ~Frames.sum(Frames.slice(bytes, 14, 14 + length), 0) & 0xFFFF);
            }
        }
    }

    public static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        seeds.add(Frames.ethernet(ALL, PEER_MAC, 0x0806, Frames.arp(1, PEER_MAC, "10.7.0.2", OUR_MAC, "10.7.0.1")));
        seeds.add(Frames.ethernet(OUR_MAC, PEER_MAC, 0x0806, Frames.arp(2, PEER_MAC, "10.7.0.2", OUR_MAC, "10.7.0.1")));
        final byte[] udp4 = Frames.udp("10.7.0.2", "10.7.0.1", 5000, 7, Frames.pattern(100));
        final byte[] closed4 = Frames.udp("10.7.0.2", "10.7.0.1", 5000, 9, Frames.pattern(40));
        seeds.add(v4(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP, udp4)));
        seeds.add(v4(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP, closed4)));
        seeds.add(v4(Frames.ipv4("10.7.0.1", "10.7.0.1", Frames.UDP, closed4)));
        seeds.add(v4(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP, 0x2000, udp4)));
        seeds.add(v4(Frames.ipv4("10.7.0.2", "10.7.0.1", 132, Frames.pattern(60))));
        for (final int flags : new int[]{0x5002, 0x5010, 0x5018, 0x5011, 0x5004, 0x7002}) {
            final byte[] options = flags == 0x7002 ? Frames.shorts(0x0204, 1460, 0x0103, 0x0307) : new byte[0];
            final byte[] segment = Frames.concat(Frames.shorts(4000, 80, 0, 1, 0, 0, flags, 1000, 0, 0), options,
                    Frames.pattern(10));
            Frames.putShort(segment, 16, ~Frames.pseudoSum("10.7.0.2", "10.7.0.1", Frames.TCP, segment) & 0xFFFF);
            seeds.add(v4(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.TCP, segment)));
        }
        seeds.add(v4(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.ICMP,
                Frames.icmpv4(8, 0, 0x10001, Frames.pattern(56)))));
        seeds.add(v4(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.ICMP,
                Frames.icmpv4(3, 3, 0, Frames.ipv4("10.7.0.1", "10.7.0.2", Frames.UDP, closed4)))));
        final byte[] udp6 = Frames.udp("fd00::2", "fd00::1", 5000, 7, Frames.pattern(100));
        final byte[] closed6 = Frames.udp("fd00::2", "fd00::1", 5000, 9, Frames.pattern(40));
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", Frames.UDP, 64, udp6)));
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", Frames.UDP, 64, closed6)));
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", 60, 64,
                Frames.concat(Frames.shorts(17 << 8, 0x0104, 0, 0), udp6))));
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", Frames.ICMPV6, 64,
                Frames.icmpv6("fd00::2", "fd00::1", 128, 0, 0x10001, Frames.pattern(56)))));
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", Frames.ICMPV6, 64,
                Frames.icmpv6("fd00::2", "fd00::1", 2, 0, 1300,
                        Frames.ipv6("fd00::1", "fd00::2", Frames.UDP, 64, closed6)))));
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", Frames.ICMPV6, 255,
                Frames.icmpv6("fd00::2", "fd00::1", 135, 0, 0,
                        Frames.concat(Frames.ip("fd00::1"), Frames.shorts(0x0101), Frames.mac(PEER_MAC))))));
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", Frames.ICMPV6, 255, Frames.icmpv6("fd00::2", "fd00::1", 136, 0,
                0x6000_0000, Frames.concat(Frames.ip("fd00::2"), Frames.shorts(0x0201), Frames.mac(PEER_MAC))))));
        // A broken neighbour solicitation whose checksum is right: an option of length 0.
        seeds.add(v6(Frames.ipv6("fd00::2", "fd00::1", Frames.ICMPV6, 255,
                Frames.icmpv6("fd00::2", "fd00::1", 135, 0, 0,
                        Frames.concat(Frames.ip("fd00::1"), Frames.shorts(0x0100), Frames.mac(PEER_MAC))))));
        return seeds;
    }

    private static byte[] v4(final byte[] packet) {
        return Frames.ethernet(OUR_MAC, PEER_MAC, 0x0800, packet);
    }

    private static byte[] v6(final byte[] packet) {
        return Frames.ethernet(OUR_MAC, PEER_MAC, 0x86DD, packet);
    }
}
