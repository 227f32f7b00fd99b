package io.netchannel.virtio.model;

import static io.netchannel.cpu.explore.AccessMode.OPAQUE;
import static io.netchannel.cpu.explore.AccessMode.PLAIN;

import io.netchannel.cpu.explore.Bounds;
import io.netchannel.cpu.explore.Exploration;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.Fence;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.virtio.model.QueueProgram.Shape;
import io.netchannel.virtio.model.QueueProgram.Side;
import io.netchannel.virtio.queue.PackedQueueLayout;
import io.netchannel.virtio.queue.SplitQueueLayout;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The virtqueues with one ordering left out: what comes of it on which CPU. So no ordering is there for nothing, and the
 * checks see it when one is forgotten.
 */
final class VirtqueueOrderingsModelTest {

    /** Nothing is wrong. */
    private static final String OK = "";
    private static final String LOST_WAKE = "deadlock";

    private static final Shape SPLIT = new Shape(false, false);
    private static final Shape SPLIT_EVENTS = new Shape(false, true);
    private static final Shape PACKED = new Shape(true, false);
    private static final Shape PACKED_EVENTS = new Shape(true, true);

    private record Mutant(String what, Shape shape, Side driver, Side device,
            Function<QueueProgram, QueueProgram> use, String x86, String arm) {

        @Override
        public String toString() {
            return what + ": " + shape;
        }
    }

    private static final Side INTACT = QueueProgram.INTACT;
    private static final Side NO_FENCE = (memory, queue) -> memory.without(Fence.FULL);

    private static final Side AVAILABLE_UNRELEASED = (memory, queue) -> memory
            .weakStores(queue.driverArea + SplitQueueLayout.AVAILABLE_INDEX_OFFSET, 2, PLAIN);
    private static final Side AVAILABLE_UNACQUIRED = (memory, queue) -> memory
            .weakLoads(queue.driverArea + SplitQueueLayout.AVAILABLE_INDEX_OFFSET, 2, OPAQUE);
    private static final Side USED_UNRELEASED = (memory, queue) -> memory
            .weakStores(queue.deviceArea + SplitQueueLayout.USED_INDEX_OFFSET, 2, PLAIN);
    private static final Side USED_UNACQUIRED = (memory, queue) -> memory
            .weakLoads(queue.deviceArea + SplitQueueLayout.USED_INDEX_OFFSET, 2, OPAQUE);
    private static final Side FLAGS_UNRELEASED = (memory, queue) -> memory.weakStores(queue.descriptorArea,
            (long) QueueProgram.SIZE * PackedQueueLayout.DESCRIPTOR_BYTES, OPAQUE);
    private static final Side FLAGS_UNACQUIRED = (memory, queue) -> memory.weakLoads(queue.descriptorArea,
            (long) QueueProgram.SIZE * PackedQueueLayout.DESCRIPTOR_BYTES, OPAQUE);

    private static QueueProgram transmits(final QueueProgram queue) {
        return queue.transmits(3);
    }

    private static QueueProgram receives(final QueueProgram queue) {
        return queue.receives(2);
    }

    private static QueueProgram kicks(final QueueProgram queue) {
        return queue.kicks(1);
    }

    private static QueueProgram interrupts(final QueueProgram queue) {
        return queue.interrupts(1);
    }

    private static Stream<Mutant> fences(final Shape shape) {
        return Stream.of(
                new Mutant("driver publishes, then looks at the device's event, no full fence", shape, NO_FENCE, INTACT,
                        VirtqueueOrderingsModelTest::kicks, LOST_WAKE, LOST_WAKE),
                new Mutant("device asks for a kick, then looks for chains, no full fence", shape, INTACT, NO_FENCE,
                        VirtqueueOrderingsModelTest::kicks, LOST_WAKE, LOST_WAKE),
                new Mutant("device publishes, then looks at the driver's event, no full fence", shape, INTACT, NO_FENCE,
                        VirtqueueOrderingsModelTest::interrupts, LOST_WAKE, LOST_WAKE),
                new Mutant("driver asks for an interrupt, then looks for used chains, no full fence", shape, NO_FENCE,
                        INTACT, VirtqueueOrderingsModelTest::interrupts, LOST_WAKE, LOST_WAKE));
    }

    private static Stream<Mutant> publications() {
        return Stream.of(
                new Mutant("available index published by a plain store", SPLIT, AVAILABLE_UNRELEASED, INTACT,
                        VirtqueueOrderingsModelTest::transmits, OK, "device"),
                new Mutant("available index read, then ring entry, no acquire", SPLIT, INTACT, AVAILABLE_UNACQUIRED,
                        VirtqueueOrderingsModelTest::transmits, OK, "device"),
                new Mutant("used index published by a plain store", SPLIT, INTACT, USED_UNRELEASED,
                        VirtqueueOrderingsModelTest::receives, OK, "driver"),
                new Mutant("used index read, then used entry, no acquire", SPLIT, USED_UNACQUIRED, INTACT,
                        VirtqueueOrderingsModelTest::receives, OK, "driver"),
                new Mutant("available flags published by a plain store", PACKED, FLAGS_UNRELEASED, INTACT,
                        VirtqueueOrderingsModelTest::transmits, OK, "device"),
                new Mutant("available flags read, then descriptor, no acquire", PACKED, INTACT, FLAGS_UNACQUIRED,
                        VirtqueueOrderingsModelTest::transmits, OK, "device"),
                new Mutant("used flags published by a plain store", PACKED, INTACT, FLAGS_UNRELEASED,
                        VirtqueueOrderingsModelTest::receives, OK, "driver"),
                new Mutant("used flags read, then descriptor, no acquire", PACKED, FLAGS_UNACQUIRED, INTACT,
                        VirtqueueOrderingsModelTest::receives, OK, "driver"));
    }

    static Stream<Mutant> mutants() {
        return Stream.concat(publications(),
                Stream.of(SPLIT, SPLIT_EVENTS, PACKED, PACKED_EVENTS).flatMap(VirtqueueOrderingsModelTest::fences));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void shouldBeFoundWhereItIsReal(final Mutant mutant) {
        expect(mutant, MemoryModel.SC, OK);
        expect(mutant, MemoryModel.X86_TSO, mutant.x86);
        expect(mutant, MemoryModel.ARMV8, mutant.arm);
        expect(mutant, MemoryModel.ARMV8_NO_LSE, mutant.arm);
    }

    /** As on the CPU: what Java forbids to rely on, a race of plain accesses, is not an error by itself here. */
    private static void expect(final Mutant mutant, final MemoryModel model, final String expected) {
        final QueueProgram queue = mutant.use
                .apply(new QueueProgram(mutant.what, mutant.shape, mutant.driver, mutant.device));
        final Exploration exploration = Explorer.check(queue.program, model, Bounds.DEFAULT.withoutRaces());
        if (expected.equals(OK)) {
            exploration.assertHolds();
        } else {
            exploration.finds(expected);
        }
    }
}
