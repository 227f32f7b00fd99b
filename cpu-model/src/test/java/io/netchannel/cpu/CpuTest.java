package io.netchannel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CpuTest {

    @ParameterizedTest
    @CsvSource({"amd64,X86_64", "x86_64,X86_64", "AARCH64,AARCH64", "arm64,AARCH64"})
    void shouldKnowTheNamesThatJvmsAndToolsUse(final String name, final Cpu.Architecture expected) {
        assertThat(Cpu.byName(name).architecture()).isEqualTo(expected);
    }

    @Test
    void shouldRefuseACpuWhoseMemoryOrderIsNotModelled() {
        assertThatThrownBy(() -> Cpu.byName("riscv64")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("riscv64");
    }

    @Test
    void shouldReorderOnlyStoreThenLoadOnX86() {
        final Cpu.MemoryOrder order = Cpu.X86_64.memoryOrder();
        assertThat(order.mayReorderStoreLoad()).isTrue();
        assertThat(order.mayReorderStoreStore()).isFalse();
        assertThat(order.mayReorderLoadLoad()).isFalse();
        assertThat(order.mayReorderLoadStore()).isFalse();
    }

    @Test
    void shouldReorderEveryPairOnArm() {
        final Cpu.MemoryOrder order = Cpu.AARCH64.memoryOrder();
        assertThat(order.mayReorderStoreLoad() && order.mayReorderStoreStore() && order.mayReorderLoadLoad()
                && order.mayReorderLoadStore()).isTrue();
    }

    @Test
    void shouldSeparateWordsByWholeLines() {
        for (final Cpu cpu : new Cpu[]{Cpu.X86_64, Cpu.AARCH64, Cpu.host()}) {
            assertThat(cpu.separationBytes() % cpu.cacheLineBytes()).isZero();
            assertThat(cpu.pageSizesBytes()).isSorted();
            assertThat(cpu.basePageBytes()).isEqualTo(4096);
        }
    }
}
