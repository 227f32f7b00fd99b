package io.netchannel.node;

/** Keeps the first of several failures, and the others with it, where what follows must be done all the same. */
final class Failures {

    private Failures() {
    }

    /** @param first null if this is the first */
    static RuntimeException join(final RuntimeException first, final RuntimeException next) {
        if (first == null) {
            return next;
        }
        if (next != null && next != first) {
            first.addSuppressed(next);
        }
        return first;
    }

    /** @return the failure after {@code first} and whatever {@code step} threw */
    static RuntimeException attempt(final RuntimeException first, final Runnable step) {
        try {
            step.run();
            return first;
        } catch (final RuntimeException e) {
            return join(first, e);
        }
    }
}
