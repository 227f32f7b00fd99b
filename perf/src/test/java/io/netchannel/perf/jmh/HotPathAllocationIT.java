package io.netchannel.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** No stage of the hot path allocates, by JMH's allocation profiler. */
final class HotPathAllocationIT {

    private static final String ALLOCATION = "gc.alloc.rate.norm";
    /** The smallest object. What is less is the harness's own allocation, spread over the operations. */
    private static final double OBJECT_BYTES = 16;

    @Test
    void shouldAllocateNothingPerPacket() throws RunnerException {
        final Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include(HotPathBenchmark.class.getSimpleName()).include(RingBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class).forks(1).warmupIterations(3).warmupTime(TimeValue.milliseconds(700))
                .measurementIterations(2).measurementTime(TimeValue.milliseconds(700)).shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build()).run();
        assertThat(results).hasSizeGreaterThanOrEqualTo(6);
        for (final RunResult result : results) {
            final double bytes = result.getSecondaryResults().get(ALLOCATION).getScore();
            assertThat(bytes).as("bytes allocated by an operation of %s %s", result.getParams().getBenchmark(),
                    result.getParams().getParamsKeys()).isLessThan(OBJECT_BYTES);
        }
    }
}
