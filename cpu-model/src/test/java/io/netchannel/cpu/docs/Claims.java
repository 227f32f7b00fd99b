package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 6. */
final class Claims implements Essay {

    private static final int FREE = 0;
    private static final int BUSY = 1;

    @Override
    public Map<String, Program> variants() {
        return Map.of("load, store", bursts(false, RELEASE), "CAS, opaque", bursts(true, OPAQUE), "CAS, release",
                bursts(true, RELEASE), "CAS succeeds", across(true), "CAS fails", across(false));
    }

    static Program bursts(final boolean atomic, final AccessMode release) {
        final Program program = Program.named("claims");
        final long claim = program.allocate("claim", 4, 8);
        final long count = program.allocate("count", 4, 8);
        return program.thread("A", t -> t.result("A", burst(t.memory(), claim, count, atomic, release)))
                .thread("B", t -> t.result("B", burst(t.memory(), claim, count, atomic, release)))
                .finally_((results, memory) -> results.put("count", memory.getInt(count)));
    }

    static int burst(final ModelledMemory memory, final long claim, final long count, final boolean atomic,
            final AccessMode release) {
        if (memory.getIntOpaque(claim) != FREE || atomic && !memory.compareAndSetInt(claim, FREE, BUSY)) {
            return 0;
        }
        if (!atomic) {
            memory.putIntOpaque(claim, BUSY);
        }
        memory.putInt(count, memory.getInt(count) + 1);
        memory.store(claim, 4, FREE, release);
        return 1;
    }

    static Program across(final boolean succeeds) {
        final Program program = Program.named("CAS as a fence");
        final long x = program.allocate("x", 4, 8);
        final long y = program.allocate("y", 4, 8);
        return program.thread("left", t -> t.result("left sees", storeAndLook(t, x, y, succeeds)))
                .thread("right", t -> t.result("right sees", storeAndLook(t, y, x, succeeds)));
    }

    static int storeAndLook(final ModelledThread t, final long mine, final long theirs, final boolean succeeds) {
        if (succeeds) {
            t.assertThat(t.memory().compareAndSetInt(mine, 0, 1), "nobody else stores it");
            return t.memory().getIntOpaque(theirs);
        }
        t.memory().putIntOpaque(mine, 1);
        return t.memory().compareAndSetInt(theirs, 1, 2) ? 1 : 0;
    }
}
