package io.netchannel.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.sched.TimerWheel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.infra.Control;

/** A benchmark whose work fails would be a fast one: each stage does what its figure is for. */
final class StageBenchmarkTest {

    private static final int TURNS = 300;

    @Test
    void shouldPassElementsThroughTheRing() {
        final RingBenchmark ring = new RingBenchmark();
        ring.makeRing();
        for (int i = 0; i < TURNS; i++) {
            assertThat(ring.single()).isEqualTo(i);
        }
        ring.free();
        ring.makeRing();
        for (int i = 0; i < TURNS; i++) {
            assertThat(ring.burst()).isGreaterThanOrEqualTo(RingBenchmark.BURST);
        }
        ring.free();
    }

    @Test
    void shouldPassElementsBetweenTheSidesOfTheRing() {
        final RingThreadsBenchmark ring = new RingThreadsBenchmark();
        final RingThreadsBenchmark.Side producer = new RingThreadsBenchmark.Side();
        final RingThreadsBenchmark.Side consumer = new RingThreadsBenchmark.Side();
        final Control control = new Control();
        ring.makeRing();
        for (int i = 0; i < TURNS; i++) {
            assertThat(ring.offer(producer, control)).isTrue();
            assertThat(ring.poll(consumer, control)).isEqualTo(i);
        }
        for (int i = 0; i < TURNS; i++) {
            assertThat(ring.offerBurst(producer, control)).isEqualTo(RingBenchmark.BURST);
            assertThat(ring.drain(consumer, control)).isGreaterThanOrEqualTo(RingBenchmark.BURST);
        }
        ring.free();
    }

    @Test
    void shouldFindTheFlowsOfTheTableAndNoOthers() {
        final FlowLookupBenchmark flows = new FlowLookupBenchmark();
        flows.capacity = 1024;
        flows.fillPercent = 50;
        flows.fill();
        int hits = 0;
        for (int i = 0; i < TURNS; i++) {
            hits += flows.hit() >= 0 ? 1 : 0;
            assertThat(flows.miss()).isFalse();
        }
        assertThat(hits).isEqualTo(TURNS);
        flows.free();
    }

    @ParameterizedTest
    @EnumSource(ClassifyBenchmark.Traffic.class)
    void shouldClassifyEachFrameToItsFlow(final ClassifyBenchmark.Traffic traffic) {
        final ClassifyBenchmark classifier = new ClassifyBenchmark();
        classifier.traffic = traffic;
        classifier.checksum = ClassifyBenchmark.Checksum.VERIFIED;
        classifier.makeFrames();
        for (int i = 0; i < TURNS; i++) {
            assertThat(classifier.classify()).isEqualTo(Verdict.DELIVER + i % 64);
        }
        classifier.free();
    }

    @Test
    void shouldAddUpDifferentBytesEachTime() {
        final ChecksumBenchmark checksum = new ChecksumBenchmark();
        checksum.lengthBytes = 1460;
        checksum.fill();
        assertThat(checksum.sum()).isNotEqualTo(checksum.sum());
        checksum.free();
    }

    @Test
    void shouldReturnAllBuffersToThePool() {
        final PacketPoolBenchmark pool = new PacketPoolBenchmark();
        pool.makePool();
        for (int i = 0; i < TURNS; i++) {
            assertThat(pool.single()).isNotNegative();
            assertThat(pool.burst()).isNotNegative();
            assertThat(pool.packet()).isNotNegative();
        }
        pool.free();
    }

    @ParameterizedTest
    @CsvSource({"SPLIT,SINGLE", "SPLIT,DIRECT", "SPLIT,INDIRECT", "PACKED,SINGLE", "PACKED,DIRECT", "PACKED,INDIRECT"})
    void shouldPassWholeBatchesThroughAVirtqueue(final VirtqueuePair.Layout layout, final VirtqueuePair.Chain chain) {
        final VirtqueueDeviceBenchmark device = new VirtqueueDeviceBenchmark();
        device.layout = layout;
        device.chain = chain;
        device.open();
        final VirtqueueDriverBenchmark driver = new VirtqueueDriverBenchmark();
        driver.layout = layout;
        driver.chain = chain;
        driver.open();
        for (int i = 0; i < TURNS; i++) {
            device.driverTurn();
            assertThat(device.readAndUse()).isNotZero();
            driver.deviceTurn();
            assertThat(driver.takeAndAdd()).isNotZero();
        }
        // They throw if a turn was short, a descriptor is lost, or a side says that the other broke a rule.
        device.close();
        driver.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1448})
    void shouldReceiveEachSegment(final int payloadBytes) {
        final TcpInputBenchmark input = new TcpInputBenchmark();
        input.payloadBytes = payloadBytes;
        input.connect();
        for (int i = 1; i <= TURNS; i++) {
            assertThat(input.segments()).isEqualTo(16L * i * payloadBytes);
        }
        input.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1448, 60_816})
    void shouldSendAPacketForEachWrite(final int writeBytes) {
        final TcpOutputBenchmark output = new TcpOutputBenchmark();
        output.writeBytes = writeBytes;
        output.connect();
        output.peersTurn();
        long frames = output.packets();
        long bytes = output.sentBytes();
        for (int i = 0; i < TURNS; i++) {
            output.peersTurn();
            assertThat(output.packets()).isEqualTo(frames + 16);
            assertThat(output.sentBytes()).isEqualTo(bytes + 16L * writeBytes);
            frames += 16;
            bytes += 16L * writeBytes;
        }
        output.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 65_536})
    void shouldMoveCancelAndExpireTimers(final int armed) {
        final TimerWheelBenchmark timers = new TimerWheelBenchmark();
        timers.armed = armed;
        timers.arm();
        for (int i = 1; i <= TURNS; i++) {
            assertThat(timers.move()).isEqualTo(armed);
            assertThat(timers.scheduleCancel()).isPositive();
            assertThat(timers.move()).isEqualTo(armed);
            assertThat(timers.expire()).isEqualTo(1);
            assertThat(timers.idleTick()).isGreaterThan(i * TimerWheel.RESOLUTION_NS);
        }
    }

    @ParameterizedTest
    @EnumSource(SwitchBenchmark.Destination.class)
    void shouldForwardEachFrameToItsPorts(final SwitchBenchmark.Destination destination) {
        final SwitchBenchmark hub = new SwitchBenchmark();
        hub.frameBytes = 1514;
        hub.destination = destination;
        hub.open();
        hub.driversTurn();
        final long learned = 3;
        assertThat(hub.received(1)).isEqualTo(learned);
        for (int i = 0; i < TURNS; i++) {
            hub.forward();
            hub.driversTurn();
        }
        assertThat(hub.received(0)).isEqualTo(learned);
        assertThat(hub.received(1)).isEqualTo(learned + 64 * TURNS);
        assertThat(hub.received(3)).isEqualTo(
                learned + (destination == SwitchBenchmark.Destination.ALL ? 64 * TURNS : 0));
        hub.close();
    }
}
