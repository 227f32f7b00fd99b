package io.netchannel.kernel.storage.block;

import static io.netchannel.kernel.linux.SubmissionEntryLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.IoUringFlags;

/**
 * The application's side of io_uring's submission ring: entries go in at the tail, the kernel takes them at the head.
 * Both indices run over 32 bits and wrap around.
 *
 * <p>The index array between tail and entries, which the kernel reads, is the identity, written once.
 *
 * <p>Threading: one thread; the kernel on its other side may run on any CPU, when a kernel thread takes submissions.
 */
final class SubmissionRing {

    /** No entry is free. */
    static final long FULL = 0;

    private final OrderedMemory memory;
    private final long headAddress;
    private final long tailAddress;
    private final long flagsAddress;
    private final long entries;
    private final int size;
    private int tail;
    private int published;
    private int headSeen;

    /**
     * Over zeroed memory.
     *
     * @param array of {@code size} indices
     * @param entries of {@code size} submission entries
     * @param size a power of two
     */
    SubmissionRing(final OrderedMemory memory, final long headAddress, final long tailAddress, final long flagsAddress,
            final long array, final long entries, final int size) {
        this.memory = memory;
        this.headAddress = headAddress;
        this.tailAddress = tailAddress;
        this.flagsAddress = flagsAddress;
        this.entries = entries;
        this.size = size;
        for (int i = 0; i < size; i++) {
            memory.putInt(array + (long) i * Integer.BYTES, i);
        }
    }

    /** @return address of the next entry, which the caller fills, or {@link #FULL} */
    private long claim() {
        if (tail - headSeen == size) {
            // Pairs with the kernel's release of the head. Without it the kernel could still be reading the entry that is
            // overwritten now. Essay 3.
            headSeen = memory.getIntAcquire(headAddress);
            if (tail - headSeen == size) {
                return FULL;
            }
        }
        final long entry = entries + (long) (tail & size - 1) * ENTRY_BYTES;
        tail++;
        return entry;
    }

    /**
     * Adds an entry; the kernel does not see it before {@link #publish}.
     *
     * @param operation as {@link io.netchannel.kernel.linux.SubmissionEntryLayout#operation}
     * @param length as {@link io.netchannel.kernel.linux.SubmissionEntryLayout#length}
     * @return false if there is no room
     */
    boolean add(final long operation, final long offset, final long address, final long length, final long userData,
            final int bufferIndex) {
        final long entry = claim();
        if (entry == FULL) {
            return false;
        }
        memory.putLong(entry + OPERATION_OFFSET, operation);
        memory.putLong(entry + OFFSET_OFFSET, offset);
        memory.putLong(entry + ADDRESS_OFFSET, address);
        memory.putLong(entry + LENGTH_OFFSET, length);
        memory.putLong(entry + USER_DATA_OFFSET, userData);
        memory.putLong(entry + BUFFER_INDEX_OFFSET, bufferIndex);
        memory.putLong(entry + ADDRESS3_OFFSET, 0);
        memory.putLong(entry + PADDING_OFFSET, 0);
        return true;
    }

    /** @return entries that the kernel can see from now on and could not before */
    int publish() {
        final int added = tail - published;
        if (added != 0) {
            published = tail;
            // Pairs with the kernel's acquire of the tail. Without it a kernel thread could take an entry before its
            // words are written. Essay 2.
            memory.putIntRelease(tailAddress, tail);
        }
        return added;
    }

    /** Entries added and not published. */
    boolean hasUnpublished() {
        return tail != published;
    }

    /** Entries published that the kernel has not taken yet. */
    int pending() {
        headSeen = memory.getIntAcquire(headAddress);
        return published - headSeen;
    }

    /** After {@link #publish}: whether the kernel thread that takes submissions sleeps, and has to be woken. */
    boolean needsWakeUp() {
        // Pairs with the kernel's fence between its store of NEED_WAKEUP and its last look at the tail. Without both each
        // could miss the other's store, and the entries would lie there while the thread sleeps. Essay 5.
        memory.fullFence();
        return (memory.getIntOpaque(flagsAddress) & IoUringFlags.IORING_SQ_NEED_WAKEUP) != 0;
    }

    /** Whether requests are done but for what the kernel left to do on this thread, when it next enters. */
    boolean hasTaskWork() {
        // Needs no order: the work itself is behind a system call, and before a sleep the eventfd is what tells.
        return (memory.getIntOpaque(flagsAddress) & IoUringFlags.IORING_SQ_TASKRUN) != 0;
    }
}
