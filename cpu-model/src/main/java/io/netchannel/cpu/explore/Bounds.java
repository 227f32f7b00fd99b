package io.netchannel.cpu.explore;

/**
 * How far is explored. Everything within is; what was met and lies beyond is named in {@link Exploration#boundsReached}.
 *
 * @param failedTries tries of one {@code await} that may fail before it succeeds, though a newer value was there
 * @param storingTries failed tries of one {@code await} that may store
 * @param rereads how often a thread may load the same store again before it stores or fences itself; more is a spin
 *            without {@code await}, which waits for ever if there is nothing newer
 * @param accesses of one thread in one run; more is a loop without {@code await}
 * @param memories sequences of stores that are tried
 * @param races whether an unordered plain access is a violation
 * @param everyOrder whether orders of stores are tried that others stand for; slow, and to check the explorer itself
 */
public record Bounds(int failedTries, int storingTries, int rereads, int accesses, long memories, boolean races,
        boolean everyOrder) {

    /** One failed try, two with stores. */
    public static final Bounds DEFAULT = new Bounds(1, 2, 64, 20_000, Long.MAX_VALUE, true, false);

    public Bounds withFailedTries(final int tries) {
        return new Bounds(tries, storingTries, rereads, accesses, memories, races, everyOrder);
    }

    public Bounds withStoringTries(final int tries) {
        return new Bounds(failedTries, tries, rereads, accesses, memories, races, everyOrder);
    }

    public Bounds withRereads(final int limit) {
        return new Bounds(failedTries, storingTries, limit, accesses, memories, races, everyOrder);
    }

    public Bounds withMemories(final long limit) {
        return new Bounds(failedTries, storingTries, rereads, accesses, limit, races, everyOrder);
    }

    /** Races on plain accesses are not looked for, and plain accesses are as good as opaque ones. */
    public Bounds withoutRaces() {
        return new Bounds(failedTries, storingTries, rereads, accesses, memories, false, everyOrder);
    }

    public Bounds withEveryOrder() {
        return new Bounds(failedTries, storingTries, rereads, accesses, memories, races, true);
    }
}
