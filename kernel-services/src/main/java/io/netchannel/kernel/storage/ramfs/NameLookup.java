package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.linux.Errno;
import java.nio.charset.StandardCharsets;

/**
 * From a path to what it names, as Linux walks it (path_resolution(7)): component by component, symbolic links in place of their
 * names. Threading: the tree's lock.
 */
final class NameLookup {

    /** NAME_MAX and PATH_MAX. */
    static final int MAX_NAME_BYTES = 255;
    static final int MAX_PATH_BYTES = 4096;
    /** Links on the way of one path. */
    private static final int MAX_LINKS = 40;

    /**
     * Where a path leads.
     *
     * @param name in {@code parent}; "." or ".." or, for the root, "/" if it is a directory that has no name here
     * @param found null if there is nothing of that name
     */
    record Place(Directory parent, String name, Inode found) {
        boolean isNamed() {
            return !name.equals(".") && !name.equals("..") && !name.equals("/");
        }
    }

    private NameLookup() {
    }

    /** @throws RamFsException if a directory on the way isn't there, or isn't one */
    static Place locate(final Directory root, final String path, final boolean followLast) throws RamFsException {
        if (path.isEmpty()) {
            throw new RamFsException(Errno.ENOENT);
        }
        if (bytes(path) >= MAX_PATH_BYTES) {
            throw new RamFsException(Errno.ENAMETOOLONG);
        }
        Directory at = root;
        String rest = path;
        int links = 0;
        while (true) {
            final int start = skipSlashes(rest, 0);
            if (start == rest.length()) {
                return new Place(at, at == root ? "/" : ".", at);
            }
            final int slash = rest.indexOf('/', start);
            final int end = slash < 0 ? rest.length() : slash;
            final String name = rest.substring(start, end);
            rest = rest.substring(skipSlashes(rest, end));
            final boolean last = rest.isEmpty();
            if (name.equals(".") || name.equals("..")) {
                at = name.equals(".") ? at : at.parent();
                if (last) {
                    return new Place(at, name, at);
                }
                continue;
            }
            if (bytes(name) > MAX_NAME_BYTES) {
                throw new RamFsException(Errno.ENAMETOOLONG);
            }
            final Inode child = at.get(name);
            if (child instanceof final SymbolicLink link && (!last || followLast)) {
                if (++links > MAX_LINKS) {
                    throw new RamFsException(Errno.ELOOP);
                }
                at = link.target().startsWith("/") ? root : at;
                rest = last ? link.target() : link.target() + "/" + rest;
            } else if (last) {
                return new Place(at, name, child);
            } else if (child instanceof final Directory below) {
                at = below;
            } else {
                throw new RamFsException(child == null ? Errno.ENOENT : Errno.ENOTDIR);
            }
        }
    }

    private static int skipSlashes(final String path, final int from) {
        int at = from;
        while (at < path.length() && path.charAt(at) == '/') {
            at++;
        }
        return at;
    }

    private static int bytes(final String text) {
        return text.length() * 3 < MAX_NAME_BYTES ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
