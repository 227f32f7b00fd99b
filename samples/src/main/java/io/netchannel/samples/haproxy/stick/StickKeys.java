package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Hashes;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Keys of tables: {@link Octets}, an {@link Integer} (unsigned) or a {@link String}, by the table's type; strings are cut and
 * binaries are cut or filled with zeros to the table's length. All have an order, so that a hash table stays fast when a
 * client chooses keys of one hash, as whoever has an IPv6 network easily can of the JDK's addresses.
 */
final class StickKeys {

    private static final long SEED = new SecureRandom().nextLong();

    /** An address or a binary. */
    record Octets(byte[] bytes, boolean address) implements Comparable<Octets> {
        @Override
        public boolean equals(final Object other) {
            return other instanceof Octets(byte[] others, boolean _) && Arrays.equals(bytes, others);
        }

        @Override
        public int hashCode() {
            return (int) Hashes.xxh3(bytes, SEED);
        }

        @Override
        public int compareTo(final Octets other) {
            return Arrays.compareUnsigned(bytes, other.bytes);
        }
    }

    private StickKeys() {
    }

    /** @return null if the value can't become a key of the table's type */
    static Object key(final Value value, final TableConfig config) {
        final Value cast = Casts.cast(value, config.keyType().type());
        return switch (cast) {
            case Value.Ip(InetAddress address) -> new Octets(address.getAddress(), true);
            case Value.Int(long number) -> Integer.valueOf((int) number);
            case Value.Str(String text) -> text.substring(0, Math.min(text.length(), config.keyLengthBytes()));
            case Value.Bin(byte[] bytes) -> new Octets(Arrays.copyOf(bytes, config.keyLengthBytes()), false);
            case null, default -> null;
        };
    }

    /** The sample that would become this key again. */
    static Value value(final Object key) {
        return switch (key) {
            case Octets(byte[] bytes, boolean address) -> address
                    ? new Value.Ip(Addresses.of(bytes))
                    : new Value.Bin(bytes);
            case Integer number -> new Value.Int(Integer.toUnsignedLong(number));
            default -> new Value.Str((String) key);
        };
    }

    /** As they lie in haproxy's memory, where numbers have their lowest byte first. */
    static byte[] bytes(final Object key) {
        return switch (key) {
            case Octets octets -> octets.bytes;
            case Integer number -> ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
            default -> Casts.bytes((String) key);
        };
    }

    /** For people: what can't be printed is escaped, binaries are in hexadecimal. */
    static String text(final Object key) {
        return switch (key) {
            case Octets(byte[] bytes, boolean address) -> address
                    ? Addresses.text(Addresses.of(bytes))
                    : HexFormat.of().withUpperCase().formatHex(bytes);
            case Integer number -> Integer.toUnsignedString(number);
            default -> escaped((String) key);
        };
    }

    private static String escaped(final String text) {
        final StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '=' || c == ' ' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c > ' ' && c < 127) {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\x%02x", (int) c));
            }
        }
        return escaped.toString();
    }
}
