package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 8. */
final class Relays implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("all opaque", relay(OPAQUE, OPAQUE, OPAQUE), "relay loads opaque",
                relay(RELEASE, OPAQUE, ACQUIRE), "release, acquire", relay(RELEASE, ACQUIRE, ACQUIRE), "opaque",
                independentReads(OPAQUE, OPAQUE), "acquire", independentReads(RELEASE, ACQUIRE), "volatile",
                independentReads(VOLATILE, VOLATILE));
    }

    static Program relay(final AccessMode publish, final AccessMode relayed, final AccessMode look) {
        final Program program = Program.named("two rings in a row");
        final long packet = program.allocate("packet", 8, 8);
        final long first = program.allocate("first tail", 8, 8);
        final long second = program.allocate("second tail", 8, 8);
        return program.thread("driver", t -> {
            t.memory().putLong(packet, 42);
            t.memory().store(first, 8, 1, publish);
        }).thread("relay", t -> {
            final long seen = t.memory().load(first, 8, relayed);
            t.memory().store(second, 8, seen, publish);
        }).thread("application", t -> {
            final long seen = t.memory().load(second, 8, look);
            t.result("tail", seen);
            t.result("value", seen == 1 ? t.memory().getLong(packet) : -1);
        });
    }

    static Program independentReads(final AccessMode store, final AccessMode load) {
        final Program program = Program.named("independent reads");
        final long x = program.allocate("x", 4, 8);
        final long y = program.allocate("y", 4, 8);
        return program.thread("X", t -> t.memory().store(x, 4, 1, store))
                .thread("Y", t -> t.memory().store(y, 4, 1, store)).thread("x first", t -> {
                    final boolean before = t.memory().load(x, 4, load) == 1;
                    t.result("saw x alone", before && t.memory().load(y, 4, load) == 0 ? 1 : 0);
                }).thread("y first", t -> {
                    final boolean before = t.memory().load(y, 4, load) == 1;
                    t.result("saw y alone", before && t.memory().load(x, 4, load) == 0 ? 1 : 0);
                });
    }
}
