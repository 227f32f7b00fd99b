package io.netchannel.samples.haproxy.proxy;

/** Why and when a stream ended: the two first chars of its termination state (configuration manual, 8.5). */
final class Termination {

    static final char NONE = '-';

    private char cause = NONE;
    private char phase = NONE;

    /** The first cause stands: what follows from it is no news. */
    void set(final char newCause, final char newPhase) {
        if (cause == NONE) {
            cause = newCause;
        }
        if (phase == NONE) {
            phase = newPhase;
        }
    }

    char cause() {
        return cause;
    }

    char phase() {
        return phase;
    }

    boolean isSet() {
        return cause != NONE;
    }
}
