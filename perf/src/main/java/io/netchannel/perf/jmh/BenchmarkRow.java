package io.netchannel.perf.jmh;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * A benchmark's figures. No field holds white space, so a table can be cut at it.
 *
 * @param benchmark class and method
 * @param params {@code name=value,…}, or {@link #NOTHING}
 * @param error half of the confidence interval of 99.9 %; NaN if there was one iteration only
 * @param bytesPerOperation allocated on the heap; 0 if not as much as an object in each invocation
 * @param commit of the code that was measured
 */
record BenchmarkRow(String benchmark, String params, double score, double error, String unit, double bytesPerOperation,
        String commit) {

    static final String NOTHING = "-";
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    /** The smallest object. What is less is the harness's own, some KiB an iteration, spread over the invocations. */
    private static final int OBJECT_BYTES = 16;
    private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_UP);

    static BenchmarkRow of(final RunResult result, final String commit) {
        final BenchmarkParams params = result.getParams();
        final Result<?> primary = result.getPrimaryResult();
        return new BenchmarkRow(shortName(params.getBenchmark()), params(params), primary.getScore(),
                primary.getScoreError(), primary.getScoreUnit(), allocation(result), commit);
    }

    static String shortName(final String benchmark) {
        final String prefix = BenchmarkRow.class.getPackageName() + ".";
        return benchmark.startsWith(prefix) ? benchmark.substring(prefix.length()) : benchmark;
    }

    static String params(final BenchmarkParams params) {
        final String text = params.getParamsKeys().stream().sorted().map(key -> key + "=" + params.getParam(key))
                .collect(Collectors.joining(","));
        return text.isEmpty() ? NOTHING : text.replaceAll("\\s", "_");
    }

    /** The lowest of the iterations: JMH opens the benchmark within the first and closes it within the last. */
    private static double allocation(final RunResult result) {
        final Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
        if (allocation == null) {
            throw new IllegalStateException("JMH's gc profiler gave no " + ALLOCATION);
        }
        final double bytes = allocation.getStatistics().getMin();
        return bytes * result.getParams().getOpsPerInvocation() < OBJECT_BYTES ? 0 : bytes;
    }

    /** What a row of another run has too. */
    String key() {
        return benchmark + " " + params;
    }

    boolean allocates() {
        return bytesPerOperation > 0;
    }

    /** Four digits. */
    String scoreText() {
        return rounded(score).toPlainString();
    }

    /** As exact as the score. */
    String errorText() {
        return Double.isNaN(error)
                ? NOTHING
                : BigDecimal.valueOf(error).setScale(rounded(score).scale(), RoundingMode.UP).toPlainString();
    }

    String bytesText() {
        return allocates() ? rounded(bytesPerOperation).toPlainString() : "0";
    }

    private static BigDecimal rounded(final double value) {
        if (value < 1) {
            return BigDecimal.valueOf(value).setScale(DIGITS.getPrecision(), DIGITS.getRoundingMode());
        }
        final BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS);
        return rounded.setScale(Math.max(0, DIGITS.getPrecision() - rounded.precision() + rounded.scale()));
    }
}
