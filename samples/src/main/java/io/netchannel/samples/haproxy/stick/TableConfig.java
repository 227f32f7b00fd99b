package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.expression.Type;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a {@code stick-table} line says.
 *
 * @param keyLengthBytes of strings and binaries; of strings without haproxy's final NUL
 * @param expireMs 0: entries stay until they are purged
 * @param noPurge a full table takes no new entries, instead of forgetting the oldest
 * @param stores what entries hold besides the key
 * @param serverByAddress {@code srvkey addr}: servers are remembered by address, else by name
 */
public record TableConfig(String name, KeyType keyType, int keyLengthBytes, long size, long expireMs, boolean noPurge,
        Map<DataType, Store> stores, boolean serverByAddress, String file, int line) {

    /** @param elements 1, or of an array how many; @param periodMs of a rate, else 0 */
    public record Store(int elements, long periodMs) {
    }

    /** {@code type}. */
    public enum KeyType {
        IP("ip", Type.IPV4), IPV6("ipv6", Type.IPV6), INTEGER("integer", Type.SINT), STRING("string",
                Type.STR), BINARY("binary", Type.BIN);

        private final String text;
        private final Type type;

        KeyType(final String text, final Type type) {
            this.text = text;
            this.type = type;
        }

        public String text() {
            return text;
        }

        public Type type() {
            return type;
        }

        static KeyType of(final String text) {
            for (final KeyType type : values()) {
                if (type.text.equals(text)) {
                    return type;
                }
            }
            return null;
        }
    }

    public TableConfig {
        stores = stores.isEmpty() ? Map.of() : new EnumMap<>(stores);
    }

    /** Tables of stick rules hold servers, whatever their line says. */
    TableConfig storingServers() {
        final Map<DataType, Store> more = new EnumMap<>(DataType.class);
        more.putAll(stores);
        more.putIfAbsent(DataType.SERVER_ID, new Store(1, 0));
        more.putIfAbsent(DataType.SERVER_KEY, new Store(1, 0));
        return new TableConfig(name, keyType, keyLengthBytes, size, expireMs, noPurge, more, serverByAddress, file,
                line);
    }
}
