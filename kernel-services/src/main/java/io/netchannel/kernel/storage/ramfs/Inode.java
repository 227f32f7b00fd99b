package io.netchannel.kernel.storage.ramfs;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What a name stands for, and what is known about it. Threading: each field is written whole, by any thread; who holds its links is
 * said by the subclass.
 */
abstract sealed class Inode permits Directory, RegularFile, SymbolicLink {

    private static final Duration DAY = Duration.ofDays(1);

    final Space space;
    final long number;
    final Instant createdAt;
    volatile Set<PosixFilePermission> permissions;
    volatile UserPrincipal owner = RamPrincipals.ROOT_USER;
    volatile GroupPrincipal group = RamPrincipals.ROOT_GROUP;
    private volatile Instant modifiedAt;
    private volatile Instant accessedAt;
    private volatile Instant changedAt;

    Inode(final Space space, final Set<PosixFilePermission> permissions) throws RamFsException {
        this.space = space;
        this.number = space.newInode();
        this.permissions = Set.copyOf(permissions);
        this.createdAt = space.clock.instant();
        this.modifiedAt = createdAt;
        this.accessedAt = createdAt;
        this.changedAt = createdAt;
    }

    abstract RamFileAttributes.Kind kind();

    abstract long sizeBytes();

    abstract long allocatedBytes();

    abstract int links();

    final void modified() {
        modifiedAt = space.clock.instant();
        changedAt = modifiedAt;
    }

    final void changed() {
        changedAt = space.clock.instant();
    }

    /** Written down once after each change, and once a day (Linux: relatime). */
    final void accessed() {
        if (!accessedAt.isAfter(modifiedAt) || !accessedAt.isAfter(changedAt)
                || accessedAt.plus(DAY).isBefore(space.clock.instant())) {
            accessedAt = space.clock.instant();
        }
    }

    /** @param modified and {@code accessed}: null leaves it */
    final void times(final FileTime modified, final FileTime accessed) {
        if (modified != null) {
            modifiedAt = modified.toInstant();
        }
        if (accessed != null) {
            accessedAt = accessed.toInstant();
        }
        changed();
    }

    final RamFileAttributes attributes() {
        return new RamFileAttributes(this, number, kind(), sizeBytes(), allocatedBytes(), links(), permissions, owner,
                group, FileTime.from(modifiedAt), FileTime.from(accessedAt), FileTime.from(createdAt),
                FileTime.from(changedAt));
    }
}
