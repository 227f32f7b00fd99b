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
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The wake word and the eventfd behind it, in every execution that the CPUs allow: no wake-up is lost. */
final class WakeWordModelTest {

    private static final String LOST_WAKE = "deadlock";
    private static final Function<ModelledMemory, OrderedMemory> INTACT = memory -> memory;

    private final Program program = Program.named("wake word");
    private final long word = program.allocate("wake", WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES);
    private final long bell = program.allocate("eventfd", Long.BYTES, Long.BYTES);
    private WakeWord producersWake;
    private ModelledPark park;

    /** @param messages by producer */
    private Program program(final Function<ModelledMemory, OrderedMemory> producers,
            final Function<ModelledMemory, OrderedMemory> consumers,
            final int... messages) {
        final long[] work = new long[messages.length];
        program.setup(memory -> {
            producersWake = new WakeWord(producers.apply(memory), word, () -> ModelledPark.ring(memory, bell));
            park = new ModelledPark(
                    new WakeWord(consumers.apply(memory), word, () -> ModelledPark.ring(memory, bell)), bell);
        });
        for (int i = 0; i < messages.length; i++) {
            work[i] = program.allocate("work " + i, Long.BYTES, Long.BYTES);
            final int producer = i;
            program.thread("producer " + i, t -> {
                for (int sent = 1; sent <= messages[producer]; sent++) {
                    t.memory().putLongRelease(work[producer], sent);
                    producersWake.signal();
                }
            });
        }
        return program.thread("consumer", t -> {
            final long[] seen = new long[messages.length];
            while (left(messages, seen) > 0) {
                if (!look(t, work, seen)) {
                    park.park(t, () -> isEmpty(t, work, seen));
                }
            }
        });
    }

    private static long left(final int[] messages, final long[] seen) {
        long left = 0;
        for (int i = 0; i < messages.length; i++) {
            left += messages[i] - seen[i];
        }
        return left;
    }

    private static boolean look(final ModelledThread t, final long[] work, final long[] seen) {
        boolean found = false;
        for (int i = 0; i < work.length; i++) {
            final long now = t.memory().getLongAcquire(work[i]);
            found |= now != seen[i];
            seen[i] = now;
        }
        return found;
    }

    private static boolean isEmpty(final ModelledThread t, final long[] work, final long[] seen) {
        for (int i = 0; i < work.length; i++) {
            if (t.memory().getLongAcquire(work[i]) != seen[i]) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldWakeAConsumerThatSleepsForEachMessage(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, 2), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldWakeAConsumerForWhicheverProducer(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, 1, 1), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = {"X86_TSO", "ARMV8"})
    @EnabledIfSystemProperty(named = "netchannel.model.long", matches = "true")
    void shouldWakeAConsumerThatSleepsManyTimes(final MemoryModel model) {
        Explorer.check(program(INTACT, INTACT, 3), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldLoseAWakeUpWithoutTheFenceOfEitherSide(final MemoryModel model) {
        final Function<ModelledMemory, OrderedMemory> noFence = memory -> WeakenedMemory.of(memory).without(Fence.FULL);
        losesUnless(model == MemoryModel.SC, program(noFence, INTACT, 1), model);
        losesUnless(model == MemoryModel.SC, new WakeWordModelTest().program(INTACT, noFence, 1), model);
    }

    /** As one does who takes an atomic for a fence: on x86 and with LSE's it is one. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldLoseAWakeUpIfAnAtomicIsTakenForTheFence(final MemoryModel model) {
        losesUnless(model != MemoryModel.ARMV8_NO_LSE,
                program(INTACT, memory -> WeakenedMemory.of(memory).without(Fence.FULL)
                        .exchangesForStores(word, WakeWord.SIZE_BYTES), 1),
                model);
    }

    private static void losesUnless(final boolean holds, final Program program, final MemoryModel model) {
        if (holds) {
            Explorer.check(program, model).assertHolds();
        } else {
            Explorer.check(program, model).finds(LOST_WAKE);
        }
    }
}
