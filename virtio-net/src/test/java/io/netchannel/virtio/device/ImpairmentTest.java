package io.netchannel.virtio.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.support.Frame;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImpairmentTest {

    private static final long MAC_A = 0x0200_0000_0001L;
    private static final long MAC_B = 0x0200_0000_0002L;
    private static final long MS = 1_000_000;

    private final List<TestNode> nodes = new ArrayList<>();
    private TestNode a;
    private TestNode b;
    private Wire wire;
    private Poller toB;
    private FrameFactory factory;
    private Receiver receiver;

    private void open(final ImpairmentConfig config) {
        a = new TestNode(VirtioNetDeviceConfig.of(MAC_A));
        b = new TestNode(VirtioNetDeviceConfig.of(MAC_B));
        nodes.add(a);
        nodes.add(b);
        wire = new Wire(a.device(), b.device(), new WireConfig(WireConfig.WAIT, config, null));
        toB = wire.lane(b.device(), 0);
        a.open(VirtioNetDriverConfig.DEFAULT);
        b.open(VirtioNetDriverConfig.DEFAULT);
        factory = new FrameFactory(a.pool()).macs(MAC_A, MAC_B);
        receiver = new Receiver(b.pool());
    }

    @AfterEach
    void close() {
        for (final TestNode node : nodes) {
            node.closeAndCheck();
            node.close();
        }
    }

    private void send(final int sequence, final int payload) {
        assertThat(a.pair().transmit(factory.tcp(sequence, payload))).isTrue();
        a.pair().flush();
    }

    private void poll(final long nowNs) {
        toB.poll(nowNs);
        a.pair().reclaimTransmitted();
        b.pair().pollReceive(receiver, 256);
    }

    private long count(final ImpairmentCounter counter) {
        return counters().get(counter);
    }

    private Counters<ImpairmentCounter> counters() {
        return wire.impairment(b.device()).counters();
    }

    private List<Integer> sequences() {
        return receiver.frames().stream().map(Frame::sequence).toList();
    }

    private void run(final int frames) {
        for (int i = 0; i < frames; i++) {
            send(i, 50);
            poll(i * 10_000L);
        }
        for (long now = 0; now < 1000 * MS; now += MS) {
            poll(frames * 10_000L + now);
        }
    }

    @Test
    void shouldDoTheSameFromTheSameSeed() {
        final ImpairmentConfig config = ImpairmentConfig.none(99).withLoss(0.1).withDuplicate(0.05).withCorrupt(0.05)
                .withReorder(0.1, 500_000).withDelay(MS, 200_000);
        final List<List<Integer>> runs = new ArrayList<>();
        final List<String> counts = new ArrayList<>();
        for (final long seed : new long[]{1, 1, 2}) {
            open(config.withSeed(seed));
            run(1000);
            runs.add(sequences());
            counts.add(counters().toString());
        }
        assertThat(runs.get(1)).isEqualTo(runs.get(0));
        assertThat(counts.get(1)).isEqualTo(counts.get(0));
        assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
    }

    @Test
    void shouldLoseAboutAsManyAsItIsToldTo() {
        open(ImpairmentConfig.none(3).withLoss(0.2));
        run(5000);
        assertThat(count(ImpairmentCounter.LOST)).isBetween(900L, 1100L);
        assertThat(receiver.frames()).hasSize(5000 - (int) count(ImpairmentCounter.LOST));
        assertThat(sequences()).isSorted();
    }

    @Test
    void shouldLoseEverythingOrNothing() {
        open(ImpairmentConfig.none(3).withLoss(1));
        run(100);
        assertThat(receiver.frames()).isEmpty();
        open(ImpairmentConfig.none(3));
        run(100);
        assertThat(sequences()).hasSize(100).isSorted();
    }

    @Test
    void shouldDelayAndNameTheDeadline() {
        open(ImpairmentConfig.none(1).withDelay(10 * MS, 0));
        assertThat(toB.nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
        send(1, 10);
        poll(5 * MS);
        assertThat(toB.nextDeadlineNs()).isEqualTo(15 * MS);
        assertThat(toB.arm()).isTrue();
        poll(15 * MS - 1);
        assertThat(receiver.frames()).isEmpty();
        poll(15 * MS);
        assertThat(receiver.frames()).hasSize(1);
        assertThat(toB.nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
    }

    @Test
    void shouldKeepOrderUnderJitter() {
        open(ImpairmentConfig.none(8).withDelay(10 * MS, 10 * MS));
        run(500);
        assertThat(sequences()).hasSize(500).isSorted();
    }

    @Test
    void shouldLetLaterFramesOvertake() {
        open(ImpairmentConfig.none(8).withDelay(MS, 0).withReorder(0.1, MS));
        run(1000);
        assertThat(sequences()).hasSize(1000).isNotEqualTo(sequences().stream().sorted().toList());
        assertThat(count(ImpairmentCounter.REORDERED)).isBetween(60L, 140L);
    }

    @Test
    void shouldDuplicate() {
        open(ImpairmentConfig.none(8).withDuplicate(1));
        run(10);
        assertThat(sequences()).containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9);
    }

    @Test
    void shouldCorruptSoThatAChecksumNotices() {
        open(ImpairmentConfig.none(8).withCorrupt(1));
        factory.ipv6(false);
        run(400);
        assertThat(receiver.frames()).hasSize(400);
        assertThat(count(ImpairmentCounter.CORRUPTED)).isEqualTo(400);
        for (final Frame frame : receiver.frames()) {
            assertThat(frame.needsChecksum()).isFalse();
            assertThat(frame.isVouchedFor()).isFalse();
            final boolean plain = frame.u8(14) == 0x45 && frame.lengthByIp() == frame.length();
            assertThat(plain && frame.isIpChecksumRight() && frame.isTransportChecksumRight()).isFalse();
        }
    }

    @Test
    void shouldSpareFramesThatNoChecksumProtects() {
        open(ImpairmentConfig.none(8).withCorrupt(1));
        final long packet = factory.finished(true).tcp(0, 10);
        a.region().memory().putShort(a.packets().address(packet) + 12, Short.reverseBytes((short) 0x0806));
        a.pair().transmit(packet);
        a.pair().flush();
        poll(0);
        assertThat(receiver.frames()).hasSize(1);
        assertThat(count(ImpairmentCounter.CORRUPTED)).isZero();
    }

    @Test
    void shouldActOnPacketsOfTheLinksSize() {
        open(ImpairmentConfig.none(4).withLoss(0.5));
        factory.gso(1000, false).sliceBytes(4000);
        send(0, 40_000);
        poll(0);
        assertThat(count(ImpairmentCounter.OFFERED)).isEqualTo(40);
        assertThat(receiver.frames()).hasSizeBetween(5, 35).allSatisfy(frame -> {
            assertThat(frame.payload()).hasSize(1000);
            assertThat(frame.isTransportChecksumRight()).isTrue();
        });
    }

    @Test
    void shouldLimitTheRate() {
        // 1,000-byte frames at 8 Mbit/s: one in a millisecond.
        open(ImpairmentConfig.none(4).withRate(8_000_000));
        for (int i = 0; i < 10; i++) {
            send(i, 1000 - factory.headerBytes());
        }
        poll(0);
        for (int ms = 0; ms <= 10; ms++) {
            poll(ms * MS);
            assertThat(receiver.frames()).hasSize(ms);
        }
    }

    @Test
    void shouldLoseWhatTheQueueDoesNotHold() {
        open(ImpairmentConfig.none(4).withDelay(MS, 0).withQueueFrames(5));
        for (int i = 0; i < 8; i++) {
            send(i, 10);
        }
        poll(0);
        poll(MS);
        assertThat(sequences()).containsExactly(0, 1, 2, 3, 4);
        assertThat(count(ImpairmentCounter.QUEUE_FULL)).isEqualTo(3);
        send(9, 10);
        poll(MS);
        poll(2 * MS);
        assertThat(sequences()).endsWith(9);
    }

    @Test
    void shouldRefuseConfigurationsThatMakeNoSense() {
        assertThatThrownBy(() -> ImpairmentConfig.none(1).withLoss(1.5)).hasMessage("loss=1.5 is not within 0..1");
        assertThatThrownBy(() -> ImpairmentConfig.none(1).withLoss(Double.NaN)).hasMessageContaining("loss=NaN");
        assertThatThrownBy(() -> ImpairmentConfig.none(1).withDelay(5, 6)).hasMessage("jitterNs=6 is not within 0..5");
        assertThatThrownBy(() -> ImpairmentConfig.none(1).withQueueFrames(0))
                .hasMessage("queueFrames=0 is not within 1..65536");
    }

    @Test
    void shouldRefuseToMarkBeforeALinkWithoutARate() {
        assertThatThrownBy(() -> ImpairmentConfig.none(1).withEcnMark(MS)).hasMessage("ecnMarkNs=1000000 with"
                + " rateBitsPerSecond=0: nothing waits before a link without a rate; set the rate first");
        assertThat(ImpairmentConfig.none(1).withRate(1_000_000).withEcnMark(MS).ecnMarkNs()).isEqualTo(MS);
    }
}
