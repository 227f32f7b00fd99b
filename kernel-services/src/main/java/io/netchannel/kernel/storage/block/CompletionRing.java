package io.netchannel.kernel.storage.block;

import static io.netchannel.kernel.linux.CompletionEntryLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * The application's side of io_uring's completion ring: the kernel puts entries in at the tail, they are taken at the
 * head. Both indices run over 32 bits and wrap around.
 *
 * <p>Use: {@link #next} until it is false; {@link #userData}, {@link #result} after each; {@link #release} once behind
 * them all.
 *
 * <p>Threading: one thread; the kernel on its other side may run on any CPU.
 */
final class CompletionRing {

    private final OrderedMemory memory;
    private final long headAddress;
    private final long tailAddress;
    private final long entries;
    private final int mask;
    private int head;
    private int tailSeen;
    private int released;
    private long userData;
    private int result;

    /** @param size a power of two */
    CompletionRing(final OrderedMemory memory, final long headAddress, final long tailAddress, final long entries,
            final int size) {
        this.memory = memory;
        this.headAddress = headAddress;
        this.tailAddress = tailAddress;
        this.entries = entries;
        this.mask = size - 1;
    }

    /** Takes the next entry. @return false if there is none */
    boolean next() {
        if (isEmpty()) {
            return false;
        }
        final long entry = entries + (long) (head & mask) * ENTRY_BYTES;
        userData = memory.getLong(entry + USER_DATA_OFFSET);
        result = memory.getInt(entry + RESULT_OFFSET);
        head++;
        return true;
    }

    boolean isEmpty() {
        if (head == tailSeen) {
            // Pairs with the kernel's release of the tail. Without it the entry, and the bytes that were read from the
            // device, could still be the old ones. Essay 4.
            tailSeen = memory.getIntAcquire(tailAddress);
        }
        return head == tailSeen;
    }

    long userData() {
        return userData;
    }

    int result() {
        return result;
    }

    /** Gives the entries that were taken back to the kernel. */
    void release() {
        if (released != head) {
            released = head;
            // Pairs with the kernel's acquire of the head. Without it the kernel could overwrite entries that are still to
            // be read here. Essay 3.
            memory.putIntRelease(headAddress, head);
        }
    }
}
