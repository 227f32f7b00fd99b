package io.netchannel.kernel.sched;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters that their loop writes and any thread reads, in every execution that the CPUs allow. */
final class LoopCountersModelTest {

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeverBeSeenTornOrGoingBack(final MemoryModel model) {
        final Program program = Program.named("loop counters");
        final long address = program.allocate("counters", LoopCounters.SIZE_BYTES, Long.BYTES);
        program.thread("loop", t -> {
            final LoopCounters counters = t.prepare(() -> new LoopCounters(t.memory(), address));
            for (int i = 0; i < 3; i++) {
                counters.add(LoopCounter.WORK, 1L << 40 | 1);
            }
        });
        program.thread("monitor", t -> {
            final LoopCounters counters = t.prepare(() -> new LoopCounters(t.memory(), address));
            long before = 0;
            for (int i = 0; i < 3; i++) {
                final long now = counters.get(LoopCounter.WORK);
                t.assertThat(now >= before && now >>> 40 == (int) now, "counter went from " + before + " to " + now);
                before = now;
            }
        });
        Explorer.check(program, model).assertHolds();
    }
}
