package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HugePagesTest {

    private static final long MIB = 1 << 20;

    private static HugePages of(final int free, final int reserved) {
        return HugePages.parse(List.of("MemTotal:       24684084 kB", "HugePages_Total:      64",
                "HugePages_Free:       " + free, "HugePages_Rsvd:        " + reserved, "Hugepagesize:       2048 kB"));
    }

    @Test
    void shouldCountPagesThatAreNeitherMappedNorPromised() {
        assertThat(of(10, 3)).isEqualTo(new HugePages(2 * MIB, 7));
        assertThat(of(10, 3).suffice(14 * MIB)).isTrue();
        assertThat(of(10, 3).suffice(14 * MIB + 1)).isFalse();
    }

    @Test
    void shouldNotSpendAHugePageOnLittle() {
        assertThat(of(10, 0).suffice(MIB)).isFalse();
        assertThat(of(10, 0).suffice(MIB + 1)).isTrue();
    }

    @Test
    void shouldHaveNoneWhereTheMachineHasNone() {
        assertThat(of(3, 3).suffice(2 * MIB)).isFalse();
        assertThat(of(0, 0).suffice(1)).isFalse();
        assertThat(HugePages.parse(List.of()).suffice(1)).isFalse();
        assertThat(HugePages.parse(List.of("Hugepagesize: many kB", "HugePages_Free: 5")).suffice(1)).isFalse();
    }

    @Test
    void shouldReadThisMachine() {
        assertThat(HugePages.read().freePages()).isNotNegative();
    }
}
