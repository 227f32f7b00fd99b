package io.netchannel.perf.netperf.host;

import io.netchannel.kernel.memory.MappedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file to send, in the page cache: TCP_SENDFILE's.
 *
 * <p>Threading: immutable.
 */
public final class FilePayload implements AutoCloseable {

    private final Path temporary;
    private final FileChannel channel;
    private final MappedFile mapped;

    private FilePayload(final Path file, final Path temporary) throws IOException {
        this.temporary = temporary;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.mapped = MappedFile.open(file, MappedFile.Access.READ);
        mapped.readAhead(0, mapped.sizeBytes());
    }

    /** A file of one message, as {@link Payload} has it; it goes when this is closed. */
    public static FilePayload temporary(final Payload message) {
        try {
            final Path file = Files.createTempFile("netperf", ".sendfile");
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                final ByteBuffer bytes = message.buffer();
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            return new FilePayload(file, file);
        } catch (final IOException e) {
            throw new UncheckedIOException("can't make a file to send: " + e.getMessage(), e);
        }
    }

    public FileChannel channel() {
        return channel;
    }

    /** Of its first byte, mapped. */
    public long address() {
        return mapped.address(0, mapped.sizeBytes());
    }

    @Override
    public void close() {
        mapped.close();
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
