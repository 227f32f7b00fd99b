package io.netchannel.samples.haproxy.load;

import io.netchannel.samples.load.Turns;
import io.netchannel.samples.load.Turns.Measurement;
import java.util.List;
import java.util.function.Consumer;

/**
 * One comparison: each path is warmed up once, then all take turns.
 *
 * @param warmUpNs of each path; 0 for none
 */
record LoadRun(LoadProfile profile, int rounds, long durationNs, long warmUpNs) {

    private static final double SET_UP_SECONDS = 1;

    /** @param progress is told what is about to run, and what has failed */
    List<LoadResult> execute(final List<ProxyPath> paths, final Consumer<String> progress) {
        final Turns turns = new Turns(rounds, warmUpNs > 0 ? 1 : 0, durationNs, warmUpNs, progress);
        final List<Measurement<LoadRound>> all = paths.stream()
                .map(path -> new Measurement<>(path.label(), path.label(), path::run)).toList();
        turns.execute(all);
        return all.stream()
                .map(one -> new LoadResult(one.path(), List.copyOf(one.done()), turns.failure(one.path()))).toList();
    }

    /** What {@link #execute} will take, roughly. */
    double estimatedSeconds(final int paths) {
        return paths * (SET_UP_SECONDS + (warmUpNs + rounds * durationNs) / 1e9);
    }
}
