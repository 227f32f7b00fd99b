package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.driver.DriverCounter;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeader;
import io.netchannel.virtio.queue.DeviceQueue;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that lies about frames: nothing it says may leak a buffer, release one twice, or reach a stack. */
class LyingDeviceTest {

    private final TestNode node = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0001L));
    private final OrderedMemory memory = node.region().memory();
    private final VirtioNetHeader header = new VirtioNetHeader();
    private Receiver receiver;

    private void open(final VirtioFeature... without) {
        node.open(VirtioNetDriverConfig.DEFAULT.without(without));
        receiver = new Receiver(node.pool());
    }

    @AfterEach
    void close() {
        node.closeAndCheck();
        node.close();
    }

    /** Uses one receive chain: a header, if given, and so many bytes in all. */
    private void use(final VirtioNetHeader written, final int usedBytes) {
        final QueueSlot slot = node.device().receiveSlot(0);
        assertThat(slot.tryClaim()).isTrue();
        final int id = slot.next();
        assertThat(id).isNotNegative();
        if (written != null) {
            written.write(memory, slot.chain().address(0));
        }
        slot.complete(id, usedBytes);
        slot.release();
    }

    private void useTogether(final int bufferCount, final int... usedBytes) {
        final QueueSlot slot = node.device().receiveSlot(0);
        assertThat(slot.tryClaim()).isTrue();
        header.clear().bufferCount(bufferCount);
        for (int i = 0; i < usedBytes.length; i++) {
            final int id = slot.next();
            if (i == 0) {
                header.write(memory, slot.chain().address(0));
            }
            slot.complete(id, usedBytes[i]);
        }
        slot.release();
    }

    private long count(final DriverCounter counter) {
        return node.pair().counters().get(counter);
    }

    private void poll() {
        node.pair().pollReceive(receiver, 64);
    }

    private void shouldStillReceive() {
        final int before = receiver.frames().size();
        header.clear().bufferCount(1);
        use(header, LENGTH_BYTES + 60);
        poll();
        assertThat(receiver.frames()).hasSize(before + 1);
    }

    @Test
    void shouldDropTheWholeFrameWhenAMergeableFragmentIsMissing() {
        open();
        useTogether(3, 3900, 3900);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_MISSING_BUFFER)).isEqualTo(1);
        shouldStillReceive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0xFFFF, 257})
    void shouldDropOneBufferWhenTheBufferCountIsAbsurd(final int bufferCount) {
        open();
        header.clear().bufferCount(bufferCount);
        use(header, LENGTH_BYTES + 60);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_BAD_BUFFER_COUNT)).isEqualTo(1);
        shouldStillReceive();
    }

    @Test
    void shouldDropAFrameOfMoreBuffersThanAPacketHasSlices() {
        open();
        final int[] used = new int[18];
        Arrays.fill(used, 100);
        useTogether(18, used);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_BAD_BUFFER_COUNT)).isEqualTo(1);
        shouldStillReceive();
    }

    @Test
    void shouldTakeAFrameOfAsManyBuffersAsAPacketHasSlices() {
        open();
        final int[] used = new int[17];
        Arrays.fill(used, 100);
        useTogether(17, used);
        poll();
        assertThat(receiver.frames()).hasSize(1);
        assertThat(receiver.frames().getFirst().length()).isEqualTo(17 * 100 - LENGTH_BYTES);
    }

    @Test
    void shouldDropAFrameWithAnEmptyFragment() {
        open();
        useTogether(3, 3900, 0, 100);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_EMPTY_BUFFER)).isEqualTo(1);
        shouldStillReceive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11, 12, 25})
    void shouldDropAFrameWithoutAnEthernetHeaderInItsFirstBuffer(final int usedBytes) {
        open();
        useTogether(1, usedBytes);
        poll();
        useTogether(2, usedBytes, 100);
        poll();
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_SHORT)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void shouldDropAChecksumThatWasNotNegotiated() {
        open(GUEST_CSUM);
        header.clear().bufferCount(1);
        header.flags(FLAG_NEEDS_CSUM);
        header.checksum(34, 16);
        use(header, LENGTH_BYTES + 100);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_BAD_HEADER)).isEqualTo(1);
    }

    @Test
    void shouldNotBelieveAValidChecksumThatWasNotNegotiated() {
        open(GUEST_CSUM);
        header.clear().bufferCount(1);
        header.flags(FLAG_DATA_VALID);
        use(header, LENGTH_BYTES + 100);
        poll();
        assertThat(receiver.frames()).hasSize(1);
        assertThat(receiver.frames().getFirst().isVouchedFor()).isFalse();
    }

    @Test
    void shouldBelieveAValidChecksumThatWasNegotiated() {
        open();
        header.clear().bufferCount(1);
        header.flags(FLAG_DATA_VALID);
        use(header, LENGTH_BYTES + 100);
        poll();
        assertThat(receiver.frames().getFirst().isVouchedFor()).isTrue();
    }

    @Test
    void shouldDropAChecksumOutsideTheFrame() {
        open();
        final int[][] lies = {{99, 0}, {34, 65}, {0xFFFF, 0xFFFF}, {13, 16}, {34, 0xFFFE}};
        for (final int[] lie : lies) {
            header.clear().bufferCount(1);
            header.flags(FLAG_NEEDS_CSUM);
            header.checksum(lie[0], lie[1]);
            use(header, LENGTH_BYTES + 100);
        }
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_BAD_HEADER)).isEqualTo(lies.length);
        header.checksum(34, 64);
        use(header, LENGTH_BYTES + 100);
        poll();
        assertThat(receiver.frames()).hasSize(1);
    }

    @Test
    void shouldDropUnknownAndUnnegotiatedGso() {
        open(GUEST_TSO6, GUEST_ECN, GUEST_USO6);
        final int[][] lies = {{2, 0, 100}, {3, 0, 100}, {0x7F, 0, 100}, {GSO_TCPV6, 0, 100}, {GSO_TCPV4, 1, 100},
            {GSO_NONE, 1, 100}, {GSO_TCPV4, 0, 0}, {GSO_UDP_L4, 0, 100}};
        for (final int[] lie : lies) {
            header.clear().bufferCount(1);
            header.gso(lie[0], lie[1] == 1, lie[2], 54);
            use(header, LENGTH_BYTES + 100);
        }
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_BAD_HEADER)).isEqualTo(lies.length);
        header.clear().bufferCount(1);
        header.gso(GSO_TCPV4, false, 100, 54);
        use(header, LENGTH_BYTES + 100);
        poll();
        assertThat(receiver.frames()).hasSize(1);
    }

    @Test
    void shouldCheckUdpSuperFramesAsTcpOnes() {
        open();
        final int[][] lies = {{GSO_UDP_L4, 1, 100}, {GSO_UDP_L4, 0, 0}};
        for (final int[] lie : lies) {
            header.clear().bufferCount(1);
            header.gso(lie[0], lie[1] == 1, lie[2], 42);
            use(header, LENGTH_BYTES + 100);
        }
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_BAD_HEADER)).isEqualTo(lies.length);
        header.clear().bufferCount(1);
        header.gso(GSO_UDP_L4, false, 100, 42);
        use(header, LENGTH_BYTES + 100);
        poll();
        assertThat(receiver.frames()).hasSize(1);
        assertThat(receiver.frames().getFirst().gsoType()).isEqualTo(GSO_UDP_L4);
        assertThat(receiver.frames().getFirst().gsoSize()).isEqualTo(100);
    }

    @Test
    void shouldDropAFrameLongerThanAnyFrame() {
        open();
        final int[] used = new int[17];
        Arrays.fill(used, 3980);
        useTogether(17, used);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.RECEIVE_DROPPED_TOO_LONG)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = VirtioFeature.class, names = {"MRG_RXBUF", "RING_PACKED", "EVENT_IDX", "INDIRECT_DESC"})
    void shouldSurviveAnyHeaders(final VirtioFeature without) {
        final long seed = 20260101 + without.ordinal();
        final Random random = new Random(seed);
        open(without);
        for (int i = 0; i < 3000; i++) {
            memoryGarbage(random, header);
            final QueueSlot slot = node.device().receiveSlot(0);
            assertThat(slot.tryClaim()).isTrue();
            for (int chains = 1 + random.nextInt(4); chains > 0; chains--) {
                final int id = slot.next();
                if (id == DeviceQueue.EMPTY) {
                    break;
                }
                header.write(memory, slot.chain().address(0));
                slot.complete(id, random.nextInt(slot.chain().writableBytes() + 1));
            }
            slot.release();
            node.pair().pollReceive(receiver, 1 + random.nextInt(4));
            receiver.frames().clear();
        }
        assertThat(node.pool().available()).as("seed %d", seed).isPositive();
    }

    private static void memoryGarbage(final Random random, final VirtioNetHeader header) {
        header.flags(random.nextInt(256));
        header.gso(random.nextInt(6), random.nextBoolean(), random.nextInt(3000), random.nextInt(200));
        header.checksum(random.nextInt(200), random.nextInt(200));
        header.bufferCount(random.nextInt(8) == 0 ? random.nextInt(0x10000) : random.nextInt(5));
    }

    @Test
    void shouldReclaimEveryBufferWhenTheDeviceBreaksTheQueue() {
        open(RING_PACKED);
        final QueueSlot slot = node.device().receiveSlot(0);
        assertThat(slot.tryClaim()).isTrue();
        final int id = slot.next();
        slot.complete(id, 1 << 20);
        slot.release();
        poll();
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DriverCounter.VIOLATIONS)).isEqualTo(1);
    }
}
