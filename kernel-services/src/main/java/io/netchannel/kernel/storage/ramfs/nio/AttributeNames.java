package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.storage.ramfs.RamFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Attributes by their names: {@code posix:owner,permissions}. */
final class AttributeNames {

    private static final Set<String> BASIC = Set.of("size", "creationTime", "lastAccessTime", "lastModifiedTime",
            "isDirectory", "isRegularFile", "isSymbolicLink", "isOther", "fileKey");
    private static final Set<String> POSIX = Set.of("permissions", "owner", "group");
    private static final Set<String> UNIX = Set.of("mode", "ino", "nlink", "ctime");

    private AttributeNames() {
    }

    /** @return view and the rest */
    static String[] split(final String attributes) {
        final int colon = attributes.indexOf(':');
        return colon < 0
                ? new String[]{"basic", attributes}
                : new String[]{attributes.substring(0, colon), attributes.substring(colon + 1)};
    }

    /**
     * @throws UnsupportedOperationException if there is no such view
     * @throws IllegalArgumentException if there is no such attribute in it
     */
    static Map<String, Object> read(final RamFileAttributes from, final String attributes) {
        final String[] viewAndNames = split(attributes);
        final String view = viewAndNames[0];
        if (!RamFileSystem.VIEWS.contains(view)) {
            throw new UnsupportedOperationException("View '" + view + "' not available");
        }
        final Map<String, Object> all = all(from, view);
        final Map<String, Object> found = new LinkedHashMap<>();
        if (viewAndNames[1].isEmpty()) {
            throw new IllegalArgumentException("No attributes specified");
        }
        for (final String name : viewAndNames[1].split(",")) {
            if (name.equals("*")) {
                found.putAll(all);
            } else if (all.containsKey(name)) {
                found.put(name, all.get(name));
            } else {
                throw new IllegalArgumentException("'" + name + "' not recognized");
            }
        }
        return found;
    }

    private static Map<String, Object> all(final RamFileAttributes from, final String view) {
        final Map<String, Object> all = new LinkedHashMap<>();
        if (view.equals("owner")) {
            all.put("owner", from.owner());
            return all;
        }
        BASIC.forEach(name -> all.put(name, value(from, name)));
        if (!view.equals("basic")) {
            POSIX.forEach(name -> all.put(name, value(from, name)));
        }
        if (view.equals("unix")) {
            UNIX.forEach(name -> all.put(name, value(from, name)));
        }
        return all;
    }

    private static Object value(final RamFileAttributes from, final String name) {
        return switch (name) {
            case "size" -> from.size();
            case "creationTime" -> from.creationTime();
            case "lastAccessTime" -> from.lastAccessTime();
            case "lastModifiedTime" -> from.lastModifiedTime();
            case "isDirectory" -> from.isDirectory();
            case "isRegularFile" -> from.isRegularFile();
            case "isSymbolicLink" -> from.isSymbolicLink();
            case "isOther" -> from.isOther();
            case "fileKey" -> from.fileKey();
            case "permissions" -> from.permissions();
            case "owner" -> from.owner();
            case "group" -> from.group();
            case "mode" -> mode(from);
            case "ino" -> from.inode();
            case "nlink" -> from.links();
            case "ctime" -> from.changeTime();
            default -> throw new AssertionError(name);
        };
    }

    /** As stat(2) has it: the kind, and a bit for each permission. */
    private static int mode(final RamFileAttributes from) {
        int mode = switch (from.kind()) {
            case FILE -> 0100000;
            case DIRECTORY -> 0040000;
            case SYMBOLIC_LINK -> 0120000;
        };
        for (final PosixFilePermission permission : from.permissions()) {
            // Declared from the owner's read, the highest of nine, to the others' execute.
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }
}
