package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.storage.ramfs.RamFileAttributes;
import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsException;
import io.netchannel.kernel.storage.ramfs.RamPrincipals;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** A file's attributes, under any of the views' names. Threading: immutable. */
final class RamAttributeView implements PosixFileAttributeView {

    private static final Set<String> POSIX = Set.of("permissions", "owner", "group");

    private final RamPath path;
    private final boolean follow;
    private final String name;

    RamAttributeView(final RamPath path, final boolean follow, final String name) {
        this.path = path;
        this.follow = follow;
        this.name = name;
    }

    private interface Change {
        void apply(RamFs fs, String path) throws RamFsException;
    }

    private void change(final Change change) throws IOException {
        try {
            change.apply(path.getFileSystem().ramFs(), path.absolute());
        } catch (final RamFsException e) {
            throw RamErrors.of(e, path);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public RamFileAttributes readAttributes() throws IOException {
        try {
            return path.getFileSystem().ramFs().attributes(path.absolute(), follow);
        } catch (final RamFsException e) {
            // As the JDK since 22: below what is no directory, there is no file.
            throw e.errno() == Errno.ENOTDIR ? new NoSuchFileException(path.toString()) : RamErrors.of(e, path);
        }
    }

    /** The time of creation stays: Unix has no way to change it either. */
    @Override
    public void setTimes(final FileTime modified, final FileTime accessed, final FileTime created)
            throws IOException {
        if (modified != null || accessed != null) {
            change((fs, file) -> fs.setTimes(file, follow, modified, accessed));
        }
    }

    @Override
    public void setPermissions(final Set<PosixFilePermission> permissions) throws IOException {
        change((fs, file) -> fs.setPermissions(file, follow, permissions));
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    @Override
    public void setOwner(final UserPrincipal owner) throws IOException {
        if (!RamPrincipals.isOurs(owner)) {
            throw new ProviderMismatchException();
        }
        change((fs, file) -> fs.setOwner(file, follow, owner, null));
    }

    @Override
    public void setGroup(final GroupPrincipal group) throws IOException {
        if (!RamPrincipals.isOurs(group)) {
            throw new ProviderMismatchException();
        }
        change((fs, file) -> fs.setOwner(file, follow, null, group));
    }

    /** By an attribute's name, with its view or without. */
    @SuppressWarnings("unchecked")
    void set(final String attribute, final Object value) throws IOException {
        final String[] viewAndName = AttributeNames.split(attribute);
        if (!RamFileSystem.VIEWS.contains(viewAndName[0])) {
            throw new UnsupportedOperationException("View '" + viewAndName[0] + "' not available");
        }
        if (viewAndName[0].equals("basic") && POSIX.contains(viewAndName[1])) {
            throw new IllegalArgumentException("'" + attribute + "' not recognized");
        }
        switch (viewAndName[1]) {
            case "lastModifiedTime" -> setTimes((FileTime) value, null, null);
            case "lastAccessTime" -> setTimes(null, (FileTime) value, null);
            case "creationTime" -> setTimes(null, null, (FileTime) value);
            case "permissions" -> setPermissions((Set<PosixFilePermission>) value);
            case "owner" -> setOwner((UserPrincipal) value);
            case "group" -> setGroup((GroupPrincipal) value);
            default -> throw new IllegalArgumentException("'" + attribute + "' not recognized");
        }
    }
}
