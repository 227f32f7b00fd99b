package io.netchannel.perf.jmh;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What {@link OrderedMemory} costs: over the bare access nothing, or its design is wrong. {@code bare} is what a class
 * without the indirection would do; {@code raw} and {@code segment} are its two implementations, each in a JVM that has
 * loaded only that one: the second where the JDK's own intrinsics are not exported.
 */
public class OrderedMemoryBenchmark extends StageBenchmark {

    private static final int COPY_BYTES = 64;
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final String SERIAL_GC = "-XX:+UseSerialGC";

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

    /** A figure under the wrong name would be worse than none. */
    @Setup
    public void checkImplementation(final BenchmarkParams params) {
        final String name = params.getBenchmark();
        final boolean segment = name.contains(".segment");
        if (HostMemory.isRawAvailable() == segment) {
            throw new IllegalStateException(name + ": the JVM's flags don't give this implementation");
        }
    }

    @TearDown
    public void free() {
        arena.close();
    }

    @Benchmark
    public long barePlain() {
        final long value = ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address) + 1;
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
        return value;
    }

    @Benchmark
    public long rawPlain() {
        return plain();
    }

    @Benchmark
    @Fork(value = 1, jvmArgs = {NATIVE_ACCESS, SERIAL_GC}, jvmArgsAppend = {})
    public long segmentPlain() {
        return plain();
    }

    private long plain() {
        final long value = memory.getLong(address) + 1;
        memory.putLong(address, value);
        return value;
    }

    @Benchmark
    public long bareAcquireRelease() {
        final long value = (long) LONG.getAcquire(ALL, address) + 1;
        LONG.setRelease(ALL, address, value);
        return value;
    }

    @Benchmark
    public long rawAcquireRelease() {
        return acquireRelease();
    }

    @Benchmark
    @Fork(value = 1, jvmArgs = {NATIVE_ACCESS, SERIAL_GC}, jvmArgsAppend = {})
    public long segmentAcquireRelease() {
        return acquireRelease();
    }

    private long acquireRelease() {
        final long value = memory.getLongAcquire(address) + 1;
        memory.putLongRelease(address, value);
        return value;
    }

    /** The fence between a store and a load that wake words need. */
    @Benchmark
    public long rawFullFence() {
        return fullFence();
    }

    @Benchmark
    @Fork(value = 1, jvmArgs = {NATIVE_ACCESS, SERIAL_GC}, jvmArgsAppend = {})
    public long segmentFullFence() {
        return fullFence();
    }

    private long fullFence() {
        final long value = memory.getLong(address) + 1;
        memory.putLong(address, value);
        memory.fullFence();
        return value;
    }

    @Benchmark
    public boolean rawCompareAndSet() {
        return compareAndSet();
    }

    @Benchmark
    @Fork(value = 1, jvmArgs = {NATIVE_ACCESS, SERIAL_GC}, jvmArgsAppend = {})
    public boolean segmentCompareAndSet() {
        return compareAndSet();
    }

    private boolean compareAndSet() {
        final long value = memory.getLong(address);
        return memory.compareAndSetLong(address, value, value + 1);
    }

    /** 64 bytes: a frame's headers. */
    @Benchmark
    public long rawCopy() {
        return copy();
    }

    @Benchmark
    @Fork(value = 1, jvmArgs = {NATIVE_ACCESS, SERIAL_GC}, jvmArgsAppend = {})
    public long segmentCopy() {
        return copy();
    }

    private long copy() {
        memory.copy(address, address + COPY_BYTES, COPY_BYTES);
        return memory.getLong(address + COPY_BYTES);
    }
}
