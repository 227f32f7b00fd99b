package io.netchannel.cpu.docs;

import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 5. */
final class EventIndexes implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("no fence", bothWays(false, false), "fence when asking", bothWays(false, true),
                "fence when publishing", bothWays(true, false), "all four", bothWays(true, true));
    }

    static Program bothWays(final boolean publishing, final boolean asking) {
        final Program program = Program.named("EVENT_IDX");
        final long available = program.allocate("available index", 2, 8);
        final long availableEvent = program.allocate("available event", 2, 8);
        final long used = program.allocate("used index", 2, 8);
        final long usedEvent = program.allocate("used event", 2, 8);
        return program.thread("driver", t -> {
            t.result("kicks", publish(t.memory(), available, availableEvent, publishing));
            t.result("sees used", ask(t.memory(), usedEvent, used, asking));
        }).thread("device", t -> {
            t.result("sees available", ask(t.memory(), availableEvent, available, asking));
            t.result("interrupts", publish(t.memory(), used, usedEvent, publishing));
        }).finally_((results, memory) -> {
            results.put("device sleeps", 1 - (results.get("kicks") | results.get("sees available")));
            results.put("driver sleeps", 1 - (results.get("interrupts") | results.get("sees used")));
        });
    }

    static long publish(final ModelledMemory memory, final long index, final long event, final boolean fence) {
        memory.putShortRelease(index, (short) 1);
        if (fence) {
            memory.fullFence();
        }
        return memory.getShortOpaque(event);
    }

    static long ask(final ModelledMemory memory, final long event, final long index, final boolean fence) {
        memory.putShortOpaque(event, (short) 1);
        if (fence) {
            memory.fullFence();
        }
        return memory.getShortAcquire(index);
    }
}
