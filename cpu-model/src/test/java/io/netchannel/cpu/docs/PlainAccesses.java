package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 9. */
final class PlainAccesses implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("plain", counter(PLAIN), "opaque", counter(OPAQUE), "one word", register(true, 0), "two halves",
                register(false, 0), "misaligned", register(true, 4));
    }

    static Program counter(final AccessMode mode) {
        final Program program = Program.named("counter");
        final long count = program.allocate("count", 8, 8);
        return program.thread("owner", t -> t.memory().store(count, 8, 1, mode)).thread("monitor", t -> {
            t.result("first", t.memory().load(count, 8, mode));
            t.result("second", t.memory().load(count, 8, mode));
        });
    }

    static Program register(final boolean whole, final int misalignedBytes) {
        final Program program = Program.named("register");
        final long word = program.allocate("word", 16, 8) + misalignedBytes;
        final AccessMode mode = misalignedBytes == 0 ? OPAQUE : PLAIN;
        return program.thread("control", t -> {
            final ModelledMemory memory = t.memory();
            if (whole) {
                memory.store(word, 8, 0x1_0000_0001L, mode);
            } else {
                memory.putIntOpaque(word, 1);
                memory.putIntOpaque(word + 4, 1);
            }
        }).thread("poller", t -> {
            final ModelledMemory memory = t.memory();
            final long seen = whole
                    ? memory.load(word, 8, mode)
                    : memory.getIntOpaque(word) | (long) memory.getIntOpaque(word + 4) << 32;
            t.result("low", seen & 1);
            t.result("high", seen >>> 32);
        });
    }
}
