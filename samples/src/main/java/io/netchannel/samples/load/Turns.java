package io.netchannel.samples.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Lets each measurement have its turn, round by round: uncounted ones first, then the counted. So a change in the machine's mood
 * meets all of them. A path that fails does no more; what it has done is kept.
 *
 * <p>Threading: one thread.
 */
public final class Turns {

    private final int rounds;
    private final int warmUpRounds;
    private final long durationNs;
    private final long warmUpNs;
    private final Consumer<String> progress;
    private final Map<String, String> failures = new HashMap<>();

    /** @param progress is told what is about to run, and what has failed */
    public Turns(final int rounds, final int warmUpRounds, final long durationNs, final long warmUpNs,
            final Consumer<String> progress) {
        this.rounds = rounds;
        this.warmUpRounds = warmUpRounds;
        this.durationNs = durationNs;
        this.warmUpNs = warmUpNs;
        this.progress = progress;
    }

    /**
     * A measurement of a path.
     *
     * @param title for the progress
     * @param run does one round of so many ns
     * @param done the counted rounds
     */
    public record Measurement<R>(String path, String title, LongFunction<R> run, List<R> done) {

        public Measurement(final String path, final String title, final LongFunction<R> run) {
            this(path, title, run, new ArrayList<>());
        }
    }

    /** Does a path's task, unless it has failed before. */
    public void attempt(final String path, final Runnable task) {
        if (failures.containsKey(path)) {
            return;
        }
        try {
            task.run();
        } catch (final LoadFailure e) {
            failures.put(path, e.getMessage());
            progress.accept("path " + path + " failed: " + e.getMessage());
        }
    }

    /** All rounds of all. */
    public <R> void execute(final List<Measurement<R>> measurements) {
        for (int round = 1 - warmUpRounds; round <= rounds; round++) {
            final boolean counted = round > 0;
            final String turn = counted ? "round " + round + " of " + rounds : "warm-up";
            for (final Measurement<R> measurement : measurements) {
                attempt(measurement.path(), () -> {
                    progress.accept(turn + ": " + measurement.title());
                    final R done = measurement.run().apply(counted ? durationNs : warmUpNs);
                    if (counted) {
                        measurement.done().add(done);
                    }
                });
            }
        }
    }

    /** Why a path stopped; null if it didn't. */
    public String failure(final String path) {
        return failures.get(path);
    }
}
