package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QueueMemoryTest {

    private final Region region = Region.create("queue-memory", 1 << 20);
    private final AddressSpace space = new RegionAddressSpace(region);

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void shouldHaveTheSizesOfTheStandard() {
        assertThat(SplitQueueLayout.descriptorAreaBytes(256)).isEqualTo(16 * 256);
        assertThat(SplitQueueLayout.driverAreaBytes(256)).isEqualTo(6 + 2 * 256);
        assertThat(SplitQueueLayout.deviceAreaBytes(256)).isEqualTo(6 + 8 * 256);
        assertThat(SplitQueueLayout.usedEventOffset(256)).isEqualTo(4 + 2 * 256);
        assertThat(SplitQueueLayout.availableEventOffset(256)).isEqualTo(4 + 8 * 256);
        assertThat(PackedQueueLayout.descriptorAreaBytes(100)).isEqualTo(1600);
        assertThat(PackedQueueLayout.driverAreaBytes()).isEqualTo(4);
        assertThat(PackedQueueLayout.deviceAreaBytes()).isEqualTo(4);
    }

    @Test
    void shouldPackADescriptorsTailAsItLiesInMemory() {
        final long at = region.allocate(16, 16);
        HostMemory.INSTANCE.putLong(at + 8, SplitQueueLayout.word(0xF000_0001, 6, 0xFFFE));
        assertThat(HostMemory.INSTANCE.getInt(at + SplitQueueLayout.DESCRIPTOR_LENGTH_OFFSET)).isEqualTo(0xF000_0001);
        assertThat(HostMemory.INSTANCE.getShort(at + SplitQueueLayout.DESCRIPTOR_FLAGS_OFFSET)).isEqualTo((short) 6);
        assertThat(HostMemory.INSTANCE.getShort(at + SplitQueueLayout.DESCRIPTOR_NEXT_OFFSET)).isEqualTo((short) -2);
        final long word = HostMemory.INSTANCE.getLong(at + 8);
        assertThat(SplitQueueLayout.wordLengthBytes(word)).isEqualTo(0xF000_0001);
        assertThat(SplitQueueLayout.wordFlags(word)).isEqualTo(6);
        assertThat(SplitQueueLayout.wordNext(word)).isEqualTo(0xFFFE);
    }

    @Test
    void shouldPackAnEventAsItLiesInMemory() {
        final int event = PackedQueueLayout.event(0x7FFF, true, PackedQueueLayout.EVENT_DESCRIPTOR);
        assertThat(event).as("offset and wrap in the low half, flags in the high").isEqualTo(0x0002_FFFF);
        assertThat(PackedQueueLayout.eventOffset(event)).isEqualTo(0x7FFF);
        assertThat(PackedQueueLayout.eventWrap(event)).isTrue();
        assertThat(PackedQueueLayout.eventFlags(event)).isEqualTo(PackedQueueLayout.EVENT_DESCRIPTOR);
        assertThat(PackedQueueLayout.eventFlags(0xFFFC_0000)).as("reserved bits").isZero();
    }

    @ParameterizedTest
    @MethodSource("io.netchannel.virtio.queue.QueueShape#all")
    void shouldAllocateAreasThatShareNoPairOfLines(final QueueShape shape) {
        final QueueConfig config = allocate(shape.size(), shape.packed(), shape.indirect());
        final long end = region.allocate(128, 128);
        final long descriptorBytes = 16L * shape.size();
        final long driverBytes = shape.packed() ? 4 : SplitQueueLayout.driverAreaBytes(shape.size());
        final long deviceBytes = shape.packed() ? 4 : SplitQueueLayout.deviceAreaBytes(shape.size());
        assertThat(config.descriptorArea() % 128).isZero();
        assertThat(config.driverArea() % 128).isZero();
        assertThat(config.deviceArea() % 128).isZero();
        assertThat(config.driverArea()).isGreaterThanOrEqualTo(config.descriptorArea() + descriptorBytes);
        assertThat(config.deviceArea()).isGreaterThanOrEqualTo(config.driverArea() + driverBytes);
        final long tables = shape.indirect() ? config.indirectTables() : end;
        assertThat(tables).isGreaterThanOrEqualTo(config.deviceArea() + deviceBytes);
        assertThat(end).isGreaterThanOrEqualTo(tables + (shape.indirect() ? 16L * 4 * shape.size() : 0));
        assertThat(config.indirectTables() != 0).isEqualTo(shape.indirect());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 100, 32769, 65536, Integer.MIN_VALUE})
    void shouldRefuseASplitQueueOfAnotherSizeThanAPowerOfTwo(final int size) {
        assertThatThrownBy(() -> allocate(size, false, false)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size=" + size);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 32769})
    void shouldRefuseAPackedQueueOutOfRange(final int size) {
        assertThatThrownBy(() -> allocate(size, true, false)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size=" + size);
    }

    @Test
    void shouldRefuseAreasOutOfLine() {
        final QueueConfig good = allocate(8, false, false);
        final QueueConfig bad = new QueueConfig(good.memory(), space, 8, good.descriptorArea() + 8, good.driverArea(),
                good.deviceArea(), false, false, 0, 4);
        assertThatThrownBy(() -> new SplitDeviceQueue(bad)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("descriptorArea=");
        assertThatThrownBy(() -> new PackedDriverQueue(bad)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("descriptorArea=");
    }

    private QueueConfig allocate(final int size, final boolean packed, final boolean indirect) {
        return QueueMemory.allocate(region, size, packed, true, indirect, 4, space);
    }
}
