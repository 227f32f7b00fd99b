package io.netchannel.virtio.queue;

import static io.netchannel.virtio.queue.QueueFixture.BUFFER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver against a device that writes what it likes into the queue. */
final class HostileDeviceTest {

    private static final String SMALL = "io.netchannel.virtio.queue.QueueShape#small";
    private static final int SIZE = 8;
    private static final int USED = PackedQueueLayout.USED_1;
    private static final int WRITTEN = USED | DescriptorFlags.WRITE;

    private QueueFixture queue;
    private int used;

    private void open(final boolean packed) {
        queue = new QueueFixture(new QueueShape(packed, true, true, SIZE));
    }

    @AfterEach
    void close() {
        if (queue != null) {
            queue.close();
        }
    }

    // -- split

    @ParameterizedTest
    @ValueSource(ints = {SIZE, 0x10000, Integer.MIN_VALUE, -1})
    void shouldBreakOnUsedIdOutsideTheTable(final int id) {
        open(false);
        queue.offer(3);
        use(id, 0);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnUsedIdThatIsNotInFlight() {
        open(false);
        queue.offer(3);
        use(7, 0);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnUsedIdInTheMiddleOfAChain() {
        queue = new QueueFixture(new QueueShape(false, true, false, SIZE));
        assertThat(queue.add(1, 2, 5)).isTrue();
        queue.driver.publish();
        use(1, 0);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnChainUsedTwice() {
        open(false);
        queue.offer(3);
        use(1, 0);
        use(1, 0);
        assertThat(queue.driver.takeUsed()).isEqualTo(1);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnChainUsedBeforeItWasPublished() {
        open(false);
        queue.offer(2);
        queue.driver.addWritable(queue.buffer(0), 8, 77);
        use(2, 0);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @ParameterizedTest
    @ValueSource(ints = {BUFFER_BYTES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void shouldBreakOnUsedLengthPastTheBuffer(final int length) {
        open(false);
        queue.offer(1);
        use(0, length);
        queue.assertDriverBroken(QueueViolation.BAD_USED_LENGTH);
    }

    @Test
    void shouldBreakOnUsedLengthOfAChainThatIsOnlyReadable() {
        open(false);
        assertThat(queue.add(2, 0, 5)).isTrue();
        queue.driver.publish();
        use(0, 1);
        queue.assertDriverBroken(QueueViolation.BAD_USED_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, SIZE, 0x7FFF, 0x8000, 0xFFFF})
    void shouldBreakOnUsedIndexPastTheChainsPublished(final int index) {
        open(false);
        queue.offer(3);
        queue.host.putShort(queue.config.deviceArea() + 2, (short) index);
        queue.assertDriverBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    @Test
    void shouldBreakOnUsedIndexThatGoesBack() {
        open(false);
        queue.offer(3);
        use(0, 0);
        use(1, 0);
        assertThat(queue.driver.takeUsed()).isZero();
        assertThat(queue.driver.takeUsed()).isEqualTo(1);
        queue.host.putShort(queue.config.deviceArea() + 2, (short) 1);
        queue.assertDriverBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void shouldBelieveOnlyTheFirstReadOfAUsedEntry(final int offset) {
        open(false);
        queue.offer(3);
        use(2, 9);
        final long at = queue.config.deviceArea() + SplitQueueLayout.USED_RING_OFFSET + offset;
        queue.memory.afterNextReadOf(at, () -> queue.host.putInt(at, 0x7FFF_FFFF));
        assertThat(queue.driver.takeUsed()).isEqualTo(2);
        assertThat(queue.driver.usedBytes()).isEqualTo(9);
        assertThat(queue.memory.isHookPending()).isFalse();
    }

    // -- packed

    @ParameterizedTest
    @ValueSource(ints = {SIZE, 0x8000, 0xFFFF, 7})
    void shouldBreakOnBufferIdThatIsNotInFlight(final int id) {
        open(true);
        queue.offer(3);
        use(0, id, 0, USED);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnBufferIdUsedTwice() {
        open(true);
        queue.offer(3);
        use(0, 1, 0, USED);
        use(1, 1, 0, USED);
        assertThat(queue.driver.takeUsed()).isEqualTo(1);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnBufferIdUsedBeforeItWasPublished() {
        open(true);
        queue.offer(2);
        queue.driver.addWritable(queue.buffer(0), 8, 77);
        use(0, 2, 0, USED);
        queue.assertDriverBroken(QueueViolation.BAD_INDEX);
    }

    @ParameterizedTest
    @ValueSource(ints = {BUFFER_BYTES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void shouldBreakOnWrittenLengthPastTheBuffer(final int length) {
        open(true);
        queue.offer(1);
        use(0, 0, length, WRITTEN);
        queue.assertDriverBroken(QueueViolation.BAD_USED_LENGTH);
    }

    @Test
    void shouldIgnoreTheLengthWhereNothingWasWritten() {
        open(true);
        queue.offer(1);
        use(0, 0, -1, USED);
        assertThat(queue.driver.takeUsed()).isZero();
        assertThat(queue.driver.usedBytes()).isZero();
    }

    @Test
    void shouldBreakOnUsedDescriptorWhenNothingWasPublished() {
        open(true);
        queue.offer(1);
        use(0, 0, 0, USED);
        use(1, 0, 0, USED);
        assertThat(queue.driver.takeUsed()).isZero();
        queue.assertDriverBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 14})
    void shouldBelieveOnlyTheFirstReadOfAUsedDescriptor(final int offset) {
        open(true);
        queue.offer(3);
        use(0, 2, 9, WRITTEN);
        queue.memory.afterNextReadOf(queue.config.descriptorArea() + offset, () -> {
            // Each word turns evil on its own: the others are still to be read.
            switch (offset) {
                case 8 -> queue.host.putInt(queue.config.descriptorArea() + 8, -1);
                case 12 -> queue.host.putShort(queue.config.descriptorArea() + 12, (short) -1);
                default -> queue.host.putShort(queue.config.descriptorArea() + 14, (short) 0);
            }
        });
        assertThat(queue.driver.takeUsed()).isEqualTo(2);
        assertThat(queue.driver.usedBytes()).isEqualTo(9);
        assertThat(queue.memory.isHookPending()).isFalse();
    }

    // -- both

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotFollowDescriptorsThatTheDeviceHasRewritten(final QueueShape shape) {
        queue = new QueueFixture(shape);
        for (int round = 0; round < 20; round++) {
            assertThat(queue.add(1, 2, 1)).isTrue();
            assertThat(queue.add(2, 1, 2)).isTrue();
            queue.driver.publish();
            final int first = queue.device.next(queue.chain);
            final int second = queue.device.next(queue.chain);
            if (shape.packed()) {
                garble(queue.config.descriptorArea());
            } else {
                queue.host.fill(queue.config.descriptorArea(), SIZE * 16, (byte) -1);
                queue.host.fill(queue.config.driverArea() + 4, SIZE * 2, (byte) -1);
            }
            queue.device.complete(second, 3);
            queue.device.complete(first, 4);
            queue.device.publish();
            assertThat(queue.driver.takeUsed()).isEqualTo(2);
            assertThat(queue.driver.takeUsed()).isEqualTo(1);
            assertThat(queue.driver.freeDescriptors()).isEqualTo(SIZE);
        }
    }

    /** In a packed ring flags are the device's own; all else of a descriptor may be overwritten by it. */
    private void garble(final long ring) {
        for (int i = 0; i < SIZE; i++) {
            queue.host.putLong(ring + i * 16L, -1);
            queue.host.putInt(ring + i * 16L + 8, -1);
            queue.host.putShort(ring + i * 16L + 12, (short) -1);
        }
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldGiveBackEveryChainOfABrokenQueue(final QueueShape shape) {
        queue = new QueueFixture(shape);
        queue.offer(4);
        queue.serve(1);
        assertThat(queue.driver.takeUsed()).isZero();
        queue.serve(1);
        queue.driver.addWritable(queue.buffer(0), 8, 100);
        final List<Long> cookies = new ArrayList<>();
        for (long cookie = queue.driver.reclaim(); cookie != DriverQueue.NONE; cookie = queue.driver.reclaim()) {
            cookies.add(cookie);
        }
        assertThat(cookies).as("used but not taken, available, added").containsExactlyInAnyOrder(1L, 2L, 3L, 100L);
        assertThat(queue.driver.takeUsed()).isEqualTo(DriverQueue.NONE);
        assertThat(queue.driver.addWritable(queue.buffer(0), 8, 1)).isFalse();
        assertThat(queue.driver.violation()).isNull();
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldStartAnewOverTheMemoryOfAnOldQueue(final QueueShape shape) {
        queue = new QueueFixture(shape);
        for (int i = 0; i < 3; i++) {
            queue.offer(5);
            queue.serve(5);
            while (queue.driver.takeUsed() != DriverQueue.NONE) {
                assertThat(queue.driver.usedBytes()).isZero();
            }
        }
        queue.offer(5);
        queue.serve(2);
        final DriverQueue driver = queue.newDriver(queue.memory);
        final DeviceQueue device = queue.newDevice(queue.memory);
        assertThat(driver.hasUsed()).isFalse();
        assertThat(device.hasAvailable()).isFalse();
        driver.addWritable(queue.buffer(0), 8, 42);
        driver.publish();
        device.complete(device.next(queue.chain), 8);
        device.publish();
        assertThat(driver.takeUsed()).isEqualTo(42);
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldRefuseChainsThatNoDeviceMayBeGiven(final QueueShape shape) {
        queue = new QueueFixture(shape);
        assertThatThrownBy(() -> queue.driver.add(queue.chain.clear(), 1)).hasMessageContaining("count=0");
        assertThatThrownBy(() -> queue.driver.addWritable(queue.buffer(0), 0, 1)).hasMessageContaining("lengthBytes=0");
        assertThatThrownBy(() -> queue.driver.addWritable(queue.buffer(0), 1, -1)).hasMessageContaining("cookie=-1");
        final DescriptorChain tooLong = new DescriptorChain(queue.driver.maxChain() + 1);
        while (tooLong.addReadable(queue.buffer(0), 1)) {
            assertThat(tooLong.count()).isLessThanOrEqualTo(tooLong.capacity());
        }
        assertThatThrownBy(() -> queue.driver.add(tooLong, 1)).hasMessageContaining("count=" + tooLong.count());
        assertThat(queue.driver.freeDescriptors()).isEqualTo(SIZE);
    }

    /** Split: the next used entry, and the index behind it. */
    private void use(final int id, final int length) {
        final long entry = queue.config.deviceArea() + SplitQueueLayout.USED_RING_OFFSET + used % SIZE * 8L;
        queue.host.putInt(entry, id);
        queue.host.putInt(entry + 4, length);
        used++;
        queue.host.putShort(queue.config.deviceArea() + 2, (short) used);
    }

    /** Packed: a used descriptor. */
    private void use(final int position, final int id, final int length, final int flags) {
        final long at = queue.config.descriptorArea() + position * 16L;
        queue.host.putInt(at + 8, length);
        queue.host.putShort(at + 12, (short) id);
        queue.host.putShort(at + 14, (short) flags);
    }
}
