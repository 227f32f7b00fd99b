package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts by what stands before the delimiter in keys, where {@code stats detail on} asked for it: off the fast path.
 *
 * <p>Threading: under the store's lock.
 */
public final class PrefixStatistics {

    /** Clients make up the prefixes: beyond so many, new ones are not counted. */
    private static final int MAX_PREFIXES = 100_000;

    private final char delimiter;
    private final Map<String, Counts> prefixes = new LinkedHashMap<>();

    private static final class Counts {
        private long gets;
        private long hits;
        private long sets;
        private long deletes;
    }

    public PrefixStatistics(final char delimiter) {
        this.delimiter = delimiter;
    }

    void recordGet(final long key, final int keyBytes, final boolean hit) {
        final Counts counts = of(key, keyBytes);
        if (counts != null) {
            counts.gets++;
            counts.hits += hit ? 1 : 0;
        }
    }

    void recordSet(final long key, final int keyBytes) {
        final Counts counts = of(key, keyBytes);
        if (counts != null) {
            counts.sets++;
        }
    }

    void recordDelete(final long key, final int keyBytes) {
        final Counts counts = of(key, keyBytes);
        if (counts != null) {
            counts.deletes++;
        }
    }

    private Counts of(final long key, final int keyBytes) {
        int length = 0;
        while (length < keyBytes && HostMemory.INSTANCE.getByte(key + length) != delimiter) {
            length++;
        }
        if (length == keyBytes) {
            return null;
        }
        final byte[] bytes = new byte[length];
        HostMemory.INSTANCE.copyToArray(key, bytes, 0, length);
        final String prefix = new String(bytes, StandardCharsets.ISO_8859_1);
        if (prefixes.size() >= MAX_PREFIXES && !prefixes.containsKey(prefix)) {
            return null;
        }
        return prefixes.computeIfAbsent(prefix, p -> new Counts());
    }

    void clear() {
        prefixes.clear();
    }

    /** As {@code stats detail dump} has it. */
    String dump() {
        final StringBuilder text = new StringBuilder();
        prefixes.forEach((prefix, counts) -> text.append("PREFIX ").append(prefix).append(" get ").append(counts.gets)
                .append(" hit ").append(counts.hits).append(" set ").append(counts.sets).append(" del ")
                .append(counts.deletes).append("\r\n"));
        return text.append("END\r\n").toString();
    }
}
