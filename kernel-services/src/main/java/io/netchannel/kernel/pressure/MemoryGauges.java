package io.netchannel.kernel.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds what there is to read of memory on this machine. All of it is optional.
 *
 * <p>A process is in one memory control group, of version 1 or 2, as {@code /proc/self/cgroup} says; the limits of all groups
 * above hold as well, as far up as the file system is mounted here ({@code /proc/self/mountinfo}).
 */
public final class MemoryGauges {

    private static final int ROOT_WORD = 3;
    private static final int MOUNT_POINT_WORD = 4;
    private static final String SEPARATOR = " - ";

    private MemoryGauges() {
    }

    /** A mounted hierarchy of groups. */
    private record Hierarchy(Path mountPoint, Path root, boolean unified) {
    }

    /**
     * Those of this process.
     *
     * @param missing is told, in a line each, what there is not
     */
    public static List<MemoryGauge> find(final Consumer<String> missing) {
        return find(Path.of("/proc"), missing);
    }

    /** @param proc {@code /proc}, or what looks like it */
    static List<MemoryGauge> find(final Path proc, final Consumer<String> missing) {
        final List<MemoryGauge> found = new ArrayList<>();
        final Path pressure = proc.resolve("pressure/memory");
        if (isReadable(new StallGauge(pressure))) {
            found.add(new StallGauge(pressure));
        } else {
            missing.accept(pressure + " can't be read: no notice of tasks that wait for memory");
        }
        final Path meminfo = proc.resolve("meminfo");
        if (isReadable(new SystemGauge(meminfo))) {
            found.add(new SystemGauge(meminfo));
        } else {
            missing.accept(meminfo + " can't be read: no notice of what the machine has left");
        }
        try {
            addGroups(proc.resolve("self"), found);
        } catch (final IOException | RuntimeException e) {
            missing.accept("no notice of limits of control groups: " + e.getMessage());
        }
        return found;
    }

    // Also /proc/pressure of a kernel that has it switched off can be opened, but not read.
    private static boolean isReadable(final MemoryGauge gauge) {
        try {
            gauge.read();
            return true;
        } catch (final IOException unreadable) {
            return false;
        }
    }

    private static void addGroups(final Path self, final List<MemoryGauge> found) throws IOException {
        final List<String> mounts = Files.readAllLines(self.resolve("mountinfo"));
        for (final String line : Files.readAllLines(self.resolve("cgroup"))) {
            // hierarchy:controllers:path; version 2 is hierarchy 0, without a list
            final String[] parts = line.split(":", 3);
            final boolean unified = parts.length == 3 && parts[0].equals("0") && parts[1].isEmpty();
            if (unified || parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                final Hierarchy hierarchy = hierarchy(mounts, unified);
                if (hierarchy != null) {
                    addUpwards(hierarchy, Path.of(parts[2]), found);
                }
            }
        }
    }

    private static Hierarchy hierarchy(final List<String> mounts, final boolean unified) {
        for (final String line : mounts) {
            final int separator = line.indexOf(SEPARATOR);
            if (separator > 0) {
                final String[] mount = line.substring(0, separator).split(" ");
                final String[] type = line.substring(separator + SEPARATOR.length()).split(" ");
                final boolean wanted = unified
                        ? type[0].equals("cgroup2")
                        : type[0].equals("cgroup") && List.of(type[type.length - 1].split(",")).contains("memory");
                if (wanted && mount.length > MOUNT_POINT_WORD) {
                    return new Hierarchy(Path.of(unescape(mount[MOUNT_POINT_WORD])), Path.of(unescape(
                            mount[ROOT_WORD])), unified);
                }
            }
        }
        return null;
    }

    private static void addUpwards(final Hierarchy hierarchy, final Path path, final List<MemoryGauge> found) {
        // In a container the group may be named from outside of what is mounted: then all that is seen is its own.
        final Path below = path.startsWith(hierarchy.root) ? hierarchy.root.relativize(path) : Path.of("");
        Path group = hierarchy.mountPoint.resolve(below).normalize();
        while (group != null && group.startsWith(hierarchy.mountPoint)) {
            if (GroupGauge.isThere(group, hierarchy.unified)) {
                found.add(new GroupGauge(group, hierarchy.unified));
                if (hierarchy.unified && isReadable(new StallGauge(group.resolve("memory.pressure")))) {
                    found.add(new StallGauge(group.resolve("memory.pressure")));
                }
            }
            group = group.getParent();
        }
    }

    /** Blanks and the like are octal there. */
    private static String unescape(final String word) {
        return word.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }
}
