package io.netchannel.kernel.pressure;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters that the pressure's loop writes and any thread reads, in every execution that the CPUs allow. */
final class PressureCountersModelTest {

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeverBeSeenTornOrGoingBack(final MemoryModel model) {
        final Program program = Program.named("pressure counters");
        final long address = program.allocate("counters", ShrinkerCounter.values().length * Long.BYTES, Long.BYTES);
        program.thread("loop", t -> {
            final PressureCounters<ShrinkerCounter> counters = t
                    .prepare(() -> new PressureCounters<ShrinkerCounter>(t.memory(), address));
            for (int i = 0; i < 3; i++) {
                counters.add(ShrinkerCounter.GIVEN_BYTES, 1L << 40 | 1);
            }
        });
        program.thread("monitor", t -> {
            final PressureCounters<ShrinkerCounter> counters = t
                    .prepare(() -> new PressureCounters<ShrinkerCounter>(t.memory(), address));
            long before = 0;
            for (int i = 0; i < 3; i++) {
                final long now = counters.get(ShrinkerCounter.GIVEN_BYTES);
                t.assertThat(now >= before && now >>> 40 == (int) now, "counter went from " + before + " to " + now);
                before = now;
            }
        });
        Explorer.check(program, model).assertHolds();
    }
}
