package io.netchannel.kernel.storage.mapped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jdk.nio.mapmode.ExtendedMapMode;

/**
 * A file that the JDK maps, where Chronicle Bytes can't: on persistent memory (DAX) with {@code MAP_SYNC}, forced by writing cache
 * lines back, without a system call; and one that ends within a page, which Chronicle Bytes would lengthen to the page's end.
 */
final class ArenaFile implements StoredFile {

    private final String name;
    private final Arena arena;
    private final MemorySegment memory;

    private ArenaFile(final String name, final Arena arena, final MemorySegment memory) {
        this.name = name;
        this.arena = arena;
        this.memory = memory;
    }

    /** @return null if the file doesn't lie on persistent memory, or the CPU can't write its lines back */
    static StoredFile mapPersistent(final Path path, final int sizeBytes) {
        final Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final MemorySegment memory = map(channel, sizeBytes, arena);
            if (memory != null) {
                return new ArenaFile(path.getFileName().toString(), arena, memory);
            }
        } catch (final IOException failed) {
            arena.close();
            throw new UncheckedIOException(failed);
        }
        arena.close();
        return null;
    }

    private static MemorySegment map(final FileChannel channel, final int sizeBytes, final Arena arena) {
        try {
            return channel.map(ExtendedMapMode.READ_WRITE_SYNC, 0, sizeBytes, arena);
        } catch (final IOException | UnsupportedOperationException none) {
            // The kernel's word for a file that isn't on persistent memory: it never takes MAP_SYNC for what it can't keep.
            return null;
        }
    }

    /** Any file, of {@code sizeBytes}, which it keeps. */
    static StoredFile map(final Path path, final int sizeBytes) {
        final Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new ArenaFile(path.getFileName().toString(), arena, channel.map(MapMode.READ_WRITE, 0, sizeBytes,
                    arena));
        } catch (final IOException failed) {
            arena.close();
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long address() {
        return memory.address();
    }

    @Override
    public int sizeBytes() {
        return (int) memory.byteSize();
    }

    @Override
    public ByteBuffer buffer() {
        return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public void force(final int offsetBytes, final int lengthBytes) {
        memory.asSlice(offsetBytes, lengthBytes).force();
    }

    @Override
    public void close() {
        arena.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
