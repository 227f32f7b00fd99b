package io.netchannel.cpu.explore;

/**
 * Two accesses to the same bytes, one at least a store and one at least plain, with no happens-before between them.
 *
 * @param firstAccess its place among the accesses of its thread, from 0 on
 * @param secondAccess likewise
 */
record Race(int firstThread, int firstAccess, int secondThread, int secondAccess) {

    @Override
    public String toString() {
        return "data race between access " + firstAccess + " of thread " + firstThread + " and access " + secondAccess
                + " of thread " + secondThread;
    }
}
