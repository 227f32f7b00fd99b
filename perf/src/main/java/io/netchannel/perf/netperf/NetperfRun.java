package io.netchannel.perf.netperf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets each path do each test in turn, round by round: one uncounted round to warm up, then the counted ones. So a change in
 * the machine's mood meets all of them.
 *
 * @param rounds counted rounds
 * @param durationNs of one test in one counted round
 * @param warmUpNs of one test in the uncounted round
 */
public record NetperfRun(List<TestCase> cases, int rounds, long durationNs, long warmUpNs) {

    private static final double SET_UP_SECONDS = 0.08;

    /** A test of a path, and what it has come to. */
    private record Cell(TestCase test, NetperfPath path, List<Measurement> measurements) {
    }

    /**
     * Runs everything. A path that fails does no more; what it has done is kept, and marked.
     *
     * @param progress is told what is about to run, and what has failed
     * @return a result for each test and path, tests first, in the order given
     */
    List<NetperfResult> execute(final List<? extends NetperfPath> paths, final Consumer<String> progress) {
        final List<Cell> cells = new ArrayList<>();
        for (final TestCase test : cases) {
            for (final NetperfPath path : paths) {
                if (path.supports(test)) {
                    cells.add(new Cell(test, path, new ArrayList<>()));
                }
            }
        }
        final Map<NetperfPath, String> failures = new HashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (final Cell cell : cells) {
                if (!failures.containsKey(cell.path())) {
                    progress.accept((round == 0 ? "warm-up" : "round " + round + " of " + rounds) + ": "
                            + cell.test().title() + ", " + cell.path().name());
                    run(cell, round, failures, progress);
                }
            }
        }
        return cells.stream().map(cell -> new NetperfResult(cell.test(), cell.path().name(),
                List.copyOf(cell.measurements()), cell.path().idleMemory(), failures.get(cell.path()))).toList();
    }

    private void run(final Cell cell, final int round, final Map<NetperfPath, String> failures,
            final Consumer<String> progress) {
        try {
            final Measurement measured = cell.path().run(cell.test(), round == 0 ? warmUpNs : durationNs);
            if (round > 0) {
                cell.measurements().add(measured);
            }
        } catch (final NetperfException e) {
            final String what = cell.test().test() + ": " + e.getMessage();
            failures.put(cell.path(), what);
            progress.accept("path " + cell.path().name() + " failed in " + what);
        }
    }

    /** What {@link #execute} will take, roughly. */
    double estimatedSeconds(final List<? extends NetperfPath> paths) {
        final long cells = cases.stream().mapToLong(test -> paths.stream().filter(path -> path.supports(test)).count())
                .sum();
        return cells * (warmUpNs / 1e9 + rounds * durationNs / 1e9 + (rounds + 1) * SET_UP_SECONDS);
    }
}
