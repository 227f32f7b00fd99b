package io.netchannel.samples.memcached.store;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * Items in words, for the commands that list them.
 *
 * <p>Threading: under the store's lock.
 */
public final class Dump {

    private static final int MAX_CACHE_DUMP_BYTES = 2 << 20;

    private Dump() {
    }

    /** As {@code stats cachedump} lists the COLD items of a class; 0 for no limit. */
    public static String ofColdItems(final Store store, final int classId, final int limit) {
        final StringBuilder text = new StringBuilder();
        int shown = 0;
        for (long item = store.lru().head(classId | Lru.COLD); item != Item.NONE && (limit == 0 || shown < limit)
                && text.length() < MAX_CACHE_DUMP_BYTES; item = Item.next(item)) {
            if (store.lru().isCrawler(item) || Item.has(item, Item.FLAG_KEY_BINARY)) {
                continue;
            }
            text.append("ITEM ").append(key(item)).append(" [").append(Item.valueBytes(item) - Item.END_BYTES)
                    .append(" b; ").append(unixSeconds(store, Item.expiry(item))).append(" s]\r\n");
            shown++;
        }
        return text.toString();
    }

    private static long unixSeconds(final Store store, final int second) {
        return second == 0 ? 0 : Integer.toUnsignedLong(second) + store.clock().startedUnixSeconds();
    }

    private static String key(final long item) {
        final byte[] bytes = new byte[Item.keyBytes(item)];
        Item.MEMORY.copyToArray(Item.key(item), bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The line of {@code lru_crawler metadump}. */
    public static String describe(final Store store, final long item) {
        return "key=" + encode(Item.key(item), Item.keyBytes(item)) + " exp="
                + (Item.expiry(item) == 0 ? -1 : unixSeconds(store, Item.expiry(item))) + " la="
                + unixSeconds(store, Item.time(item)) + " cas=" + Long.toUnsignedString(Item.cas(item)) + " fetch="
                + (Item.isFetched(item) ? "yes" : "no") + " cls=" + Item.classId(item) + " size="
                + Item.totalBytes(item) + "\n";
    }

    /** The line of {@code lru_crawler mgdump}: what fetches the item. */
    public static String asMetaCommand(final long item) {
        if (!Item.has(item, Item.FLAG_KEY_BINARY)) {
            return "mg " + key(item) + "\r\n";
        }
        final byte[] bytes = key(item).getBytes(StandardCharsets.ISO_8859_1);
        return "mg " + Base64.getEncoder().encodeToString(bytes) + " b\r\n";
    }

    /** A key with all but letters, digits and -._~ as %XX. */
    public static String encode(final long key, final int keyBytes) {
        final StringBuilder text = new StringBuilder(keyBytes);
        for (int i = 0; i < keyBytes; i++) {
            final int character = Item.MEMORY.getByte(key + i) & 0xFF;
            if (character < 0x80 && Character.isLetterOrDigit(character) || "-._~".indexOf(character) >= 0) {
                text.append((char) character);
            } else {
                text.append(String.format(Locale.ROOT, "%%%02X", character));
            }
        }
        return text.toString();
    }
}
