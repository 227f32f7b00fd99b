package io.netchannel.virtio.driver;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.VirtioNetDeviceConfig;
import io.netchannel.virtio.net.DeviceStatus;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.RawDriver;
import io.netchannel.virtio.support.TestNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VirtioNetDriverTest {

    private static final long MAC = 0x0200_0000_00FEL;
    private static final VirtioNetDeviceConfig DEVICE = VirtioNetDeviceConfig.of(MAC);
    private static final VirtioNetDriverConfig DRIVER = VirtioNetDriverConfig.DEFAULT;

    @ParameterizedTest
    @EnumSource(value = VirtioFeature.class, mode = EnumSource.Mode.EXCLUDE, names = {"VERSION_1", "MQ"})
    void shouldNegotiateEachFeatureAndDoWithout(final VirtioFeature feature) {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER);
            assertThat(feature.in(node.driver().features())).isTrue();
            node.closeAndCheck();
            node.open(DRIVER.without(feature));
            assertThat(feature.in(node.driver().features())).isFalse();
            node.closeAndCheck();
        }
        try (TestNode node = new TestNode(DEVICE.without(feature))) {
            node.open(DRIVER);
            assertThat(feature.in(node.driver().features())).isFalse();
            node.closeAndCheck();
        }
    }

    @ParameterizedTest
    @EnumSource(value = VirtioFeature.class, names = {"GUEST_USO4", "GUEST_USO6"})
    void shouldAcceptUdpSuperFramesOfBothFamiliesOrNone(final VirtioFeature missing) {
        try (TestNode node = new TestNode(DEVICE.without(missing))) {
            node.open(DRIVER);
            assertThat(node.driver().features() & VirtioFeature.of(GUEST_USO4, GUEST_USO6)).isZero();
            assertThat(HOST_USO.in(node.driver().features())).isTrue();
            node.closeAndCheck();
        }
    }

    @Test
    void shouldSayWhetherTheLinkTakesUdpSuperFrames() {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER.without(HOST_TSO4, HOST_TSO6));
            assertThat(node.pair().capabilities().uso()).isTrue();
            assertThat(node.pair().capabilities().maxGsoBytes()).isEqualTo(65_535);
            node.closeAndCheck();
            node.open(DRIVER.without(HOST_USO));
            assertThat(node.pair().capabilities().uso()).isFalse();
            node.closeAndCheck();
            node.open(DRIVER.without(CSUM));
            assertThat(node.pair().capabilities().uso()).isFalse();
            assertThat(node.pair().capabilities().maxGsoBytes()).isEqualTo(1500);
            node.closeAndCheck();
        }
    }

    @Test
    void shouldReadTheConfigurationSpace() {
        try (TestNode node = new TestNode(DEVICE.withMtuBytes(9000))) {
            node.open(DRIVER);
            assertThat(node.driver().mac()).isEqualTo(MAC);
            assertThat(node.driver().mtuBytes()).isEqualTo(9000);
            assertThat(node.pair().capabilities().mtuBytes()).isEqualTo(9000);
            node.closeAndCheck();
            node.open(DRIVER.without(VirtioFeature.MTU));
            assertThat(node.driver().mtuBytes()).isEqualTo(1500);
        }
    }

    @Test
    void shouldFollowTheLinkStatus() {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER);
            final int[] changes = new int[1];
            node.driver().onConfigChange(() -> changes[0]++);
            assertThat(node.driver().isLinkUp()).isTrue();
            final int generation = node.device().configGeneration();
            node.device().linkUp(false);
            node.device().linkUp(false);
            assertThat(node.driver().isLinkUp()).isFalse();
            assertThat(changes[0]).isEqualTo(1);
            assertThat(node.device().configGeneration()).isNotEqualTo(generation);
            node.device().linkUp(true);
            assertThat(node.driver().isLinkUp()).isTrue();
            assertThat(changes[0]).isEqualTo(2);
        }
    }

    @Test
    void shouldTakeTheLinkAsUpWithoutStatus() {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER.without(STATUS));
            node.device().linkUp(false);
            assertThat(node.driver().isLinkUp()).isTrue();
        }
    }

    @Test
    void shouldSetTheMacByCommand() {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER);
            assertThat(node.driver().setMac(0x0200_0000_0123L)).isTrue();
            assertThat(node.driver().mac()).isEqualTo(0x0200_0000_0123L);
            assertThat(node.driver().setMac(0x0300_0000_0123L)).isFalse();
            assertThat(node.driver().isLinkUp()).isTrue();
            node.closeAndCheck();
            node.open(DRIVER.without(CTRL_MAC_ADDR));
            assertThat(node.driver().setMac(0x0200_0000_0123L)).isFalse();
            assertThat(node.driver().mac()).isEqualTo(MAC);
        }
    }

    @Test
    void shouldRefuseUnknownAndMalformedCommands() {
        try (Region region = Region.create("test", 4 << 20)) {
            final VirtioNetDevice device = new VirtioNetDevice(DEVICE.withQueuePairs(2));
            final RawDriver driver = new RawDriver(device, region, CTRL_VQ, CTRL_RX, CTRL_MAC_ADDR, VirtioFeature.MQ);
            assertThat(driver.command(0, 0, 1)).isZero();
            assertThat(driver.command(0, 1, 1)).isZero();
            assertThat(driver.command(1, 0, 0, 0, 0, 0, 0, 0, 0, 0)).isZero();
            final int[][] bad = {{9, 0, 0}, {0, 7, 0}, {0, 0}, {0, 0, 1, 1}, {1, 1, 2, 0, 0, 0, 0},
                {1, 1, 3, 0, 0, 0, 0, 9}, {1, 0, 1, 0, 0, 0}, {1, 0, 255, 255, 255, 127, 0, 0, 0, 0},
                {1, 0, 0, 0, 0, 0, 0, 0, 0, 128},
                {1, 5, 0}, {4, 0, 0, 0}, {4, 0, 3, 0}, {4, 0, 2, 0}, {4, 0, 1}, {4, 1, 1, 0}, {1}};
            for (final int[] command : bad) {
                assertThat(driver.command(command)).as("%s", Arrays.toString(command)).isEqualTo(1);
            }
            assertThat(driver.command(new int[600])).isEqualTo(1);
            assertThat(driver.command(4, 0, 1, 0)).isZero();
        }
    }

    @Test
    void shouldUseSeveralQueuePairs() {
        try (TestNode node = new TestNode(DEVICE.withQueuePairs(4))) {
            node.open(DRIVER, 3);
            assertThat(node.driver().queuePairs()).isEqualTo(3);
            assertThat(VirtioFeature.MQ.in(node.driver().features())).isTrue();
            node.closeAndCheck();
            node.open(DRIVER.without(VirtioFeature.MQ), 1);
            assertThat(node.driver().queuePairs()).isEqualTo(1);
            node.closeAndCheck();
            assertThatThrownBy(() -> node.open(DRIVER.without(CTRL_VQ), 2)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("queue pairs=2 > 1 needs MQ and CTRL_VQ");
            assertThatThrownBy(() -> node.open(DRIVER, 5)).hasMessageContaining("queue pairs=5 is not within 1..4");
        }
    }

    @Test
    void shouldRefuseAFeatureWithoutWhatItDependsOn() {
        try (Region region = Region.create("test", 4 << 20)) {
            final VirtioNetDevice device = new VirtioNetDevice(DEVICE);
            assertThatThrownBy(() -> new RawDriver(device, region, HOST_TSO4)).hasMessage("HOST_TSO4 without CSUM");
            assertThat(device.status()).isEqualTo(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER);
        }
    }

    @Test
    void shouldNotStartBeforeFeaturesAreAgreed() {
        final VirtioNetDevice device = new VirtioNetDevice(DEVICE);
        device.writeStatus(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER | DeviceStatus.DRIVER_OK);
        assertThat(device.status() & DeviceStatus.DRIVER_OK).isZero();
        device.chooseFeatures(VERSION_1.mask());
        device.writeStatus(device.status() | DeviceStatus.FEATURES_OK);
        device.writeStatus(device.status() | DeviceStatus.DRIVER_OK);
        assertThat(device.status() & DeviceStatus.DRIVER_OK).as("no queues are set up").isZero();
    }

    @Test
    void shouldNotTakeSuperFramesThatItsBuffersDoNotHold() {
        try (TestNode node = new TestNode(DEVICE, 512, 2048)) {
            node.open(DRIVER);
            assertThat(node.driver().features() & VirtioFeature.of(GUEST_TSO4, GUEST_TSO6, GUEST_ECN)).isZero();
            assertThat(HOST_TSO4.in(node.driver().features())).isTrue();
            node.closeAndCheck();
        }
    }

    @Test
    void shouldSayWhichValueIsWrong() {
        try (TestNode node = new TestNode(DEVICE.withMtuBytes(9000), 512, 512)) {
            assertThatThrownBy(() -> node.open(DRIVER)).hasMessage("bufferBytes=512 is too small for mtuBytes=9000");
            assertThat(node.device().status()).isZero();
        }
        assertThatThrownBy(() -> DRIVER.withQueueSizes(100, 256))
                .hasMessage("receiveQueueSize=100 is not a power of two");
        assertThatThrownBy(() -> DEVICE.withMtuBytes(10)).hasMessage("mtuBytes=10 is not within 68..65535");
        try (Region region = Region.create("a", 8 << 20); Region other = Region.create("b", 8 << 20)) {
            final PacketPool pool = new PacketPool(new PacketMemory(other, 64, 4096));
            final VirtioNetDevice device = new VirtioNetDevice(DEVICE);
            assertThatThrownBy(
                    () -> VirtioNetDriver.open(device, DRIVER, region, List.of(QueuePairBinding.polled(pool))))
                    .hasMessageStartingWith("the packet buffers are not in");
        }
    }

    @Test
    void shouldLeaveBuffersForSendingInASmallPool() {
        try (TestNode node = new TestNode(DEVICE, 64, 4096)) {
            node.open(DRIVER);
            assertThat(node.pool().available()).isEqualTo(16);
            node.closeAndCheck();
        }
    }

    @Test
    void shouldTakeBackEverythingOnClose() {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER);
            final FrameFactory factory = new FrameFactory(node.pool());
            for (int i = 0; i < 50; i++) {
                assertThat(node.pair().transmit(factory.tcp(i, 2000))).isTrue();
            }
            node.pair().flush();
            // One more that the device has not been shown.
            node.pair().transmit(factory.tcp(0, 10));
            node.closeAndCheck();
            node.driver().close();
        }
    }

    @Test
    void shouldRefuseFramesWhenTheQueueIsFullAndLeaveThemToTheCaller() {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER.without(INDIRECT_DESC).withQueueSizes(256, 32));
            final FrameFactory factory = new FrameFactory(node.pool());
            assertThat(node.pair().space()).isEqualTo(1);
            int sent = 0;
            long packet = factory.tcp(0, 100);
            while (node.pair().transmit(packet)) {
                sent++;
                packet = factory.tcp(0, 100);
            }
            assertThat(sent).isEqualTo(16);
            assertThat(node.pair().space()).isZero();
            assertThat(node.pair().counters().get(DriverCounter.TRANSMIT_FULL)).isEqualTo(1);
            node.pool().releasePacket(packet);
            node.closeAndCheck();
        }
    }

    @Test
    void shouldDropAPacketWithoutHeadroom() {
        try (TestNode node = new TestNode(DEVICE)) {
            node.open(DRIVER);
            final int buffer = node.pool().allocate();
            assertThat(node.pair().transmit(PacketHandle.of(buffer, 11, 60))).isTrue();
            assertThat(node.pair().counters().get(DriverCounter.TRANSMIT_DROPPED_BAD_PACKET)).isEqualTo(1);
            node.closeAndCheck();
        }
    }
}
