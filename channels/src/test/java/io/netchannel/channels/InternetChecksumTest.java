package io.netchannel.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InternetChecksumTest {

    private final TestMemory own = new TestMemory();
    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final long address = own.allocate(65_536 + 64);

    @AfterEach
    void free() {
        own.close();
    }

    /** RFC 1071, 1, a byte at a time. */
    private static int naive(final byte[] bytes, final int from, final int length, final int initial) {
        long sum = initial;
        for (int i = 0; i < length; i++) {
            sum += (bytes[from + i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }

    @Test
    void shouldAgreeWithTheExampleOfRfc1071() {
        final byte[] example = {0x00, 0x01, (byte) 0xF2, 0x03, (byte) 0xF4, (byte) 0xF5, (byte) 0xF6, (byte) 0xF7};
        memory.copyFromArray(example, 0, address, 8);
        assertThat(InternetChecksum.sum(memory, address, 8, 0)).isEqualTo(0xDDF2);
        assertThat(InternetChecksum.checksum(0xDDF2)).isEqualTo(0x220D);
    }

    @Test
    void shouldAgreeWithTheNaiveSumAtEveryLengthAndAlignment() {
        final byte[] bytes = random(1, 400);
        memory.copyFromArray(bytes, 0, address, bytes.length);
        for (int from = 0; from < 16; from++) {
            for (int length = 0; length <= 300; length++) {
                assertThat(InternetChecksum.sum(memory, address + from, length, 0x1234))
                        .as("from %d length %d", from, length).isEqualTo(naive(bytes, from, length, 0x1234));
            }
        }
    }

    @Test
    void shouldNotOverflowOnTheLargestRangeOfOnes() {
        memory.fill(address, 65_536, (byte) 0xFF);
        assertThat(InternetChecksum.sum(memory, address, 65_535, 0)).isEqualTo(0xFF00);
        assertThat(InternetChecksum.sum(memory, address, 65_536, 0xFFFF)).isEqualTo(0xFFFF);
    }

    @Test
    void shouldReadNothingBeyondTheRange() {
        final CheckedMemory checked = new CheckedMemory(address, 400);
        for (int length = 0; length < 100; length++) {
            checked.forbidAll();
            checked.permit(address + 3, length);
            InternetChecksum.sum(checked, address + 3, length, 0);
        }
    }

    @Test
    void shouldSumRangesThatBeginAtOddOffsets() {
        qt().withFixedSeed(11).forAll(longs().all(), integers().between(0, 200), integers().between(0, 200))
                .check((seed, first, second) -> {
                    final byte[] bytes = random(seed, first + second);
                    memory.copyFromArray(bytes, 0, address, bytes.length);
                    final int head = InternetChecksum.sum(memory, address, first, 0);
                    final int tail = InternetChecksum.sum(memory, address + first, second, 0);
                    return InternetChecksum.addAt(head, tail, first) == naive(bytes, 0, bytes.length, 0);
                });
    }

    @Test
    void shouldSumPacketsHoweverTheyAreSliced() {
        try (TestPackets buffers = new TestPackets(20, 2048)) {
            final Random random = new Random(5);
            for (int round = 0; round < 5_000; round++) {
                final byte[] frame = random(random.nextLong(), 1 + random.nextInt(1500));
                final int[] parts = new int[random.nextInt(15)];
                for (int i = 0; i < parts.length; i++) {
                    parts[i] = random.nextInt(120);
                }
                final long packet = buffers.packet(frame, parts);
                final int offset = random.nextInt(frame.length);
                final int length = random.nextInt(frame.length - offset + 1);
                assertThat(InternetChecksum.transportSum(buffers.packets, packet, offset, length, 77))
                        .as("round " + round).isEqualTo(naive(frame, offset, length, 77));
                assertThat(InternetChecksum.transportSum(buffers.packets, packet, offset, frame.length - offset + 1, 0))
                        .isEqualTo(InternetChecksum.OUT_OF_RANGE);
                buffers.release(packet);
            }
        }
    }

    @Test
    void shouldUpdateAsIfTheWholeHadBeenSummedAgain() {
        qt().withFixedSeed(12).forAll(longs().all(), integers().between(0, 9), integers().all())
                .check(InternetChecksumTest::updatesLikeASum);
    }

    private static boolean updatesLikeASum(final long seed, final int word, final int value) {
        final byte[] bytes = random(seed, 40);
        final int before = naive(bytes, 0, 40, 0) ^ 0xFFFF;
        final int old = putInt(bytes, word * 4, value);
        final int after = naive(bytes, 0, 40, 0) ^ 0xFFFF;
        final int high = InternetChecksum.update(before, old >>> 16, value >>> 16);
        return InternetChecksum.updateInt(before, old, value) == after
                && InternetChecksum.update(high, old, value) == after;
    }

    @Test
    void shouldUpdateTheCaseThatRfc1141GotWrong() {
        // RFC 1624, 4.
        assertThat(InternetChecksum.update(0xDD2F, 0x5555, 0x3285)).isZero();
    }

    @Test
    void shouldUseOnePseudoHeaderForBothFamilies() {
        final byte[] v4 = {10, 0, 0, 1, (byte) 192, (byte) 168, 1, (byte) 200, 0, 17, 0x12, 0x34};
        assertThat(InternetChecksum.pseudoHeader(0, 0xFFFF_0A00_0001L, 0, 0xFFFF_C0A8_01C8L, 17, 0x1234))
                .isEqualTo(naive(v4, 0, 12, 0));
        final byte[] v6 = random(3, 40);
        v6[32] = 0;
        v6[36] = 0;
        v6[37] = 0;
        v6[38] = 0;
        assertThat(InternetChecksum.pseudoHeader(getLong(v6, 0), getLong(v6, 8), getLong(v6, 16), getLong(v6, 24),
                v6[39] & 0xFF, (int) (getLong(v6, 32) >>> 32))).isEqualTo(naive(v6, 0, 40, 0));
    }

    @Test
    void shouldNeverSendUdpWithoutAChecksum() {
        assertThat(InternetChecksum.udpChecksum(0xFFFF)).isEqualTo(0xFFFF);
        assertThat(InternetChecksum.udpChecksum(0x0001)).isEqualTo(0xFFFE);
    }

    private static byte[] random(final long seed, final int length) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static long getLong(final byte[] bytes, final int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }

    private static int putInt(final byte[] bytes, final int at, final int value) {
        int old = 0;
        for (int i = 0; i < 4; i++) {
            old = old << 8 | bytes[at + i] & 0xFF;
            bytes[at + i] = (byte) (value >>> 24 - 8 * i);
        }
        return old;
    }
}
