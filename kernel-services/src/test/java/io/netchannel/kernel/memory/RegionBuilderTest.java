package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.MapFlags;
import io.netchannel.kernel.linux.Shortfall;
import io.netchannel.kernel.sched.RunLoopBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionBuilderTest {

    private static final long PAGE_BYTES = Linux.pageBytes();

    @TempDir
    Path directory;

    /** What /proc/self/maps says of an address, or null. */
    private static String mappingAt(final long address) throws Exception {
        for (final String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            final String[] range = line.substring(0, line.indexOf(' ')).split("-");
            if (Long.parseUnsignedLong(range[0], 16) <= address && address < Long.parseUnsignedLong(range[1], 16)) {
                return line;
            }
        }
        return null;
    }

    @ParameterizedTest
    @EnumSource(PageChoice.class)
    void shouldBeMappedWithAnyPagesThatAreAskedFor(final PageChoice pages) {
        try (Region region = Region.builder("pages", 4 << 20).pages(pages).create()) {
            assertThat(region.sizeBytes()).isGreaterThanOrEqualTo(4 << 20);
            assertThat(region.address() % region.pageBytes()).isZero();
            assertThat(region.pageBytes() == PAGE_BYTES || HugePages.ofSize(region.pageBytes()) != null).isTrue();
            if (pages == PageChoice.TRANSPARENT) {
                assertThat(region.address() % (2 << 20)).as("where a huge page may begin").isZero();
            }
            region.memory().putLong(region.address() + region.sizeBytes() - 8, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4 << 20})
    void shouldHaveGuardsBeforeAndBehind(final long sizeBytes) throws Exception {
        final Region region = Region.builder("guarded", sizeBytes).guarded().create();
        final long before = region.address() - 1;
        final long behind = region.address() + region.sizeBytes();
        assertThat(mappingAt(before)).contains("---p");
        assertThat(mappingAt(behind)).contains("---p");
        assertThat(mappingAt(region.address())).contains("rw-s").contains("guarded");
        region.close();
        assertThat(mappingAt(before)).isNull();
        assertThat(mappingAt(behind)).isNull();
    }

    @Test
    void shouldGiveWholePagesBackToEveryMapping() {
        try (Region region = Region.builder("release", 8 * PAGE_BYTES).pages(PageChoice.BASE).create()) {
            final long other = Linux.mmap(region.sizeBytes(), MapFlags.PROT_READ, MapFlags.MAP_SHARED, region.fd(), 0);
            region.memory().fill(region.address(), region.sizeBytes(), (byte) 5);
            assertThat(region.release(region.address() + 1, 3 * PAGE_BYTES)).isEqualTo(2 * PAGE_BYTES);
            assertThat(region.memory().getByte(region.address() + PAGE_BYTES - 1)).isEqualTo((byte) 5);
            assertThat(region.memory().getByte(region.address() + PAGE_BYTES)).isZero();
            assertThat(HostMemory.INSTANCE.getByte(other + 3 * PAGE_BYTES - 1)).isZero();
            assertThat(region.memory().getByte(region.address() + 3 * PAGE_BYTES)).isEqualTo((byte) 5);
            region.memory().putByte(region.address() + PAGE_BYTES, (byte) 6);
            assertThat(HostMemory.INSTANCE.getByte(other + PAGE_BYTES)).as("a new page, for both").isEqualTo((byte) 6);
            Linux.munmap(other, region.sizeBytes());
        }
    }

    @Test
    void shouldReleaseOnlyWhatIsItsOwnAndAWholePage() {
        try (Region region = Region.create("release", 2 * PAGE_BYTES)) {
            assertThat(region.release(region.address() + 8, PAGE_BYTES)).isZero();
            assertThat(region.release(region.address(), 0)).isZero();
            assertThatThrownBy(() -> region.release(region.address() + PAGE_BYTES, 2 * PAGE_BYTES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("does not lie in region release");
            final Region over = Region.over("over", region.memory(), region.address(), PAGE_BYTES);
            assertThat(over.release(region.address(), PAGE_BYTES)).as("it has no file").isZero();
        }
    }

    @Test
    void shouldFallBackToSmallerPages() {
        assertThat(PageChoice.HUGE_1_GIB.nextBest()).isEqualTo(PageChoice.HUGE_2_MIB);
        assertThat(PageChoice.HUGE_2_MIB.nextBest()).isEqualTo(PageChoice.TRANSPARENT);
    }

    @Test
    void shouldReadFreePagesOfASize() throws Exception {
        final Path ofSize = Files.createDirectories(directory.resolve("hugepages-2048kB"));
        assertThat(HugePages.ofSize(2 << 20, directory).hold(1)).isFalse();
        Files.writeString(ofSize.resolve("free_hugepages"), "5\n");
        Files.writeString(ofSize.resolve("resv_hugepages"), "3\n");
        assertThat(HugePages.ofSize(2 << 20, directory)).isEqualTo(new HugePages(2 << 20, 2));
        assertThat(HugePages.ofSize(2 << 20, directory).hold(4 << 20)).isTrue();
        assertThat(HugePages.ofSize(2 << 20, directory).hold((4 << 20) + 1)).isFalse();
    }

    @Test
    void shouldSayOnceWhatIsNotToBeHad() {
        assertThat(Shortfall.say("what a test wants", "none")).isTrue();
        assertThat(Shortfall.say("what a test wants", "mbind", -Errno.EPERM, "none")).isFalse();
    }

    @Test
    void shouldFindTheNodeOfAllCpus() throws Exception {
        node("online", "0-1", null);
        node("node0", "0-3,8", "cpulist");
        node("node1", "4-7", "cpulist");
        assertThat(NumaNodes.of(List.of(8, 2), directory)).isZero();
        assertThat(NumaNodes.of(List.of(4), directory)).isEqualTo(1);
        assertThat(NumaNodes.of(List.of(3, 4), directory)).isEqualTo(NumaNodes.NONE);
        assertThat(NumaNodes.of(List.of(), directory)).isEqualTo(NumaNodes.NONE);
        assertThat(NumaNodes.of(List.of(4, RunLoopBuilder.ANY_ISOLATED_CPU), directory)).isEqualTo(NumaNodes.NONE);
        node("online", "0", null);
        assertThat(NumaNodes.of(List.of(4), directory)).as("one node").isEqualTo(NumaNodes.NONE);
        node("online", "what", null);
        assertThat(NumaNodes.of(List.of(4), directory)).isEqualTo(NumaNodes.NONE);
        assertThat(NumaNodes.of(List.of(4), directory.resolve("none"))).isEqualTo(NumaNodes.NONE);
    }

    private void node(final String name, final String text, final String file) throws Exception {
        final Path path = directory.resolve(name);
        Files.writeString(file == null ? path : Files.createDirectories(path).resolve(file), text + "\n");
    }

    @Test
    void shouldPreferANodeThatIsThere() {
        try (Region region = Region.builder("numa", PAGE_BYTES).create()) {
            // ENOSYS without NUMA in the kernel, EPERM in some containers.
            assertThat(Linux.preferNumaNode(region.address(), PAGE_BYTES, 0)).isIn(0, -Errno.ENOSYS, -Errno.EPERM);
            assertThat(Linux.preferNumaNode(region.address(), PAGE_BYTES, 1023)).isNegative();
            assertThatThrownBy(() -> Linux.preferNumaNode(region.address(), PAGE_BYTES, 1024))
                    .hasMessage("node=1024 is not within 0..1023");
            region.memory().putLong(region.address(), 1);
        }
        Region.builder("no such node", PAGE_BYTES).numaNode(1023).create().close();
    }
}
