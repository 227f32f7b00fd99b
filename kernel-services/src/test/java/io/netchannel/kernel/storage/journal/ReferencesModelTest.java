package io.netchannel.kernel.storage.journal;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A segment that is retired while somebody reads it, in every execution that the CPUs allow. */
final class ReferencesModelTest {

    private static ModelledClassLoader loader() {
        return new ModelledClassLoader(ReferencesModelTest.class.getClassLoader()).rewrite(References.class.getName())
                .rewrite(Users.class.getName());
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldTakeItAwayWhenNobodyReads(final MemoryModel model) {
        Explorer.check(loader().newProgram(Users.class), model).assertHolds();
    }

    /** Two readers and the journal: whoever is last unmaps, as it were. */
    static final class Users implements ModelledProgram {

        private static final int MAPPED = 1;
        private static final int UNMAPPED = 2;

        private final References[] references = new References[1];

        @Override
        public Program program(final ModelledClassLoader loader) {
            final Program program = Program.named("references").heapWords(4);
            final long bytes = program.allocate("bytes", Integer.BYTES, Long.BYTES);
            program.setup(memory -> {
                loader.use(memory);
                references[0] = new References();
                memory.putInt(bytes, MAPPED);
            });
            for (int i = 0; i < 2; i++) {
                program.thread("reader " + i, t -> {
                    if (references[0].tryRetain()) {
                        t.assertEquals(MAPPED, t.memory().getInt(bytes), "bytes");
                        if (references[0].release()) {
                            t.memory().putInt(bytes, UNMAPPED);
                        }
                    }
                });
            }
            program.thread("journal", t -> {
                if (references[0].release()) {
                    t.memory().putInt(bytes, UNMAPPED);
                }
            });
            return program.finally_((results, memory) -> {
                if (memory.getInt(bytes) != UNMAPPED) {
                    throw new AssertionError("never unmapped");
                }
            });
        }
    }
}
