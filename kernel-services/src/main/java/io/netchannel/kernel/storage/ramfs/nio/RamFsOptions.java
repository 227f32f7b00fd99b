package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsConfig;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/**
 * What {@link RamFileSystemProvider#newFileSystem} is told.
 *
 * <table>
 * <caption>Keys; a value is a number, or a text with k, m or g behind the digits</caption>
 * <tr><td>size</td><td>quota of bytes; 64m</td></tr>
 * <tr><td>inodes</td><td>quota of files, directories and links; {@value RamFsConfig#DEFAULT_INODES}</td></tr>
 * <tr><td>pageBytes</td><td>a power of two; {@value RamFs#DEFAULT_PAGE_BYTES}</td></tr>
 * </table>
 *
 * @param sizeBytes quota
 */
record RamFsOptions(long sizeBytes, int inodes, int pageBytes) {

    private static final String SIZE = "size";
    private static final String INODES = "inodes";
    private static final String PAGE_BYTES = "pageBytes";
    private static final long DEFAULT_SIZE_BYTES = 64 << 20;

    /** @throws IllegalArgumentException naming what is wrong */
    static RamFsOptions of(final Map<String, ?> env) {
        for (final String key : env.keySet()) {
            if (!Set.of(SIZE, INODES, PAGE_BYTES).contains(key)) {
                throw new IllegalArgumentException(key + " is none of size, inodes, pageBytes");
            }
        }
        return new RamFsOptions(number(env, SIZE, DEFAULT_SIZE_BYTES, 1L << 45),
                (int) number(env, INODES, RamFsConfig.DEFAULT_INODES, Integer.MAX_VALUE),
                (int) number(env, PAGE_BYTES, RamFs.DEFAULT_PAGE_BYTES, 1 << 19));
    }

    private static long number(final Map<String, ?> env, final String key, final long otherwise, final long max) {
        final Object value = env.get(key);
        if (value == null) {
            return otherwise;
        }
        final long number = value instanceof final Number given ? given.longValue() : parse(key, value.toString());
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(key + "=" + value + " is not within 1.." + max);
        }
        return number;
    }

    private static long parse(final String key, final String text) {
        if (!text.matches("\\d{1,15}[kmgKMG]?")) {
            throw new IllegalArgumentException(key + "=" + text + " is no number, with k, m, g or nothing behind it");
        }
        final int shift = switch (text.charAt(text.length() - 1)) {
            case 'k', 'K' -> 10;
            case 'm', 'M' -> 20;
            case 'g', 'G' -> 30;
            default -> 0;
        };
        final long digits = Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1));
        return digits > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : digits << shift;
    }

    RamFs open(final String name) {
        return RamFs.create("ramfs-" + name, new RamFsConfig(sizeBytes, inodes, InstantSource.system()), pageBytes);
    }
}
