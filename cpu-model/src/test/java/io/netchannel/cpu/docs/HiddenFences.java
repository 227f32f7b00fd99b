package io.netchannel.cpu.docs;

import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 10. */
final class HiddenFences implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("STLR", parkAfterStatistics(false), "DMB ISH; STR", parkAfterStatistics(true));
    }

    static Program parkAfterStatistics(final boolean compiledByC2) {
        final Program program = Program.named("park after statistics");
        final long tail = program.allocate("tail", 8, 8);
        final long bursts = program.allocate("bursts", 8, 8);
        final long armed = program.allocate("armed", 4, 8);
        return program.thread("producer", t -> {
            final ModelledMemory memory = t.memory();
            memory.putLongRelease(tail, 1);
            if (compiledByC2) {
                memory.fullFence();
                memory.putLongOpaque(bursts, 1);
            } else {
                memory.putLongRelease(bursts, 1);
            }
            t.result("seesArmed", memory.getIntOpaque(armed));
        }).thread("consumer", t -> {
            final ModelledMemory memory = t.memory();
            memory.putIntOpaque(armed, 1);
            memory.fullFence();
            t.result("seesWork", memory.getLongAcquire(tail));
        });
    }
}
