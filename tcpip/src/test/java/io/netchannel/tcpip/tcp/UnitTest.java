package io.netchannel.tcpip.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.tcpip.tcp.recovery.RttEstimator;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The small mechanisms, each alone. */
class UnitTest {

    private static final long MS = 1_000_000;

    @Test
    void shouldOrderSequenceNumbersAcrossTheWrap() {
        qt().forAll(integers().all(), integers().between(1, Integer.MAX_VALUE)).check((start, count) -> {
            final int end = SeqNum.add(start, count);
            return SeqNum.lessThan(start, end) && SeqNum.lessOrEqual(start, end) && SeqNum.greaterThan(end, start)
                    && SeqNum.greaterOrEqual(end, start) && !SeqNum.lessThan(end, start)
                    && SeqNum.distance(start, end) == count && SeqNum.max(start, end) == end
                    && SeqNum.min(start, end) == start && SeqNum.add(end, -count) == start;
        });
    }

    @Test
    void shouldKnowWhatLiesInAWindow() {
        qt().forAll(integers().all(), integers().between(0, 1 << 30), integers().between(0, 1 << 30))
                .check((start, size, offset) -> offset < size == SeqNum.inWindow(SeqNum.add(start, offset), start, size)
                        && !SeqNum.inWindow(SeqNum.add(start, -1), start, size));
    }

