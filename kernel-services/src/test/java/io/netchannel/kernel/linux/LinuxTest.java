package io.netchannel.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netchannel.kernel.Allocations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxTest {

    private static final int CLOSED_FD = 1_000_000;

    @Test
    void shouldSayWhatFailedOnWhatAndWhy() {
        final LinuxException thrown = catchThrowableOfType(LinuxException.class,
                () -> Linux.open("/nowhere/at/all", OpenFlags.O_RDONLY));
        assertThat(thrown).hasMessage("open(/nowhere/at/all): ENOENT (No such file or directory)");
        assertThat(thrown.call()).isEqualTo("open");
        assertThat(thrown.argument()).isEqualTo("/nowhere/at/all");
        assertThat(thrown.errno()).isEqualTo(Errno.ENOENT);
        assertThat(thrown.errnoName()).isEqualTo("ENOENT");
    }

    @Test
    void shouldWriteAndReadAFile(@TempDir final Path directory) throws Exception {
        final Path path = directory.resolve("grüße");
        final int fd = Linux.open(path.toString(), OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL, 0600);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment text = arena.allocateFrom("hello");
            assertThat(Linux.writeOrThrow(fd, text.address(), 5)).isEqualTo(5);
            assertThat(Files.readString(path)).isEqualTo("hello");
            assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
        } finally {
            Linux.close(fd);
        }
        final int reader = Linux.open(path.toString(), OpenFlags.O_RDONLY);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment read = arena.allocate(16);
            assertThat(Linux.readOrThrow(reader, read.address(), 16)).isEqualTo(5);
            assertThat(read.getString(0)).isEqualTo("hello");
            assertThat(Linux.read(reader, read.address(), 16)).isZero();
            assertThat(Linux.write(reader, read.address(), 1)).isEqualTo(-Errno.EBADF);
        } finally {
            Linux.close(reader);
        }
    }

    @Test
    void shouldReturnErrnoNegatedWhereItDoesNotThrow() {
        assertThat(Linux.read(CLOSED_FD, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThat(Linux.readv(CLOSED_FD, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThat(Linux.writev(CLOSED_FD, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThat(Linux.tryIoctl(CLOSED_FD, 0x5401, 0)).isEqualTo(-Errno.EBADF);
        final int fd = Linux.open("/dev/zero", OpenFlags.O_RDONLY);
        assertThat(Linux.read(fd, 8, 8)).as("address 8 is not mapped").isEqualTo(-Errno.EFAULT);
        Linux.close(fd);
    }

    @Test
    void shouldThrowForADescriptorThatIsClosed() {
        assertThatThrownBy(() -> Linux.close(CLOSED_FD)).isInstanceOf(LinuxException.class)
                .hasMessageStartingWith("close(fd=1000000): EBADF");
        assertThatThrownBy(() -> Linux.readOrThrow(CLOSED_FD, 0, 0)).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Linux.ioctl(CLOSED_FD, 0x5401, 0))
                .hasMessageStartingWith("ioctl(fd=1000000, request=0x5401): EBADF");
        assertThatThrownBy(() -> Linux.ftruncate(CLOSED_FD, 1)).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Linux.fcntl(CLOSED_FD, OpenFlags.F_GETFL, 0)).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Linux.mmap(4096, MapFlags.PROT_READ, MapFlags.MAP_SHARED, CLOSED_FD, 0))
                .hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Linux.munmap(1, 4096)).hasMessageContaining("EINVAL");
    }

    @Test
    void shouldScatterAndGather() {
        final int fd = Linux.memfdCreate("gather", 0);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment bytes = arena.allocateFrom("abcdefgh");
            final MemorySegment iovecs = arena.allocate(2 * IovecLayout.ENTRY_BYTES, 8);
            iovec(iovecs, 0, bytes.address() + 4, 4);
            iovec(iovecs, 1, bytes.address(), 3);
            assertThat(Linux.writev(fd, iovecs.address(), 2)).isEqualTo(7);

            final long mapped = Linux.mmap(4096, MapFlags.PROT_READ | MapFlags.PROT_WRITE, MapFlags.MAP_SHARED, fd, 0);
            final int again = Linux.open("/proc/self/fd/" + fd, OpenFlags.O_RDWR);
            final MemorySegment back = arena.allocate(16);
            iovec(iovecs, 0, back.address() + 8, 2);
            iovec(iovecs, 1, back.address(), 8);
            assertThat(Linux.readv(again, iovecs.address(), 2)).isEqualTo(7);
            assertThat(back.getString(8)).isEqualTo("ef");
            assertThat(back.getString(0)).isEqualTo("ghabc");
            Linux.close(again);
            Linux.munmap(mapped, 4096);
        } finally {
            Linux.close(fd);
        }
    }

    private static void iovec(final MemorySegment iovecs, final int position, final long base, final long lengthBytes) {
        final long entry = (long) position * IovecLayout.ENTRY_BYTES;
        iovecs.set(ValueLayout.JAVA_LONG, entry + IovecLayout.BASE_OFFSET, base);
        iovecs.set(ValueLayout.JAVA_LONG, entry + IovecLayout.LENGTH_OFFSET, lengthBytes);
    }

    @Test
    void shouldPollUntilReadyOrTimeout() {
        final int fd = Linux.eventfd();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment entry = arena.allocate(PollLayout.ENTRY_BYTES, 8);
            entry.set(ValueLayout.JAVA_INT, PollLayout.FD_OFFSET, fd);
            entry.set(ValueLayout.JAVA_SHORT, PollLayout.EVENTS_OFFSET, (short) PollLayout.POLLIN);
            assertThat(Linux.ppoll(entry.address(), 1, 0)).isZero();
            assertThat(Linux.ppoll(entry.address(), 1, 1_000_000)).isZero();

            final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
            Linux.writeOrThrow(fd, one.address(), 8);
            assertThat(Linux.ppoll(entry.address(), 1, -1)).isEqualTo(1);
            assertThat(entry.get(ValueLayout.JAVA_SHORT, PollLayout.REVENTS_OFFSET))
                    .isEqualTo((short) PollLayout.POLLIN);
            assertThat(Linux.ppoll(8, 1, 0)).isEqualTo(-Errno.EFAULT);
        } finally {
            Linux.close(fd);
        }
    }

    @Test
    void shouldNotBlockOnAnEmptyEventCounter() {
        final int fd = Linux.eventfd();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment word = arena.allocate(8, 8);
            assertThat(Linux.read(fd, word.address(), 8)).isEqualTo(-Errno.EAGAIN);
            assertThat(Linux.fcntl(fd, OpenFlags.F_GETFL, 0) & OpenFlags.O_NONBLOCK).isNotZero();
            Linux.setNonBlocking(fd, false);
            assertThat(Linux.fcntl(fd, OpenFlags.F_GETFL, 0) & OpenFlags.O_NONBLOCK).isZero();
            Linux.setNonBlocking(fd, true);
            assertThat(Linux.read(fd, word.address(), 8)).isEqualTo(-Errno.EAGAIN);
        } finally {
            Linux.close(fd);
        }
    }

    @Test
    void shouldPassAnIoctlItsAddress() {
        final int fionread = 0x541B;
        final int fd = Linux.open("/proc/self/stat", OpenFlags.O_RDONLY);
        final int socket = Linux.socket(2, 2, 0);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment pending = arena.allocateFrom(ValueLayout.JAVA_INT, -1);
            assertThat(Linux.ioctl(socket, fionread, pending)).isZero();
            assertThat(pending.get(ValueLayout.JAVA_INT, 0)).isZero();
            assertThat(Linux.tryIoctl(socket, fionread, 8)).isEqualTo(-Errno.EFAULT);
        } finally {
            Linux.close(socket);
            Linux.close(fd);
        }
    }

    @Test
    void shouldConfineTheCallingThreadAlone() throws Exception {
        final BitSet before = Linux.affinity();
        assertThat(before.isEmpty()).isFalse();
        final BitSet last = new BitSet();
        last.set(before.length() - 1);
        final BitSet[] inside = new BitSet[1];
        final Thread thread = Thread.ofPlatform().start(() -> {
            Linux.setAffinity(last);
            inside[0] = Linux.affinity();
        });
        thread.join();
        assertThat(inside[0]).isEqualTo(last);
        assertThat(Linux.affinity()).isEqualTo(before);
    }

    @Test
    void shouldRefuseACpuThatIsNotThere() {
        final BitSet absent = new BitSet();
        absent.set(8000);
        assertThatThrownBy(() -> Linux.setAffinity(absent)).hasMessage(
                "sched_setaffinity(cpus={8000}): EINVAL (Invalid argument)");
        absent.set(8192);
        assertThatThrownBy(() -> Linux.setAffinity(absent)).hasMessage("cpu=8192 >= MAX_CPUS=8192");
    }

    @Test
    void shouldKnowItself() throws Exception {
        assertThat(Linux.getpid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Files.exists(Path.of("/proc/self/task/" + Linux.gettid()))).isTrue();
        assertThat(Linux.geteuid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        assertThat(Linux.pageBytes()).isIn(4096L, 16384L, 65536L);
    }

    @Test
    void shouldKeepErrnoOfThreadsApart() throws Exception {
        final int zero = Linux.open("/dev/zero", OpenFlags.O_RDONLY);
        final Thread[] threads = new Thread[4];
        final long[] wrong = new long[threads.length];
        for (int t = 0; t < threads.length; t++) {
            final int which = t;
            threads[t] = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 2000; i++) {
                    final long result = which % 2 == 0 ? Linux.read(CLOSED_FD, 0, 0) : Linux.read(zero, 8, 8);
                    wrong[which] += result == (which % 2 == 0 ? -Errno.EBADF : -Errno.EFAULT) ? 0 : 1;
                }
            });
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        Linux.close(zero);
        assertThat(wrong).containsOnly(0);
    }

    @Test
    void shouldAllocateNothingOnTheWayOfPackets() {
        final int fd = Linux.eventfd();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment word = arena.allocate(16, 8);
            word.set(ValueLayout.JAVA_LONG, 0, 1);
            final long address = word.address();
            assertThat(Allocations.leastBytes(() -> exchange(fd, address, 10_000))).isZero();
        } finally {
            Linux.close(fd);
        }
    }

    private static void exchange(final int fd, final long address, final int times) {
        for (int i = 0; i < times; i++) {
            Linux.write(fd, address, 8);
            Linux.read(fd, address + 8, 8);
        }
    }

    @Test
    void shouldWakeNobodyWhereNobodyWaits() {
        try (Arena arena = Arena.ofConfined()) {
            final long word = arena.allocate(Integer.BYTES, Integer.BYTES).address();
            assertThat(Linux.futexWake(word, 1)).isZero();
            assertThat(Linux.futexWake(word + 1, 1)).isEqualTo(-Errno.EINVAL);
        }
    }
}
