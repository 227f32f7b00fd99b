package io.netchannel.virtio.device;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.net.Scratch;

/**
 * A bounded number of frames, each copied into a cell of its own and due at some time; a heap orders them by that, and
 * among equals by the order in which they came.
 *
 * <p>Threading: confined to one thread.
 */
final class FrameStore {

    static final int FULL = -1;

    private final Scratch cellMemory;
    private final long base;
    private final int cellBytes;
    private final int[] lengths;
    private final long[] dueNs;
    private final long[] sequences;
    private final int[] heap;
    private final int[] free;
    private int held;
    private int freeCount;
    private long nextSequence;

    FrameStore(final int cells, final int maxFrameBytes) {
        cellBytes = maxFrameBytes + 63 & ~63;
        cellMemory = new Scratch((long) cells * cellBytes, 128);
        base = cellMemory.address();
        lengths = new int[cells];
        dueNs = new long[cells];
        sequences = new long[cells];
        heap = new int[cells];
        free = new int[cells];
        for (int i = 0; i < cells; i++) {
            free[i] = cells - 1 - i;
        }
        freeCount = cells;
    }

    OrderedMemory memory() {
        return cellMemory.memory();
    }

    /** @return a cell, or {@link #FULL} */
    int allocate(final int frameBytes) {
        if (freeCount == 0) {
            return FULL;
        }
        final int cell = free[--freeCount];
        lengths[cell] = frameBytes;
        return cell;
    }

    int maxFrameBytes() {
        return cellBytes;
    }

    long address(final int cell) {
        return base + (long) cell * cellBytes;
    }

    int lengthBytes(final int cell) {
        return lengths[cell];
    }

    void schedule(final int cell, final long atNs) {
        dueNs[cell] = atNs;
        sequences[cell] = nextSequence++;
        int at = held++;
        while (at > 0 && isBefore(cell, heap[at - 1 >>> 1])) {
            heap[at] = heap[at - 1 >>> 1];
            at = at - 1 >>> 1;
        }
        heap[at] = cell;
    }

    boolean isEmpty() {
        return held == 0;
    }

    /** The cell that is due first; there must be one. */
    int first() {
        return heap[0];
    }

    long dueNs(final int cell) {
        return dueNs[cell];
    }

    /** Frees the cell that is due first. */
    void removeFirst() {
        free[freeCount++] = heap[0];
        final int last = heap[--held];
        int at = 0;
        for (int child = 1; child < held; child = 2 * at + 1) {
            if (child + 1 < held && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], last)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
    }

    // Times compare by difference, as those of a NanoClock must.
    private boolean isBefore(final int cell, final int other) {
        final long difference = dueNs[cell] - dueNs[other];
        return difference < 0 || difference == 0 && sequences[cell] < sequences[other];
    }
}
