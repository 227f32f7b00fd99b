package io.netchannel.kernel.sched;

import io.netchannel.kernel.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * The CPUs that this process may use, and those of them that the kernel keeps free for whoever asks.
 *
 * <p>Lists are Linux's: {@code 0-3,6}. Threading: any.
 */
public final class Cpus {

    private static final String ISOLATED = "sys/devices/system/cpu/isolated";
    private static final String ONLINE = "sys/devices/system/cpu/online";

    private final Path root;
    private final BitSet affinity;

    /**
     * @param root where {@code /proc} and {@code /sys} are
     * @param affinity of the process's first thread
     */
    Cpus(final Path root, final BitSet affinity) {
        this.root = root;
        this.affinity = affinity;
    }

    /** As they are now. */
    public static Cpus read() {
        // Of the first thread, and not of the calling one, which may have confined itself: others may go where the process may.
        return new Cpus(Path.of("/"), Linux.affinity(Linux.getpid()));
    }

    /**
     * What {@code sched_getaffinity} tells, which is what is left of the cpuset by {@code taskset} and the like; and the isolated ones of
     * the cpuset, which the kernel leaves out of that.
     */
    public BitSet allowed() {
        final BitSet all = (BitSet) affinity.clone();
        all.or(isolated());
        return all;
    }

    /** CPUs on which the kernel schedules nothing by itself ({@code isolcpus=}), if the process's cpuset has them. */
    public BitSet isolated() {
        final BitSet isolated = list(root.resolve(ISOLATED));
        isolated.and(cpuset());
        return isolated;
    }

    private BitSet cpuset() {
        for (final String line : lines(root.resolve("proc/self/cgroup"))) {
            // hierarchy:controllers:path, see cgroups(7)
            final String[] fields = line.split(":", 3);
            if (fields.length != 3) {
                continue;
            }
            final Path file = switch (fields[1]) {
                case "" -> root.resolve("sys/fs/cgroup" + fields[2]).resolve("cpuset.cpus.effective");
                case "cpuset" -> root.resolve("sys/fs/cgroup/cpuset" + fields[2]).resolve("cpuset.effective_cpus");
                default -> null;
            };
            final BitSet cpus = file == null ? new BitSet() : list(file);
            if (!cpus.isEmpty()) {
                return cpus;
            }
        }
        return list(root.resolve(ONLINE));
    }

    private static BitSet list(final Path file) {
        final List<String> lines = lines(file);
        return lines.isEmpty() ? new BitSet() : parse(lines.getFirst());
    }

    private static List<String> lines(final Path file) {
        try {
            return Files.readAllLines(file);
        } catch (final IOException absent) {
            return List.of();
        }
    }

    /**
     * @param list like {@code 0-3,6}; may be empty
     * @throws IllegalArgumentException if it is no such list
     */
    public static BitSet parse(final String list) {
        final BitSet cpus = new BitSet();
        if (list.isBlank()) {
            return cpus;
        }
        for (final String range : list.strip().split(",", -1)) {
            if (!range.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
                throw new IllegalArgumentException("cpus=" + list + " is not a list like 0-3,6");
            }
            final int dash = range.indexOf('-');
            final int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            final int last = Integer.parseInt(range.substring(dash + 1));
            if (last < first || last > RunLoopBuilder.MAX_CPU) {
                throw new IllegalArgumentException("cpus=" + list + ": " + range + " is not within 0.."
                        + RunLoopBuilder.MAX_CPU);
            }
            cpus.set(first, last + 1);
        }
        return cpus;
    }

    /** As {@link #parse} reads it. */
    public static String format(final BitSet cpus) {
        final StringBuilder text = new StringBuilder();
        for (int first = cpus.nextSetBit(0); first >= 0;) {
            final int end = cpus.nextClearBit(first);
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (end - first > 1) {
                text.append('-').append(end - 1);
            }
            first = cpus.nextSetBit(end);
        }
        return text.toString();
    }
}
