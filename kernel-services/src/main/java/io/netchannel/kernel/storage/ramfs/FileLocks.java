package io.netchannel.kernel.storage.ramfs;

import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;

/**
 * Locks of ranges of a file. They are held by the whole JVM, as those of any file are: so a range that is locked already can't be
 * waited for, and to lock it again is an error. Threading: any.
 */
public final class FileLocks {

    private final List<FileLock> held = new ArrayList<>();

    FileLocks() {
    }

    /** @throws OverlappingFileLockException if a part of its range is locked */
    public synchronized void add(final FileLock lock) {
        for (final FileLock other : held) {
            if (other.overlaps(lock.position(), lock.size())) {
                throw new OverlappingFileLockException();
            }
        }
        held.add(lock);
    }

    public synchronized void remove(final FileLock lock) {
        held.remove(lock);
    }

    public synchronized boolean holds(final FileLock lock) {
        return held.contains(lock);
    }

    /** Those of a channel that is closed. */
    public synchronized void removeAll(final Object channel) {
        held.removeIf(lock -> lock.acquiredBy() == channel);
    }
}
