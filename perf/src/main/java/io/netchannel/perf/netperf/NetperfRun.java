package io.netchannel.perf.netperf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets each path do each test in turn, round by round: one uncounted round to warm up, then the counted ones.
 *
 * @param rounds counted rounds
 * @param durationNs of one test in one counted round
 * @param warmUpNs of one test in the uncounted round
 */
record NetperfRun(List<NetperfTest> tests, Workload workload, int rounds, long durationNs, long warmUpNs) {

    /**
     * Runs everything.
     *
     * @param progress is told what is about to run
     * @return a result for each test and path, tests first, in the order given
     */
    List<NetperfResult> execute(final List<NetperfPath> paths, final Consumer<String> progress) {
        final Map<NetperfTest, Map<String, List<Measurement>>> all = new LinkedHashMap<>();
        for (final NetperfTest test : tests) {
            final Map<String, List<Measurement>> ofTest = all.computeIfAbsent(test, t -> new LinkedHashMap<>());
            paths.forEach(path -> ofTest.put(path.name(), new ArrayList<>()));
        }
        for (int round = 0; round <= rounds; round++) {
            for (final NetperfTest test : tests) {
                for (final NetperfPath path : paths) {
                    progress.accept((round == 0 ? "warm-up" : "round " + round + " of " + rounds) + ": " + test + " "
                            + path.name());
                    final Measurement measured = path.run(test, workload, round == 0 ? warmUpNs : durationNs);
                    if (round > 0) {
                        all.get(test).get(path.name()).add(measured);
                    }
                }
            }
        }
        final List<NetperfResult> results = new ArrayList<>();
        all.forEach((test, ofTest) -> ofTest
                .forEach((path, rows) -> results.add(new NetperfResult(test, path, List.copyOf(rows)))));
        return results;
    }

    /** What {@link #execute} will take with that many paths, roughly. */
    double estimatedSeconds(final int paths) {
        return tests.size() * paths * (warmUpNs + rounds * durationNs + (rounds + 1) * 60e6) / 1e9;
    }
}
