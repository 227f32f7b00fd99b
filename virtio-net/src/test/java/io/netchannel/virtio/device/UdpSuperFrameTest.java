package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.driver.DriverCounter;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.support.Frame;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams sent as super-frames arrive as the same datagrams, whoever has to cut them. */
class UdpSuperFrameTest {

    private static final int SUPER_FRAMES = 60;
    private static final VirtioFeature[][] AT_SENDER = {{HOST_USO}, {CSUM}};
    private static final VirtioFeature[][] AT_RECEIVER = {{GUEST_USO4}, {GUEST_USO6}, {GUEST_CSUM}, {MRG_RXBUF}};
    private static final int COMBINATIONS = 1 << AT_SENDER.length + AT_RECEIVER.length;

    private final TestNode a = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0001L));
    private final TestNode b = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0002L));
    private final List<String> expected = new ArrayList<>();
    private Receiver receiver;

    static IntStream combinations() {
        return IntStream.range(0, COMBINATIONS);
    }

    @AfterEach
    void close() {
        a.closeAndCheck();
        b.closeAndCheck();
        a.close();
        b.close();
    }

    private void open(final int missing) {
        a.open(without(missing, AT_SENDER));
        b.open(without(missing >>> AT_SENDER.length, AT_RECEIVER));
        receiver = new Receiver(b.pool());
    }

    private static VirtioNetDriverConfig without(final int missing, final VirtioFeature[][] groups) {
        VirtioNetDriverConfig config = VirtioNetDriverConfig.DEFAULT;
        for (int i = 0; i < groups.length; i++) {
            if ((missing >>> i & 1) != 0) {
                config = config.without(groups[i]);
            }
        }
        return config;
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void shouldCarryDatagramsOverAWireWhateverIsNegotiated(final int missing) {
        final Wire wire = new Wire(a.device(), b.device(), WireConfig.lossless());
        open(missing);
        transfer(wire.lane(b.device(), 0), missing);
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void shouldCarryDatagramsThroughASwitchWhateverIsNegotiated(final int missing) {
        final Switch hub = new Switch(SwitchConfig.defaults());
        hub.addPort(a.device(), null);
        hub.addPort(b.device(), null);
        open(missing);
        // The switch learns where b is: what it floods does not wait for room.
        b.pair().transmit(
                new FrameFactory(b.pool()).macs(0x0200_0000_0002L, 0x0200_0000_0001L).finished(true).tcp(0, 9));
        b.pair().flush();
        hub.poll(0);
        transfer(hub, missing);
    }

    @Test
    void shouldLetAnImpairedLinkTreatEachDatagramByItself() {
        final Wire wire = new Wire(a.device(), b.device(),
                new WireConfig(WireConfig.WAIT, ImpairmentConfig.none(1), null));
        open(0);
        send(wire.lane(b.device(), 0), new Random(1));
        assertThat(arrived()).isEqualTo(expected);
        assertThat(receiver.frames()).allSatisfy(frame -> assertThat(frame.gsoType()).isZero());
        assertThat(wire.impairment(b.device()).counters().get(ImpairmentCounter.OFFERED)).isEqualTo(expected.size());
    }

    private void transfer(final Poller link, final int missing) {
        final long seed = 100 + missing;
        send(link, new Random(seed));
        assertThat(arrived()).as("seed %d", seed).isEqualTo(expected);
        final boolean carried = HOST_USO.in(a.driver().features()) && GUEST_USO4.in(b.driver().features());
        final long superFrames = receiver.frames().stream()
                .filter(frame -> frame.gsoType() == PacketLayout.GSO_UDP_L4)
                .count();
        assertThat(superFrames).isEqualTo(carried ? SUPER_FRAMES : 0);
        final boolean cutByDriver = !HOST_USO.in(a.driver().features());
        assertThat(a.pair().counters().get(DriverCounter.TRANSMIT_FINISHED_FRAMES))
                .isEqualTo(cutByDriver ? SUPER_FRAMES : 0);
        final boolean cutByDevice = !cutByDriver && !carried;
        assertThat(b.device().receiveCounters(0).get(DeviceCounter.SEGMENTED_FRAMES))
                .isEqualTo(cutByDevice ? SUPER_FRAMES : 0);
    }

    private void send(final Poller link, final Random random) {
        final FrameFactory factory = new FrameFactory(a.pool());
        int sequence = 0;
        for (int i = 0; i < SUPER_FRAMES; i++) {
            final boolean ipv6 = random.nextBoolean();
            final int size = random.nextInt(100, ipv6 ? 1453 : 1473);
            final int payload = random.nextInt(size + 1, 100 * Math.min(size, 200));
            final int sliceBytes = random.nextInt(payload / 15 + 1, 3900);
            final long packet = factory.ipv6(ipv6).gso(size, false).sliceBytes(sliceBytes).udp(sequence, payload);
            assertThat(a.pair().transmit(packet)).isTrue();
            a.pair().flush();
            for (int at = 0; at < payload; at += size) {
                expected.add(ipv6 + " " + (sequence + at) + " " + Math.min(size, payload - at));
            }
            sequence += payload;
            for (int turn = 0; turn < 3; turn++) {
                link.poll(i);
                b.pair().pollReceive(receiver, 256);
            }
            a.pair().reclaimTransmitted();
        }
    }

    /** What has arrived, cut as its metadata say; the sequence is told from the bytes. */
    private List<String> arrived() {
        final List<String> datagrams = new ArrayList<>();
        int sequence = 0;
        for (final Frame frame : receiver.frames()) {
            final byte[] payload = frame.payload();
            final int size = frame.gsoType() == 0 ? payload.length : frame.gsoSize();
            checkHeaders(frame, payload.length);
            for (int at = 0; at < payload.length; at += size) {
                datagrams.add(frame.isIpv6() + " " + (sequence + at) + " " + Math.min(size, payload.length - at));
            }
            for (int at = 0; at < payload.length; at++) {
                if (payload[at] != FrameFactory.payloadAt(sequence + at)) {
                    assertThat(at).as("first wrong byte of %s at %d", frame, sequence).isEqualTo(-1);
                }
            }
            sequence += payload.length;
        }
        return datagrams;
    }

    private void checkHeaders(final Frame frame, final int payloadBytes) {
        assertThat(frame.udpLength()).isEqualTo(8 + payloadBytes);
        assertThat(frame.length()).isEqualTo(frame.lengthByIp());
        assertThat(frame.isIpChecksumRight()).isTrue();
        if (frame.gsoType() == 0) {
            assertThat(frame.length()).isLessThanOrEqualTo(1514);
        }
        if (frame.needsChecksum()) {
            assertThat(frame.isPseudoSumRight()).isTrue();
        } else {
            assertThat(frame.isTransportChecksumRight()).as("checksum of %s", frame).isTrue();
        }
    }
}
