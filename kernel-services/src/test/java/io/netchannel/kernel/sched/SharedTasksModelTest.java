package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.Fence;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A task that either of two loops may pull, in every execution that the CPUs allow: one of them does. */
final class SharedTasksModelTest {

    private final Program program = Program.named("shared task");
    private final long[] word = new long[2];
    private final long[] bell = new long[2];
    private final long queue = program.allocate("queue", Long.BYTES, Long.BYTES);
    private final long done = program.allocate("done", Long.BYTES, Long.BYTES);
    private final WakeWord[] wake = new WakeWord[2];

    private Program program(final Function<ModelledMemory, OrderedMemory> loops) {
        for (int i = 0; i < 2; i++) {
            word[i] = program.allocate("wake " + i, WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES);
            bell[i] = program.allocate("eventfd " + i, Long.BYTES, Long.BYTES);
        }
        program.setup(memory -> {
            for (int i = 0; i < 2; i++) {
                final long rung = bell[i];
                wake[i] = new WakeWord(loops.apply(memory), word[i], () -> ModelledPark.ring(memory, rung));
            }
        });
        program.thread("producer", t -> {
            t.memory().putLongRelease(queue, 1);
            if (!wake[0].signal()) {
                wake[1].signal();
            }
        });
        program.thread("loop 0", t -> pull(t, 0));
        return program.thread("loop 1", t -> pull(t, 1));
    }

    /** As a loop's turns and its park do, until the task is done by whomever. */
    private void pull(final ModelledThread t, final int loop) {
        while (true) {
            if (t.memory().compareAndSetLong(queue, 1, 0)) {
                t.memory().putLongRelease(done, 1);
                return;
            }
            wake[loop].arm();
            final boolean sleeps = t.memory().getLongAcquire(queue) == 0;
            if (sleeps) {
                t.await(() -> t.memory().getLongAcquire(bell[loop]) != 0 || t.memory().getLongAcquire(done) != 0);
            }
            if (wake[loop].disarm() || sleeps) {
                t.memory().getAndSet(bell[loop], Long.BYTES, 0);
            }
            if (t.memory().getLongAcquire(done) != 0) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldWakeOneOfTwoLoops(final MemoryModel model) {
        Explorer.check(program(memory -> memory), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = "SC", mode = EnumSource.Mode.EXCLUDE)
    void shouldForgetTheTaskWithoutTheFence(final MemoryModel model) {
        Explorer.check(program(memory -> WeakenedMemory.of(memory).without(Fence.FULL)), model).finds("deadlock");
    }
}
