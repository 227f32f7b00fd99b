package io.netchannel.cpu.explore;

import java.util.Arrays;
import java.util.Map;

/** How a run of one thread against a memory ended that needs no further stores. */
final class Outcome {

    enum Status {
        DONE, BLOCKED, LIMITED, FAILED
    }

    final Status status;
    final Map<String, Long> results;
    /** What it accessed, as {@link Events} writes it. */
    final int[] events;
    final Throwable failure;
    /** Replays it against the same memory. */
    final int[] choices;

    Outcome(final Status status, final Map<String, Long> results, final int[] events, final Throwable failure,
            final int[] choices) {
        this.status = status;
        this.results = results;
        this.events = events;
        this.failure = failure;
        this.choices = choices;
    }

    // The choices don't matter: two runs that saw and did the same are one.
    @Override
    public boolean equals(final Object other) {
        return other instanceof final Outcome that && status == that.status && results.equals(that.results)
                && Arrays.equals(events, that.events);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * results.hashCode() + Arrays.hashCode(events)) + status.ordinal();
    }
}