    @Test
    void shouldHashAsSipHashDoes() {
        // Computed by the reference implementation's algorithm over 40 bytes: an independent, bytewise version below.
        final Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            final long[] words = random.longs(5).toArray();
            final long k0 = random.nextLong();
            final long k1 = random.nextLong();
            assertThat(new SipHash(k0, k1).hash(words[0], words[1], words[2], words[3], words[4]))
                    .isEqualTo(sipHash(k0, k1, words));
        }
        // Vector of the paper, appendix A: the reference below is right.
        assertThat(sipHashOfBytes(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 15)).isEqualTo(0xa129ca6149be45e5L);
    }

    private static long sipHash(final long k0, final long k1, final long[] words) {
        final byte[] bytes = new byte[words.length * 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (words[i / 8] >>> i % 8 * 8);
        }
        return sipHash(k0, k1, bytes);
    }

    private static long sipHashOfBytes(final long k0, final long k1, final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return sipHash(k0, k1, bytes);
    }

    private static long sipHash(final long k0, final long k1, final byte[] bytes) {
        final long[] v = {k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL, k0 ^ 0x6c7967656e657261L,
            k1 ^ 0x7465646279746573L};
        final int blocks = bytes.length / 8 + 1;
        for (int block = 0; block < blocks; block++) {
            long word = block == blocks - 1 ? (long) bytes.length << 56 : 0;
            for (int i = 0; i < 8 && block * 8 + i < bytes.length; i++) {
                word |= (bytes[block * 8 + i] & 0xFFL) << i * 8;
            }
            v[3] ^= word;
            round(v);
            round(v);
            v[0] ^= word;
        }
        v[2] ^= 0xFF;
        for (int i = 0; i < 4; i++) {
            round(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void round(final long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }

    @Test
    void shouldEstimateAsRfc6298Says() {
        final RttEstimator rtt = new RttEstimator(1000 * MS, 200 * MS, 120_000 * MS);
        assertThat(rtt.rtoNs()).isEqualTo(1000 * MS);
        rtt.onSample(400 * MS, 1, 1000);
        assertThat(rtt.smoothedNs()).isEqualTo(400 * MS);
        assertThat(rtt.deviationNs()).as("four times 200 ms").isEqualTo(800 * MS);
        assertThat(rtt.rtoNs()).isEqualTo(1200 * MS);
        rtt.onSample(480 * MS, 1, 1000);
        assertThat(rtt.smoothedNs()).isEqualTo(410 * MS);
        assertThat(rtt.deviationNs()).as("800 - 200 + 80").isEqualTo(680 * MS);
        assertThat(rtt.rtoNs()).as("the variance sinks at the end of a round only").isEqualTo(1210 * MS);
        rtt.onSample(410 * MS, 1001, 2000);
        assertThat(rtt.deviationNs()).isEqualTo(510 * MS);
        assertThat(rtt.rtoNs()).as("the largest of the round was the first's").isEqualTo(1210 * MS);
        for (int i = 1; i <= 100; i++) {
            rtt.onSample(190 * MS, 2000 * i + 1, 2000 * i + 2000);
        }
        assertThat(rtt.rtoNs()).as("room for a delayed ACK above a steady RTT").isBetween(389 * MS, 392 * MS);
        for (int i = 0; i < 60; i++) {
            rtt.backOff();
        }
        assertThat(rtt.rtoNs()).isEqualTo(120_000 * MS);
        rtt.onSample(190 * MS, 1, 1000);
        assertThat(rtt.rtoNs()).as("a sample ends the backoff").isLessThan(1000 * MS);
        assertThat(rtt.backoff()).isZero();
        rtt.fallBack(3000 * MS);
        assertThat(rtt.rtoNs()).isLessThan(1000 * MS);
    }

    @Test
    void shouldHeedASuddenDropOfTheRoundTripTimeByAnEighth() {
        final RttEstimator rtt = new RttEstimator(1000 * MS, 200 * MS, 120_000 * MS);
        rtt.onSample(100 * MS, 1, 1000);
        assertThat(rtt.deviationNs()).isEqualTo(200 * MS);
        // |20 - 100| - 200 / 4 = 30, an eighth of which counts.
        rtt.onSample(20 * MS, 1, 1000);
        assertThat(rtt.deviationNs()).isEqualTo(200 * MS + 30 * MS / 8);
    }

    @Test
    void shouldParseOptionsAndNeverLeaveThem() {
        try (Region region = Region.create("test", 4096)) {
            final long address = region.allocate(64, 64);
            final OrderedMemory memory = HostMemory.INSTANCE;
            final TcpOptions options = new TcpOptions();
            assertThat(parse(options, address, 2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 99))
                    .isTrue();
            assertThat(options.mssBytes()).isEqualTo(1460);
            assertThat(options.sackPermitted()).isTrue();
            assertThat(options.timestampValue()).isEqualTo(1);
            assertThat(options.timestampEcho()).isEqualTo(2);
            assertThat(options.windowScale()).isEqualTo(14);
            assertThat(parse(options, address, 0, 2, 4, 5, 0xB4)).as("after the end nothing counts").isTrue();
            assertThat(options.mssBytes()).isEqualTo(TcpOptions.ABSENT);
            assertThat(parse(options, address, 2, 4, 5, 0xB4, 3)).as("no length").isFalse();
            assertThat(options.mssBytes()).as("what came before stands").isEqualTo(1460);
            assertThat(parse(options, address, 99, 0)).as("endless").isFalse();
            assertThat(parse(options, address, 99, 1)).isFalse();
            assertThat(parse(options, address, 8, 10, 0, 0)).as("beyond the header").isFalse();
            assertThat(options.hasTimestamps()).isFalse();
            assertThat(parse(options, address, 2, 3, 5, 3, 2, 4, 3, 1)).as("wrong length: passed over").isTrue();
            assertThat(options.mssBytes()).isEqualTo(TcpOptions.ABSENT);
            assertThat(options.windowScale()).isEqualTo(TcpOptions.ABSENT);
            final Random random = new Random(5);
            for (int i = 0; i < 100_000; i++) {
                final int length = random.nextInt(41);
                for (int at = 0; at < length; at++) {
                    final int value = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(12);
                    memory.putByte(address + at, (byte) value);
                }
                options.parse(memory, address, length);
                assertThat(options.windowScale()).isBetween(-1, 14);
                assertThat(options.mssBytes()).isBetween(-1, 0xFFFF);
            }
        }
    }

    private static boolean parse(final TcpOptions options, final long address, final int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            HostMemory.INSTANCE.putByte(address + i, (byte) bytes[i]);
        }
        return options.parse(HostMemory.INSTANCE, address, bytes.length);
    }

    @Test
    void shouldRateLimitAtRandomButInBounds() {
        final RateLimit limit = new RateLimit(new IsnGenerator(new Random(1)), 100);
        final Set<Integer> counts = new HashSet<>();
        for (int second = 0; second < 50; second++) {
            int taken = 0;
            while (limit.tryTake(second * 1000L * MS)) {
                taken++;
            }
            assertThat(taken).isBetween(50, 150);
            counts.add(taken);
        }
        assertThat(counts).hasSizeGreaterThan(10);
    }

    @Test
    void shouldNameTheValueThatIsOutOfRange() {
        assertThatThrownBy(() -> TcpConfig.defaults().with(TcpSetting.SEND_BUFFER_BYTES, 1))
                .hasMessage("sendBufferBytes=1 < MIN=4096");
        assertThatThrownBy(() -> TcpConfig.defaults().with(TcpSetting.DELAYED_ACK_NS, 501 * MS))
                .hasMessage("delayedAckNs=501000000 > MAX=500000000");
        assertThatThrownBy(() -> TcpConfig.defaults().with(TcpSetting.FIRST_EPHEMERAL_PORT, 2000)
                .with(TcpSetting.LAST_EPHEMERAL_PORT, 1999).checked())
                .hasMessage("firstEphemeralPort=2000 > lastEphemeralPort=1999");
        assertThatThrownBy(() -> TcpConfig.defaults().with(TcpSetting.MAX_RTO_NS, 300 * MS).checked())
                .hasMessage("initialRtoNs=1000000000 > maxRtoNs=300000000");
        final TcpConfig config = TcpConfig.defaults().with(TcpSetting.NAGLE, false).with(TcpSetting.SYN_RETRIES, 2);
        assertThat(config)
                .isEqualTo(TcpConfig.defaults().with(TcpSetting.SYN_RETRIES, 2).with(TcpSetting.NAGLE, false));
        assertThat(config).isNotEqualTo(TcpConfig.defaults());
    }

    @Test
    void shouldRejectEchoesThatItNeverSent() {
        final TcpTimestamps timestamps = new TcpTimestamps(12345);
        final long now = 10_000 * MS;
        assertThat(timestamps.elapsedTicks(timestamps.value(now - 5 * MS), now)).isEqualTo(5);
        assertThat(timestamps.elapsedTicks(timestamps.value(now), now)).isZero();
        assertThat(timestamps.elapsedTicks(timestamps.value(now) + 1, now)).isEqualTo(TcpTimestamps.UNSENT);
        assertThat(timestamps.elapsedTicks(0, now)).isEqualTo(TcpTimestamps.UNSENT);
        assertThat(timestamps.elapsedTicks(timestamps.value(now) - 100_000_000, now)).isEqualTo(TcpTimestamps.UNSENT);
    }
}
