package io.netchannel.samples.memcached.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private record Cell(int depth, LoadPath path, List<LoadRound> rounds) {
    }

    /**
     * Runs everything. A path that fails does no more; what it has done is kept, and marked.
     *
     * @param progress is told what is about to run, and what has failed
     * @return a result for each depth and path, depths first, in the order given
     */
    List<LoadResult> execute(final List<LoadPath> paths, final Consumer<String> progress) {
        final Map<LoadPath, String> failures = new HashMap<>();
        for (final LoadPath path : paths) {
            progress.accept("storing " + profile.keys() + " keys: " + path.label());
            attempt(path, failures, progress, () -> checkStored(path.store()));
        }
        final List<Cell> cells = new ArrayList<>();
        depths.forEach(depth -> paths.forEach(path -> cells.add(new Cell(depth, path, new ArrayList<>()))));
        for (int round = 1 - warmUpRounds; round <= rounds; round++) {
            final boolean counted = round > 0;
            for (final Cell cell : cells) {
                if (failures.containsKey(cell.path())) {
                    continue;
                }
                progress.accept((counted ? "round " + round + " of " + rounds : "warm-up") + ": pipeline "
                        + cell.depth() + ", " + cell.path().label());
                attempt(cell.path(), failures, progress, () -> {
                    final LoadRound done = cell.path().run(cell.depth(), counted ? durationNs : warmUpNs);
                    if (counted) {
                        cell.rounds().add(done);
                    }
                });
            }
        }
        return cells.stream().map(cell -> new LoadResult(cell.depth(), cell.path().label(), List.copyOf(cell.rounds()),
                failures.get(cell.path()))).toList();
    }

    private static void checkStored(final LoadCounts counts) {
        if (counts.errors() > 0) {
            throw new LoadFailure("keys are refused: " + counts.firstError());
        }
    }

    private static void attempt(final LoadPath path, final Map<LoadPath, String> failures,
            final Consumer<String> progress, final Runnable task) {
        try {
            task.run();
        } catch (final LoadFailure e) {
            failures.put(path, e.getMessage());
            progress.accept("path " + path.label() + " failed: " + e.getMessage());
        }
    }

    /** What {@link #execute} will take, roughly. */
    double estimatedSeconds(final int paths) {
        return paths * (SET_UP_SECONDS + depths.size() * (warmUpRounds * warmUpNs + rounds * durationNs) / 1e9);
    }
}
