package io.netchannel.kernel.storage.ramfs;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * What is known about a file, of a moment.
 *
 * @param fileKey the same for all names of a file, and for no other file
 * @param allocatedBytes of its pages
 */
public record RamFileAttributes(Object fileKey, long inode, Kind kind, long size, long allocatedBytes, int links,
        Set<PosixFilePermission> permissions, UserPrincipal owner, GroupPrincipal group, FileTime lastModifiedTime,
        FileTime lastAccessTime, FileTime creationTime, FileTime changeTime) implements PosixFileAttributes {

    /** What a file may be. */
    public enum Kind {
        FILE, DIRECTORY, SYMBOLIC_LINK
    }

    @Override
    public boolean isRegularFile() {
        return kind == Kind.FILE;
    }

    @Override
    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    @Override
    public boolean isSymbolicLink() {
        return kind == Kind.SYMBOLIC_LINK;
    }

    @Override
    public boolean isOther() {
        return false;
    }
}
