package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.MapFlags;
import io.netchannel.kernel.linux.OpenFlags;
import io.netchannel.kernel.linux.Pages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionTest {

    private static final long PAGE_BYTES = Linux.pageBytes();

    private final Region region = Region.create("region-test", 3 * PAGE_BYTES);

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void shouldBeZeroedAndWritableToItsEnds() {
        final long last = region.address() + region.sizeBytes() - Long.BYTES;
        assertThat(region.memory().getLong(region.address())).isZero();
        assertThat(region.memory().getLong(last)).isZero();
        region.memory().putLong(last, 42);
        assertThat(region.memory().getLong(last)).isEqualTo(42);
    }

    @Test
    void shouldRoundItsSizeUpToWholePages() {
        try (Region small = Region.create("small", 1)) {
            assertThat(small.sizeBytes()).isEqualTo(PAGE_BYTES);
            assertThat(small.pageBytes()).isEqualTo(PAGE_BYTES);
            assertThat(small.address() % PAGE_BYTES).isZero();
        }
    }

    @Test
    void shouldSayThePagesItGot() {
        final long sizeBytes = 8 << 20;
        final HugePages huge = HugePages.read();
        try (Region large = Region.create("large", sizeBytes)) {
            final long expected = huge.suffice(sizeBytes) ? huge.pageBytes() : PAGE_BYTES;
            assertThat(large.pageBytes()).isEqualTo(expected);
            assertThat(large.sizeBytes()).isEqualTo(sizeBytes);
        }
    }

    @Test
    void shouldAllocateAtTheAlignmentAskedFor() {
        final long first = region.allocate(1, 1);
        assertThat(first).isEqualTo(region.address());
        final long second = region.allocate(10, 128);
        assertThat(second).isEqualTo(first + 128);
        assertThat(region.allocate(8, 8)).isEqualTo(second + 16);
        assertThat(region.allocate(1, PAGE_BYTES)).isEqualTo(first + PAGE_BYTES);
        assertThat(region.usedBytes()).isEqualTo(PAGE_BYTES + 1);
    }

    @Test
    void shouldAllocateItsLastByteAndNoMore() {
        region.allocate(region.sizeBytes() - 1, 1);
        region.allocate(1, 1);
        assertThatThrownBy(() -> region.allocate(1, 64)).isInstanceOf(IllegalStateException.class)
                .hasMessage("region region-test is full: allocating sizeBytes=1 at alignmentBytes=64 after usedBytes="
                        + 3 * PAGE_BYTES + " takes " + (3 * PAGE_BYTES + 1) + " > sizeBytes=" + 3 * PAGE_BYTES);
    }

    @Test
    void shouldStayUsableAfterAnAllocationThatDidNotFit() {
        assertThatThrownBy(() -> region.allocate(Region.MAX_SIZE_BYTES, 8)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> region.allocate(8, Region.MAX_SIZE_BYTES)).isInstanceOf(IllegalStateException.class);
        assertThat(region.usedBytes()).isZero();
        assertThat(region.allocate(8, 8)).isEqualTo(region.address());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Region.MAX_SIZE_BYTES + 1, Long.MAX_VALUE})
    void shouldRefuseASizeOutOfRange(final long sizeBytes) {
        final String message = "sizeBytes=" + sizeBytes + " is not within 1.." + Region.MAX_SIZE_BYTES;
        assertThatThrownBy(() -> Region.create("x", sizeBytes)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> region.allocate(sizeBytes, 8)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -8, 3, 100, Long.MIN_VALUE, 1L << 62})
    void shouldRefuseAnAlignmentThatIsNone(final long alignmentBytes) {
        assertThatThrownBy(() -> region.allocate(8, alignmentBytes)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alignmentBytes=" + alignmentBytes);
    }

    @Test
    void shouldRefuseANameThatTheKernelWouldNotTake() {
        assertThatThrownBy(() -> Region.create("x".repeat(250), 1))
                .hasMessage("name is 250 bytes > MAX_NAME_BYTES=249");
        Region.create("x".repeat(249), 1).close();
    }

    @Test
    void shouldKnowWhatItContains() {
        final long start = region.address();
        final long size = region.sizeBytes();
        assertThat(region.contains(start, size)).isTrue();
        assertThat(region.contains(start + size, 0)).isTrue();
        assertThat(region.contains(start + size - 1, 1)).isTrue();
        assertThat(region.contains(start, size + 1)).isFalse();
        assertThat(region.contains(start - 1, 1)).isFalse();
        assertThat(region.contains(start + size, 1)).isFalse();
        assertThat(region.contains(start + 8, -8)).isFalse();
        assertThat(region.contains(start + 8, Long.MAX_VALUE)).as("wraps around").isFalse();
        assertThat(region.contains(Long.MIN_VALUE, Long.MAX_VALUE)).isFalse();
        assertThat(region.contains(-1, 1)).isFalse();
    }

    @Test
    void shouldShowItsMemoryToWhoeverMapsItsFile() {
        final long word = region.allocate(8, 8);
        region.memory().putLong(word, 0x1234_5678_9ABCL);
        final long other = Linux.mmap(region.sizeBytes(), MapFlags.PROT_READ | MapFlags.PROT_WRITE, MapFlags.MAP_SHARED,
                region.fd(), 0);
        try {
            assertThat(other).isNotEqualTo(region.address());
            assertThat(region.memory().getLong(other + word - region.address())).isEqualTo(0x1234_5678_9ABCL);
        } finally {
            Linux.munmap(other, region.sizeBytes());
        }
    }

    @Test
    void shouldNotLetAnybodyChangeTheSizeOfItsFile() {
        assertThatThrownBy(() -> Linux.ftruncate(region.fd(), 0)).hasMessageContaining("EPERM");
        assertThatThrownBy(() -> Linux.ftruncate(region.fd(), 4 * PAGE_BYTES)).hasMessageContaining("EPERM");
        assertThatThrownBy(() -> Linux.fcntl(region.fd(), OpenFlags.F_ADD_SEALS, 8)).hasMessageContaining("EPERM");
    }

    @Test
    void shouldGiveMemoryAndFileBackOnce() throws Exception {
        final Region closed = Region.create("region-to-close", PAGE_BYTES);
        final Path fd = Path.of("/proc/self/fd/" + closed.fd());
        assertThat(Files.readSymbolicLink(fd).toString()).contains("region-to-close");
        assertThat(maps()).contains("region-to-close");
        closed.close();
        assertThat(maps()).doesNotContain("region-to-close");
        // The number may be in use again: to close it a second time would take another's file.
        final int reused = Linux.memfdCreate("reused", 0);
        closed.close();
        assertThat(Linux.fcntl(reused, OpenFlags.F_GETFL, 0)).isNotNegative();
        Linux.close(reused);
        assertThatThrownBy(() -> closed.allocate(8, 8)).hasMessage("region region-to-close is closed");
    }

    private static String maps() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().collect(Collectors.joining("\n"));
    }

    @Test
    void shouldReleaseTheWholePagesOfARangeAndNoMore() {
        final long start = region.address();
        region.memory().fill(start, region.sizeBytes(), (byte) 7);
        final long pageBytes = region.pageBytes();
        region.release(start + 1, 2 * pageBytes);
        assertThat(Pages.residentBytes(start, region.sizeBytes())).isEqualTo(region.sizeBytes() - pageBytes);
        assertThat(region.memory().getByte(start + pageBytes - 1)).isEqualTo((byte) 7);
        assertThat(region.memory().getByte(start + 2 * pageBytes)).isEqualTo((byte) 7);
        assertThat(region.memory().getByte(start + pageBytes)).as("zero when it is touched again").isZero();
        region.release(start + 1, pageBytes);
        assertThat(Pages.residentBytes(start, region.sizeBytes())).isEqualTo(region.sizeBytes());
        assertThatThrownBy(() -> region.release(start, region.sizeBytes() + 1)).isInstanceOf(
                IllegalArgumentException.class).hasMessageContaining("does not lie in region region-test");
    }

    @Test
    void shouldAllocateDisjointRangesToThreads() throws Exception {
        try (Region shared = Region.create("threads", 1 << 20)) {
            final long[][] taken = new long[4][1000];
            final Thread[] threads = new Thread[taken.length];
            for (int t = 0; t < threads.length; t++) {
                final long[] mine = taken[t];
                threads[t] = Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < mine.length; i++) {
                        mine[i] = shared.allocate(64, 64);
                    }
                });
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            assertThat(Arrays.stream(taken).flatMapToLong(Arrays::stream).distinct().count())
                    .isEqualTo(4000);
            assertThat(shared.usedBytes()).isEqualTo(4000 * 64);
        }
    }

    @Test
    void shouldLieOverMemoryThatIsThereAlready() {
        final Region over = Region.over("over", region.memory(), region.address() + 128, 256);
        assertThat(over.memory()).isSameAs(region.memory());
        assertThat(over.allocate(64, 128)).isEqualTo(region.address() + 128);
        assertThat(over.contains(region.address() + 128, 256)).isTrue();
        assertThat(over.contains(region.address(), 1)).isFalse();
        assertThatThrownBy(() -> over.allocate(256, 1)).isInstanceOf(IllegalStateException.class);
        over.close();
        region.memory().putLong(region.address() + 128, 1);
        assertThatThrownBy(() -> Region.over("over", region.memory(), region.address(), 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sizeBytes=0");
    }
}
