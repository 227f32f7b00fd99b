package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 3. */
final class LoadBuffering implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("opaque, opaque", giveBack(OPAQUE, OPAQUE), "release, opaque", giveBack(RELEASE, OPAQUE),
                "opaque, acquire", giveBack(OPAQUE, ACQUIRE), "release, acquire", giveBack(RELEASE, ACQUIRE));
    }

    static Program giveBack(final AccessMode give, final AccessMode look) {
        final Program program = Program.named("give back");
        final long slot = program.allocate("slot", 8, 8);
        final long head = program.allocate("head", 8, 8);
        return program.setup(memory -> memory.putLong(slot, 1)).thread("consumer", t -> {
            t.result("value", t.memory().getLong(slot));
            t.memory().store(head, 8, 1, give);
        }).thread("producer", t -> {
            final long seen = t.memory().load(head, 8, look);
            t.result("head", seen);
            if (seen == 1) {
                t.memory().putLong(slot, 2);
            }
        });
    }
}
