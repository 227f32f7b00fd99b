package io.netchannel.samples.memcached.load;

import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.Turns;
import io.netchannel.samples.load.Turns.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets each path do each depth in turn, round by round: uncounted ones first, then the counted. So a change in the machine's mood meets
 * all of them.
 *
 * @param depths requests under way on each connection
 */
record LoadRun(LoadProfile profile, List<Integer> depths, int rounds, int warmUpRounds, long durationNs,
        long warmUpNs) {

    private static final double SET_UP_SECONDS = 0.5;

    /**
     * Runs everything. A path that fails does no more; what it has done is kept, and marked.
     *
     * @param progress is told what is about to run, and what has failed
     * @return a result for each depth and path, depths first, in the order given
     */
    List<LoadResult> execute(final List<LoadPath> paths, final Consumer<String> progress) {
        final Turns turns = new Turns(rounds, warmUpRounds, durationNs, warmUpNs, progress);
        for (final LoadPath path : paths) {
            progress.accept("storing " + profile.keys() + " keys: " + path.label());
            turns.attempt(path.label(), () -> checkStored(path.store()));
        }
        final List<LoadResult> results = new ArrayList<>();
        final List<Measurement<LoadRound>> all = new ArrayList<>();
        for (final int depth : depths) {
            for (final LoadPath path : paths) {
                all.add(new Measurement<>(path.label(), "pipeline " + depth + ", " + path.label(),
                        ns -> path.run(depth, ns)));
            }
        }
        turns.execute(all);
        for (final Measurement<LoadRound> one : all) {
            results.add(new LoadResult(depths.get(results.size() / paths.size()), one.path(), List.copyOf(one.done()),
                    turns.failure(one.path())));
        }
        return results;
    }

    private static void checkStored(final LoadCounts counts) {
        if (counts.errors() > 0) {
            throw new LoadFailure("keys are refused: " + counts.firstError());
        }
    }

    /** What {@link #execute} will take, roughly. */
    double estimatedSeconds(final int paths) {
        return paths * (SET_UP_SECONDS + depths.size() * (warmUpRounds * warmUpNs + rounds * durationNs) / 1e9);
    }
}
