package io.netchannel.virtio.queue;

import static io.netchannel.virtio.queue.DescriptorFlags.INDIRECT;
import static io.netchannel.virtio.queue.DescriptorFlags.NEXT;
import static io.netchannel.virtio.queue.DescriptorFlags.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A device against a packed queue's memory that is written byte by byte; all on the first lap unless said otherwise.
 */
final class HostilePackedDriverTest {

    private static final int SIZE = 7;
    private static final int MAX_CHAIN = 4;
    private static final int AVAILABLE = PackedQueueLayout.AVAILABLE_1;
    private static final int AVAILABLE_SECOND_LAP = PackedQueueLayout.AVAILABLE_0;

    private QueueFixture queue = new QueueFixture(new QueueShape(true, true, true, SIZE, MAX_CHAIN));

    @AfterEach
    void close() {
        queue.close();
    }

    private void reopen(final boolean indirect, final int maxChain) {
        queue.close();
        queue = new QueueFixture(new QueueShape(true, true, indirect, SIZE, maxChain));
    }

    // -- ids and the ring

    @ParameterizedTest
    @ValueSource(ints = {SIZE, 0x7FFF, 0x8000, 0xFFFF})
    void shouldBreakOnBufferIdOutsideTheQueue(final int id) {
        good(0, AVAILABLE, id);
        queue.assertBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldBreakOnBufferIdThatIsInFlight() {
        good(0, AVAILABLE, 3);
        good(1, AVAILABLE, 3);
        assertThat(queue.device.next(queue.chain)).isEqualTo(3);
        queue.assertBroken(QueueViolation.BAD_INDEX);
    }

    @Test
    void shouldTakeTheIdOfTheLastDescriptor() {
        good(0, AVAILABLE | NEXT, 0xFFFF);
        good(1, AVAILABLE, 5);
        assertThat(queue.device.next(queue.chain)).isEqualTo(5);
        assertThat(queue.chain.count()).isEqualTo(2);
    }

    @Test
    void shouldBreakOnDescriptorsMadeAvailableAgainBeforeTheyWereUsed() {
        for (int i = 0; i < SIZE; i++) {
            good(i, AVAILABLE, i);
            assertThat(queue.device.next(queue.chain)).isEqualTo(i);
        }
        queue.device.complete(0, 0);
        good(0, AVAILABLE_SECOND_LAP, 0);
        queue.assertBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    @Test
    void shouldBreakOnChainThatRunsIntoDescriptorsInFlight() {
        for (int i = 0; i < SIZE - 1; i++) {
            good(i, AVAILABLE, i);
            assertThat(queue.device.next(queue.chain)).isEqualTo(i);
        }
        good(SIZE - 1, AVAILABLE | NEXT, SIZE - 1);
        good(0, AVAILABLE_SECOND_LAP, SIZE - 1);
        queue.assertBroken(QueueViolation.BAD_RING_ADVANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x8000, 0x8080})
    void shouldBreakOnChainOfWhichAPartIsNotAvailable(final int flags) {
        good(0, AVAILABLE | NEXT, 0);
        good(1, flags, 0);
        queue.assertBroken(QueueViolation.BAD_FLAGS);
    }

    @Test
    void shouldFindNothingInDescriptorsOfAnotherLap() {
        for (final int flags : new int[]{0, 0x8000, 0x8080, WRITE}) {
            good(0, flags, 0);
            assertThat(queue.device.hasAvailable()).isFalse();
            assertThat(queue.device.next(queue.chain)).isEqualTo(DeviceQueue.EMPTY);
        }
    }

    // -- chains

    @Test
    void shouldBreakOnChainWithoutEnd() {
        reopen(true, 100);
        for (int i = 0; i < SIZE; i++) {
            good(i, AVAILABLE | NEXT, 0);
        }
        queue.assertBroken(QueueViolation.CHAIN_TOO_LONG);
    }

    @Test
    void shouldTakeTheLongestChainAndBreakOnOneLonger() {
        for (int i = 0; i < MAX_CHAIN; i++) {
            good(i, AVAILABLE | (i < MAX_CHAIN - 1 ? NEXT : 0), 0);
        }
        assertThat(queue.device.next(queue.chain)).isZero();
        assertThat(queue.chain.count()).isEqualTo(MAX_CHAIN);
        queue.device.putBack(1);
        good(MAX_CHAIN - 1, AVAILABLE | NEXT, 0);
        good(MAX_CHAIN, AVAILABLE, 0);
        queue.assertBroken(QueueViolation.CHAIN_TOO_LONG);
    }

    @Test
    void shouldBreakOnReadableAfterWritable() {
        good(0, AVAILABLE | NEXT | WRITE, 0);
        good(1, AVAILABLE, 0);
        queue.assertBroken(QueueViolation.READABLE_AFTER_WRITABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 0x40, 0x100, 0x4000})
    void shouldBreakOnUnknownFlags(final int flag) {
        good(0, AVAILABLE | flag, 0);
        queue.assertBroken(QueueViolation.BAD_FLAGS);
    }

    // -- buffers

    @Test
    void shouldBreakOnBufferOfNoBytes() {
        descriptor(0, queue.deviceBuffer(0), 0, AVAILABLE, 0);
        queue.assertBroken(QueueViolation.ZERO_LENGTH);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "-1, 2", "-16, 32", "0x7fffffffffffffff, 1", "-9223372036854775808, -1"})
    void shouldBreakOnAddressOutsideTheRegion(final long address, final int length) {
        descriptor(0, address, length, AVAILABLE | WRITE, 0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBreakOnLengthPastTheRegion() {
        final long end = queue.addressSpace.toDevice(queue.region.address()) + queue.region.sizeBytes();
        descriptor(0, end - 16, 17, AVAILABLE, 0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBreakOnChainWhoseLengthDoesNotFit() {
        final AddressSpace everywhere = new RegionAddressSpace(queue.region.address(), 1L << 40, 1L << 50);
        final QueueConfig config = queue.config;
        final DeviceQueue device = new PackedDeviceQueue(new QueueConfig(config.memory(), everywhere, SIZE,
                config.descriptorArea(), config.driverArea(), config.deviceArea(), true, true, 0, MAX_CHAIN));
        descriptor(0, 1L << 50, 0x7FFF_FFFF, AVAILABLE | NEXT, 0);
        descriptor(1, 1L << 50, 1, AVAILABLE, 0);
        assertThat(device.next(queue.chain)).isEqualTo(DeviceQueue.BROKEN);
        assertThat(device.violation()).isEqualTo(QueueViolation.LENGTH_OVERFLOW);
    }

    // -- indirect tables

    @Test
    void shouldIgnoreEveryFlagButWriteInATable() {
        table(0, 32, WRITE);
        entry(0, queue.deviceBuffer(1), 8, NEXT | INDIRECT);
        entry(1, queue.deviceBuffer(2), 9, 0xFFFF);
        assertThat(queue.device.next(queue.chain)).isZero();
        assertThat(queue.chain.count()).isEqualTo(2);
        assertThat(queue.chain.readableCount()).isEqualTo(1);
        assertThat(queue.chain.address(1)).isEqualTo(queue.buffer(2));
        assertThat(queue.chain.lengthBytes(1)).isEqualTo(9);
    }

    @Test
    void shouldBreakOnTableThatWasNotNegotiated() {
        reopen(false, MAX_CHAIN);
        descriptor(0, queue.deviceBuffer(3), 16, AVAILABLE | INDIRECT, 0);
        queue.assertBroken(QueueViolation.BAD_INDIRECT);
    }

    @Test
    void shouldBreakOnTableWithNext() {
        table(0, 16, NEXT);
        queue.assertBroken(QueueViolation.BAD_INDIRECT);
    }

    @Test
    void shouldBreakOnTableAfterADirectDescriptor() {
        good(0, AVAILABLE | NEXT, 0);
        table(1, 16, 0);
        queue.assertBroken(QueueViolation.BAD_INDIRECT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 16 * (MAX_CHAIN + 1), 0xFFFF_FFF0, 0xFFFF_FFFF})
    void shouldBreakOnTableLength(final int length) {
        table(0, length, 0);
        queue.assertBroken(QueueViolation.BAD_INDIRECT_LENGTH);
    }

    @Test
    void shouldBreakOnTableThatEndsOutsideTheRegion() {
        final long end = queue.addressSpace.toDevice(queue.region.address()) + queue.region.sizeBytes();
        descriptor(0, end - 16, 32, AVAILABLE | INDIRECT, 0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    @Test
    void shouldBreakOnBuffersInATable() {
        table(0, 16, 0);
        entry(0, queue.deviceBuffer(0), 0, 0);
        queue.assertBroken(QueueViolation.ZERO_LENGTH);
        reopen(true, MAX_CHAIN);
        table(0, 16, 0);
        entry(0, queue.buffer(0), 8, 0);
        queue.assertBroken(QueueViolation.BAD_ADDRESS);
    }

    // -- memory that changes under the reader

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 12, 14})
    void shouldBelieveOnlyTheFirstReadOfADescriptor(final int offset) {
        good(0, AVAILABLE | WRITE, 2);
        final long at = queue.config.descriptorArea() + offset;
        queue.memory.afterNextReadOf(at, () -> {
            switch (offset) {
                case 0 -> queue.host.putLong(at, -1);
                case 8 -> queue.host.putInt(at, -1);
                case 12 -> queue.host.putShort(at, (short) -1);
                default -> queue.host.putShort(at, (short) (AVAILABLE | NEXT | INDIRECT));
            }
        });
        assertThat(queue.device.next(queue.chain)).isEqualTo(2);
        assertThat(queue.memory.isHookPending()).isFalse();
        assertThat(queue.chain.count()).isEqualTo(1);
        assertThat(queue.chain.address(0)).isEqualTo(queue.buffer(0));
        assertThat(queue.chain.lengthBytes(0)).isEqualTo(16);
        assertThat(queue.chain.readableCount()).isZero();
        queue.device.complete(2, 16);
        queue.device.publish();
        assertThat(queue.host.getShort(queue.config.descriptorArea() + 12)).as("used id").isEqualTo((short) 2);
    }

    @Test
    void shouldSkipAsManyDescriptorsAsWereReadAtFirst() {
        good(0, AVAILABLE | NEXT, 0);
        good(1, AVAILABLE, 0);
        good(2, AVAILABLE, 1);
        assertThat(queue.device.next(queue.chain)).isZero();
        good(0, AVAILABLE, 0);
        queue.device.complete(0, 0);
        assertThat(queue.device.next(queue.chain)).isEqualTo(1);
        queue.device.complete(1, 0);
        queue.device.publish();
        assertThat(queue.host.getShort(queue.config.descriptorArea() + 2 * 16 + 14)).isEqualTo((short) 0x8080);
    }

    // -- after the violation

    @Test
    void shouldLeaveTheRingAloneOnceBroken() {
        good(0, AVAILABLE, 0);
        good(1, AVAILABLE, 0xFFFF);
        assertThat(queue.device.next(queue.chain)).isZero();
        queue.assertBroken(QueueViolation.BAD_INDEX);
        queue.device.complete(0, 1);
        queue.device.publish();
        assertThat(queue.device.needsInterrupt()).isFalse();
        assertThat(queue.host.getShort(queue.config.descriptorArea() + 14)).isEqualTo((short) AVAILABLE);
    }

    @Test
    void shouldRefuseToCompleteWhatIsNotInFlight() {
        assertThatThrownBy(() -> queue.device.complete(0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.device.putBack(1)).isInstanceOf(IllegalStateException.class);
    }

    private void good(final int position, final int flags, final int id) {
        descriptor(position, queue.deviceBuffer(position), 16, flags, id);
    }

    private void descriptor(final int position, final long address, final int length, final int flags, final int id) {
        write(queue.config.descriptorArea() + position * 16L, address, length, flags, id);
    }

    private void table(final int position, final int length, final int flags) {
        descriptor(position, queue.addressSpace.toDevice(queue.config.indirectTables()), length,
                AVAILABLE | flags | INDIRECT, 0);
    }

    private void entry(final int index, final long address, final int length, final int flags) {
        write(queue.config.indirectTables() + index * 16L, address, length, flags, 0xFFFF);
    }

    private void write(final long at, final long address, final int length, final int flags, final int id) {
        queue.host.putLong(at, address);
        queue.host.putInt(at + 8, length);
        queue.host.putShort(at + 12, (short) id);
        queue.host.putShort(at + 14, (short) flags);
    }
}
