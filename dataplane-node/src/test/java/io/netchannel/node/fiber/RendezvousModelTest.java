package io.netchannel.node.fiber;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread that reads twice from a socket of a loop, and an interrupt that comes late, in every execution that the CPUs allow. */
final class RendezvousModelTest {

    private static ModelledClassLoader loader() {
        return new ModelledClassLoader(RendezvousModelTest.class.getClassLoader()).rewrite(Rendezvous.class.getName())
                .rewrite(TwoReads.class.getName());
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldBringBackWhatWasReadAndMeanNoOtherOperation(final MemoryModel model) {
        Explorer.check(loader().newProgram(TwoReads.class), model).assertHolds();
    }

    /** The end must release what was read, and the beginning the number. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheOrderOfTheStores(final MemoryModel model) {
        Explorer.check(loader().weaken("setVolatile", "setOpaque").newProgram(TwoReads.class), model)
                .finds("data race");
    }

    /** And the caller must acquire it: ARM's CPUs look into the buffer early. */
    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = {"ARMV8", "ARMV8_NO_LSE"})
    void shouldNeedTheOrderOfTheLoads(final MemoryModel model) {
        Explorer.check(loader().weaken("getVolatile", "getOpaque").newProgram(TwoReads.class), model).finds(
                "what was read: 0 instead of 1");
    }

    static final class TwoReads implements ModelledProgram {

        private static final int DONE = 0;
        private static final int INTERRUPTED = 3;

        private final Rendezvous[] meeting = new Rendezvous[1];

        @Override
        public Program program(final ModelledClassLoader loader) {
            final Program program = Program.named("two reads").heapWords(4);
            final long handed = program.allocate("handed to the loop", Integer.BYTES, Long.BYTES);
            final long buffer = program.allocate("the caller's buffer", Integer.BYTES, Long.BYTES);
            program.setup(memory -> {
                loader.use(memory);
                meeting[0] = new Rendezvous();
            });
            program.thread("caller", t -> {
                for (int i = 1; i <= 2; i++) {
                    t.assertEquals(i, meeting[0].begin(), "number");
                    // The loop's queue does the same.
                    t.memory().putIntRelease(handed, i);
                    t.await(() -> !meeting[0].isUnderWay());
                    t.assertEquals(DONE, meeting[0].outcome(), "outcome");
                    t.assertEquals(i, t.memory().getInt(buffer), "what was read");
                    t.memory().putInt(buffer, 0);
                }
            });
            return program.thread("loop", t -> {
                t.await(() -> t.memory().getIntAcquire(handed) >= 1);
                t.memory().putInt(buffer, 1);
                meeting[0].end(DONE);
                // The interrupt of the first, which has come too late.
                if (meeting[0].isUnderWay(1)) {
                    meeting[0].end(INTERRUPTED);
                }
                t.await(() -> t.memory().getIntAcquire(handed) == 2);
                t.memory().putInt(buffer, 2);
                meeting[0].end(DONE);
            });
        }
    }
}
