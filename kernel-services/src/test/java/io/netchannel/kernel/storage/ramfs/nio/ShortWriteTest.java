package io.netchannel.kernel.storage.ramfs.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full in the middle of a call: what was written counts, and only who could write nothing is told. */
final class ShortWriteTest {

    private static final int PAGE = 4096;
    /** Pages that are left when a test begins. */
    private static final int LEFT = 32;

    @TempDir
    private Path host;

    private FileSystem fs;
    private FileChannel full;

    @BeforeEach
    void fill() throws IOException {
        fs = FileSystems.newFileSystem(URI.create("ramfs://short/"), Map.of("size", "512k", "pageBytes", "4k"),
                ShortWriteTest.class.getClassLoader());
        Files.write(fs.getPath("/rest"), new byte[512 * 1024 - LEFT * PAGE]);
        full = FileChannel.open(fs.getPath("/full"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        full.close();
        fs.close();
    }

    private static ByteBuffer pages(final int count) {
        return ByteBuffer.allocate(count * PAGE);
    }

    @Test
    void shouldSayHowMuchAGatheringWriteWrote() throws IOException {
        final ByteBuffer[] all = {pages(10), pages(LEFT - 10), pages(1)};
        assertThat(full.write(all)).isEqualTo(LEFT * PAGE);
        assertThat(full.position()).isEqualTo(LEFT * PAGE);
        assertThat(all[2].position()).isZero();
        assertThatThrownBy(() -> full.write(new ByteBuffer[]{pages(1), pages(1)}))
                .hasMessageContaining("No space left");
        assertThat(full.position()).isEqualTo(LEFT * PAGE);
    }

    @Test
    void shouldSayHowMuchItTookFromAChannel() throws IOException {
        final ReadableByteChannel source = Channels.newChannel(new ByteArrayInputStream(new byte[2 * LEFT * PAGE]));
        assertThat(full.transferFrom(source, 0, Long.MAX_VALUE)).isEqualTo(LEFT * PAGE);
        assertThat(full.size()).isEqualTo(LEFT * PAGE);
        assertThatThrownBy(() -> full.transferFrom(source, 1 << 20, PAGE)).hasMessageContaining("No space left");
    }

    @Test
    void shouldLeaveAFilesPositionBehindWhatItTook() throws IOException {
        for (final Path path : new Path[]{fs.getPath("/rest"),
            Files.write(host.resolve("file"), new byte[512 * 1024])}) {
            full.truncate(0);
            try (FileChannel source = FileChannel.open(path)) {
                source.position(10);
                assertThat(full.transferFrom(source, 0, Long.MAX_VALUE)).isEqualTo(LEFT * PAGE);
                assertThat(source.position()).isEqualTo(10 + LEFT * PAGE);
            }
        }
    }

    @Test
    void shouldSayHowMuchItHandedOver() throws IOException {
        try (FileChannel source = FileChannel.open(fs.getPath("/rest"))) {
            assertThat(source.transferTo(0, Long.MAX_VALUE, full)).isEqualTo(LEFT * PAGE);
            assertThatThrownBy(() -> source.transferTo(0, PAGE, full)).hasMessageContaining("No space left");
        }
    }
}
