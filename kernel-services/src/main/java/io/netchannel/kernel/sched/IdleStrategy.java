package io.netchannel.kernel.sched;

/**
 * What a loop does with turns that find no work: some it spins, then some it yields its CPU, then it parks.
 *
 * <p>The numbers are upper bounds. A loop learns how much waiting is worth it: the turns double when a park turns out
 * to have been shorter than what it costs, and halve when it was long. So a loop under load hardly sleeps, and an idle
 * one, woken by a timer now and then, goes back to sleep at once.
 *
 * @param maxSpinTurns turns with nothing but a pause instruction in between
 * @param maxYieldTurns turns with {@code sched_yield} in between, by which other threads of the same CPU run
 * @param parks whether the loop sleeps after that; else it keeps yielding
 */
public record IdleStrategy(int maxSpinTurns, int maxYieldTurns, boolean parks) {

    /**
     * Hardly spins, but yields for some tens of microseconds: fit for more loops than CPUs. Where the peer of a
     * transaction waits for this CPU, a yield lets it run at once; where it has its own, a yield returns at once, but
     * costs as much as half a transaction. Sixteen turns cover the wait for a peer with a CPU of its own. A loop whose yields
     * let others run makes no more than two: netperf's TCP_RR over channels, four loops on two CPUs, gains a quarter to a half.
     */
    public static final IdleStrategy ADAPTIVE = new IdleStrategy(16, 200, true);

    /** Sleeps at the first turn without work: the least CPU, the most wake-ups. */
    public static final IdleStrategy PARK_AT_ONCE = new IdleStrategy(0, 0, true);

    /** Never sleeps: the lowest latency, for a loop with a CPU of its own. */
    public static final IdleStrategy BUSY = new IdleStrategy(1000, 1, false);

    /**
     * Spinning turns of a loop whose yields let others run. Whoever it waits for may be who waits for the CPU, so to spin
     * only delays it.
     */
    public static final int SHARED_SPIN_TURNS = 2;

    /** Turns of either kind. */
    public static final int MAX_TURNS = 1_000_000;

    public IdleStrategy {
        if (maxSpinTurns < 0 || maxSpinTurns > MAX_TURNS) {
            throw new IllegalArgumentException("maxSpinTurns=" + maxSpinTurns + " is not within 0.." + MAX_TURNS);
        }
        if (maxYieldTurns < 0 || maxYieldTurns > MAX_TURNS) {
            throw new IllegalArgumentException("maxYieldTurns=" + maxYieldTurns + " is not within 0.." + MAX_TURNS);
        }
    }
}
