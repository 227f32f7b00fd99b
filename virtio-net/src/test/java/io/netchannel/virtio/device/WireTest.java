package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.driver.DriverCounter;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeader;
import io.netchannel.virtio.support.Frame;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

    private static final long MAC_A = 0x0200_0000_0001L;
    private static final long MAC_B = 0x0200_0000_0002L;
    private static final VirtioNetDriverConfig DRIVER = VirtioNetDriverConfig.DEFAULT;

    private TestNode a = new TestNode(VirtioNetDeviceConfig.of(MAC_A));
    private TestNode b = new TestNode(VirtioNetDeviceConfig.of(MAC_B));
    private Wire wire;
    private Poller toB;
    private FrameFactory factory;
    private Receiver receiver;

    private void open(final VirtioNetDriverConfig configA, final VirtioNetDriverConfig configB,
            final WireConfig config) {
        wire = new Wire(a.device(), b.device(), config);
        toB = wire.lane(b.device(), 0);
        a.open(configA);
        b.open(configB);
        factory = new FrameFactory(a.pool()).macs(MAC_A, MAC_B).finished(true);
        receiver = new Receiver(b.pool());
    }

    @AfterEach
    void close() {
        a.closeAndCheck();
        b.closeAndCheck();
        a.close();
        b.close();
    }

    private void send(final int sequence, final int payload) {
        assertThat(a.pair().transmit(factory.tcp(sequence, payload))).isTrue();
        a.pair().flush();
    }

    private long sent(final DeviceCounter counter) {
        return a.device().transmitCounters(0).get(counter);
    }

    @Test
    void shouldHoldFramesBackWhileTheReceiverHasNoBuffers() {
        open(DRIVER, DRIVER.withQueueSizes(16, 16), WireConfig.lossless());
        for (int i = 0; i < 40; i++) {
            send(i, 10);
        }
        for (int turn = 0; turn < 10; turn++) {
            toB.poll(turn);
        }
        assertThat(sent(DeviceCounter.FRAMES)).isEqualTo(16);
        assertThat(sent(DeviceCounter.STALLS)).isEqualTo(10);
        for (int turn = 0; turn < 10; turn++) {
            b.pair().pollReceive(receiver, 64);
            toB.poll(turn);
        }
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames().stream().map(Frame::sequence)).hasSize(40).isSorted();
    }

    @Test
    void shouldDropAfterSoManyPollsIfSoConfigured() {
        open(DRIVER, DRIVER.withQueueSizes(16, 16), WireConfig.lossless().withMaxWaitPolls(3));
        for (int i = 0; i < 20; i++) {
            send(i, 10);
        }
        for (int turn = 0; turn < 3; turn++) {
            toB.poll(turn);
        }
        assertThat(sent(DeviceCounter.DROPPED_NO_BUFFER)).isZero();
        toB.poll(3);
        assertThat(sent(DeviceCounter.DROPPED_NO_BUFFER)).isEqualTo(1);
        for (int turn = 0; turn < 20; turn++) {
            toB.poll(turn);
        }
        assertThat(sent(DeviceCounter.DROPPED_NO_BUFFER)).isEqualTo(4);
        assertThat(sent(DeviceCounter.FRAMES)).isEqualTo(16);
    }

    @Test
    void shouldGoOnWithASuperFrameThatFoundRoomForSomeSegmentsOnly() {
        open(DRIVER, DRIVER.without(GUEST_TSO4, GUEST_TSO6).withQueueSizes(16, 16), WireConfig.lossless());
        factory.finished(false).gso(1000, false).sliceBytes(4000);
        send(5, 40_500);
        for (int turn = 0; turn < 8; turn++) {
            toB.poll(turn);
            b.pair().pollReceive(receiver, 64);
        }
        assertThat(receiver.frames()).hasSize(41);
        for (int i = 0; i < 41; i++) {
            assertThat(receiver.frames().get(i).sequence()).isEqualTo(5 + i * 1000);
            assertThat(receiver.frames().get(i).isTransportChecksumRight()).isTrue();
        }
        assertThat(sent(DeviceCounter.FRAMES)).isEqualTo(1);
        assertThat(b.device().receiveCounters(0).get(DeviceCounter.SEGMENTED_FRAMES)).isEqualTo(1);
    }

    @Test
    void shouldPutEcnIntoTheGsoTypeAndNotIntoTheFlags() {
        open(DRIVER, DRIVER, WireConfig.lossless());
        factory.finished(false).gso(1000, true).sliceBytes(4000);
        final long packet = factory.tcp(0, 5000);
        final long header = a.packets().address(packet) - 12;
        a.pair().transmit(packet);
        final VirtioNetHeader written = new VirtioNetHeader().read(a.region().memory(), header);
        assertThat(a.region().memory().getByte(header)).isEqualTo((byte) 1);
        assertThat(a.region().memory().getByte(header + 1)).isEqualTo((byte) 0x81);
        assertThat(written.hasEcn()).isTrue();
        a.pair().flush();
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames().getFirst().hasGsoEcn()).isTrue();
        assertThat(receiver.frames().getFirst().gsoSize()).isEqualTo(1000);
    }

    // What the sender may do depends on HOST_ECN, what the receiver is told on GUEST_ECN; one must not stand for the
    // other.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCutSuperFramesWithEcnWhoeverLacksIt(final boolean senderLacks) {
        open(senderLacks ? DRIVER.without(HOST_ECN) : DRIVER.without(GUEST_ECN),
                senderLacks ? DRIVER : DRIVER.without(GUEST_ECN), WireConfig.lossless());
        factory.finished(false).gso(1000, true).sliceBytes(4000).flags(FrameFactory.ACK | FrameFactory.CWR);
        send(0, 5000);
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames()).hasSize(5);
        for (int i = 0; i < 5; i++) {
            final Frame frame = receiver.frames().get(i);
            assertThat(frame.hasGsoEcn()).isFalse();
            assertThat(frame.gsoType()).isZero();
            assertThat(frame.tcpFlags() & FrameFactory.CWR).isEqualTo(i == 0 ? FrameFactory.CWR : 0);
            assertThat(frame.isTransportChecksumRight()).isTrue();
        }
        assertThat(a.pair().counters().get(DriverCounter.TRANSMIT_FINISHED_FRAMES)).isEqualTo(senderLacks ? 1 : 0);
    }

    @Test
    void shouldFilterByTheReceiversAddressAndModes() {
        open(DRIVER, DRIVER, WireConfig.lossless());
        factory.macs(MAC_A, 0x0200_0000_0099L);
        send(1, 10);
        factory.macs(MAC_A, 0xFFFF_FFFF_FFFFL);
        send(2, 10);
        factory.macs(MAC_A, 0x0100_5E00_0001L);
        send(3, 10);
        factory.macs(MAC_A, MAC_B);
        send(4, 10);
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames().stream().map(Frame::sequence)).containsExactly(2, 3, 4);
        assertThat(sent(DeviceCounter.DROPPED_FILTERED)).isEqualTo(1);
        b.driver().setAllMulticast(false);
        b.driver().setPromiscuous(true);
        factory.macs(MAC_A, 0x0200_0000_0099L);
        send(5, 10);
        toB.poll(0);
        b.driver().setPromiscuous(false);
        factory.macs(MAC_A, 0x0100_5E00_0001L);
        send(6, 10);
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames().stream().map(Frame::sequence)).containsExactly(2, 3, 4, 5);
    }

    @Test
    void shouldDropWhileTheLinkIsDownOrNobodyIsThere() {
        open(DRIVER, DRIVER, WireConfig.lossless());
        b.device().linkUp(false);
        send(1, 10);
        toB.poll(0);
        b.device().linkUp(true);
        b.closeAndCheck();
        send(2, 10);
        toB.poll(0);
        assertThat(sent(DeviceCounter.DROPPED_LINK_DOWN)).isEqualTo(2);
        b.open(DRIVER);
        receiver = new Receiver(b.pool());
        send(3, 10);
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames().stream().map(Frame::sequence)).containsExactly(3);
    }

    @Test
    void shouldForgetAHalfSentSuperFrameWhenTheSenderIsReset() {
        open(DRIVER, DRIVER.without(GUEST_TSO4).withQueueSizes(16, 16), WireConfig.lossless());
        factory.finished(false).gso(1000, false).sliceBytes(4000);
        send(0, 30_000);
        toB.poll(0);
        a.closeAndCheck();
        a.open(DRIVER);
        factory = new FrameFactory(a.pool()).macs(MAC_A, MAC_B).gso(1000, false).sliceBytes(4000);
        send(100_000, 30_000);
        for (int turn = 0; turn < 8; turn++) {
            b.pair().pollReceive(receiver, 64);
            toB.poll(turn);
        }
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames()).hasSize(46);
        assertThat(receiver.frames().get(15).sequence()).isEqualTo(15_000);
        assertThat(receiver.frames().get(16).sequence()).isEqualTo(100_000);
    }

    @Test
    void shouldSteerFlowsToQueuePairsByTheirHash() {
        b.close();
        b = new TestNode(VirtioNetDeviceConfig.of(MAC_B).withQueuePairs(4));
        // Of a few keys all these ports hash to fewer than four.
        final byte[] secret = new byte[RssHash.KEY_BYTES];
        new Random(1).nextBytes(secret);
        final RssHash hash = new RssHash(secret);
        final RssIndirection indirection = new RssIndirection(4);
        b.device().steering(hash, indirection);
        wire = new Wire(a.device(), b.device(), WireConfig.lossless());
        a.open(DRIVER);
        b.open(DRIVER, 4);
        factory = new FrameFactory(a.pool()).macs(MAC_A, MAC_B);
        final FlowKey key = new FlowKey();
        final int[] expected = new int[4];
        for (int port = 1000; port < 1100; port++) {
            factory.ipv6(false).sourcePort(port);
            assertThat(a.pair().transmit(factory.tcp(port, 1))).isTrue();
            key.remoteV4(0x0A000001, port).localV4(0x0A000002, 80).protocol(6);
            expected[indirection.loopOf(hash.hash(key))]++;
            a.pair().flush();
            wire.lane(b.device(), 0).poll(0);
            a.pair().reclaimTransmitted();
        }
        for (int pair = 0; pair < 4; pair++) {
            final Receiver own = new Receiver(b.pool(pair));
            b.driver().queuePair(pair).pollReceive(own, 200);
            assertThat(own.frames()).hasSize(expected[pair]);
            assertThat(expected[pair]).isPositive();
        }
    }

    @Test
    void shouldCarryEveryTransmitQueueOnSomeLane() {
        a.close();
        a = new TestNode(VirtioNetDeviceConfig.of(MAC_A).withQueuePairs(3));
        b.close();
        b = new TestNode(VirtioNetDeviceConfig.of(MAC_B).withQueuePairs(2));
        wire = new Wire(a.device(), b.device(), WireConfig.lossless());
        a.open(DRIVER, 3);
        b.open(DRIVER, 2);
        receiver = new Receiver(b.pool());
        for (int pair = 0; pair < 3; pair++) {
            factory = new FrameFactory(a.pool(pair)).macs(MAC_A, MAC_B);
            a.driver().queuePair(pair).transmit(factory.tcp(pair, 10));
            a.driver().queuePair(pair).flush();
        }
        assertThat(wire.lane(b.device(), 0).poll(0)).isEqualTo(2);
        assertThat(wire.lane(b.device(), 1).poll(0)).isEqualTo(1);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldAskForNotificationsOnlyWhenParked(final int missing) {
        final VirtioFeature[] all = {EVENT_IDX, RING_PACKED};
        VirtioNetDriverConfig config = DRIVER.withQueueSizes(16, 256);
        for (int i = 0; i < all.length; i++) {
            config = (missing >>> i & 1) == 0 ? config : config.without(all[i]);
        }
        open(config, config, WireConfig.lossless());
        final int[] rings = new int[1];
        wire.wake(b.device(), 0, () -> rings[0]++);
        toB.poll(0);
        send(1, 10);
        assertThat(rings[0]).as("polled").isZero();
        assertThat(toB.arm()).as("there is a frame").isFalse();
        toB.poll(0);
        assertThat(toB.arm()).isTrue();
        send(2, 10);
        assertThat(rings[0]).as("parked").isEqualTo(1);
        toB.poll(0);

        for (int i = 0; i < 40; i++) {
            send(i, 10);
        }
        toB.poll(0);
        assertThat(toB.arm()).as("parked over frames that find no room").isTrue();
        final int before = rings[0];
        b.pair().pollReceive(receiver, 64);
        assertThat(rings[0]).as("room again").isGreaterThan(before);
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames()).hasSize(42);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheRequestOfAParkedLaneWhenAnotherDeliversToTheSameQueue(final boolean eventIndex) {
        a.close();
        a = new TestNode(VirtioNetDeviceConfig.of(MAC_A).withQueuePairs(2));
        b.close();
        b = new TestNode(VirtioNetDeviceConfig.of(MAC_B).withQueuePairs(2));
        wire = new Wire(a.device(), b.device(), WireConfig.lossless());
        a.open(DRIVER, 2);
        final VirtioNetDriverConfig config = DRIVER.withQueueSizes(16, 16);
        b.open(eventIndex ? config : config.without(EVENT_IDX), 2);
        receiver = new Receiver(b.pool());
        final int[] rings = new int[1];
        wire.wake(b.device(), 0, () -> rings[0]++);
        final Poller other = wire.lane(b.device(), 1);
        toB = wire.lane(b.device(), 0);
        final FrameFactory second = new FrameFactory(a.pool(1)).macs(MAC_A, MAC_B);
        factory = new FrameFactory(a.pool(0)).macs(MAC_A, MAC_B);
        for (int i = 0; i < 17; i++) {
            send(i, 10);
        }
        toB.poll(0);
        assertThat(toB.arm()).as("parked over a frame that finds no room").isTrue();
        a.driver().queuePair(1).transmit(second.tcp(17, 10));
        a.driver().queuePair(1).flush();
        other.poll(0);
        int before = rings[0];
        b.pair().pollReceive(receiver, 64);
        assertThat(rings[0]).as("room again").isGreaterThan(before);
        toB.poll(1);
        other.poll(1);
        before = rings[0];
        b.pair().pollReceive(receiver, 64);
        assertThat(rings[0]).as("nobody is parked over this queue any more").isEqualTo(before);
        assertThat(receiver.frames()).hasSize(18);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 100})
    void shouldParkWhenTheSenderOfAWaitingFrameIsReset(final int maxWaitPolls) {
        open(DRIVER, DRIVER.withQueueSizes(16, 16), WireConfig.lossless().withMaxWaitPolls(maxWaitPolls));
        for (int i = 0; i < 20; i++) {
            send(i, 10);
        }
        toB.poll(0);
        a.closeAndCheck();
        b.pair().pollReceive(receiver, 64);
        toB.poll(1);
        assertThat(toB.arm()).isTrue();
        a.open(DRIVER);
        factory = new FrameFactory(a.pool()).macs(MAC_A, MAC_B);
        send(100, 10);
        assertThat(toB.arm()).as("there is a frame of the new driver").isFalse();
        toB.poll(2);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames()).hasSize(17);
        assertThat(receiver.frames().getLast().sequence()).isEqualTo(100);
    }

    @Test
    void shouldParkOverASuperFrameThatNeedsMoreBuffersThanThereAre() {
        open(DRIVER, DRIVER.withQueueSizes(32, 16), WireConfig.lossless());
        factory.finished(false).gso(1000, false).sliceBytes(4000);
        final int[] rings = new int[1];
        wire.wake(b.device(), 0, () -> rings[0]++);
        send(0, 60_000);
        send(60_000, 60_000);
        send(120_000, 60_000);
        toB.poll(0);
        assertThat(sent(DeviceCounter.FRAMES)).isEqualTo(2);
        assertThat(toB.arm()).isTrue();
        final int before = rings[0];
        b.pair().pollReceive(receiver, 64);
        assertThat(rings[0]).isGreaterThan(before);
        toB.poll(0);
        b.pair().pollReceive(receiver, 64);
        assertThat(receiver.frames().stream().map(Frame::sequence)).containsExactly(0, 60_000, 120_000);
    }

    @Test
    void shouldInterruptOnlyADriverThatIsParked() {
        open(DRIVER, DRIVER, WireConfig.lossless());
        send(1, 10);
        toB.poll(0);
        assertThat(b.device().receiveCounters(0).get(DeviceCounter.INTERRUPTS)).isZero();
        assertThat(b.pair().arm()).as("there is a frame").isFalse();
        b.pair().disarm();
        b.pair().pollReceive(receiver, 64);
        assertThat(b.pair().arm()).isTrue();
        send(2, 10);
        toB.poll(0);
        assertThat(b.device().receiveCounters(0).get(DeviceCounter.INTERRUPTS)).isEqualTo(1);
        assertThat(sent(DeviceCounter.INTERRUPTS)).as("nobody waits for space").isZero();
        assertThat(b.pair().hasWork()).isTrue();
        b.pair().disarm();
        b.pair().pollReceive(receiver, 64);
    }

    @Test
    void shouldInterruptASenderThatWaitsForSpace() {
        open(DRIVER.withQueueSizes(256, 16), DRIVER, WireConfig.lossless());
        long packet = factory.tcp(0, 10);
        while (a.pair().transmit(packet)) {
            packet = factory.tcp(0, 10);
        }
        a.pair().flush();
        assertThat(a.pair().arm()).isTrue();
        toB.poll(0);
        assertThat(sent(DeviceCounter.INTERRUPTS)).isEqualTo(1);
        assertThat(a.pair().hasWork()).isTrue();
        assertThat(a.pair().reclaimTransmitted()).isEqualTo(16);
        assertThat(a.pair().transmit(packet)).isTrue();
    }

    @Test
    void shouldSignalOnceForABurst() {
        open(DRIVER, DRIVER, WireConfig.lossless());
        for (int i = 0; i < 30; i++) {
            a.pair().transmit(factory.tcp(i, 10));
        }
        a.pair().flush();
        toB.poll(0);
        assertThat(b.pair().pollReceive(receiver, 64)).isEqualTo(30);
        assertThat(receiver.bursts()).isEqualTo(1);
        final long kicks = a.pair().counters().get(DriverCounter.KICKS)
                + a.pair().counters().get(DriverCounter.SUPPRESSED_KICKS);
        assertThat(kicks).as("one to fill the receive queue, one for the burst").isEqualTo(2);
    }
}
