package io.netchannel.kernel.storage.ramfs.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java code that knows nothing of ramfs, on ramfs. */
final class RamFileSystemTest {

    private static final URI NAME = URI.create("ramfs://test/");

    private final FileSystem fs = open(NAME, Map.of("size", "8m", "inodes", 1000, "pageBytes", "4k"));

    private static FileSystem open(final URI uri, final Map<String, ?> env) {
        try {
            return FileSystems.newFileSystem(uri, env, RamFileSystemTest.class.getClassLoader());
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        fs.close();
    }

    @Test
    void shouldServeTheFilesClass(@TempDir final Path host) throws IOException {
        final Path directory = Files.createDirectories(fs.getPath("/x/y"));
        final List<String> lines = Stream.iterate(0, i -> i + 1).limit(10_000).map(i -> "line " + i).toList();
        final Path file = Files.write(directory.resolve("lines"), lines);
        assertThat(Files.readAllLines(file)).isEqualTo(lines);
        try (Stream<String> read = Files.lines(file)) {
            assertThat(read.count()).isEqualTo(10_000);
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            assertThat(reader.readLine()).isEqualTo("line 0");
        }
        final Path copy = Files.copy(file, host.resolve("copy"));
        assertThat(Files.mismatch(copy, file)).isEqualTo(-1);
        final Path back = Files.copy(copy, fs.getPath("/back"), StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(Files.mismatch(back, file)).isEqualTo(-1);
        assertThat(Files.getLastModifiedTime(back)).isEqualTo(Files.getLastModifiedTime(copy));
        try (Stream<Path> walk = Files.walk(fs.getPath("/"))) {
            assertThat(walk.map(Path::toString)).containsExactly("/", "/back", "/x", "/x/y", "/x/y/lines");
        }
        try (Stream<Path> found = Files.find(fs.getPath("/"), 9, (path, attributes) -> attributes.size() > 50_000)) {
            assertThat(found).hasSize(2);
        }
        try (DirectoryStream<Path> some = Files.newDirectoryStream(fs.getPath("/"), "b*")) {
            assertThat(some).hasSize(1);
        }
        final Path temporary = Files.createTempFile(directory, "t", null);
        assertThat(Files.exists(temporary)).isTrue();
        assertThatThrownBy(() -> Files.move(back, host.resolve("m"), StandardCopyOption.ATOMIC_MOVE))
                .isInstanceOf(AtomicMoveNotSupportedException.class);
        Files.move(back, host.resolve("moved"));
        assertThat(Files.exists(back)).isFalse();
        assertThat(Files.size(host.resolve("moved"))).isEqualTo(Files.size(file));
    }

    @Test
    void shouldHoldZipFiles() throws IOException {
        final Path zip = fs.getPath("/a.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("one"));
            out.write("first".getBytes(StandardCharsets.UTF_8));
        }
        try (FileSystem inside = FileSystems.newFileSystem(zip)) {
            assertThat(Files.readString(inside.getPath("one"))).isEqualTo("first");
            Files.writeString(inside.getPath("two"), "second".repeat(1000));
        }
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            assertThat(Stream.of(in.getNextEntry(), in.getNextEntry()).map(ZipEntry::getName)
                    .collect(Collectors.toSet())).containsExactlyInAnyOrder("one", "two");
        }
        final Path gzip = fs.getPath("/a.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(new byte[100_000]);
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(gzip))) {
            assertThat(in.readAllBytes()).hasSize(100_000);
        }
    }

    @Test
    void shouldFindPathsByUri() {
        final Path path = fs.getPath("/a b/é%");
        assertThat(path.toUri()).hasToString("ramfs://test/a%20b/é%25");
        assertThat(RamFileSystemProvider.instance().getPath(path.toUri())).isEqualTo(path);
        assertThat(fs.getPath("").toUri()).hasToString("ramfs://test/");
        assertThat(RamFileSystemProvider.instance().getFileSystem(NAME)).isSameAs(fs);
        assertThatThrownBy(() -> RamFileSystemProvider.instance().getFileSystem(URI.create("ramfs://other/")))
                .isInstanceOf(FileSystemNotFoundException.class);
    }

    @Test
    void shouldHaveOneOfEachName() throws IOException {
        assertThatThrownBy(() -> open(NAME, Map.of())).isInstanceOf(FileSystemAlreadyExistsException.class);
        fs.close();
        assertThat(fs.isOpen()).isFalse();
        open(NAME, Map.of()).close();
    }

    @Test
    void shouldSayWhatIsWrongWithOptions() {
        assertThatIllegalArgumentException().isThrownBy(() -> open(URI.create("ramfs://x/"), Map.of("sise", 1)))
                .withMessageContaining("sise");
        assertThatIllegalArgumentException().isThrownBy(() -> open(URI.create("ramfs://x/"), Map.of("size", "1t")))
                .withMessageContaining("size=1t");
        assertThatIllegalArgumentException().isThrownBy(
                () -> open(URI.create("ramfs://x/"), Map.of("pageBytes", 5000))).withMessageContaining("5000");
        assertThatIllegalArgumentException().isThrownBy(() -> open(URI.create("ramfs:///"), Map.of()));
    }

    @Test
    void shouldTellTheQuota() throws IOException {
        final FileStore store = Files.getFileStore(fs.getPath("/"));
        assertThat(store.getTotalSpace()).isEqualTo(8 << 20);
        assertThatIOException().isThrownBy(() -> Files.write(fs.getPath("/big"), new byte[9 << 20]))
                .withMessage("No space left on device");
        assertThat(Files.size(fs.getPath("/big"))).isEqualTo(8 << 20);
        assertThat(store.getUsableSpace()).isZero();
        assertThat(store.getAttribute("refusedWrites")).isEqualTo(1L);
        Files.delete(fs.getPath("/big"));
        assertThat(store.getUsableSpace()).isEqualTo(8 << 20);
    }

    @Test
    void shouldLockRanges() throws IOException {
        final Path file = Files.createFile(fs.getPath("/l"));
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final FileLock lock;
            try (FileChannel one = FileChannel.open(file, StandardOpenOption.WRITE)) {
                lock = one.lock(0, 10, false);
                assertThatThrownBy(() -> other.tryLock(5, 10, false))
                        .isInstanceOf(OverlappingFileLockException.class);
                try (FileLock beside = other.lock(10, 10, false)) {
                    assertThat(beside.isValid()).isTrue();
                    assertThat(lock.isValid()).isTrue();
                }
            }
            assertThat(lock.isValid()).isFalse();
            other.lock().release();
        }
    }

    @Test
    void shouldNameWhatItCannotDo() throws IOException {
        try (FileChannel channel = FileChannel.open(fs.getPath("/m"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_ONLY, 0, 1))
                    .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("mapped");
        }
        assertThatThrownBy(fs::newWatchService).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldReadAndSetAttributesByName() throws IOException {
        final Path file = Files.writeString(fs.getPath("/f"), "12345");
        assertThat(Files.readAttributes(file, "posix:size,permissions,owner")).containsEntry("size", 5L).hasSize(3);
        assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100644);
        Files.setAttribute(file, "posix:group",
                fs.getUserPrincipalLookupService().lookupPrincipalByGroupName("staff"));
        assertThat(Files.getAttribute(file, "posix:group")).hasToString("staff");
        assertThatIllegalArgumentException().isThrownBy(() -> Files.getAttribute(file, "size2"));
        assertThatThrownBy(() -> Files.getAttribute(file, "dos:hidden"))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
