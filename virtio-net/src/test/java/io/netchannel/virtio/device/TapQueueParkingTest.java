package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.net.DeviceStatus;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.support.RawDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a TAP's queue lets its loop sleep. No TAP is read here: there is never room to read into. */
class TapQueueParkingTest {

    private static final int NEVER_USED_FD = Integer.MAX_VALUE;

    private final Region region = Region.create("parking", 8L << 20);
    private final VirtioNetDevice device = new VirtioNetDevice(VirtioNetDeviceConfig.of(0x0200_0000_0001L));
    private final TapQueue queue = new TapQueue(device, 0, NEVER_USED_FD);

    @AfterEach
    void close() {
        device.writeStatus(DeviceStatus.RESET);
        region.close();
    }

    private long stalls() {
        return device.receiveCounters(0).get(DeviceCounter.STALLS);
    }

    @Test
    void shouldParkOverABrokenReceiveRing() {
        final RawDriver driver = new RawDriver(device, region);
        final DescriptorChain chain = new DescriptorChain(1);
        // Outside of the memory that the device may touch.
        chain.addWritable(region.address() + region.sizeBytes(), 2000);
        driver.receive().add(chain, 1);
        driver.receive().publish();
        for (int turn = 0; turn < 3; turn++) {
            queue.poll(turn);
            assertThat(queue.arm()).isTrue();
            assertThat(queue.wakeFd()).isNegative();
        }
        assertThat(stalls()).isZero();
    }

    @Test
    void shouldParkWhenAStarvedPairIsNoLongerActive() {
        final RawDriver driver = new RawDriver(device, region, GUEST_CSUM, GUEST_TSO4, MRG_RXBUF);
        queue.poll(0);
        assertThat(stalls()).isEqualTo(1);
        driver.addReceive(2000);
        assertThat(queue.arm()).as("room for a packet, though not for a super-frame").isFalse();
        device.activateQueuePairs(0);
        queue.poll(1);
        assertThat(queue.arm()).isTrue();
    }

    @Test
    void shouldAskForRoomForALinkHeaderWithAVlanTag() {
        final RawDriver driver = new RawDriver(device, region, MRG_RXBUF);
        driver.addReceive(12 + device.mtuBytes() + 17);
        queue.poll(0);
        assertThat(stalls()).isEqualTo(1);
    }
}
