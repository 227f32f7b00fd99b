package io.netchannel.virtio.model;

import static io.netchannel.cpu.explore.AccessMode.OPAQUE;
import static io.netchannel.cpu.explore.AccessMode.PLAIN;

import io.netchannel.channels.NetChannelLayout;
import io.netchannel.cpu.explore.Bounds;
import io.netchannel.cpu.explore.Exploration;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.Fence;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.kernel.sched.WakeWord;
import io.netchannel.virtio.model.QueueProgram.Shape;
import io.netchannel.virtio.queue.SplitQueueLayout;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bugs that other projects shipped, made again: each is the production class with one ordering left out, but for the ring of
 * many producers, which is none of ours. The explorer finds each on the CPUs where it is real, and passes it elsewhere.
 *
 * <pre>
 *   bug                                                     seen in                              SC   x86-TSO  ARMv8  without LSE
 *   EVENT_IDX, no StoreLoad between index and event         kvmtool, cloud-hypervisor, DPDK      -    found    found  found
 *   available index, then entry, no acquire                 kvmtool, firecracker                 -    -        found  found
 *   slot read after the head is given back                  OSv                                  -    -        found  found
 *   head and tail loaded in the wrong order                 DPDK, FreeBSD                        -    -        found  found
 *   park, no full fence between arming and the last look    oneTBB, libc++, LMAX Disruptor       -    found    found  found
 *   compare-and-set, then a plain load                      JDK                                  -    -        -      found
 *   tail published by a plain store                                                              -    -        found  found
 * </pre>
 */
final class KnownMutantsModelTest {

    private static final String OK = "";
    private static final String LOST_WAKE = "deadlock";
    private static final Shape SPLIT = new Shape(false, false);
    private static final Shape SPLIT_EVENTS = new Shape(false, true);

    private record Mutant(String what, Supplier<Program> program, String x86, String arm, String armWithoutLse) {

        String expected(final MemoryModel model) {
            return switch (model) {
                case SC -> OK;
                case X86_TSO -> x86;
                case ARMV8 -> arm;
                case ARMV8_NO_LSE -> armWithoutLse;
            };
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant("EVENT_IDX without StoreLoad between publishing the index and reading the event",
                        () -> new QueueProgram("mutant", SPLIT_EVENTS, (memory, queue) -> memory.without(Fence.FULL),
                                QueueProgram.INTACT).kicks(1).program,
                        LOST_WAKE, LOST_WAKE, LOST_WAKE),
                new Mutant("available index read, then ring entry, no acquire",
                        () -> new QueueProgram("mutant", SPLIT, QueueProgram.INTACT, (memory, queue) -> memory
                                .weakLoads(queue.driverArea + SplitQueueLayout.AVAILABLE_INDEX_OFFSET, 2, OPAQUE))
                                .transmits(3).program,
                        OK, "device", "device"),
                new Mutant("slot read after the head is given back (load buffering)",
                        () -> new KnownRings().polled(null,
                                (memory, ring) -> memory.weakStores(ring + NetChannelLayout.HEAD_OFFSET, 8, OPAQUE)),
                        OK, "element", "element"),
                new Mutant("head and tail loaded in the wrong order", () -> ManyProducersRing.program(false), OK,
                        "overrun", "overrun"),
                new Mutant("park without a full fence between arming and re-checking",
                        () -> new KnownRings().parked((memory, ring) -> memory.without(Fence.FULL)), LOST_WAKE,
                        LOST_WAKE, LOST_WAKE),
                new Mutant("compare-and-set, then a plain load",
                        () -> new KnownRings().parked((memory, wake) -> memory.without(Fence.FULL)
                                .exchangesForStores(wake, WakeWord.SIZE_BYTES)),
                        OK, OK, LOST_WAKE),
                new Mutant("tail published by a plain store",
                        () -> new KnownRings().polled(
                                (memory, ring) -> memory.weakStores(ring + NetChannelLayout.TAIL_OFFSET, 8, PLAIN),
                                null),
                        OK, "element", "element"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void shouldBeFoundWhereItIsReal(final Mutant mutant) {
        for (final MemoryModel model : MemoryModel.values()) {
            // As on the CPU: what only Java forbids, a race of plain accesses, is no error by itself here.
            final Exploration exploration = Explorer.check(mutant.program.get(), model, Bounds.DEFAULT.withoutRaces());
            if (mutant.expected(model).equals(OK)) {
                exploration.assertHolds();
            } else {
                exploration.finds(mutant.expected(model));
            }
        }
    }

    /** So that it is the mutation that is found. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldHoldAsItIs(final MemoryModel model) {
        Explorer.check(QueueProgram.of("kick", SPLIT_EVENTS).kicks(1).program, model).assertHolds();
        Explorer.check(QueueProgram.of("transmit", SPLIT).transmits(3).program, model).assertHolds();
        Explorer.check(new KnownRings().polled(null, null), model).assertHolds();
        Explorer.check(new KnownRings().parked(null), model).assertHolds();
        Explorer.check(ManyProducersRing.program(true), model).assertHolds();
    }
}
