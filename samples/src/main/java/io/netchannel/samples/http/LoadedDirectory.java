package io.netchannel.samples.http;

import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsConfig;
import io.netchannel.kernel.storage.ramfs.nio.RamFileSystemProvider;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A copy of a directory in memory, as it was when it was loaded. Opened and closed by one thread; its files are for any.
 */
final class LoadedDirectory implements AutoCloseable {

    static final int OWN_PAGE_BYTES = 64 * 1024;
    private static final AtomicInteger LOADED = new AtomicInteger();

    private final FileSystem fs;
    private int leftOut;

    private LoadedDirectory(final RamFs ramFs) {
        fs = RamFileSystemProvider.instance().register("http-" + LOADED.incrementAndGet(), ramFs);
    }

    /**
     * @param pages of the node that is to send the files without a copy; null: in memory of its own
     * @param maxBytes that all files may take, in whole pages
     * @throws IOException if they can't be read, or are more: {@code No space left on device}
     */
    static LoadedDirectory load(final Path directory, final SharedPages pages, final long maxBytes)
            throws IOException {
        final RamFsConfig config = RamFsConfig.ofBytes(maxBytes);
        final LoadedDirectory loaded = new LoadedDirectory(
                pages == null ? RamFs.create("http", config, OWN_PAGE_BYTES) : RamFs.over(pages, config));
        try {
            final Path real = directory.toRealPath();
            Files.walkFileTree(real, Set.<FileVisitOption>of(), Integer.MAX_VALUE, loaded.new Loader(real));
            return loaded;
        } catch (final IOException | RuntimeException failed) {
            loaded.close();
            throw failed;
        }
    }

    Path root() {
        return fs.getPath("/");
    }

    /** Bytes that are still free. */
    long freeBytes() throws IOException {
        return Files.getFileStore(root()).getUsableSpace();
    }

    /** Symbolic links that lead out of the directory or nowhere, pipes, devices: nothing that would be served. */
    int leftOut() {
        return leftOut;
    }

    @Override
    public void close() throws IOException {
        fs.close();
    }

    private final class Loader extends SimpleFileVisitor<Path> {

        private final Path from;

        Loader(final Path from) {
            this.from = from;
        }

        private Path inside(final Path path) {
            return root().resolve(from.relativize(path).toString());
        }

        @Override
        public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes)
                throws IOException {
            if (!directory.equals(from)) {
                Files.createDirectory(inside(directory));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile()) {
                Files.copy(file, inside(file), StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            } else if (attributes.isSymbolicLink() && leadsInside(file)) {
                Files.createSymbolicLink(inside(file), inside(file.toRealPath()));
            } else {
                leftOut++;
            }
            return FileVisitResult.CONTINUE;
        }

        private boolean leadsInside(final Path link) {
            try {
                return link.toRealPath().startsWith(from);
            } catch (final IOException nowhere) {
                return false;
            }
        }
    }
}
