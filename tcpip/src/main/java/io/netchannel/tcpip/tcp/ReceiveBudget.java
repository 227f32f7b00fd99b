package io.netchannel.tcpip.tcp;

/**
 * Packet buffers that the flows of a stack hold because their applications don't consume, or because data is missing
 * before them: bounded, so that such flows can't take the buffers that the others and the devices live on.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ReceiveBudget {

    private final int limitBuffers;
    private int heldBuffers;
    // Of those the ones that applications keep though they have read them.
    private int keptBuffers;

    ReceiveBudget(final int limitBuffers) {
        this.limitBuffers = limitBuffers;
    }

    boolean takes(final int buffers) {
        return heldBuffers + buffers <= limitBuffers;
    }

    boolean tryHold(final int buffers) {
        if (!takes(buffers)) {
            return false;
        }
        heldBuffers += buffers;
        return true;
    }

    /** The same for data that can't be delivered yet: the last quarter is for what fills the gaps. */
    boolean tryHoldOutOfOrder(final int buffers) {
        return heldBuffers + buffers <= limitBuffers - (limitBuffers >>> 2) && tryHold(buffers);
    }

    /**
     * One for an application that has read it and keeps it: half of all at most, so that however slow it is, flows can go on by
     * having their data copied.
     */
    boolean tryKeep() {
        if (keptBuffers >= limitBuffers >>> 1 || !tryHold(1)) {
            return false;
        }
        keptBuffers++;
        return true;
    }

    void releaseKept() {
        keptBuffers--;
        release(1);
    }

    int keptBuffers() {
        return keptBuffers;
    }

    void release(final int buffers) {
        heldBuffers -= buffers;
    }

    /** Whether a fair part is free again, so that flows that were starved can go on. */
    boolean isRelaxed() {
        return heldBuffers <= limitBuffers - (limitBuffers >>> 2);
    }

    int heldBuffers() {
        return heldBuffers;
    }
}
