package io.netchannel.kernel.sched;

/**
 * Decides what a turn without work is followed by, and learns from how long parks last.
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

    private static final int MAX_HALVINGS = 10;

    private final IdleStrategy strategy;
    private int halvings;
    private int turns;

    IdleTurns(final IdleStrategy strategy) {
        this.strategy = strategy;
    }

    /** There was work. */
    void reset() {
        turns = 0;
    }

    /** There was none. */
    Step next() {
        final int spins = strategy.maxSpinTurns() >> halvings;
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

    /** @param byPeer whether work ended the park, and not a deadline, which no spinning would have brought nearer */
    void parked(final long durationNs, final boolean byPeer) {
        if (durationNs > LONG_PARK_NS) {
            halvings = Math.min(MAX_HALVINGS, halvings + 1);
        } else if (byPeer && durationNs < SHORT_PARK_NS) {
            halvings = Math.max(0, halvings - 1);
        }
    }
}
