package io.netchannel.kernel.storage.ramfs.nio;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The names that a directory had when it was opened, in their order. Threading: one at a time, but any may close it. */
final class RamDirectoryStream implements DirectoryStream<Path> {

    private final Path directory;
    private final Iterator<String> names;
    private final Filter<? super Path> filter;
    private volatile boolean closed;
    private boolean iterated;

    RamDirectoryStream(final Path directory, final List<String> names, final Filter<? super Path> filter) {
        this.directory = directory;
        this.names = names.iterator();
        this.filter = filter;
    }

    @Override
    public Iterator<Path> iterator() {
        if (closed) {
            throw new IllegalStateException("Directory stream is closed");
        }
        if (iterated) {
            throw new IllegalStateException("Iterator already obtained");
        }
        iterated = true;
        return new Entries();
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Entries implements Iterator<Path> {

        private Path next;

        @Override
        public boolean hasNext() {
            while (next == null && !closed && names.hasNext()) {
                final Path entry = directory.resolve(names.next());
                try {
                    if (filter == null || filter.accept(entry)) {
                        next = entry;
                    }
                } catch (final IOException e) {
                    throw new DirectoryIteratorException(e);
                }
            }
            return next != null;
        }

        @Override
        public Path next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            final Path entry = next;
            next = null;
            return entry;
        }
    }
}
