package io.netchannel.kernel.storage.journal;

import io.netchannel.cpu.OrderedMemory;

/**
 * The position up to which records are durable. The thread that forces stores it, any thread loads it; it only grows.
 */
final class CommitWord {

    static final int SIZE_BYTES = Long.BYTES;

    private final OrderedMemory memory;
    private final long address;

    CommitWord(final OrderedMemory memory, final long address) {
        this.memory = memory;
        this.address = address;
    }

    /** Pairs with {@link #committed}: the records' bytes are stored before a reader finds them committed. Essays 2 and 8. */
    void commit(final long position) {
        memory.putLongRelease(address, position);
    }

    /** Pairs with {@link #commit}. */
    long committed() {
        return memory.getLongAcquire(address);
    }
}
