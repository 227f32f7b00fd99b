package io.netchannel.kernel.storage.ramfs;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;

/** A path instead of a file. Threading: immutable but for its links, which have the tree's lock. */
final class SymbolicLink extends Inode {

    private final String target;
    private int links;

    SymbolicLink(final Space space, final String target) throws RamFsException {
        super(space, EnumSet.allOf(PosixFilePermission.class));
        this.target = target;
    }

    String target() {
        return target;
    }

    void link(final int delta) {
        links += delta;
        changed();
        if (links == 0) {
            space.inodeGone();
        }
    }

    @Override
    RamFileAttributes.Kind kind() {
        return RamFileAttributes.Kind.SYMBOLIC_LINK;
    }

    @Override
    long sizeBytes() {
        return target.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    long allocatedBytes() {
        return 0;
    }

    @Override
    int links() {
        return links;
    }
}
