package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.LinuxInterface;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.TestNode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A driver on a TAP, with Linux at the other end. */
class TapDeviceIT {

    private static final long MAC = 0x0200_0000_0A02L;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final VirtioNetDriverConfig DRIVER = VirtioNetDriverConfig.DEFAULT;

    private TapSandbox sandbox;
    private TestNode node;
    private TapDevice tap;
    private TinyHost host;

    @BeforeEach
    void require() {
        TapSandbox.require();
        sandbox = new TapSandbox();
    }

    private void open(final VirtioNetDriverConfig config) {
        node = new TestNode(VirtioNetDeviceConfig.of(MAC));
        tap = TapDevice.open(sandbox.tapName(), node.device());
        sandbox.adopt(tap.name(), "10.99.0.1/24");
        node.open(config);
        host = new TinyHost(node.pair(), node.pool(), MAC);
    }

    @AfterEach
    void close() {
        if (node != null) {
            node.closeAndCheck();
            node.close();
        }
        if (tap != null) {
            tap.close();
        }
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private int poll() {
        final int moved = tap.poller(0).poll(0);
        final int received = node.pair().pollReceive(host, 64);
        node.pair().flush();
        node.pair().reclaimTransmitted();
        return moved + received;
    }

    /** Polls until the process ends, and longer if it left something to be sent. @return what it printed */
    private String serve(final Process process, final BooleanSupplier done) {
        final long end = System.nanoTime() + LIMIT_NS;
        while ((process.isAlive() || !done.getAsBoolean()) && System.nanoTime() - end < 0) {
            if (poll() == 0) {
                Thread.yield();
            }
        }
        return TapSandbox.finish(process);
    }

    private String serve(final Process process) {
        return serve(process, () -> true);
    }

    @Test
    void shouldAnswerPing() {
        open(DRIVER);
        final String output = serve(sandbox.startInside("ping", "-c", "3", "-i", "0.2", "-W", "2", "10.99.0.2"));
        assertThat(output).contains("3 received");
    }

    @ParameterizedTest
    @EnumSource(value = VirtioFeature.class, names = {"VERSION_1", "MRG_RXBUF", "GUEST_TSO4", "GUEST_CSUM",
        "RING_PACKED", "INDIRECT_DESC", "EVENT_IDX"})
    void shouldReceiveAStreamWithEachFeatureOff(final VirtioFeature without) {
        open(without == VERSION_1 ? DRIVER : DRIVER.without(without));
        serve(sandbox.startInside("bash", "-c", "head -c 3000000 /dev/zero > /dev/tcp/10.99.0.2/80"),
                host::isClosed);
        assertThat(host.isClosed()).isTrue();
        assertThat(host.received()).hasSize(3_000_000);
        assertThat(host.badChecksums()).isZero();
        final long features = node.driver().features();
        if (GUEST_TSO4.in(features)) {
            assertThat(host.superFrames()).isPositive();
            assertThat(host.longestFrame()).isGreaterThan(10_000);
        } else {
            assertThat(host.superFrames()).isZero();
            assertThat(host.longestFrame()).isLessThanOrEqualTo(1514);
        }
        assertThat(host.partialChecksums() > 0).isEqualTo(GUEST_CSUM.in(features));
    }

    @ParameterizedTest
    @EnumSource(value = VirtioFeature.class, names = {"VERSION_1", "INDIRECT_DESC", "RING_PACKED"})
    void shouldSendASuperFrame(final VirtioFeature without) {
        open(without == VERSION_1 ? DRIVER : DRIVER.without(without));
        final byte[] bytes = new byte[50_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + i % 23);
        }
        host.answerWith(bytes);
        final Process client = sandbox.startInside("bash", "-c",
                "exec 3<>/dev/tcp/10.99.0.2/80; echo hello >&3; cat <&3");
        assertThat(serve(client, () -> host.received().length > 5))
                .isEqualTo(new String(bytes, StandardCharsets.US_ASCII));
        assertThat(host.received()).startsWith("hello".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldNameWhatIsWrongWithATap() {
        node = new TestNode(VirtioNetDeviceConfig.of(MAC));
        node.open(DRIVER);
        tap = TapDevice.open(sandbox.tapName(), node.device());
        final String name = tap.name();
        assertThatThrownBy(() -> TapDevice.open(name, node.device())).isInstanceOf(TapException.class).hasMessage(
                "tap " + name + ": busy (EBUSY): another process holds it; stop it or choose another name");
        for (final String bad : new String[]{"", "a name", "a/b", "sixteen-letters-", ".."}) {
            assertThatThrownBy(() -> TapDevice.open(bad, node.device())).isInstanceOf(TapException.class)
                    .hasMessageContaining("not an interface name");
        }
        assertThatThrownBy(() -> TapDevice.open("lo", node.device())).isInstanceOf(TapException.class)
                .hasMessageContaining("tap lo: exists").hasMessageContaining("choose another name");
    }

    @Test
    void shouldRemoveItsInterfaceOnClose() {
        node = new TestNode(VirtioNetDeviceConfig.of(MAC));
        node.open(DRIVER);
        tap = TapDevice.open(sandbox.tapName(), node.device());
        assertThat(LinuxInterface.named(tap.name()).exists()).isTrue();
        tap.close();
        tap.close();
        assertThat(LinuxInterface.named(tap.name()).exists()).isFalse();
    }

    @Test
    void shouldLetTheKernelChooseTheNumber() {
        node = new TestNode(VirtioNetDeviceConfig.of(MAC));
        node.open(DRIVER);
        tap = TapDevice.open("ncz%d", node.device());
        assertThat(tap.name()).matches("ncz\\d+");
    }

    @Test
    void shouldSurviveATapThatIsTakenAwayUnderLoad() {
        open(DRIVER);
        final FrameFactory factory = new FrameFactory(node.pool()).macs(MAC, 0xFFFF_FFFF_FFFFL);
        final int[] changes = new int[1];
        node.driver().onConfigChange(() -> changes[0]++);
        final Poller poller = tap.poller(0);
        for (int i = 0; i < 100; i++) {
            node.pair().transmit(factory.tcp(i, 1000));
            poll();
        }
        poll();
        assertThat(poller.wakeFd()).isNotNegative();
        sandbox.inside("ip", "link", "del", tap.name());
        for (int i = 0; i < 1000; i++) {
            final long packet = factory.tcp(i, 1000);
            assertThat(node.pair().transmit(packet)).as("the queue goes on draining").isTrue();
            poll();
        }
        assertThat(node.driver().isLinkUp()).isFalse();
        assertThat(changes[0]).isEqualTo(1);
        poll();
        assertThat(poller.wakeFd()).as("nothing to wait on").isNegative();
        assertThat(poller.arm()).as("can park").isTrue();
        assertThat(poller.poll(0)).as("no busy loop").isZero();
        assertThat(node.device().transmitCounters(0).get(DeviceCounter.DROPPED_LINK_DOWN)).isEqualTo(1000);
    }

    @Test
    void shouldShowTheLinkDownWhileTheInterfaceIsDown() {
        open(DRIVER);
        final FrameFactory factory = new FrameFactory(node.pool()).macs(MAC, 0xFFFF_FFFF_FFFFL);
        sandbox.inside("ip", "link", "set", tap.name(), "down");
        for (int i = 0; i < 5; i++) {
            poll();
        }
        node.pair().transmit(factory.tcp(0, 100));
        node.pair().flush();
        poll();
        assertThat(node.driver().isLinkUp()).isFalse();
        sandbox.inside("ip", "link", "set", tap.name(), "up");
        node.pair().transmit(factory.tcp(0, 100));
        node.pair().flush();
        poll();
        assertThat(node.driver().isLinkUp()).isTrue();
    }

    @Test
    void shouldUseAQueueForEachQueuePairInUse() {
        node = new TestNode(VirtioNetDeviceConfig.of(MAC).withQueuePairs(4));
        tap = TapDevice.open(sandbox.tapName(), node.device());
        sandbox.adopt(tap.name(), "10.99.0.1/24");
        node.open(DRIVER, 2);
        final TinyHost[] hosts = new TinyHost[2];
        for (int i = 0; i < 2; i++) {
            hosts[i] = new TinyHost(node.driver().queuePair(i), node.pool(i), MAC);
        }
        final Process ping = sandbox.startInside("ping", "-c", "5", "-i", "0.05", "-W", "2", "10.99.0.2");
        final long end = System.nanoTime() + LIMIT_NS;
        while (ping.isAlive() && System.nanoTime() - end < 0) {
            for (int i = 0; i < 4; i++) {
                tap.poller(i).poll(0);
            }
            for (int i = 0; i < 2; i++) {
                node.driver().queuePair(i).pollReceive(hosts[i], 64);
                node.driver().queuePair(i).reclaimTransmitted();
            }
            Thread.yield();
        }
        assertThat(TapSandbox.finish(ping)).contains("5 received");
        assertThat(tap.poller(0).wakeFd()).isNotNegative();
        assertThat(tap.poller(3).wakeFd()).as("a queue that is not used").isNegative();
    }

    @Test
    void shouldGoOnReadingPacketsWhenBuffersForSuperFramesAreShort() {
        open(DRIVER.withQueueSizes(32, 32));
        // Takes the buffers away that super-frames would need, but for eight.
        final QueueSlot slot = node.device().receiveSlot(0);
        assertThat(slot.tryClaim()).isTrue();
        for (int i = 0; i < 24; i++) {
            assertThat(slot.next()).isNotNegative();
        }
        slot.release();
        final Process ping = sandbox.startInside("ping", "-c", "1", "-W", "5", "10.99.0.2");
        final long end = System.nanoTime() + LIMIT_NS;
        long frames = 0;
        while (frames == 0 && System.nanoTime() - end < 0) {
            tap.poller(0).poll(0);
            frames = node.device().receiveCounters(0).get(DeviceCounter.FRAMES);
            Thread.yield();
        }
        assertThat(frames).isPositive();
        assertThat(node.device().receiveCounters(0).get(DeviceCounter.STALLS)).isGreaterThanOrEqualTo(64);
        ping.destroyForcibly();
    }
}
