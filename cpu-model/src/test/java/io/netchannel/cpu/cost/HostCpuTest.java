package io.netchannel.cpu.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostCpuTest {

    @TempDir
    private Path root;

    private void write(final String file, final String text) throws IOException {
        final Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @ParameterizedTest
    @CsvSource({"AuthenticAMD, 25, 17, 'Zen 4 (EPYC, virtual machine)'", "AuthenticAMD, 25, 1, Milan (EPYC 7R13)",
        "GenuineIntel, 6, 94, Skylake (Core i7-6700K)", "GenuineIntel, 6, 85, Cascade Lake (Xeon 8275CL)",
        "GenuineIntel, 6, 106, Ice Lake (Xeon 8375C)", "GenuineIntel, 6, 1, ''", "Other, 1, 1, ''"})
    void shouldFindTheNearestTableOfX86(final String vendor, final int family, final int model, final String table)
            throws IOException {
        write("proc/cpuinfo", "processor\t: 0\nvendor_id\t: " + vendor + "\ncpu family\t: " + family + "\nmodel\t\t: "
                + model + "\nmodel name\t: Some CPU\n");
        final HostCpu cpu = HostCpu.read(root);
        assertThat(cpu.nearestTable()).isEqualTo(table);
        assertThat(cpu.model()).isEqualTo("Some CPU, family " + family + " model " + model);
        if (!table.isEmpty()) {
            assertThat(CostTables.load().of(table).name()).isEqualTo(table);
        }
    }

    @ParameterizedTest
    @CsvSource({"0x41, 0xd0c, Graviton2 (Neoverse N1)", "0x41, 0xd40, Graviton3 (Neoverse V1)",
        "0xc0, 0xac3, ''", "0x41, 0xfff, ''"})
    void shouldFindTheNearestTableOfArm(final String implementer, final String part, final String table)
            throws IOException {
        write("proc/cpuinfo", "CPU implementer\t: " + implementer + "\nCPU part\t: " + part + "\n");
        assertThat(HostCpu.read(root).nearestTable()).isEqualTo(table);
    }

    @Test
    void shouldReadTheCachesOfData() throws IOException {
        final String cache = "sys/devices/system/cpu/cpu0/cache/index";
        final String[][] entries = {{"1", "Data", "48K"}, {"1", "Instruction", "32K"}, {"2", "Unified", "1024K"},
            {"3", "Unified", "32M"}};
        for (int i = 0; i < entries.length; i++) {
            write(cache + i + "/level", entries[i][0] + "\n");
            write(cache + i + "/type", entries[i][1] + "\n");
            write(cache + i + "/size", entries[i][2] + "\n");
        }
        final CpuCaches caches = HostCpu.read(root).caches();
        assertThat(caches.bytesOfLevel()).containsExactly(48 << 10, 1 << 20, 32 << 20);
        assertThat(caches.largestBytes()).isEqualTo(32 << 20);
    }

    @Test
    void shouldDoWithoutWhatIsNotTold() {
        final HostCpu cpu = HostCpu.read(root);
        assertThat(cpu.model()).isEqualTo("unknown");
        assertThat(cpu.nearestTable()).isEmpty();
        assertThat(cpu.caches().largestBytes()).isZero();
    }
}
