package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketMemoryTest {

    private static final int BUFFERS = 8;
    private static final int BUFFER_BYTES = 2048;

    private final Region region = Region.create("packet-memory-test",
            PacketMemory.requiredBytes(BUFFERS, BUFFER_BYTES));
    private final PacketMemory packets = new PacketMemory(region, BUFFERS, BUFFER_BYTES);

    @AfterEach
    void close() {
        region.close();
    }

    /** A field of the metadata record: how it is set and what it reads as. */
    private record Field(String name, long max, Setter setter, Getter getter) {

        interface Setter {
            void set(PacketMemory packets, int index, int value);
        }

        interface Getter {
            int get(PacketMemory packets, int index);
        }
    }

    private static final List<Field> FIELDS = List.of(
            new Field("references", 0x7FFF_FFFF, PacketMemory::referenceCount, PacketMemory::referenceCount),
            new Field("flags", 0x7FFF, PacketMemory::flags, PacketMemory::flags),
            new Field("protocol", 0xFF, PacketMemory::protocol, PacketMemory::protocol),
            new Field("checksumStart", 0xFFFF, (p, i, v) -> p.checksum(i, v, p.checksumOffset(i)),
                    PacketMemory::checksumStart),
            new Field("checksumOffset", 0xFFFF, (p, i, v) -> p.checksum(i, p.checksumStart(i), v),
                    PacketMemory::checksumOffset),
            new Field("gsoType", 0xFF, (p, i, v) -> p.gso(i, v, p.gsoSizeBytes(i)), PacketMemory::gsoType),
            new Field("gsoSize", 0xFFFF, (p, i, v) -> p.gso(i, p.gsoType(i), v), PacketMemory::gsoSizeBytes),
            new Field("headerLength", 0xFFFF, PacketMemory::headerLengthBytes, PacketMemory::headerLengthBytes),
            new Field("network", 0xFFFF, (p, i, v) -> p.offsets(i, v, p.transportOffset(i), p.payloadOffset(i)),
                    PacketMemory::networkOffset),
            new Field("transport", 0xFFFF, (p, i, v) -> p.offsets(i, p.networkOffset(i), v, p.payloadOffset(i)),
                    PacketMemory::transportOffset),
            new Field("payload", 0xFFFF, (p, i, v) -> p.offsets(i, p.networkOffset(i), p.transportOffset(i), v),
                    PacketMemory::payloadOffset),
            new Field("networkLength", 0xFFFF, PacketMemory::networkLengthBytes, PacketMemory::networkLengthBytes),
            new Field("vlanTag", 0xFFFF, PacketMemory::vlanTag, PacketMemory::vlanTag),
            new Field("flowId", 0x7FFF_FFFF, PacketMemory::flowId, PacketMemory::flowId),
            new Field("flowHash", 0xFFFF_FFFFL, PacketMemory::flowHash, PacketMemory::flowHash),
            new Field("totalLength", 0x7FFF_FFFF, PacketMemory::totalLengthBytes, PacketMemory::totalLengthBytes));

    @Test
    void shouldKeepFieldsOfAllBuffersApart() {
        final long seed = 7;
        final Random random = new Random(seed);
        final int[][] expected = new int[BUFFERS][FIELDS.size()];
        for (int buffer = 0; buffer < BUFFERS; buffer++) {
            for (int f = 0; f < FIELDS.size(); f++) {
                FIELDS.get(f).setter.set(packets, buffer, 0);
            }
        }
        for (int step = 0; step < 20_000; step++) {
            final int buffer = random.nextInt(BUFFERS);
            final int f = random.nextInt(FIELDS.size());
            final Field field = FIELDS.get(f);
            final int value = random.nextBoolean() ? (int) field.max : (int) random.nextLong(field.max + 1);
            field.setter.set(packets, buffer, value);
            expected[buffer][f] = value;
            if (step % 97 == 0) {
                assertAll(expected, seed);
            }
        }
        assertAll(expected, seed);
    }

    private void assertAll(final int[][] expected, final long seed) {
        for (int buffer = 0; buffer < BUFFERS; buffer++) {
            for (int f = 0; f < FIELDS.size(); f++) {
                assertThat(FIELDS.get(f).getter.get(packets, buffer))
                        .as("%s of buffer %d, seed %d", FIELDS.get(f).name, buffer, seed)
                        .isEqualTo(expected[buffer][f]);
            }
        }
    }

    @Test
    void shouldForgetAllButTheReferencesOnReset() {
        for (final Field field : FIELDS) {
            field.setter.set(packets, 3, (int) field.max);
        }
        packets.clearSlices(3);
        assertThat(packets.addSlice(3, PacketHandle.of(1, 0, 1))).isTrue();
        packets.resetMetadata(3);
        for (final Field field : FIELDS) {
            final int expected = switch (field.name) {
                case "references" -> Integer.MAX_VALUE;
                case "flowId" -> -1;
                default -> 0;
            };
            assertThat(field.getter.get(packets, 3)).as(field.name).isEqualTo(expected);
        }
        assertThat(packets.sliceCount(3)).isZero();
    }

    @Test
    void shouldTakeSlicesUpToTheLimit() {
        for (int i = 0; i < PacketLayout.MAX_SLICES; i++) {
            assertThat(packets.addSlice(2, PacketHandle.of(i % BUFFERS, i, 100 + i))).isTrue();
        }
        assertThat(packets.addSlice(2, PacketHandle.of(0, 0, 1))).isFalse();
        assertThat(packets.sliceCount(2)).isEqualTo(PacketLayout.MAX_SLICES);
        for (int i = 0; i < PacketLayout.MAX_SLICES; i++) {
            assertThat(packets.slice(2, i)).isEqualTo(PacketHandle.of(i % BUFFERS, i, 100 + i));
        }
        assertThat(packets.frameBytes(PacketHandle.of(2, 0, 50))).isEqualTo(50 + 16 * 100 + 120);
        assertThat(packets.sliceCount(1)).isZero();
        assertThat(packets.referenceCount(3)).as("the record after it").isZero();
        packets.clearSlices(2);
        assertThat(packets.frameBytes(PacketHandle.of(2, 0, 50))).isEqualTo(50);
    }

    @Test
    void shouldLayBuffersOutApartAndInsideTheRegion() {
        for (int i = 0; i < BUFFERS; i++) {
            final long address = packets.bufferAddress(i);
            assertThat(address % 128).as("line of buffer %d", i).isZero();
            assertThat(region.contains(address, BUFFER_BYTES)).isTrue();
            if (i > 0) {
                assertThat(address - packets.bufferAddress(i - 1)).isGreaterThanOrEqualTo(BUFFER_BYTES);
            }
        }
        assertThat(packets.address(PacketHandle.of(4, 300, 1))).isEqualTo(packets.bufferAddress(4) + 300);
    }

    @Test
    void shouldNotTouchNeighboursWhenABufferIsFilled() {
        for (int i = 0; i < BUFFERS; i++) {
            packets.referenceCount(i, i + 1);
            packets.memory().fill(packets.bufferAddress(i), BUFFER_BYTES, (byte) i);
        }
        for (int i = 0; i < BUFFERS; i++) {
            assertThat(packets.memory().getByte(packets.bufferAddress(i))).isEqualTo((byte) i);
            assertThat(packets.memory().getByte(packets.bufferAddress(i) + BUFFER_BYTES - 1)).isEqualTo((byte) i);
            assertThat(packets.referenceCount(i)).isEqualTo(i + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,256", "1,1047551", "3,257", "1000,1500", "17,65536"})
    void shouldFitInTheBytesItAsksFor(final int bufferCount, final int bufferBytes) {
        final long requiredBytes = PacketMemory.requiredBytes(bufferCount, bufferBytes);
        try (Region exact = Region.create("exact", requiredBytes + 4096)) {
            // The worst start: nothing is aligned.
            exact.allocate(1, 1);
            final PacketMemory fitting = new PacketMemory(exact, bufferCount, bufferBytes);
            assertThat(exact.usedBytes()).isLessThanOrEqualTo(requiredBytes + 1);
            assertThat(exact.contains(fitting.bufferAddress(bufferCount - 1), bufferBytes)).isTrue();
            assertThat(fitting.bufferBytes()).isEqualTo(bufferBytes);
            assertThat(fitting.bufferCount()).isEqualTo(bufferCount);
        }
    }

    @Test
    void shouldRefuseSizesOutOfRange() {
        assertThatThrownBy(() -> new PacketMemory(region, 0, 2048)).hasMessage(
                "bufferCount=0 is not within 1..8388608");
        assertThatThrownBy(() -> PacketMemory.requiredBytes(PacketHandle.MAX_BUFFERS + 1, 2048))
                .hasMessageContaining("bufferCount=8388609");
        assertThatThrownBy(() -> new PacketMemory(region, 1, 255)).hasMessage(
                "bufferBytes=255 is not within 256..1047551");
        assertThatThrownBy(() -> PacketMemory.requiredBytes(1, 1_047_552)).hasMessageContaining("bufferBytes=1047552");
        assertThatThrownBy(() -> new PacketMemory(region, BUFFERS, BUFFER_BYTES))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("is full");
    }

    @Test
    void shouldCountTheLargestMemoryWithoutOverflow() {
        assertThat(PacketMemory.requiredBytes(PacketHandle.MAX_BUFFERS, 1_047_551))
                .isGreaterThan((long) PacketHandle.MAX_BUFFERS * 1_047_551);
    }
}
