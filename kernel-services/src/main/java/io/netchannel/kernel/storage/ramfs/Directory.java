package io.netchannel.kernel.storage.ramfs;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names by hash; a list of them is in their order. Threading: the tree's lock. */
final class Directory extends Inode {

    /** As a file system on a disk would say. */
    static final int SIZE_BYTES = 4096;

    private final Map<String, Inode> entries = new HashMap<>();
    // Itself, of the root.
    private Directory parent;
    private int subdirectories;

    Directory(final Space space, final Set<PosixFilePermission> permissions) throws RamFsException {
        super(space, permissions);
        this.parent = this;
    }

    Directory parent() {
        return parent;
    }

    Inode get(final String name) {
        return entries.get(name);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void put(final String name, final Inode inode) {
        entries.put(name, inode);
        if (inode instanceof final Directory child) {
            child.parent = this;
            subdirectories++;
        }
        modified();
    }

    void remove(final String name) {
        if (entries.remove(name) instanceof Directory) {
            subdirectories--;
        }
        modified();
    }

    /** Whether it is {@code other}, or above it. */
    boolean isAbove(final Directory other) {
        Directory at = other;
        while (at != this && at.parent != at) {
            at = at.parent;
        }
        return at == this;
    }

    /** Of one that is here. */
    String nameOf(final Inode child) {
        for (final Map.Entry<String, Inode> entry : entries.entrySet()) {
            if (entry.getValue() == child) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("no such inode");
    }

    List<String> names() {
        final String[] names = entries.keySet().toArray(String[]::new);
        Arrays.sort(names);
        return List.of(names);
    }

    Iterable<Inode> children() {
        return entries.values();
    }

    @Override
    RamFileAttributes.Kind kind() {
        return RamFileAttributes.Kind.DIRECTORY;
    }

    @Override
    long sizeBytes() {
        return SIZE_BYTES;
    }

    @Override
    long allocatedBytes() {
        return 0;
    }

    @Override
    int links() {
        return 2 + subdirectories;
    }
}
