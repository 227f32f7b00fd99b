package io.netchannel.kernel.sched;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.Fence;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A task for a loop that sleeps: the loop's queue and its wake word together, in every execution that the CPUs allow. */
final class TaskHandOverModelTest {

    private static final int VALUE = 7;

    private static Program program(final Class<? extends ModelledProgram> type) {
        // The whole package, so that the program sees the classes that only the package sees.
        final ModelledClassLoader loader = new ModelledClassLoader(TaskHandOverModelTest.class.getClassLoader())
                .rewrite("org.jctools.").rewrite("io.netchannel.kernel.sched.");
        return loader.newProgram(type);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldRunATaskThatIsHandedToASleepingLoop(final MemoryModel model) {
        Explorer.check(program(OneTask.class), model).assertHolds();
    }

    /**
     * JCTools publishes a task by a release store; without the fence of {@link WakeWord#signal} the look at the word overtakes
     * it.
     */
    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = "SC", mode = EnumSource.Mode.EXCLUDE)
    void shouldForgetATaskWithoutTheFenceOfTheLoop(final MemoryModel model) {
        Explorer.check(program(WithoutFence.class), model).finds("deadlock");
    }

    static final class Task {

        int value;
    }

    /** A thread hands a loop a task. */
    static class OneTask implements ModelledProgram {

        boolean fences() {
            return true;
        }

        @Override
        public final Program program(final ModelledClassLoader loader) {
            final Program program = Program.named("task hand-over").heapWords(64);
            final long word = program.allocate("wake", WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES);
            final long bell = program.allocate("eventfd", Long.BYTES, Long.BYTES);
            final Hand[] hand = new Hand[1];
            program.setup(memory -> {
                loader.use(memory);
                final WeakenedMemory loops = WeakenedMemory.of(memory);
                hand[0] = new Hand(new WakeWord(memory, word, () -> ModelledPark.ring(memory, bell)),
                        new ModelledPark(new WakeWord(fences() ? loops : loops.without(Fence.FULL), word, () -> {
                            throw new AssertionError("the loop rings its own bell");
                        }), bell));
                memory.heap().handle(hand[0].task);
            });
            program.thread("other thread", t -> hand[0].give());
            return program.thread("loop", t -> t.assertEquals(VALUE, hand[0].take(t).value, "value of the task"));
        }
    }

    static final class WithoutFence extends OneTask {

        @Override
        boolean fences() {
            return false;
        }
    }

    /** What the threads share. */
    private static final class Hand {

        private final MpscUnboundedVarHandleArrayQueue<Task> queue = new MpscUnboundedVarHandleArrayQueue<>(2);
        private final Task task = new Task();
        private final WakeWord wake;
        private final ModelledPark park;

        Hand(final WakeWord wake, final ModelledPark park) {
            this.wake = wake;
            this.park = park;
        }

        void give() {
            task.value = VALUE;
            queue.offer(task);
            wake.signal();
        }

        /** As a run loop's turns and its park do. */
        Task take(final ModelledThread t) {
            Task taken = queue.relaxedPoll();
            while (taken == null) {
                if (park.park(t, queue::isEmpty)) {
                    taken = queue.relaxedPoll();
                } else {
                    // A thread has its place, and fills it soon: the loop goes on with its turns.
                    final Task[] got = new Task[1];
                    t.await(() -> (got[0] = queue.relaxedPoll()) != null);
                    taken = got[0];
                }
            }
            return taken;
        }
    }
}
