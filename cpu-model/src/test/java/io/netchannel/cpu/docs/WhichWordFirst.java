package io.netchannel.cpu.docs;

import static io.netchannel.cpu.explore.AccessMode.*;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** Essay 4. */
final class WhichWordFirst implements Essay {

    @Override
    public Map<String, Program> variants() {
        return Map.of("opaque index", takeChain(OPAQUE, false), "acquire index", takeChain(ACQUIRE, false),
                "acquire fence", takeChain(OPAQUE, true), "end acquire, tail", isFinished(ACQUIRE, true),
                "end opaque, tail", isFinished(OPAQUE, true), "tail, end", isFinished(ACQUIRE, false));
    }

    static Program takeChain(final AccessMode look, final boolean fence) {
        final Program program = Program.named("take a chain");
        final long ring = program.allocate("ring", 4, 8);
        final long index = program.allocate("index", 2, 8);
        return program.thread("driver", t -> {
            for (int count = 1; count <= 2; count++) {
                t.memory().putShort(ring + (count - 1) * 2, (short) (count + 6));
                t.memory().putShortRelease(index, (short) count);
            }
        }).thread("device", t -> {
            final long count = t.memory().load(index, 2, look);
            if (fence) {
                t.memory().acquireFence();
            }
            t.result("index", count);
            t.result("entry", count == 0 ? -1 : t.memory().getShort(ring + (count - 1) * 2));
        });
    }

    static Program isFinished(final AccessMode first, final boolean endFirst) {
        final Program program = Program.named("is finished");
        final long tail = program.allocate("tail", 8, 8);
        final long end = program.allocate("end", 8, 8);
        return program.thread("producer", t -> {
            t.memory().putLongRelease(tail, 1);
            t.memory().putLongRelease(end, 1);
        }).thread("consumer", t -> {
            final ModelledMemory memory = t.memory();
            final long one = memory.load(endFirst ? end : tail, 8, first);
            final long two = memory.getLongAcquire(endFirst ? tail : end);
            t.result("end", endFirst ? one : two);
            t.result("tail", endFirst ? two : one);
        });
    }
}
