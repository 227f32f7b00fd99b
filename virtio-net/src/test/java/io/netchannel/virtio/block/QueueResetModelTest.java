package io.netchannel.virtio.block;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reset of a queue, in every execution that the CPUs allow: nobody writes a buffer that the driver has taken back. */
final class QueueResetModelTest {

    private static final Function<ModelledMemory, OrderedMemory> INTACT = memory -> memory;
    private static final int READ = 1;
    private static final int NEXT_USE = 2;

    private final Program program = Program.named("queue reset");
    private final long word = program.allocate("reset", QueueReset.SIZE_BYTES, QueueReset.SIZE_BYTES);
    // Plain accesses, so two at once are a data race.
    private final long buffer = program.allocate("buffer", Integer.BYTES, Integer.BYTES);

    /** @param asked whether the server stops when it is asked, or by itself */
    private Program program(final Function<ModelledMemory, OrderedMemory> drivers,
            final Function<ModelledMemory, OrderedMemory> devices, final boolean asked) {
        program.thread("driver", t -> {
            final QueueReset reset = new QueueReset(drivers.apply(t.memory()), word);
            reset.request();
            t.await(reset::isStopped);
            t.assertEquals(READ, t.memory().getInt(buffer), "what was under way");
            t.memory().putInt(buffer, NEXT_USE);
            t.assertEquals(NEXT_USE, t.memory().getInt(buffer), "what the driver has there next");
        });
        return program.thread("device", t -> {
            final QueueReset reset = new QueueReset(devices.apply(t.memory()), word);
            if (asked) {
                t.await(reset::isRequested);
            }
            t.memory().putInt(buffer, READ);
            reset.stopped();
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGiveBuffersBackWhenNobodyTouchesThem(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, true), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldMeetAServerThatStopsByItself(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, false), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheReleaseOfTheEnd(final MemoryModel model) {
        Explorer.check(program(INTACT, memory -> WeakenedMemory.of(memory).weakStores(word, Integer.BYTES,
                AccessMode.OPAQUE), true), model).finds("data race");
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheAcquireOfTheEnd(final MemoryModel model) {
        Explorer.check(program(memory -> WeakenedMemory.of(memory).weakLoads(word, Integer.BYTES,
                AccessMode.OPAQUE), INTACT, true), model).finds("");
    }
}
