package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 1. */
final class StoreBuffering implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("no fence", park(OPAQUE, OPAQUE, false, false), "release, acquire",
                park(RELEASE, ACQUIRE, false, false), "one fence", park(RELEASE, ACQUIRE, true, false), "two fences",
                park(OPAQUE, OPAQUE, true, true), "volatile", park(VOLATILE, VOLATILE, false, false));
    }

    static Program park(final AccessMode store, final AccessMode load, final boolean signalFence,
            final boolean armFence) {
        final Program program = Program.named("park");
        final long tail = program.allocate("tail", 4, 8);
        final long armed = program.allocate("armed", 4, 8);
        return program.thread("producer", t -> {
            final ModelledMemory memory = t.memory();
            memory.store(tail, 4, 1, store);
            if (signalFence) {
                memory.fullFence();
            }
            t.result("seesArmed", memory.load(armed, 4, load));
        }).thread("consumer", t -> {
            final ModelledMemory memory = t.memory();
            memory.store(armed, 4, 1, store);
            if (armFence) {
                memory.fullFence();
            }
            t.result("seesWork", memory.load(tail, 4, load));
        });
    }
}
