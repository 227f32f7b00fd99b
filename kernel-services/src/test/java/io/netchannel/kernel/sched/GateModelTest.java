package io.netchannel.kernel.sched;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gate, in every execution that the CPUs allow: what is behind it is taken away when nobody uses it any more. */
final class GateModelTest {

    private static ModelledClassLoader loader() {
        return new ModelledClassLoader(GateModelTest.class.getClassLoader()).rewrite(Gate.class.getName())
                .rewrite(Users.class.getName());
    }

    private static Program program(final ModelledClassLoader loader) {
        return loader.newProgram(Users.class);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldKeepUsersAndTheCloserApart(final MemoryModel model) {
        Explorer.check(program(loader()), model).assertHolds();
    }

    /** The closer's last load must acquire: it takes away what users have read and written. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheOrderOfTheLastLoad(final MemoryModel model) {
        Explorer.check(program(loader().weaken("getVolatile", "getOpaque")), model).finds("data race");
    }

    /** A thread that uses a descriptor, as it were, and one that closes it. */
    static final class Users implements ModelledProgram {

        private static final int OPEN = 1;
        private static final int CLOSED = 2;

        private final Gate[] gate = new Gate[1];

        @Override
        public Program program(final ModelledClassLoader loader) {
            final Program program = Program.named("gate").heapWords(4);
            final long thing = program.allocate("thing", Integer.BYTES, Long.BYTES);
            program.setup(memory -> {
                loader.use(memory);
                gate[0] = new Gate();
                memory.putInt(thing, OPEN);
            });
            program.thread("user", t -> {
                if (gate[0].enter()) {
                    t.assertEquals(OPEN, t.memory().getInt(thing), "thing");
                    gate[0].leave();
                }
            });
            return program.thread("closer", t -> {
                t.assertThat(gate[0].close(), "closes once");
                t.memory().putInt(thing, CLOSED);
                t.assertThat(!gate[0].enter(), "stays closed");
            });
        }
    }
}
