package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 2. */
final class MessagePassing implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("opaque, opaque", offerAndPoll(OPAQUE, OPAQUE), "release, opaque", offerAndPoll(RELEASE, OPAQUE),
                "opaque, acquire", offerAndPoll(OPAQUE, ACQUIRE), "release, acquire", offerAndPoll(RELEASE, ACQUIRE));
    }

    static Program offerAndPoll(final AccessMode publish, final AccessMode look) {
        final Program program = Program.named("offer and poll");
        final long slot = program.allocate("slot", 8, 8);
        final long tail = program.allocate("tail", 8, 8);
        return program.thread("producer", t -> {
            t.memory().putLong(slot, 42);
            t.memory().store(tail, 8, 1, publish);
        }).thread("consumer", t -> {
            final long seen = t.memory().load(tail, 8, look);
            t.result("tail", seen);
            t.result("value", seen == 1 ? t.memory().getLong(slot) : -1);
        });
    }
}
