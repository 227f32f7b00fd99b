package io.netchannel.kernel.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the machine has of huge pages of its default size.
 *
 * @param pageBytes size of one, 0 if there are none
 * @param freePages not yet mapped nor promised to a mapping
 */
record HugePages(long pageBytes, long freePages) {

    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path SIZES = Path.of("/sys/kernel/mm/hugepages");
    private static final HugePages NONE = new HugePages(0, 0);

    static HugePages read() {
        try {
            return parse(Files.readAllLines(MEMINFO));
        } catch (final IOException unreadable) {
            return NONE;
        }
    }

    /** Those of one size. */
    static HugePages ofSize(final long pageBytes) {
        return ofSize(pageBytes, SIZES);
    }

    static HugePages ofSize(final long pageBytes, final Path directory) {
        final Path ofSize = directory.resolve("hugepages-" + (pageBytes >> 10) + "kB");
        try {
            final long free = Long.parseLong(Files.readString(ofSize.resolve("free_hugepages")).strip());
            final long promised = Long.parseLong(Files.readString(ofSize.resolve("resv_hugepages")).strip());
            return free <= promised ? NONE : new HugePages(pageBytes, free - promised);
        } catch (final IOException | NumberFormatException none) {
            return NONE;
        }
    }

    /** @param lines of {@code /proc/meminfo} */
    static HugePages parse(final List<String> lines) {
        final long pageBytes = field(lines, "Hugepagesize:") * 1024;
        final long free = field(lines, "HugePages_Free:") - field(lines, "HugePages_Rsvd:");
        return pageBytes <= 0 || free <= 0 ? NONE : new HugePages(pageBytes, free);
    }

    private static long field(final List<String> lines, final String name) {
        for (final String line : lines) {
            if (line.startsWith(name)) {
                final String[] words = line.substring(name.length()).trim().split("\\s+");
                try {
                    return Long.parseLong(words[0]);
                } catch (final NumberFormatException unknown) {
                    return 0;
                }
            }
        }
        return 0;
    }

    /**
     * Whether there are enough for {@code sizeBytes}, and it is more than half of one: else most of it would lie idle.
     */
    boolean suffice(final long sizeBytes) {
        return sizeBytes > pageBytes / 2 && hold(sizeBytes);
    }

    /** Whether there are enough for {@code sizeBytes}. */
    boolean hold(final long sizeBytes) {
        return freePages > 0 && (sizeBytes + pageBytes - 1) / pageBytes <= freePages;
    }
}
