package io.netchannel.kernel.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as the kernel writes them, in a directory. */
final class MemoryGaugesTest {

    private static final String PSI = "some avg10=0.00 avg60=0.00 avg300=0.00 total=1234\n"
            + "full avg10=0.00 avg60=0.00 avg300=0.00 total=99\n";

    @TempDir
    Path root;
    private final List<String> missing = new ArrayList<>();

    private void write(final String path, final String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private void writeProc(final String groups, final String mounts) throws IOException {
        write("proc/pressure/memory", PSI);
        write("proc/meminfo", "MemTotal:       1000 kB\nMemFree:  5 kB\nMemAvailable:   400 kB\n");
        write("proc/self/cgroup", groups);
        write("proc/self/mountinfo", mounts);
    }

    private List<MemoryGauge> find() {
        return MemoryGauges.find(root.resolve("proc"), missing::add);
    }

    private List<String> names() {
        return find().stream().map(gauge -> gauge.name().substring(root.toString().length())).toList();
    }

    @Test
    void shouldFindTheGroupOfVersion1AndThoseAbove() throws IOException {
        writeProc("5:devices:/\n4:memory:/a/b\n0::/\n", "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
                + "35 31 0:32 / " + root + "/cg rw,relatime - cgroup cgroup rw,memory\n");
        write("cg/a/b/memory.usage_in_bytes", "700\n");
        write("cg/a/b/memory.limit_in_bytes", "1000\n");
        write("cg/a/b/memory.stat", "cache 5\ntotal_inactive_file 300\ntotal_inactive_file_x 7\n");
        write("cg/memory.usage_in_bytes", "700\n");
        write("cg/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(names()).containsExactly("/proc/pressure/memory", "/proc/meminfo", "/cg/a/b", "/cg");
        assertThat(find().get(1).read()).isEqualTo(new MemoryReading.Room(1000 << 10, 400 << 10));
        assertThat(find().get(0).read()).isEqualTo(new MemoryReading.Stall(1_234_000));
        assertThat(find().get(2).read()).isEqualTo(new MemoryReading.Room(1000, 600));
        assertThat(find().get(3).read()).isEqualTo(new MemoryReading.Unlimited());
        assertThat(missing).isEmpty();
    }

    @Test
    void shouldFindTheGroupOfVersion2WithItsStalls() throws IOException {
        writeProc("0::/user/x y\n", "35 31 0:32 /user " + root + "/cg\\040v2 rw - cgroup2 cgroup rw\n");
        write("cg v2/x y/memory.current", "950\n");
        write("cg v2/x y/memory.max", "max\n");
        write("cg v2/x y/memory.high", "1000\n");
        write("cg v2/x y/memory.stat", "inactive_file 10\n");
        write("cg v2/x y/memory.pressure", PSI);
        assertThat(names()).containsExactly("/proc/pressure/memory", "/proc/meminfo", "/cg v2/x y",
                "/cg v2/x y/memory.pressure");
        assertThat(find().get(2).read()).isEqualTo(new MemoryReading.Room(1000, 60));
        write("cg v2/x y/memory.max", "900\n");
        assertThat(find().get(2).read()).isEqualTo(new MemoryReading.Room(900, 0));
    }

    @Test
    void shouldTakeTheMountedGroupWhereTheNameIsFromOutside() throws IOException {
        writeProc("0::/../../elsewhere\n", "35 31 0:32 /pod/1 " + root + "/cg rw - cgroup2 cgroup rw\n");
        write("cg/memory.current", "1\n");
        assertThat(names()).contains("/cg");
    }

    @Test
    void shouldSayOnceWhatThereIsNot() {
        assertThat(find()).isEmpty();
        assertThat(missing).hasSize(3).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        assertThat(missing.get(0)).endsWith("pressure/memory can't be read: no notice of tasks that wait for memory");
        assertThat(missing.get(2)).startsWith("no notice of limits of control groups: ");
    }

    @Test
    void shouldSayWhatIsWrongInAFile() throws IOException {
        writeProc("4:memory:/\n", "35 31 0:32 / " + root + "/cg rw - cgroup cgroup rw,memory\n");
        write("cg/memory.usage_in_bytes", "7\n");
        write("cg/memory.limit_in_bytes", "many\n");
        assertThatThrownBy(() -> find().get(2).read()).isInstanceOf(IOException.class)
                .hasMessageEndingWith("cg/memory.limit_in_bytes: 'many' is no number");
        write("proc/meminfo", "MemTotal:\n");
        assertThat(find()).hasSize(2);
        assertThat(missing).hasSize(1).first().asString().contains("meminfo can't be read");
    }

    @Test
    void shouldGoOnWhereTheKernelTellsNothing() throws IOException {
        writeProc("4:memory:/\n", "35 31 0:32 / " + root + "/cg rw - cgroup cgroup rw,memory\n");
        write("cg/memory.usage_in_bytes", "7\n");
        write("cg/memory.limit_in_bytes", "1000\n");
        write("cg/memory.stat", "cache 0\n");
        final List<String> reports = new ArrayList<>();
        try (MemoryPressure pressure = new MemoryPressure(Runnable::run, find(), PressureThresholds.DEFAULT,
                reports::add)) {
            pressure.poll(0);
            assertThat(pressure.level()).isEqualTo(PressureLevel.NONE);
            assertThat(pressure.wakeFd()).isEqualTo(-1);
        }
        // A plain file takes any text, but has no events.
        assertThat(reports).hasSize(2)
                .allSatisfy(line -> assertThat(line).contains(" is only looked at once a second: "));
        assertThat(reports.get(0)).contains("epoll_ctl").contains("EPERM");
        assertThat(reports.get(1)).contains("cgroup.event_control").contains("ENOENT");
    }

    @Test
    void shouldReadThisMachine() throws IOException {
        for (final MemoryGauge gauge : MemoryGauges.find(missing::add)) {
            switch (gauge.read()) {
                case final MemoryReading.Room room -> assertThat(room.availableBytes()).as(gauge.name())
                        .isBetween(0L, room.limitBytes());
                case final MemoryReading.Stall stall -> assertThat(stall.totalNs()).as(gauge.name()).isNotNegative();
                case final MemoryReading.Growth growth -> throw new AssertionError(growth);
                case final MemoryReading.Unlimited _ -> {
                }
            }
        }
    }
}
