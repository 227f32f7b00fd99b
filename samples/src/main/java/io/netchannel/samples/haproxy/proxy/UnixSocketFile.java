package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file of a UNIX socket that listens. Its socket is bound under another name and moved to its own when its permissions are
 * set: who connects finds the socket of a process before this one, or this one, and never a moment without. For the same reason
 * it is left alone at the end if it is another process's by then. Threading: one after another.
 */
final class UnixSocketFile {

    /** sun_path without its NUL (unix(7)). */
    private static final int MAX_PATH_BYTES = 107;

    private final Path path;
    private final Path temporary;
    private Object key;

    /** @throws IOException if the system has no room for its name */
    UnixSocketFile(final String path) throws IOException {
        final String other = path + "." + ProcessHandle.current().pid() + ".tmp";
        if (other.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new IOException("name too long for UNIX socket (limit usually 97) [" + path + "]");
        }
        this.path = Path.of(path);
        this.temporary = Path.of(other);
    }

    /** The name to bind it under: nothing is there. */
    String temporaryName() throws IOException {
        Files.deleteIfExists(temporary);
        return temporary.toString();
    }

    /** It is bound: from now on it can be connected to. */
    void publish(final BindSettings bind) throws IOException {
        try {
            owner(bind);
            key = keyOf(temporary);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException e) {
            Files.deleteIfExists(temporary);
            throw new IOException("cannot switch final and temporary UNIX sockets (" + e.getMessage() + ") [" + path
                    + "]", e);
        }
    }

    private void owner(final BindSettings bind) throws IOException {
        final int mode = bind.get(BindOptions.FILE_MODE);
        if (mode >= 0) {
            final Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            // From the owner's reading, the highest of nine bits, to others' execution.
            final PosixFilePermission[] all = PosixFilePermission.values();
            for (int i = 0; i < all.length; i++) {
                if ((mode & 1 << all.length - 1 - i) != 0) {
                    permissions.add(all[i]);
                }
            }
            Files.setPosixFilePermissions(temporary, permissions);
        }
        if (bind.get(BindOptions.UID) >= 0) {
            Files.setAttribute(temporary, "unix:uid", bind.get(BindOptions.UID));
        }
        if (bind.get(BindOptions.GID) >= 0) {
            Files.setAttribute(temporary, "unix:gid", bind.get(BindOptions.GID));
        }
    }

    private static Object keyOf(final Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    /** The socket is closed. */
    void remove() {
        try {
            if (keyOf(path).equals(key)) {
                Files.delete(path);
            }
        } catch (final IOException e) {
            // It is gone already, or in nobody's way for longer than until the next start.
        }
    }
}
