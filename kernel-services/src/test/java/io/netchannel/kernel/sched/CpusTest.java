package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.Shortfall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpusTest {

    @TempDir
    private Path root;

    private void file(final String path, final String text) throws IOException {
        final Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private Cpus cpus(final String affinity) {
        return new Cpus(root, Cpus.parse(affinity));
    }

    @Test
    void shouldReadAndWriteLists() {
        for (final String list : List.of("", "0", "0-1", "3,5-7,64", "0,2,4-8191")) {
            assertThat(Cpus.format(Cpus.parse(list))).isEqualTo(list);
        }
        assertThat(Cpus.parse(" 1-2\n").cardinality()).isEqualTo(2);
        for (final String bad : List.of("a", "1-", "-1", "3-2", "1,,2", "8192", "99999999999")) {
            assertThatThrownBy(() -> Cpus.parse(bad)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cpus=" + bad);
        }
    }

    @Test
    void shouldKnowItsOwn() {
        assertThat(Cpus.read().allowed()).isNotEqualTo(new BitSet());
        final BitSet mine = Linux.affinity();
        mine.andNot(Cpus.read().allowed());
        assertThat(mine.isEmpty()).isTrue();
    }

    @Test
    void shouldAllowWhatTheKernelLeavesOutOfItsMaskBecauseItIsIsolated() throws IOException {
        file("sys/devices/system/cpu/isolated", "2-3");
        file("sys/devices/system/cpu/online", "0-7");
        assertThat(Cpus.format(cpus("0-1").allowed())).isEqualTo("0-3");
        assertThat(Cpus.format(cpus("0-1").isolated())).isEqualTo("2-3");
    }

    @Test
    void shouldAllowIsolatedOnesOfTheCpusetOnly() throws IOException {
        file("sys/devices/system/cpu/isolated", "2-3");
        file("sys/devices/system/cpu/online", "0-7");
        file("proc/self/cgroup", "0::/a/b");
        file("sys/fs/cgroup/a/b/cpuset.cpus.effective", "0-2");
        assertThat(Cpus.format(cpus("0-1").allowed())).isEqualTo("0-2");
        file("proc/self/cgroup", "9:cpuset:/c\n0::/");
        file("sys/fs/cgroup/cpuset/c/cpuset.effective_cpus", "0,3");
        assertThat(Cpus.format(cpus("0-1").isolated())).isEqualTo("3");
    }

    @Test
    void shouldNameTheCpusThatAreAllowedWhenOthersAreAskedFor() {
        final BitSet wanted = Cpus.parse("1,5-6");
        assertThatThrownBy(() -> new Placement(wanted, false).choose(cpus("0-3"), 0)).isInstanceOf(
                IllegalArgumentException.class)
                .hasMessage("cpus=5-6 are not this process's to use; allowed are 0-3");
        assertThat(new Placement(Cpus.parse("1-2"), false).choose(cpus("0-3"), 0)).isEqualTo(Cpus.parse("1-2"));
    }

    @Test
    void shouldGiveIsolatedCpusOutInTurn() throws IOException {
        file("sys/devices/system/cpu/isolated", "4,6");
        file("sys/devices/system/cpu/online", "0-7");
        for (int turn = 0; turn < 4; turn++) {
            assertThat(Cpus.format(Placement.ISOLATED.choose(cpus("0-3"), turn))).isEqualTo(turn % 2 == 0 ? "4" : "6");
        }
    }

    @Test
    void shouldGoWithoutWhenNoneIsIsolatedAndSaySoOnce() throws IOException {
        file("sys/devices/system/cpu/isolated", "");
        assertThat(Placement.ISOLATED.choose(cpus("0-3"), 0).isEmpty()).isTrue();
        final BitSet before = Linux.affinity();
        Placement.ISOLATED.confine(cpus("0-3"));
        assertThat(Linux.affinity()).isEqualTo(before);
        assertThat(Shortfall.say(Placement.ISOLATED_CPU, "said before")).isFalse();
    }
}
