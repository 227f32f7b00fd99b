package io.netchannel.virtio.queue;

import static io.netchannel.virtio.queue.DescriptorFlags.INDIRECT;
import static io.netchannel.virtio.queue.DescriptorFlags.NEXT;
import static io.netchannel.virtio.queue.DescriptorFlags.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device against a split queue's memory that is written byte by byte. */
final class HostileSplitDriverTest {

    private static final int SIZE = 8;
    private static final int MAX_CHAIN = 4;

    private QueueFixture queue = new QueueFixture(new QueueShape(false, true, true, SIZE, MAX_CHAIN));
    private int available;

    @AfterEach
    void close() {
        queue.close();
    }

    // -- ring entries and the index

    @ParameterizedTest
    @ValueSource(ints = {SIZE, 0x7FFF, 0x8000, 0xFFFF})
    void shouldBreakOnHeadOutsideTheTable(final int head) {
        offer(head);
        queue.assertBroken(QueueViolation.BAD_INDEX);
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, 0x8000, 0xFFFF})
    void shouldBreakOnNextOutsideTheTable(final int next) {
        good(0, NEXT, next);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnHeadThatIsInFlight() {
        good(3, WRITE, 0);
        offer(3);
        assertThat(queue.device.next(queue.chain)).isEqualTo(3);
        offer(3);
        queue.assertBroken(QueueViolation.BAD_INDEX);
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE + 1, 100, 0x7FFF, 0x8000, 0xFFFF})
    void shouldBreakOnIndexTooFarAhead(final int index) {
        good(0, WRITE, 0);
        index(index);
        assertThat(queue.device.hasAvailable()).isTrue();
        queue.assertBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    @Test
    void shouldBreakOnIndexThatGoesBack() {
        for (int i = 0; i < 3; i++) {
            good(i, WRITE, 0);
            offer(i);
            assertThat(queue.device.next(queue.chain)).isEqualTo(i);
        }
        index(2);
        queue.assertBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    @Test
    void shouldBreakOnMoreChainsThanDescriptorsWhileNoneIsUsed() {
        for (int i = 0; i < SIZE; i++) {
            good(i, WRITE, 0);
            offer(i);
            assertThat(queue.device.next(queue.chain)).isEqualTo(i);
        }
        queue.device.complete(0, 0);
        offer(0);
        // Completed, but not published: a driver can't know, and its entry would overtake the used ring.
        queue.assertBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    // -- chains

    @Test
    void shouldBreakOnDescriptorThatFollowsItself() {
        good(5, NEXT, 5);
        offer(5);
        queue.assertBroken(QueueViolation.CHAIN_TOO_LONG);
    }

    @Test
    void shouldBreakOnLoopThroughTheWholeTable() {
        queue.close();
        queue = new QueueFixture(new QueueShape(false, true, true, SIZE, 100));
        for (int i = 0; i < SIZE; i++) {
            good(i, NEXT, (i + 1) % SIZE);
        }
        offer(2);
        queue.assertBroken(QueueViolation.CHAIN_TOO_LONG);
    }

    @Test
    void shouldTakeTheLongestChainAndBreakOnOneLonger() {
        for (int i = 0; i < MAX_CHAIN; i++) {
            good(i, i < MAX_CHAIN - 1 ? NEXT : 0, i + 1);
        }
        offer(0);
        assertThat(queue.device.next(queue.chain)).isZero();
        assertThat(queue.chain.count()).isEqualTo(MAX_CHAIN);
        queue.device.putBack(1);
        good(MAX_CHAIN - 1, NEXT, MAX_CHAIN);
        good(MAX_CHAIN, 0, 0);
        queue.assertBroken(QueueViolation.CHAIN_TOO_LONG);
    }

    @Test
    void shouldBreakOnReadableAfterWritable() {
        good(0, NEXT | WRITE, 1);
        good(1, 0, 0);
        offer(0);
        queue.assertBroken(QueueViolation.READABLE_AFTER_WRITABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 0x80, 0x4000, 0x8000})
    void shouldBreakOnUnknownFlags(final int flag) {
        good(0, flag, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_FLAGS);
    }

    // -- buffers

    @Test
    void shouldBreakOnBufferOfNoBytes() {
        descriptor(0, queue.deviceBuffer(0), 0, 0, 0);
        offer(0);
        queue.assertBroken(QueueViolation.ZERO_LENGTH);
    }

    @Test
    void shouldTakeABufferThatEndsWithTheRegionAndBreakOnOneByteMore() {
        final long last = queue.addressSpace.toDevice(queue.region.address()) + queue.region.sizeBytes() - 16;
        descriptor(0, last, 16, WRITE, 0);
        offer(0);
        assertThat(queue.device.next(queue.chain)).isZero();
        queue.device.putBack(1);
        descriptor(0, last, 17, WRITE, 0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "-1, 2", "-16, 32", "0x7fffffffffffffff, 1", "-9223372036854775808, -1"})
    void shouldBreakOnAddressOutsideTheRegion(final long address, final int length) {
        descriptor(0, address, length, WRITE, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBreakOnLengthThatWrapsTheAddressAround() {
        descriptor(0, queue.deviceBuffer(0), -1, WRITE, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBreakOnHostAddress() {
        descriptor(0, queue.buffer(0), 16, WRITE, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBreakOnChainWhoseLengthDoesNotFit() {
        final AddressSpace everywhere = new RegionAddressSpace(queue.region.address(), 1L << 40, 1L << 50);
        final QueueConfig config = queue.config;
        final DeviceQueue device = new SplitDeviceQueue(new QueueConfig(config.memory(), everywhere, SIZE,
                config.descriptorArea(), config.driverArea(), config.deviceArea(), true, true, 0, MAX_CHAIN));
        descriptor(0, 1L << 50, 0x7FFF_FFFF, 0, 0);
        offer(0);
        assertThat(device.next(queue.chain)).as("so much does").isZero();
        device.putBack(1);
        descriptor(0, 1L << 50, 0x7FFF_FFFF, NEXT, 1);
        descriptor(1, 1L << 50, 1, 0, 0);
        assertThat(device.next(queue.chain)).isEqualTo(DeviceQueue.BROKEN);
        assertThat(device.violation()).isEqualTo(QueueViolation.LENGTH_OVERFLOW);
    }

    // -- indirect tables

    @Test
    void shouldTakeDirectDescriptorsBeforeATableAndIgnoreItsWriteFlag() {
        good(0, NEXT, 1);
        table(1, 32, WRITE);
        entry(0, queue.deviceBuffer(1), 8, NEXT, 1);
        entry(1, queue.deviceBuffer(2), 9, WRITE, 0);
        offer(0);
        assertThat(queue.device.next(queue.chain)).isZero();
        assertThat(queue.chain.count()).isEqualTo(3);
        assertThat(queue.chain.readableCount()).isEqualTo(2);
        assertThat(queue.chain.address(2)).isEqualTo(queue.buffer(2));
        assertThat(queue.chain.lengthBytes(2)).isEqualTo(9);
    }

    @Test
    void shouldBreakOnTableThatWasNotNegotiated() {
        queue.close();
        queue = new QueueFixture(new QueueShape(false, true, false, SIZE, MAX_CHAIN));
        descriptor(0, queue.deviceBuffer(3), 16, INDIRECT, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_INDIRECT);
    }

    @Test
    void shouldBreakOnTableWithNext() {
        table(0, 16, NEXT);
        entry(0, queue.deviceBuffer(0), 8, 0, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_INDIRECT);
    }

    @Test
    void shouldBreakOnTableInATable() {
        table(0, 16, 0);
        entry(0, queue.deviceBuffer(3), 16, INDIRECT, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_INDIRECT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 16 * 32769, 0xFFFF_FFF0, 0xFFFF_FFFF})
    void shouldBreakOnTableLength(final int length) {
        table(0, length, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_INDIRECT_LENGTH);
    }

    @Test
    void shouldBreakOnTableThatEndsOutsideTheRegion() {
        final long end = queue.addressSpace.toDevice(queue.region.address()) + queue.region.sizeBytes();
        descriptor(0, end - 16, 32, INDIRECT, 0);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBreakOnNextOutsideTheTableOfTwo() {
        table(0, 32, 0);
        entry(0, queue.deviceBuffer(0), 8, NEXT, 2);
        offer(0);
        queue.assertBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnLoopInATable() {
        table(0, 32, 0);
        entry(0, queue.deviceBuffer(0), 8, NEXT, 1);
        entry(1, queue.deviceBuffer(0), 8, NEXT, 0);
        offer(0);
        queue.assertBroken(QueueViolation.CHAIN_TOO_LONG);
    }

    @Test
    void shouldCheckBuffersInATableLikeOthers() {
        final BiConsumer<QueueViolation, Runnable> breaks = (violation, write) -> {
            queue.close();
            queue = new QueueFixture(new QueueShape(false, true, true, SIZE, MAX_CHAIN));
            available = 0;
            table(0, 16, 0);
            write.run();
            offer(0);
            queue.assertBroken(violation);
        };
        breaks.accept(QueueViolation.ZERO_LENGTH, () -> entry(0, queue.deviceBuffer(0), 0, 0, 0));
        breaks.accept(QueueViolation.BAD_ADDRESS, () -> entry(0, queue.buffer(0), 8, 0, 0));
        breaks.accept(QueueViolation.BAD_FLAGS, () -> entry(0, queue.deviceBuffer(0), 8, 16, 0));
    }

    // -- memory that changes under the reader

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 14})
    void shouldBelieveOnlyTheFirstReadOfADescriptor(final int offset) {
        good(2, WRITE, 0);
        offer(2);
        queue.memory.afterNextReadOf(queue.config.descriptorArea() + 2 * 16 + offset,
                () -> descriptor(2, -1, -1, NEXT | INDIRECT, 0xFFFF));
        assertThat(queue.device.next(queue.chain)).isEqualTo(2);
        assertThat(queue.memory.isHookPending()).isFalse();
        assertThat(queue.chain.address(0)).isEqualTo(queue.buffer(2));
        assertThat(queue.chain.lengthBytes(0)).isEqualTo(16);
    }

    @Test
    void shouldCheckTheWordsOfADescriptorThatChangesBetweenThem() {
        good(2, WRITE, 0);
        offer(2);
        queue.memory.afterNextReadOf(queue.config.descriptorArea() + 2 * 16,
                () -> descriptor(2, queue.deviceBuffer(2), -1, WRITE, 0));
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBelieveOnlyTheFirstReadOfTheRingEntry() {
        good(1, WRITE, 0);
        offer(1);
        final long entry = queue.config.driverArea() + SplitQueueLayout.AVAILABLE_RING_OFFSET;
        queue.memory.afterNextReadOf(entry, () -> queue.host.putShort(entry, (short) 0xFFFF));
        assertThat(queue.device.next(queue.chain)).isEqualTo(1);
        queue.device.complete(1, 5);
        queue.device.publish();
        final long used = queue.config.deviceArea() + SplitQueueLayout.USED_RING_OFFSET;
        assertThat(queue.host.getInt(used)).isEqualTo(1);
        assertThat(queue.host.getInt(used + 4)).isEqualTo(5);
    }

    @Test
    void shouldBelieveOnlyTheFirstReadOfATableEntry() {
        table(0, 16, 0);
        entry(0, queue.deviceBuffer(4), 8, WRITE, 0);
        offer(0);
        queue.memory.afterNextReadOf(queue.config.indirectTables() + 8, () -> entry(0, -1, -1, INDIRECT, 9));
        assertThat(queue.device.next(queue.chain)).isZero();
        assertThat(queue.memory.isHookPending()).isFalse();
        assertThat(queue.chain.address(0)).isEqualTo(queue.buffer(4));
        assertThat(queue.chain.lengthBytes(0)).isEqualTo(8);
    }

    // -- after the violation

    @Test
    void shouldLeaveTheUsedRingAloneOnceBroken() {
        good(0, WRITE, 0);
        offer(0);
        assertThat(queue.device.next(queue.chain)).isZero();
        offer(0xFFFF);
        queue.assertBroken(QueueViolation.BAD_INDEX);
        queue.device.complete(0, 1);
        queue.device.publish();
        assertThat(queue.device.needsInterrupt()).isFalse();
        final long used = queue.config.deviceArea() + SplitQueueLayout.USED_INDEX_OFFSET;
        assertThat(queue.host.getShort(used)).isZero();
    }

    @Test
    void shouldRefuseToCompleteWhatIsNotInFlight() {
        assertThatThrownBy(() -> queue.device.complete(0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.device.putBack(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.device.next(new DescriptorChain(MAX_CHAIN - 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void good(final int index, final int flags, final int next) {
        descriptor(index, queue.deviceBuffer(index), 16, flags, next);
    }

    private void descriptor(final int index, final long address, final int length, final int flags, final int next) {
        write(queue.config.descriptorArea() + index * 16L, address, length, flags, next);
    }

    private void table(final int index, final int length, final int flags) {
        descriptor(index, queue.addressSpace.toDevice(queue.config.indirectTables()), length, flags | INDIRECT, 0);
    }

    private void entry(final int index, final long address, final int length, final int flags, final int next) {
        write(queue.config.indirectTables() + index * 16L, address, length, flags, next);
    }

    private void write(final long at, final long address, final int length, final int flags, final int next) {
        queue.host.putLong(at, address);
        queue.host.putInt(at + 8, length);
        queue.host.putShort(at + 12, (short) flags);
        queue.host.putShort(at + 14, (short) next);
    }

    private void offer(final int head) {
        queue.host.putShort(queue.config.driverArea() + 4 + 2L * (available % SIZE), (short) head);
        available++;
        index(available);
    }

    private void index(final int index) {
        queue.host.putShort(queue.config.driverArea() + 2, (short) index);
    }
}
