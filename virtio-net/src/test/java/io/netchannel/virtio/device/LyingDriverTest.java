package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.DeviceStatus;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.RawDriver;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver that hands its device nonsense: it is counted and dropped, and the other side sees none of it. */
class LyingDriverTest {

    private static final int HEADER = 12;

    private final Region region = Region.create("liar", 64L << 20);
    private final VirtioNetDevice device = new VirtioNetDevice(VirtioNetDeviceConfig.of(0x0200_0000_0001L));
    private final TestNode victim = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0002L));
    private final Wire wire = new Wire(device, victim.device(), WireConfig.lossless());
    private Receiver receiver;

    private RawDriver open(final VirtioFeature... features) {
        victim.open(VirtioNetDriverConfig.DEFAULT.withPromiscuous(true));
        receiver = new Receiver(victim.pool());
        return new RawDriver(device, region, features);
    }

    @AfterEach
    void close() {
        device.writeStatus(DeviceStatus.RESET);
        victim.closeAndCheck();
        victim.close();
        region.close();
    }

    private void poll() {
        for (int i = 0; i < 3; i++) {
            wire.lane(victim.device(), 0).poll(i);
            victim.pair().pollReceive(receiver, 64);
        }
    }

    private long count(final DeviceCounter counter) {
        return device.transmitCounters(0).get(counter);
    }

    private static byte[] frame(final int frameBytes) {
        final byte[] bytes = new byte[HEADER + frameBytes];
        bytes[HEADER + 5] = 2;
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 13, 25})
    void shouldDropAChainShorterThanTheHeaders(final int bytes) {
        final RawDriver driver = open();
        driver.send(new byte[bytes], 7);
        driver.send(frame(14), 5);
        poll();
        assertThat(count(DeviceCounter.DROPPED_BAD_CHAIN)).isEqualTo(1);
        assertThat(receiver.frames()).hasSize(1);
        assertThat(driver.transmit().takeUsed()).isEqualTo(1);
        assertThat(driver.transmit().takeUsed()).isEqualTo(1);
    }

    @Test
    void shouldTakeAFrameInPiecesOfOneByte() {
        final RawDriver driver = open();
        final byte[] bytes = frame(40);
        bytes[HEADER + 30] = 77;
        driver.send(bytes, 1);
        poll();
        assertThat(receiver.frames()).hasSize(1);
        assertThat(receiver.frames().getFirst().u8(30)).isEqualTo(77);
    }

    @Test
    void shouldDropWhatIsLongerThanTheLink() {
        final RawDriver driver = open();
        driver.send(frame(1518), 4000);
        driver.send(frame(1519), 4000);
        driver.sendPieces(30, 1 << 20);
        driver.sendPieces(30, 60_000);
        poll();
        assertThat(receiver.frames()).hasSize(1);
        assertThat(count(DeviceCounter.DROPPED_TOO_LONG)).isEqualTo(1);
        assertThat(count(DeviceCounter.DROPPED_BAD_CHAIN)).isEqualTo(2);
    }

    @Test
    void shouldDropOffloadsThatWereNotNegotiated() {
        final RawDriver driver = open();
        final byte[] checksum = frame(100);
        checksum[0] = 1;
        checksum[6] = 34;
        checksum[8] = 16;
        driver.send(checksum, 200);
        final byte[] gso = frame(100);
        gso[1] = 1;
        gso[4] = 100;
        driver.send(gso, 200);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DeviceCounter.DROPPED_BAD_HEADER)).isEqualTo(2);
    }

    @Test
    void shouldDropGsoWithoutAChecksumToFill() {
        final RawDriver driver = open(CSUM, HOST_TSO4);
        final byte[] gso = frame(100);
        gso[1] = 1;
        gso[4] = 100;
        driver.send(gso, 200);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DeviceCounter.DROPPED_BAD_HEADER)).isEqualTo(1);
    }

    @Test
    void shouldDropUdpSuperFramesThatWereNotNegotiated() {
        final RawDriver driver = open(CSUM, HOST_TSO4, HOST_TSO6, HOST_ECN);
        driver.send(udpGso(1, 5, 50), 2000);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DeviceCounter.DROPPED_BAD_HEADER)).isEqualTo(1);
    }

    @Test
    void shouldCheckUdpSuperFramesAsTcpOnes() {
        final RawDriver driver = open(CSUM, HOST_TSO4, HOST_ECN, HOST_USO);
        // No checksum to fill; ECN's bit; datagrams of no bytes; datagrams longer than the link.
        driver.send(udpGso(0, 5, 50), 2000);
        driver.send(udpGso(1, 0x85, 50), 2000);
        driver.send(udpGso(1, 5, 0), 2000);
        driver.send(udpGso(1, 5, 1473), 2000);
        poll();
        assertThat(receiver.frames()).isEmpty();
        assertThat(count(DeviceCounter.DROPPED_BAD_HEADER)).isEqualTo(3);
        assertThat(count(DeviceCounter.DROPPED_TOO_LONG)).isEqualTo(1);
        driver.send(udpGso(1, 5, 1472), 2000);
        poll();
        assertThat(receiver.frames()).hasSize(1);
    }

    private static byte[] udpGso(final int flags, final int type, final int sizeBytes) {
        final byte[] bytes = frame(1600);
        bytes[0] = (byte) flags;
        bytes[1] = (byte) type;
        bytes[4] = (byte) sizeBytes;
        bytes[5] = (byte) (sizeBytes >>> 8);
        bytes[6] = 34;
        bytes[8] = 6;
        return bytes;
    }

    @Test
    void shouldIgnoreWhatOnlyAReceiverMayBeTold() {
        final RawDriver driver = open();
        final byte[] bytes = frame(100);
        bytes[0] = 2;
        driver.send(bytes, 200);
        poll();
        assertThat(receiver.frames()).hasSize(1);
        assertThat(receiver.frames().getFirst().isVouchedFor()).isFalse();
    }

    @Test
    void shouldSurviveAnyHeadersAndSuperFrames() {
        final RawDriver driver = open(CSUM, HOST_TSO4, HOST_TSO6, HOST_ECN, HOST_USO);
        // The receiver takes no super-frames, so that all that pass the header check are parsed and cut.
        victim.driver().close();
        victim.open(VirtioNetDriverConfig.DEFAULT.without(GUEST_CSUM).withPromiscuous(true));
        receiver = new Receiver(victim.pool());
        final long seed = 7;
        final Random random = new Random(seed);
        for (int i = 0; i < 4000; i++) {
            final byte[] bytes = frame(14 + random.nextInt(900));
            for (int n = random.nextInt(60); n > 0; n--) {
                bytes[HEADER + 12 + random.nextInt(Math.min(80, bytes.length - HEADER - 12))] = (byte) random.nextInt();
            }
            bytes[0] = 1;
            final boolean udp = random.nextBoolean();
            bytes[1] = (byte) (udp ? 5 : random.nextBoolean() ? 1 : 4);
            bytes[4] = (byte) random.nextInt(200);
            bytes[6] = (byte) (random.nextInt(4) == 0 ? random.nextInt(80) : 34);
            bytes[8] = (byte) (udp ? 6 : 16);
            if (random.nextInt(4) != 0 && bytes.length > HEADER + 60) {
                bytes[HEADER + 12] = 8;
                bytes[HEADER + 13] = 0;
                bytes[HEADER + 14] = 0x45;
                bytes[HEADER + 23] = (byte) (udp ? 17 : 6);
            }
            driver.send(bytes, 1 + random.nextInt(300));
            poll();
            while (driver.transmit().takeUsed() >= 0) {
                receiver.frames().clear();
            }
        }
        assertThat(count(DeviceCounter.DROPPED_BAD_GSO)).as("seed %d", seed).isPositive();
        assertThat(victim.device().receiveCounters(0).get(DeviceCounter.SEGMENTED_FRAMES)).isPositive();
    }

    @Test
    void shouldNotOverrunReceiveBuffersThatAreTooSmall() {
        final RawDriver driver = open(MRG_RXBUF);
        // The victim sends to the liar, whose buffers are tiny and in pieces.
        driver.addReceive(5, 5, 5);
        driver.addReceive(20);
        final long packet = new FrameFactory(victim.pool()).finished(true).tcp(0, 0);
        assertThat(victim.pair().transmit(packet)).isTrue();
        victim.pair().flush();
        wire.lane(device, 0).poll(0);
        assertThat(driver.receive().takeUsed()).isNegative();
        driver.addReceive(30, 1, 60);
        wire.lane(device, 0).poll(1);
        assertThat(driver.receive().takeUsed()).isNotNegative();
        assertThat(driver.receive().usedBytes()).isEqualTo(15);
        assertThat(driver.receive().takeUsed()).isNotNegative();
        assertThat(driver.receive().usedBytes()).isEqualTo(20);
        assertThat(driver.receive().takeUsed()).isNotNegative();
        assertThat(driver.receive().usedBytes()).isEqualTo(HEADER + 54 - 35);
    }

    @Test
    void shouldDropWhatASingleBufferDoesNotHold() {
        final RawDriver driver = open();
        driver.addReceive(40);
        final long packet = new FrameFactory(victim.pool()).finished(true).tcp(0, 0);
        victim.pair().transmit(packet);
        victim.pair().flush();
        wire.lane(device, 0).poll(0);
        assertThat(driver.receive().takeUsed()).isNegative();
        assertThat(victim.device().transmitCounters(0).get(DeviceCounter.DROPPED_TOO_LONG)).isEqualTo(1);
    }
}
