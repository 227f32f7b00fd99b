package io.netchannel.perf.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.Linux;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class BufferWorkloadTest {

    private static final int CPU = Linux.affinity().nextSetBit(0);

    @Test
    void shouldRunEveryThreadsAllocatorOnItsCpu() throws Exception {
        final AtomicIntegerArray bursts = new AtomicIntegerArray(2);
        final BitSet expected = new BitSet();
        expected.set(CPU);
        final double ns = new BufferWorkload(CPU, CPU).measure(2, 1_000_000, index -> count -> {
            assertThat(Linux.affinity()).isEqualTo(expected);
            bursts.addAndGet(index, count);
        });
        assertThat(ns).isPositive();
        assertThat(bursts.get(0)).isPositive();
        assertThat(bursts.get(1)).isPositive();
    }

    @Test
    void shouldPassOnWhatAnAllocatorThrows() {
        assertThatThrownBy(() -> new BufferWorkload(CPU).measure(1, 1_000_000, index -> count -> {
            throw new IllegalStateException("no buffers");
        })).hasMessageContaining("no buffers");
    }

    @Test
    void shouldMeasureMallocWhereThereIsACompiler() throws Exception {
        Assumptions.assumeTrue(MallocProgram.unavailability() == null, "no cc");
        try (MallocProgram malloc = MallocProgram.compile(CPU, CPU)) {
            assertThat(malloc.measure(1, 1_000_000)).isPositive();
            assertThat(malloc.measure(2, 1_000_000)).isPositive();
        }
    }
}
