package io.netchannel.node.fiber;

/**
 * Where the caller of an operation and the loop meet: the one begins it, the other ends it, again and again.
 *
 * <pre>
 *   caller:  number, then UNDER_WAY ──▶ … ──▶ sees it ended, and what the loop did for it
 *   loop:                 ──▶ does it ──▶ ended
 * </pre>
 * An interrupt comes to the loop late, perhaps when the next operation is under way; so each has a number.
 *
 * <p>Threading: {@link #begin} the caller, {@link #end} and {@link #isUnderWay(int)} the loop, the rest both. For a fiber they are one.
 */
final class Rendezvous {

    private static final int UNDER_WAY = -1;
    private static final int NONE_YET = 0;

    // The caller's; the loop reads it while the operation is under way.
    private int number;
    // How it ended, or UNDER_WAY. Volatile for two pairs: the loop's store brings the caller what was read into its memory; the
    // caller's store brings the loop the number, which an interrupt would else mistake for that of the operation before.
    private volatile int state = NONE_YET;

    /** @return the number of the operation that begins */
    int begin() {
        number++;
        state = UNDER_WAY;
        return number;
    }

    boolean isUnderWay() {
        return state == UNDER_WAY;
    }

    boolean isUnderWay(final int which) {
        // In this order: the number belongs to what is under way.
        return state == UNDER_WAY && number == which;
    }

    /** @param how at least 0 */
    void end(final int how) {
        state = how;
    }

    /** How the last one ended. */
    int outcome() {
        return state;
    }
}
