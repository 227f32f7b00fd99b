package io.netchannel.virtio.model;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.virtio.model.QueueProgram.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Driver and device of a virtqueue, in every execution that the CPUs allow. */
final class VirtqueueModelTest {

    static final String ALL = "all";

    static Stream<Arguments> all() {
        return Stream.of(MemoryModel.values()).flatMap(model -> Stream
                .of(new Shape(false, false), new Shape(false, true), new Shape(true, false), new Shape(true, true))
                .map(shape -> Arguments.of(shape, model)));
    }

    private static void check(final QueueProgram queue, final MemoryModel model) {
        Explorer.check(queue.program, model).assertHolds();
    }

    /** Three chains through two entries: the ring wraps, and a buffer is used again. */
    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource(ALL)
    void shouldCarryBytesToTheDevice(final Shape shape, final MemoryModel model) {
        check(QueueProgram.of("transmit", shape).transmits(3), model);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource(ALL)
    void shouldCarryBytesToTheDriver(final Shape shape, final MemoryModel model) {
        check(QueueProgram.of("receive", shape).receives(3), model);
    }

    /** Chains of two buffers: a request, which the device answers in place. */
    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource(ALL)
    void shouldCarryChainsBothWays(final Shape shape, final MemoryModel model) {
        check(QueueProgram.of("request", shape).requests(2), model);
        check(QueueProgram.withTables("request by table", shape).requests(2), model);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource(ALL)
    void shouldKickADeviceThatSleeps(final Shape shape, final MemoryModel model) {
        check(QueueProgram.of("kick", shape).kicks(1), model);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource(ALL)
    void shouldInterruptADriverThatSleeps(final Shape shape, final MemoryModel model) {
        check(QueueProgram.of("interrupt", shape).interrupts(1), model);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource(ALL)
    @EnabledIfSystemProperty(named = "netchannel.model.long", matches = "true")
    void shouldServeMoreChains(final Shape shape, final MemoryModel model) {
        check(QueueProgram.of("transmit, more", shape).transmits(4), model);
        check(QueueProgram.of("receive, more", shape).receives(4), model);
        check(QueueProgram.of("kick, more", shape).kicks(2), model);
        check(QueueProgram.of("interrupt, more", shape).interrupts(2), model);
    }
}
