package io.netchannel.perf.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the benchmarks have in common, in one place so that their figures stand beside each other: nanoseconds for one
 * element, packet or call, in a JVM of its own that has netchannel's flags, for less than three seconds.
 *
 * <p>Some stages are one half of a pair, like the driver's side of a queue. Then {@code @Setup(Level.Invocation)}, which
 * JMH doesn't count, plays the other half; an operation is a batch there, so long that the two looks at the clock around
 * it don't matter, and the figure is for one of the batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 150, timeUnit = TimeUnit.MILLISECONDS)
public abstract class StageBenchmark {

    /** For subclasses. */
    protected StageBenchmark() {
    }
}
