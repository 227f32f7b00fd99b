package io.netchannel.kernel.sched;

/**
 * Decides what a turn without work is followed by, and learns from how long parks and yields last.
 *
 * <p>A yield is cheap as long as the CPU comes back soon. Where a stranger's thread shares the CPU, {@code sched_yield} gives
 * it a whole time slice, while a thread that sleeps and is woken goes before one that has had its share. So a loop that was
 * kept from its CPU parks at once for a while, and for twice as long if the next try ends the same way.
 *
 * <p>Where other loops share the CPU, a loop sees that by how long its yields take, and hardly spins before the next.
 *
 * <p>Threading: the loop's.
 */
final class IdleTurns {

    enum Step {
        SPIN, YIELD, PARK
    }

    /** A park shorter than this cost more than it saved: a few context switches. */
    static final long SHORT_PARK_NS = 50_000;
    /** After one longer than this, nothing was lost by going to sleep at once. */
    static final long LONG_PARK_NS = 1_000_000;

    /** A yield longer than this went to a stranger: other loops give the CPU back after a turn. */
    static final long LONG_YIELD_NS = 1_000_000;
    /** Idle periods without a yield, after the first long one, and at most. */
    static final int MIN_PERIODS_WITHOUT_YIELD = 32;
    static final int MAX_PERIODS_WITHOUT_YIELD = 4096;

    /** A yield longer than this has let another thread run: by itself it takes a quarter of that. */
    static final long SHARED_YIELD_NS = 2_000;
    private static final int MAX_HALVINGS = 10;
    private static final int GOOD_YIELDS_TO_FORGET = 10_000;

    private final IdleStrategy strategy;
    private int halvings;
    private int turns;
    private int periodsWithoutYield;
    private int lastPenalty;
    private boolean sharesCpu;
    private int goodYields;
    private boolean idle;

    IdleTurns(final IdleStrategy strategy) {
        this.strategy = strategy;
    }

    /** There was work. */
    void reset() {
        // Once for each period, and not for each turn with work: a burst must not use the patience up.
        if (idle && periodsWithoutYield > 0) {
            periodsWithoutYield--;
        }
        idle = false;
        turns = 0;
    }

    /** There was none. */
    Step next() {
        idle = true;
        if (periodsWithoutYield > 0 && strategy.parks()) {
            return Step.PARK;
        }
        final int spins = spinTurns() >> halvings;
        final int yields = strategy.maxYieldTurns() >> halvings;
        if (turns < spins) {
            turns++;
            return Step.SPIN;
        }
        if (turns < spins + yields) {
            turns++;
            return Step.YIELD;
        }
        // Not counted on: a loop that was woken for nothing goes back to sleep at once.
        return strategy.parks() ? Step.PARK : Step.YIELD;
    }

    private int spinTurns() {
        return sharesCpu ? Math.min(IdleStrategy.SHARED_SPIN_TURNS, strategy.maxSpinTurns()) : strategy.maxSpinTurns();
    }

    /** @param byPeer whether work ended the park, and not a deadline, which no spinning would have brought nearer */
    void parked(final long durationNs, final boolean byPeer) {
        if (durationNs > LONG_PARK_NS) {
            halvings = Math.min(MAX_HALVINGS, halvings + 1);
        } else if (byPeer && durationNs < SHORT_PARK_NS) {
            halvings = Math.max(0, halvings - 1);
        }
    }

    /** @param durationNs for which this thread was off its CPU, or nearly so */
    void yielded(final long durationNs) {
        sharesCpu = durationNs > SHARED_YIELD_NS;
        if (durationNs > LONG_YIELD_NS) {
            lastPenalty = Math.clamp(2L * lastPenalty, MIN_PERIODS_WITHOUT_YIELD, MAX_PERIODS_WITHOUT_YIELD);
            periodsWithoutYield = lastPenalty;
            goodYields = 0;
        } else {
            goodYields++;
            if (goodYields >= GOOD_YIELDS_TO_FORGET) {
                goodYields = 0;
                lastPenalty >>= 1;
            }
        }
    }
}
