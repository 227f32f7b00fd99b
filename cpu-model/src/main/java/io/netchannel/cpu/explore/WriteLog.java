package io.netchannel.cpu.explore;

import java.util.Arrays;

/**
 * The stores of all threads in the one order in which the memory took them; a store's number in it, from 1 on, is its
 * time. Time 0 is the set-up. A stack: the search adds stores and takes them off again.
 */
final class WriteLog {

    private final Cells cells;
    private final byte[] initial;
    private final int[][] timesOf;
    private final int[] timeCounts;
    private int[] offsets = new int[64];
    private int[] sizes = new int[64];
    private int[] threads = new int[64];
    private int[] ordinals = new int[64];
    private long[] values = new long[64];
    private final int[] countOf;
    private int size;

    WriteLog(final Cells cells, final byte[] initial, final int threadCount) {
        this.cells = cells;
        this.initial = initial;
        timesOf = new int[cells.count()][8];
        timeCounts = new int[cells.count()];
        countOf = new int[threadCount];
    }

    int size() {
        return size;
    }

    int push(final int offset, final int sizeBytes, final long value, final int thread) {
        final int time = ++size;
        if (time == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * time);
            sizes = Arrays.copyOf(sizes, 2 * time);
            threads = Arrays.copyOf(threads, 2 * time);
            ordinals = Arrays.copyOf(ordinals, 2 * time);
            values = Arrays.copyOf(values, 2 * time);
        }
        offsets[time] = offset;
        sizes[time] = sizeBytes;
        values[time] = value;
        threads[time] = thread;
        ordinals[time] = countOf[thread]++;
        for (int cell = cells.first(offset), end = cells.end(offset, sizeBytes); cell < end; cell++) {
            final int n = timeCounts[cell]++;
            if (n == timesOf[cell].length) {
                timesOf[cell] = Arrays.copyOf(timesOf[cell], 2 * n);
            }
            timesOf[cell][n] = time;
        }
        return time;
    }

    void popTo(final int newSize) {
        while (size > newSize) {
            for (int cell = cells.first(offsets[size]),
                    end = cells.end(offsets[size], sizes[size]); cell < end; cell++) {
                timeCounts[cell]--;
            }
            countOf[threads[size]]--;
            size--;
        }
    }

    int offset(final int time) {
        return offsets[time];
    }

    int sizeBytes(final int time) {
        return sizes[time];
    }

    long value(final int time) {
        return values[time];
    }

    int thread(final int time) {
        return threads[time];
    }

    /** How many stores of the same thread are before it in memory: a name that doesn't depend on other threads. */
    int ordinal(final int time) {
        return ordinals[time];
    }

    int timeCount(final int cell) {
        return timeCounts[cell];
    }

    int timeAt(final int cell, final int index) {
        return timesOf[cell][index];
    }

    int newest(final int cell) {
        final int n = timeCounts[cell];
        return n == 0 ? 0 : timesOf[cell][n - 1];
    }

    /** How many stores to the cell there are up to {@code time}. */
    int countUpTo(final int cell, final int time) {
        int count = timeCounts[cell];
        while (count > 0 && timesOf[cell][count - 1] > time) {
            count--;
        }
        return count;
    }

    /** Time of the newest store to the cell before {@code time}. */
    int before(final int cell, final int time) {
        for (int i = timeCounts[cell] - 1; i >= 0; i--) {
            if (timesOf[cell][i] < time) {
                return timesOf[cell][i];
            }
        }
        return 0;
    }

    boolean overlaps(final int time, final int offset, final int sizeBytes) {
        return offsets[time] < offset + sizeBytes && offset < offsets[time] + sizes[time];
    }

    /** The bytes of the range that the store at {@code time}, which covers it, left there. */
    long read(final int time, final int offset, final int sizeBytes) {
        if (time == 0) {
            return initial(offset, sizeBytes);
        }
        return Accesses.mask(sizeBytes, values[time] >>> 8 * (offset - offsets[time]));
    }

    /** A copy of what the set-up left. */
    byte[] initial() {
        return initial.clone();
    }

    private long initial(final int offset, final int sizeBytes) {
        long value = 0;
        for (int i = sizeBytes - 1; i >= 0; i--) {
            value = value << 8 | initial[offset + i] & 0xFF;
        }
        return value;
    }
}
