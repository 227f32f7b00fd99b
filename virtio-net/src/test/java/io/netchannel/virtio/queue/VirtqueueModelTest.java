package io.netchannel.virtio.queue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class VirtqueueModelTest {

    private static Stream<QueueShape> sizesOfManyLaps() {
        return Stream.of(2, 256).flatMap(QueueShape::ofSize)
                .filter(shape -> shape.indirect() == shape.eventIndex());
    }

    private static Stream<QueueShape> oddSizes() {
        return Stream.of(3, 5, 7).flatMap(QueueShape::ofSize).filter(QueueShape::packed);
    }

    @ParameterizedTest
    @MethodSource("io.netchannel.virtio.queue.QueueShape#all")
    void shouldCarryEveryChainThereAndBackOnce(final QueueShape shape) {
        for (long seed = 1; seed <= 4; seed++) {
            run(shape, seed, 500);
        }
    }

    @ParameterizedTest
    @MethodSource("sizesOfManyLaps")
    void shouldGoOnWhenTheIndexWraps(final QueueShape shape) {
        run(shape, 99, 66_500);
    }

    @ParameterizedTest
    @MethodSource("oddSizes")
    void shouldGoOnOverManyLapsOfAnOddSize(final QueueShape shape) {
        run(shape, 7, 20_000);
    }

    @ParameterizedTest
    @MethodSource("io.netchannel.virtio.queue.QueueShape#small")
    void shouldDoTheSameOnAWeaklyOrderedCpu(final QueueShape shape) {
        run(shape, 5, 3_000, QueueFixture.Memory.WEAK);
    }

    private static void run(final QueueShape shape, final long seed, final long chains) {
        run(shape, seed, chains, QueueFixture.Memory.CHECKED);
    }

    private static void run(final QueueShape shape, final long seed, final long chains,
            final QueueFixture.Memory memory) {
        try (QueueFixture queue = new QueueFixture(shape, memory)) {
            new QueueModel(queue, seed).run(chains);
        } catch (final AssertionError | RuntimeException failed) {
            throw new AssertionError(shape + " seed=" + seed + ": " + failed.getMessage(), failed);
        }
    }
}
