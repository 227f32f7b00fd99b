package io.netchannel.virtio.model;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;

/**
 * The shape of a ring of many producers who claim their slots: head, then the consumer's tail, then a compare-and-set of the
 * head. With a tail that is older than the head more slots seem to be in use than there are. The compare-and-set notices an
 * old head, but nothing notices an old tail.
 */
final class ManyProducersRing {

    private static final int CAPACITY = 1;

    private final long head;
    private final long tail;
    private final AccessMode headMode;

    private ManyProducersRing(final Program program, final AccessMode headMode) {
        this.headMode = headMode;
        head = program.allocate("head", Integer.BYTES, Long.BYTES);
        tail = program.allocate("tail", Integer.BYTES, Long.BYTES);
    }

    /** @param acquires whether the head is loaded before the tail */
    static Program program(final boolean acquires) {
        final Program program = Program.named("ring of many producers");
        final ManyProducersRing ring = new ManyProducersRing(program,
                acquires ? AccessMode.ACQUIRE : AccessMode.OPAQUE);
        program.thread("first producer", t -> {
            ring.claim(t);
            ring.claim(t);
        });
        program.thread("second producer", ring::claim);
        return program.thread("consumer", t -> {
            t.await(() -> t.memory().getIntAcquire(ring.head) != 0);
            t.memory().putIntRelease(ring.tail, 1);
        });
    }

    private boolean claim(final ModelledThread t) {
        final ModelledMemory memory = t.memory();
        final int claimed = (int) memory.load(head, Integer.BYTES, headMode);
        final int free = CAPACITY + memory.getIntAcquire(tail) - claimed;
        // Where the count is unsigned, as in DPDK, less than none is very much.
        t.assertThat(free >= 0, "overrun: " + free + " slots free");
        return free > 0 && memory.compareAndSetInt(head, claimed, claimed + 1);
    }
}
