package io.netchannel.kernel.sched;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The time of a signal, beside the wake word, in every execution that the CPUs allow: whoever it wakes sees it. */
final class TimedBellModelTest {

    private static final long RUNG_NS = 42;

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldTellWhomItWokeWhenItWasRung(final MemoryModel model) {
        final Program program = Program.named("timed bell");
        final long word = program.allocate("wake", WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES);
        final long bell = program.allocate("eventfd", Long.BYTES, Long.BYTES);
        final long work = program.allocate("work", Long.BYTES, Long.BYTES);
        final TimedBell[] timed = new TimedBell[1];
        final WakeWord[] wake = new WakeWord[1];
        program.setup(memory -> {
            timed[0] = new TimedBell(memory, word + TimedBell.OFFSET_BYTES, () -> RUNG_NS, () -> ModelledPark.ring(
                    memory, bell));
            wake[0] = new WakeWord(memory, word, timed[0]);
        });
        program.thread("producer", t -> {
            t.memory().putLongRelease(work, 1);
            wake[0].signal();
        });
        program.thread("loop", t -> {
            final ModelledPark park = new ModelledPark(wake[0], bell);
            if (park.park(t, () -> t.memory().getLongAcquire(work) == 0)) {
                t.assertEquals(RUNG_NS, timed[0].rungNs(), "time of the signal");
            }
        });
        Explorer.check(program, model).assertHolds();
    }
}
