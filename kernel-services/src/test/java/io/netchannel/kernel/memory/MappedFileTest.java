package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.memory.MappedFile.Access;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedFileTest {

    private static final int PAGE = (int) Linux.pageBytes();
    private static final int SIZE = 16 * PAGE + 100;

    @TempDir
    Path directory;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("file");
        final byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) (i / PAGE + 1);
        }
        Files.write(file, bytes);
    }

    @Test
    void shouldShowTheFileToItsLastByteAndNoFurther() {
        try (MappedFile mapped = MappedFile.open(file, Access.READ)) {
            assertThat(mapped.sizeBytes()).isEqualTo(SIZE);
            assertThat(mapped.memory().getByte(mapped.address(0, 1))).isEqualTo((byte) 1);
            assertThat(mapped.memory().getByte(mapped.address(SIZE - 1, 1))).isEqualTo((byte) 17);
            assertThat(mapped.address(SIZE, 0)).isPositive();
            assertThatThrownBy(() -> mapped.address(SIZE, 1)).isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining(SIZE + "..+1 is not within").hasMessageEndingWith("sizeBytes=" + SIZE);
            assertThatThrownBy(() -> mapped.address(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mapped.address(1, Long.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mapped.drop(1, SIZE)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldWriteThroughToTheFile() throws IOException {
        try (MappedFile mapped = MappedFile.open(file, Access.READ_WRITE)) {
            mapped.memory().putByte(mapped.address(5 * PAGE + 3, 1), (byte) 99);
            mapped.sync(5 * PAGE + 3, 1);
            mapped.drop(0, SIZE);
            assertThat(mapped.memory().getByte(mapped.address(5 * PAGE + 3, 1))).isEqualTo((byte) 99);
        }
        assertThat(Files.readAllBytes(file)[5 * PAGE + 3]).isEqualTo((byte) 99);
    }

    @Test
    void shouldDropPagesAndReadThemAgain() {
        try (MappedFile mapped = MappedFile.open(file, Access.READ)) {
            // As long as they are not in the storage, the system keeps them.
            try (MappedFile writable = MappedFile.open(file, Access.READ_WRITE)) {
                writable.sync(0, SIZE);
            }
            mapped.readSequentially(0, SIZE);
            mapped.memory().getByte(mapped.address(0, 1));
            assertThat(mapped.residentBytes(0, 1)).isEqualTo(PAGE);
            mapped.drop(0, SIZE);
            assertThat(mapped.memory().getByte(mapped.address(3 * PAGE, 1))).isEqualTo((byte) 4);
            assertThat(mapped.residentBytes(3 * PAGE, 1)).isEqualTo(PAGE);
            mapped.readAhead(0, SIZE);
            assertThat(mapped.residentBytes(0, SIZE)).isBetween((long) PAGE, 17L * PAGE);
        }
    }

    @Test
    void shouldRefuseWhatCanNotBeMapped() throws IOException {
        final Path empty = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> MappedFile.open(empty, Access.READ)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(empty + " is empty: nothing to map");
        assertThatThrownBy(() -> MappedFile.open(directory.resolve("none"), Access.READ))
                .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> MappedFile.open(directory, Access.READ_WRITE)).hasMessageContaining("EISDIR");
    }

    @Test
    void shouldSayThatTheFileWasShortened() throws IOException {
        try (MappedFile mapped = MappedFile.open(file, Access.READ)) {
            assertThat(mapped.isWhole()).isTrue();
            Files.write(file, new byte[PAGE]);
            assertThat(mapped.isWhole()).isFalse();
            // A system call fails, and says so.
            final int out = Linux.memfdCreate("out", 0);
            assertThat(Linux.write(out, mapped.address(4 * PAGE, 1), 1)).isEqualTo(-Errno.EFAULT);
            Linux.close(out);
        }
    }

    @Test
    void shouldSurviveATouchOfWhatWasCutOff() throws Exception {
        // Not the class path of this process, which may be a test runner's.
        final String classPath = Stream.of(MappedFileTest.class, MappedFile.class, HostMemory.class).map(
                each -> Path.of(URI.create(each.getProtectionDomain().getCodeSource().getLocation().toString()))
                        .toString())
                .distinct().collect(Collectors.joining(File.pathSeparator));
        final Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath,
                CutOff.class.getName(), file.toString()).redirectErrorStream(true).start();
        final String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        assertThat(output).contains("survived");
    }

    /** A process of its own, which might die of it. */
    static final class CutOff {

        private CutOff() {
        }

        public static void main(final String[] arguments) throws IOException {
            final Path file = Path.of(arguments[0]);
            try (MappedFile mapped = MappedFile.open(file, Access.READ)) {
                Files.write(file, new byte[PAGE]);
                int errors = 0;
                for (int i = 0; i < 20_000; i++) {
                    // Interpreted at first, compiled later.
                    try {
                        touch(mapped, 4 * PAGE);
                    } catch (final InternalError cutOff) {
                        errors++;
                    }
                }
                System.out.println("survived " + errors + " errors");
                if (errors == 0) {
                    throw new IOException("no touch was noticed");
                }
            }
        }

        private static int touch(final MappedFile mapped, final long offset) {
            return mapped.memory().getByte(mapped.address(offset, 1));
        }
    }
}
