package io.netchannel.virtio.net;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VirtioFeatureTest {

    @Test
    void shouldTakeAwayWhatLacksWhatItDependsOn() {
        final long without = VirtioFeature.withoutUnsatisfied(VirtioFeature.all() & ~VirtioFeature.of(CSUM, CTRL_VQ));
        assertThat(without
                & VirtioFeature.of(HOST_TSO4, HOST_TSO6, HOST_ECN, HOST_USO, CTRL_RX, MQ, CTRL_MAC_ADDR)).isZero();
        assertThat(without & VirtioFeature.of(GUEST_TSO4, GUEST_ECN, MRG_RXBUF))
                .isEqualTo(VirtioFeature.of(GUEST_TSO4, GUEST_ECN, MRG_RXBUF));
    }

    @Test
    void shouldKeepEcnWithEitherKindOfTso() {
        assertThat(HOST_ECN.in(VirtioFeature.withoutUnsatisfied(VirtioFeature.of(CSUM, HOST_TSO6, HOST_ECN)))).isTrue();
        assertThat(HOST_ECN.in(VirtioFeature.withoutUnsatisfied(VirtioFeature.of(CSUM, HOST_ECN)))).isFalse();
    }

    @Test
    void shouldNameTheFault() {
        final long offered = VirtioFeature.all();
        assertThat(VirtioFeature.fault(offered, VirtioFeature.of(VERSION_1, HOST_TSO4)))
                .isEqualTo("HOST_TSO4 without CSUM");
        assertThat(VirtioFeature.fault(offered, VirtioFeature.of(VERSION_1, CSUM, HOST_ECN)))
                .isEqualTo("HOST_ECN without HOST_TSO4 or HOST_TSO6");
        assertThat(VirtioFeature.fault(offered, VirtioFeature.of(CSUM))).isEqualTo("VERSION_1 not acknowledged");
        assertThat(VirtioFeature.fault(offered, offered | 1L << 60 | 1L << 10))
                .isEqualTo("features not offered: bit10 bit60");
        assertThat(VirtioFeature.fault(offered, offered)).isNull();
    }

    @Test
    void shouldLeaveNoFaultBehindWhateverIsTakenAway() {
        final Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            final long some = random.nextLong() & VirtioFeature.all() | VERSION_1.mask();
            assertThat(VirtioFeature.fault(VirtioFeature.all(), VirtioFeature.withoutUnsatisfied(some)))
                    .as(VirtioFeature.toString(some)).isNull();
        }
    }

    @Test
    void shouldHaveTheBitsOfTheSpecification() {
        assertThat(new int[]{CSUM.bit(), GUEST_CSUM.bit(), MTU.bit(), MAC.bit(), GUEST_TSO4.bit(), GUEST_TSO6.bit(),
            GUEST_ECN.bit(), HOST_TSO4.bit(), HOST_TSO6.bit(), HOST_ECN.bit(), MRG_RXBUF.bit(), STATUS.bit(),
            CTRL_VQ.bit(), CTRL_RX.bit(), MQ.bit(), CTRL_MAC_ADDR.bit(), INDIRECT_DESC.bit(), EVENT_IDX.bit(),
            VERSION_1.bit(), RING_PACKED.bit(), GUEST_USO4.bit(), GUEST_USO6.bit(),
            HOST_USO.bit()}).containsExactly(0, 1, 3, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 18,
                    22, 23, 28, 29, 32, 34, 54, 55, 56);
    }
}
