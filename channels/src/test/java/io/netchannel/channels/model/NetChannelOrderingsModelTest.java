package io.netchannel.channels.model;

import static io.netchannel.channels.NetChannelLayout.*;
import static io.netchannel.cpu.explore.AccessMode.OPAQUE;
import static io.netchannel.cpu.explore.AccessMode.PLAIN;

import io.netchannel.channels.model.RingProgram.End;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Bounds;
import io.netchannel.cpu.explore.Exploration;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.Fence;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.kernel.sched.WakeWord;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The channel and the wake word with one ordering left out: what comes of it on which CPU. So no ordering is there for
 * nothing, and the checks see it when one is forgotten.
 */
final class NetChannelOrderingsModelTest {

    /** Nothing is wrong. */
    private static final String OK = "";

    private record Mutant(String what, End producer, End consumer, Function<RingProgram, RingProgram> use, String x86,
            String arm, String armWithoutLse, boolean raceForJava) {

        Mutant(final String what, final End producer, final End consumer,
                final Function<RingProgram, RingProgram> use, final String x86, final String arm) {
            this(what, producer, consumer, use, x86, arm, arm, false);
        }

        /** Whatever the CPU: plain accesses are no longer ordered, and a compiler may move them. */
        Mutant thatIsARaceForJava() {
            return new Mutant(what, producer, consumer, use, x86, arm, armWithoutLse, true);
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private static End store(final long offset, final AccessMode mode) {
        return (memory, ring) -> WeakenedMemory.of(memory).weakStores(ring.address + offset, Long.BYTES, mode);
    }

    private static End store(final int offset, final int sizeBytes) {
        return (memory, ring) -> WeakenedMemory.of(memory).weakStores(ring.address + offset, sizeBytes, OPAQUE);
    }

    private static End load(final int offset, final int sizeBytes) {
        return (memory, ring) -> WeakenedMemory.of(memory).weakLoads(ring.address + offset, sizeBytes, OPAQUE);
    }

    private static final End INTACT = RingProgram.INTACT;
    private static final End NO_FENCE = (memory, ring) -> WeakenedMemory.of(memory).without(Fence.FULL);
    private static final End ATOMIC_FOR_FENCE = (memory, ring) -> WeakenedMemory.of(memory).without(Fence.FULL)
            .exchangesForStores(ring.wakeAddress, WakeWord.SIZE_BYTES);

    private static RingProgram polled(final RingProgram ring) {
        return ring.polled(3);
    }

    private static RingProgram parked(final RingProgram ring) {
        return ring.parked(2);
    }

    private static RingProgram closed(final RingProgram ring) {
        return ring.closedByProducer(1);
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant("tail published by a plain store", store(TAIL_OFFSET, PLAIN), INTACT,
                        NetChannelOrderingsModelTest::polled, OK, "element").thatIsARaceForJava(),
                new Mutant("tail, then slot, no acquire", INTACT, load(TAIL_OFFSET, 8),
                        NetChannelOrderingsModelTest::polled, OK, "element").thatIsARaceForJava(),
                new Mutant("slot read after the head is given back", INTACT, store(HEAD_OFFSET, OPAQUE),
                        NetChannelOrderingsModelTest::polled, OK, "element").thatIsARaceForJava(),
                // The store to the slot depends on the branch on the head, which orders it on ARM; Java promises no such thing.
                new Mutant("head, then slot overwritten, no acquire", load(HEAD_OFFSET, 8), INTACT,
                        NetChannelOrderingsModelTest::polled, OK, OK).thatIsARaceForJava(),
                new Mutant("end published by a plain store", store(PRODUCER_END_OFFSET, 4), INTACT,
                        NetChannelOrderingsModelTest::closed, OK, "elements taken"),
                new Mutant("end and tail loaded in the wrong order", INTACT, load(PRODUCER_END_OFFSET, 4),
                        NetChannelOrderingsModelTest::closed, OK, "elements taken"),
                new Mutant("signal without a full fence between publishing and looking at the wake word", NO_FENCE,
                        INTACT,
                        NetChannelOrderingsModelTest::parked, "deadlock", "deadlock"),
                new Mutant("park without a full fence between arming and re-checking", INTACT, NO_FENCE,
                        NetChannelOrderingsModelTest::parked, "deadlock", "deadlock"),
                new Mutant("armed by an atomic, which without LSE is no fence", INTACT, ATOMIC_FOR_FENCE,
                        NetChannelOrderingsModelTest::parked, OK, OK, "deadlock", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void shouldBeFoundWhereItIsReal(final Mutant mutant) {
        expect(mutant, MemoryModel.SC, OK);
        expect(mutant, MemoryModel.X86_TSO, mutant.x86);
        expect(mutant, MemoryModel.ARMV8, mutant.arm);
        expect(mutant, MemoryModel.ARMV8_NO_LSE, mutant.armWithoutLse);
        if (mutant.raceForJava) {
            // Where the values come out right, so that nothing else is wrong.
            Explorer.check(program(mutant), MemoryModel.SC).finds("data race");
            Explorer.check(program(mutant), MemoryModel.X86_TSO).finds("data race");
        }
    }

    private static Program program(final Mutant mutant) {
        return mutant.use.apply(new RingProgram(mutant.what, mutant.producer, mutant.consumer)).program;
    }

    /** As on the CPU: what Java forbids to rely on, a race of plain accesses, is not an error by itself here. */
    private static void expect(final Mutant mutant, final MemoryModel model, final String expected) {
        final Exploration exploration = Explorer.check(program(mutant), model, Bounds.DEFAULT.withoutRaces());
        if (expected.equals(OK)) {
            exploration.assertHolds();
        } else {
            exploration.finds(expected);
        }
    }
}
