package io.netchannel.perf.jmh;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link OrderedMemory} costs over the bare access: nothing, or its design is wrong. {@code bare} is what a class
 * without the indirection would do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class OrderedMemoryBenchmark {

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private Arena arena;
    private OrderedMemory memory;
    private long address;

    @Setup
    public void allocate() {
        arena = Arena.ofShared();
        address = arena.allocate(256, 128).address();
        memory = HostMemory.INSTANCE;
    }

    @TearDown
    public void free() {
        arena.close();
    }

    @Benchmark
    public long bareAcquireRelease() {
        final long value = (long) LONG.getAcquire(ALL, address) + 1;
        LONG.setRelease(ALL, address, value);
        return value;
    }

    @Benchmark
    public long orderedAcquireRelease() {
        final long value = memory.getLongAcquire(address) + 1;
        memory.putLongRelease(address, value);
        return value;
    }

    @Benchmark
    public long barePlain() {
        final long value = ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address) + 1;
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
        return value;
    }

    @Benchmark
    public long orderedPlain() {
        final long value = memory.getLong(address) + 1;
        memory.putLong(address, value);
        return value;
    }
}
