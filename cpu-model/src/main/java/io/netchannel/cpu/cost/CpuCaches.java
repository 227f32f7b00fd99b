package io.netchannel.cpu.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Sizes of the caches that hold data, as one CPU sees them.
 *
 * @param bytesOfLevel from level 1 on; 0 for a level that isn't there or isn't told
 */
public record CpuCaches(long... bytesOfLevel) {

    private static final int LEVELS = 3;
    private static final int MAX_ENTRIES = 16;

    /**
     * Reads what Linux tells.
     *
     * @param directory such as {@code /sys/devices/system/cpu/cpu0/cache}
     */
    public static CpuCaches read(final Path directory) {
        final long[] bytes = new long[LEVELS];
        for (int i = 0; i < MAX_ENTRIES; i++) {
            final Path entry = directory.resolve("index" + i);
            final String level = word(entry.resolve("level"));
            final String type = word(entry.resolve("type"));
            if (level.matches("[1-3]") && !type.equals("Instruction")) {
                bytes[Integer.parseInt(level) - 1] = sizeBytes(word(entry.resolve("size")));
            }
        }
        return new CpuCaches(bytes);
    }

    private static String word(final Path file) {
        try {
            return Files.readString(file).strip();
        } catch (final IOException e) {
            // Not every kernel tells, nor every virtual machine.
            return "";
        }
    }

    private static long sizeBytes(final String size) {
        if (!size.matches("[0-9]{1,9}[KM]?")) {
            return 0;
        }
        final long number = Long.parseLong(size.replaceAll("[KM]", ""));
        return size.endsWith("K") ? number << 10 : size.endsWith("M") ? number << 20 : number;
    }

    /** @param level 1 to 3 */
    public long bytes(final int level) {
        return bytesOfLevel[level - 1];
    }

    public long largestBytes() {
        return Arrays.stream(bytesOfLevel).max().orElse(0);
    }
}
