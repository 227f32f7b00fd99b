package io.netchannel.kernel.libraries;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agrona's and JCTools' rings, as their JARs have them, on the modelled CPUs. */
final class LibraryRingsTest {

    private static Program program(final Class<? extends ModelledProgram> type) {
        final ModelledClassLoader loader = new ModelledClassLoader(LibraryRingsTest.class.getClassLoader())
                .rewrite("org.jctools.").rewrite("org.agrona.").confined("org.agrona.")
                .rewrite(QueuePrograms.class.getName()).rewrite(RingBufferPrograms.class.getName());
        return loader.newProgram(type);
    }

    private static void holds(final Class<? extends ModelledProgram> type, final MemoryModel model) {
        Explorer.check(program(type), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldPassMessagesThroughJctoolsSpsc(final MemoryModel model) {
        holds(QueuePrograms.JctoolsSpsc.class, model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldPassMessagesThroughJctoolsMpsc(final MemoryModel model) {
        holds(QueuePrograms.JctoolsMpsc.class, model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldPassMessagesThroughJctoolsMpscUnbounded(final MemoryModel model) {
        holds(QueuePrograms.JctoolsMpscUnbounded.class, model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldPassRecordsThroughAgronaOneToOne(final MemoryModel model) {
        holds(RingBufferPrograms.OneToOne.class, model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldPassRecordsThroughAgronaManyToOne(final MemoryModel model) {
        holds(RingBufferPrograms.ManyToOne.class, model);
    }

    /** That the rest of this class can fail. */
    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = "SC", mode = EnumSource.Mode.EXCLUDE)
    void shouldFindARingThatDoesNotRelease(final MemoryModel model) {
        Explorer.check(program(QueuePrograms.Unreleased.class), model).finds("data race");
    }

    @Test
    void shouldRefuseAModeThatIsNotModelled() {
        final ModelledClassLoader loader = new ModelledClassLoader(LibraryRingsTest.class.getClassLoader())
                .rewrite(WeakSwap.class.getName());
        assertThatThrownBy(() -> loader.newInstance(WeakSwap.class.getName(), Runnable.class).run())
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("ModelledClassLoader.use");
        final Program program = Program.named("weak swap").heapWords(4).setup(loader::use)
                .thread("swapper", t -> loader.newInstance(WeakSwap.class.getName(), Runnable.class).run());
        Explorer.check(program, MemoryModel.ARMV8).finds("weakCompareAndSetPlain is not modelled");
    }

    /** Uses a mode that none of the models has. */
    static final class WeakSwap implements Runnable {

        private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

        @Override
        public void run() {
            SLOT.weakCompareAndSetPlain(new int[1], 0, 0, 1);
        }
    }
}
