package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 7. */
final class Versions implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("as written", entry(true, RELEASE, ACQUIRE, true), "no release fence",
                entry(false, RELEASE, ACQUIRE, true), "opaque store", entry(true, OPAQUE, ACQUIRE, true),
                "opaque load", entry(true, RELEASE, OPAQUE, true), "no acquire fence",
                entry(true, RELEASE, ACQUIRE, false));
    }

    static Program entry(final boolean releaseFence, final AccessMode activate, final AccessMode look,
            final boolean acquireFence) {
        final Program program = Program.named("entry of the flow table");
        final long control = program.allocate("control", 8, 8);
        final long high = program.allocate("high", 8, 8);
        final long low = program.allocate("low", 8, 8);
        return program.thread("writer", t -> {
            final ModelledMemory memory = t.memory();
            memory.putLongOpaque(control, 1);
            if (releaseFence) {
                memory.releaseFence();
            }
            memory.putLongOpaque(high, 5);
            memory.putLongOpaque(low, 5);
            memory.store(control, 8, 2, activate);
        }).thread("reader", t -> {
            final ModelledMemory memory = t.memory();
            final long before = memory.load(control, 8, look);
            final long seenHigh = memory.getLongOpaque(high);
            final long seenLow = memory.getLongOpaque(low);
            if (acquireFence) {
                memory.acquireFence();
            }
            final boolean accepted = before != 1 && memory.getLongOpaque(control) == before;
            t.result("version", accepted ? before : -1);
            t.result("high", accepted ? seenHigh : -1);
            t.result("low", accepted ? seenLow : -1);
        });
    }
}
