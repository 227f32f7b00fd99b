package io.netchannel.cpu.explore;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What was observed anywhere in an exploration, on which the search relies when it leaves an order of stores out.
 *
 * <p>Two neighbouring stores to different words, neither of which saw the other, may change places unless a third
 * access is after the first and before the second: a load of the second's word that returns an older store, and whose
 * view is exactly the first. The search asks whether there was ever such a load. If there was none when it asked and
 * one appears later, the exploration begins anew with what is known by then.
 *
 * <p>A store is named by its thread and its ordinal among that thread's, a word's state by how many stores to it came
 * before: names that mean the same in sequences that differ in the order of other stores.
 */
final class Observations {

    private static final int NEVER = Integer.MAX_VALUE;

    private final int cellCount;
    private final int threadCount;
    /** By loading and storing thread, by ordinal, by cell: the fewest stores that the cell had had for a load. */
    private final int[][][] seen;
    /** Likewise: the most stores for which the search was told that there is no such load. */
    private final int[][][] denied;
    private final Set<String> reached = new LinkedHashSet<>();
    private boolean stale;

    Observations(final int cellCount, final int threadCount) {
        this.cellCount = cellCount;
        this.threadCount = threadCount;
        seen = new int[threadCount * threadCount][0][];
        denied = new int[threadCount * threadCount][0][];
    }

    private int[] row(final int[][][] table, final int loader, final int storer, final int ordinal, final int fill) {
        final int pair = loader * threadCount + storer;
        if (ordinal >= table[pair].length) {
            table[pair] = Arrays.copyOf(table[pair], Math.max(16, 2 * ordinal));
        }
        int[] row = table[pair][ordinal];
        if (row == null) {
            row = new int[cellCount];
            Arrays.fill(row, fill);
            table[pair][ordinal] = row;
        }
        return row;
    }

    /**
     * A load of the cell had to be after the store at {@code view}.
     *
     * @param before how many stores the cell had had up to the one that was returned
     */
    void read(final int thread, final WriteLog log, final int view, final int cell, final int before) {
        final int storer = log.thread(view);
        final int ordinal = log.ordinal(view);
        final int[] row = row(seen, thread, storer, ordinal, NEVER);
        if (before < row[cell]) {
            row[cell] = before;
            stale |= row(denied, thread, storer, ordinal, -1)[cell] >= before;
        }
    }

    /**
     * Whether a thread other than {@code writer} ever loaded one of the cells, as it is now or older, right after the
     * newest store.
     */
    boolean mayBeObserved(final WriteLog log, final int firstCell, final int endCell, final int writer) {
        final int storer = log.thread(log.size());
        final int ordinal = log.ordinal(log.size());
        for (int thread = 0; thread < threadCount; thread++) {
            for (int cell = firstCell; thread != writer && cell < endCell; cell++) {
                final int now = log.timeCount(cell);
                if (row(seen, thread, storer, ordinal, NEVER)[cell] <= now) {
                    return true;
                }
                final int[] row = row(denied, thread, storer, ordinal, -1);
                row[cell] = Math.max(row[cell], now);
            }
        }
        return false;
    }

    /** Whether an answer turned out wrong; asking forgets it, for the exploration that begins anew. */
    boolean takeStale() {
        final boolean was = stale;
        stale = false;
        return was;
    }

    void reached(final String bound) {
        reached.add(bound);
    }

    Set<String> reached() {
        return reached;
    }
}
