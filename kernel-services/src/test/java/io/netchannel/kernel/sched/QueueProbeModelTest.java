package io.netchannel.kernel.sched;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The probe of a task queue, in every execution that the CPUs allow: it is one thread's at a time. */
final class QueueProbeModelTest {

    private static ModelledClassLoader loader() {
        return new ModelledClassLoader(QueueProbeModelTest.class.getClassLoader()).rewrite(QueueProbe.class.getName())
                .rewrite(Senders.class.getName());
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldCarryTheTimeOfWhoeverSentIt(final MemoryModel model) {
        Explorer.check(loader().newProgram(Senders.class), model).assertHolds();
    }

    /** The loop gives it back when it has read the time; else the next sender writes another under its eyes. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheOrderOfGivingItBack(final MemoryModel model) {
        Explorer.check(loader().weaken("setRelease", "setOpaque").newProgram(Senders.class), model).finds("data race");
    }

    /** Two threads that hand over tasks, and the loop; a word for each in place of the queue. */
    static final class Senders implements ModelledProgram {

        private static final long[] SENT_NS = {5, 9};

        private final QueueProbe[] probe = new QueueProbe[1];

        @Override
        public Program program(final ModelledClassLoader loader) {
            final Program program = Program.named("queue probe").heapWords(8);
            final long[] queued = {program.allocate("queued 0", Long.BYTES, Long.BYTES),
                program.allocate("queued 1", Long.BYTES, Long.BYTES)};
            program.setup(memory -> {
                loader.use(memory);
                probe[0] = new QueueProbe();
            });
            for (int i = 0; i < queued.length; i++) {
                final int sender = i;
                program.thread("sender " + i, t -> {
                    if (probe[0].claim()) {
                        probe[0].stamp(SENT_NS[sender]);
                        t.memory().putLongRelease(queued[sender], 1);
                    }
                });
            }
            return program.thread("loop", t -> {
                final int[] first = new int[1];
                t.await(() -> {
                    first[0] = t.memory().getLongAcquire(queued[0]) == 1 ? 0 : 1;
                    return first[0] == 0 || t.memory().getLongAcquire(queued[1]) == 1;
                });
                t.assertEquals(SENT_NS[first[0]], probe[0].sentNs(), "time of the first");
                probe[0].free();
                final int second = 1 - first[0];
                if (t.memory().getLongAcquire(queued[second]) == 1) {
                    t.assertEquals(SENT_NS[second], probe[0].sentNs(), "time of the second");
                }
            });
        }
    }
}
