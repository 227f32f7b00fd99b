package io.netchannel.kernel.storage.ramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.memory.SharedPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the host's file system can't be the model of: quotas, pages that are being sent, the end. */
final class RamFsTest {

    private static final int PAGE_BYTES = 4096;
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.READ);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private Instant now = Instant.ofEpochSecond(1_000);
    private final Region region = Region.create("ramfs-test", 2 << 20);
    private final SharedPages pages = SharedPages.create(region, 100, PAGE_BYTES);
    private final RamFs fs = RamFs.over(pages, new RamFsConfig(8 * PAGE_BYTES, 6, () -> now));
    private boolean leaks;

    @AfterEach
    void close() {
        fs.close();
        if (!leaks) {
            pages.checkNoLeaks();
        }
        region.close();
    }

    private RamFile create(final String path) throws IOException {
        return fs.open(path, CREATE, PRIVATE);
    }

    private static ByteBuffer bytes(final int count, final int value) {
        final ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private static byte[] read(final RamFile file, final long position, final int count) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(count);
        file.read(position, bytes);
        return bytes.array();
    }

    /** A channel that shows pages, and keeps them as a connection does until it is acknowledged. */
    private static final class Connection implements PageTarget {

        private final SharedPages reachable;
        private final List<Long> parts = new ArrayList<>();
        private int room = Integer.MAX_VALUE;
        private int copied;

        Connection(final SharedPages reachable) {
            this.reachable = reachable;
        }

        @Override
        public boolean canShow(final SharedPages pages) {
            return pages == reachable;
        }

        @Override
        public int writePage(final long part) {
            final int taken = Math.min(room, PacketHandle.lengthBytes(part));
            if (taken > 0) {
                reachable.retain(PacketHandle.index(part));
                parts.add(PacketHandle.withRange(part, PacketHandle.offsetBytes(part), taken));
                room -= taken;
            }
            return taken;
        }

        @Override
        public int write(final ByteBuffer from) {
            copied += from.remaining();
            from.position(from.limit());
            return copied;
        }

        byte sent(final int part) {
            return reachable.memory().getByte(reachable.address(PacketHandle.index(parts.get(part)))
                    + PacketHandle.offsetBytes(parts.get(part)));
        }

        void acknowledge() {
            parts.forEach(part -> reachable.release(PacketHandle.index(part)));
            parts.clear();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
        }
    }

    // -- quota

    @Test
    void shouldKeepWhatWasWrittenWhenTheQuotaIsReached() throws IOException {
        try (RamFile file = create("/a")) {
            assertThat(file.write(100, bytes(9 * PAGE_BYTES, 1))).isEqualTo(8 * PAGE_BYTES - 100);
            assertThatExceptionOfType(RamFsException.class).isThrownBy(
                    () -> file.write(8 * PAGE_BYTES, bytes(1, 1))).withMessage("No space left on device");
            assertThat(file.sizeBytes()).isEqualTo(8 * PAGE_BYTES);
            assertThat(read(file, 8 * PAGE_BYTES - 1, 1)[0]).isEqualTo((byte) 1);
            assertThat(fs.usage().refusedWrites()).isEqualTo(1);
            assertThat(fs.usage().freeBytes()).isZero();
            file.truncate(0);
            assertThat(fs.usage().usedBytes()).isZero();
            assertThat(file.write(0, bytes(1, 1))).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseAnInodeTooMany() throws IOException {
        for (int i = 0; i < 5; i++) {
            fs.createDirectory("/" + i, null);
        }
        assertThatThrownBy(() -> create("/a")).isInstanceOfSatisfying(RamFsException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
        assertThat(fs.usage().refusedInodes()).isEqualTo(1);
        assertThat(fs.list("/")).doesNotContain("a");
        fs.removeDirectory("/0");
        create("/a").close();
        fs.unlink("/a");
        fs.createSymbolicLink("/b", "x");
        assertThat(fs.usage().usedInodes()).isEqualTo(6);
    }

    @Test
    void shouldCountNothingForHoles() throws IOException {
        try (RamFile file = create("/a")) {
            file.write(1L << 37, bytes(1, 1));
            assertThat(file.sizeBytes()).isEqualTo((1L << 37) + 1);
            assertThat(fs.attributes("/a", true).allocatedBytes()).isEqualTo(PAGE_BYTES);
            assertThat(read(file, 1L << 30, 100)).containsOnly(0);
            assertThatThrownBy(() -> file.write(1L << 38, bytes(1, 1))).hasMessage("File too large");
        }
    }

    @Test
    void shouldReadZerosWhereTheEndMovedPastOldBytes() throws IOException {
        try (RamFile file = create("/a")) {
            file.write(0, bytes(3000, 7));
            file.truncate(1000);
            file.write(2000, bytes(10, 7));
            assertThat(read(file, 1000, 1000)).containsOnly(0);
        }
    }

    // -- names that go while files are open

    @Test
    void shouldKeepTheBytesOfAnUnlinkedFileUntilItsLastClose() throws IOException {
        final RamFile first = create("/a");
        final RamFile second = fs.open("/a", READ, null);
        first.write(0, bytes(10, 3));
        fs.createLink("/b", "/a");
        fs.unlink("/a");
        assertThat(fs.attributes("/b", true).links()).isEqualTo(1);
        fs.unlink("/b");
        first.close();
        assertThat(read(second, 0, 10)).containsOnly(3);
        assertThat(fs.usage().usedBytes()).isEqualTo(PAGE_BYTES);
        second.close();
        assertThat(fs.usage().usedBytes()).isZero();
        assertThat(fs.usage().usedInodes()).isEqualTo(1);
        assertThatThrownBy(() -> read(second, 0, 1)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void shouldFreeAFileThatAnotherIsRenamedOver() throws IOException {
        create("/a").close();
        try (RamFile b = create("/b")) {
            b.write(0, bytes(5000, 1));
        }
        fs.rename("/a", "/b");
        assertThat(fs.usage().usedBytes()).isZero();
        assertThat(fs.list("/")).containsExactly("b");
    }

    // -- sending

    @Test
    void shouldShowPagesWithoutACopy() throws IOException {
        final Connection connection = new Connection(pages);
        try (RamFile file = create("/a")) {
            file.write(0, bytes(PAGE_BYTES, 1));
            file.write(3 * PAGE_BYTES, bytes(100, 2));
            assertThat(file.transferTo(10, 1 << 20, connection)).isEqualTo(3 * PAGE_BYTES + 90);
            assertThat(connection.parts).hasSize(4);
            assertThat(connection.copied).isZero();
            assertThat(PacketHandle.offsetBytes(connection.parts.getFirst())).isEqualTo(10);
            assertThat(List.of(connection.sent(0), connection.sent(1), connection.sent(2), connection.sent(3)))
                    .containsExactly((byte) 1, (byte) 0, (byte) 0, (byte) 2);
        }
        connection.acknowledge();
    }

    @Test
    void shouldStopWhereTheConnectionTakesNoMore() throws IOException {
        final Connection connection = new Connection(pages);
        connection.room = 5000;
        try (RamFile file = create("/a")) {
            file.write(0, bytes(3 * PAGE_BYTES, 1));
            assertThat(file.transferTo(0, 1 << 20, connection)).isEqualTo(5000);
            assertThat(file.transferTo(5000, 1 << 20, connection)).isZero();
        }
        connection.acknowledge();
    }

    @Test
    void shouldCopyToWhatCannotShowItsPages() throws IOException {
        final Connection connection = new Connection(null);
        try (RamFile file = create("/a")) {
            file.write(0, bytes(100, 1));
            assertThat(file.transferTo(0, 100, connection)).isEqualTo(100);
            assertThat(connection.copied).isEqualTo(100);
        }
    }

    @Test
    void shouldSendWhatTheFileWasThoughItChanges() throws IOException {
        final Connection connection = new Connection(pages);
        try (RamFile file = create("/a")) {
            file.write(0, bytes(100, 1));
            file.transferTo(0, 100, connection);
            file.write(0, bytes(50, 2));
            assertThat(connection.sent(0)).isEqualTo((byte) 1);
            assertThat(read(file, 49, 2)).containsExactly(2, 1);
            assertThat(fs.usage().copiedPages()).isEqualTo(1);
            file.write(0, bytes(50, 3));
            assertThat(fs.usage().copiedPages()).isEqualTo(1);
            file.truncate(10);
        }
        fs.unlink("/a");
        assertThat(fs.usage().usedBytes()).isZero();
        assertThat(connection.sent(0)).isEqualTo((byte) 1);
        connection.acknowledge();
    }

    @Test
    void shouldKeepPagesThatAreBeingSentWhenItCloses() throws IOException {
        final Connection connection = new Connection(pages);
        try (RamFile file = create("/a")) {
            file.write(0, bytes(100, 1));
            file.transferTo(0, 100, connection);
        }
        fs.close();
        assertThat(connection.sent(0)).isEqualTo((byte) 1);
        assertThat(pages.available()).isEqualTo(99);
        connection.acknowledge();
    }

    // -- the rest

    @Test
    void shouldCloseWhatIsOpen() throws IOException {
        final RamFile file = create("/a");
        file.write(0, bytes(100, 1));
        fs.close();
        fs.close();
        assertThat(file.isOpen()).isFalse();
        assertThatThrownBy(() -> fs.list("/")).isInstanceOf(ClosedFileSystemException.class);
        assertThatThrownBy(fs::usage).isInstanceOf(ClosedFileSystemException.class);
        pages.checkNoLeaks();
    }

    @Test
    void shouldKeepTimes() throws IOException {
        create("/a").close();
        now = now.plusSeconds(5);
        try (RamFile file = fs.open("/a", CREATE, null)) {
            file.write(0, bytes(1, 1));
            assertThat(fs.attributes("/a", true).lastModifiedTime().toInstant()).isEqualTo(now);
            assertThat(fs.attributes("/a", true).creationTime().toInstant()).isEqualTo(now.minusSeconds(5));
            now = now.plusSeconds(5);
            read(file, 0, 1);
            final Instant first = now;
            assertThat(fs.attributes("/a", true).lastAccessTime().toInstant()).isEqualTo(first);
            now = now.plusSeconds(5);
            read(file, 0, 1);
            assertThat(fs.attributes("/a", true).lastAccessTime().toInstant()).isEqualTo(first);
            assertThat(fs.attributes("/a", true).permissions()).isEqualTo(PRIVATE);
        }
    }

    @Test
    void shouldRefuseNamesAndPathsThatAreTooLong() {
        assertThatThrownBy(() -> create("/" + "é".repeat(128))).hasMessage("File name too long");
        assertThatThrownBy(() -> create("/a".repeat(2048))).hasMessage("File name too long");
    }

    @Test
    void shouldHaveARegionOfItsOwn() throws IOException {
        try (RamFs own = RamFs.create("own", RamFsConfig.ofBytes(1 << 20), 16_384);
                RamFile file = own.open("/a", CREATE, null)) {
            assertThat(file.write(0, bytes(2 << 20, 1))).isEqualTo(1 << 20);
        }
    }

    /** Writers that append and one that shortens, readers that must see whole records, a sender: a lock of a file keeps them apart. */
    @Test
    void shouldKeepRecordsWholeAmongThreads() throws Exception {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final List<Thread> threads = new ArrayList<>();
        create("/log").close();
        for (int i = 1; i <= 3; i++) {
            final int mark = i;
            threads.add(Thread.ofPlatform().unstarted(() -> {
                try (RamFile file = fs.open("/log", Set.of(StandardOpenOption.APPEND), null);
                        RamFile reader = fs.open("/log", CREATE, null)) {
                    final Connection connection = new Connection(pages);
                    for (int round = 0; round < 500; round++) {
                        file.write(0, bytes(64, mark));
                        final byte[] record = read(reader, (long) (round % 100) * 64, 64);
                        assertThat(record).containsOnly(record[0]);
                        reader.transferTo(0, 64, connection);
                        assertThat(connection.sent(0)).isBetween((byte) 1, (byte) 3);
                        connection.acknowledge();
                        if (round % 100 == 99) {
                            reader.truncate(64);
                        }
                    }
                } catch (final Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            leaks = true;
            throw new AssertionError(failure.get());
        }
    }
}
