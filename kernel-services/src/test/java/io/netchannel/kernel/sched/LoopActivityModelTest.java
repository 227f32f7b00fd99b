package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A loop that lends its stack and a helper that takes it, in every execution that the CPUs allow: never do both run the stack, each
 * finds it as the other has left it, and no hand-back is lost.
 */
final class LoopActivityModelTest {

    private static final Function<ModelledMemory, OrderedMemory> INTACT = memory -> memory;

    private final Program program = Program.named("stack on loan");
    private final long word = program.allocate("activity", LoopActivity.SIZE_BYTES, LoopActivity.SIZE_BYTES);
    // Two words that are equal whenever nobody is at work: plain accesses, so two at once are a data race.
    private final long stack = program.allocate("stack", 2 * Long.BYTES, 2 * Long.BYTES);

    private void work(final OrderedMemory memory, final String who,
            final ModelledThread t) {
        final long before = memory.getLong(stack);
        memory.putLong(stack, before + 1);
        t.assertEquals(before, memory.getLong(stack + Long.BYTES), who + " finds half of the other's work");
        memory.putLong(stack + Long.BYTES, before + 1);
    }

    /**
     * @param callbacks of the loop
     * @param reenters whether the last one calls the stack
     * @param looks of the helper
     */
    private Program program(final Function<ModelledMemory, OrderedMemory> loops,
            final Function<ModelledMemory, OrderedMemory> helpers, final int callbacks, final boolean reenters,
            final int looks, final boolean waitsToBeAsked) {
        program.thread("loop", t -> {
            final LoopActivity activity = new LoopActivity(loops.apply(t.memory()), word, t::await);
            activity.thread(Thread.currentThread());
            for (int i = 0; i < callbacks; i++) {
                work(t.memory(), "loop", t);
                activity.enter(program);
                if (reenters && i == callbacks - 1) {
                    activity.reclaim();
                    work(t.memory(), "call-back", t);
                }
                activity.leave();
            }
            work(t.memory(), "loop", t);
        });
        return program.thread("helper", t -> {
            final LoopActivity activity = new LoopActivity(helpers.apply(t.memory()), word, t::await);
            for (int i = 0; i < looks; i++) {
                if (activity.take(activity.observe())) {
                    work(t.memory(), "helper", t);
                    if (waitsToBeAsked) {
                        t.await(activity::isWanted);
                    }
                    activity.giveBack();
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldKeepLoopAndHelperApart(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, 2, false, 2, false), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldTakeTheStackBackWithinACallBack(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, 1, true, 2, false), model).assertHolds();
    }

    /** A helper that keeps the stack until it is asked, as the watchdog does, is asked. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldAskAHelperThatKeepsTheStack(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, 1, true, 1, true), model).assertHolds();
    }

    /** Without the release of enter() the helper takes a stack whose last changes it doesn't see. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheReleaseOfTheLoan(final MemoryModel model) {
        Explorer.check(program(this::weakStores, INTACT, 1, false, 1, false), model).finds("data race");
    }

    /** Without the release of giveBack() to a loop that waits, the loop goes on with a stack whose last changes it doesn't see. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheReleaseOfTheHandBack(final MemoryModel model) {
        Explorer.check(program(INTACT, this::weakStores, 1, false, 1, true), model).finds("data race");
    }

    /** Without the acquire of the wait for it, too; on ARM it is seen even before the race is. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheAcquireOfTheWait(final MemoryModel model) {
        Explorer.check(program(this::weakLoads, INTACT, 1, false, 1, true), model).finds("");
    }

    private OrderedMemory weakStores(final ModelledMemory memory) {
        return WeakenedMemory.of(memory).weakStores(word, LoopActivity.SIZE_BYTES, AccessMode.OPAQUE);
    }

    private OrderedMemory weakLoads(final ModelledMemory memory) {
        return WeakenedMemory.of(memory).weakLoads(word, LoopActivity.SIZE_BYTES, AccessMode.OPAQUE);
    }
}
