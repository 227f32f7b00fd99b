package io.netchannel.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netchannel.node.NodeMode;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The JVM's own count for this thread: exact, where a profiler's is a rate. Less than a byte for each operation, because a
 * path that is taken for the first time links its method handles, once.
 */
final class HotPathAllocationTest {

    private static final int OPERATIONS = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldAllocateNothingOnTheHotPath(final NodeMode mode) {
        final HotPathBenchmark benchmark = new HotPathBenchmark();
        benchmark.mode = mode;
        benchmark.connect();
        try {
            assertThat(allocatedBytes(benchmark::requestResponse)).as("by transactions").isLessThan(OPERATIONS);
            assertThat(allocatedBytes(benchmark::stream)).as("by 64 KiB messages").isLessThan(OPERATIONS);
        } finally {
            benchmark.close();
        }
    }

    /** Warm first: call sites and method handles are linked on their first use. */
    private static long allocatedBytes(final LongSupplier operation) {
        long received = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            received += operation.getAsLong();
        }
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < OPERATIONS; i++) {
            received += operation.getAsLong();
        }
        final long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(received).isPositive();
        return allocated;
    }
}
