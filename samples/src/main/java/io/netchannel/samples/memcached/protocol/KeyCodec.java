package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Base64 (RFC 4648, section 4) for binary keys in text, from memory to memory.
 *
 * <p>Threading: stateless.
 */
final class KeyCodec {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final byte[] DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] VALUES = new byte[256];
    private static final int GROUP = 4;
    private static final int BITS = 6;

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            VALUES[DIGITS[i]] = (byte) i;
        }
    }

    private KeyCodec() {
    }

    static int encodedBytes(final int length) {
        return (length + 2) / 3 * GROUP;
    }

    /** @return bytes written: {@link #encodedBytes} */
    static int encode(final long source, final int length, final long destination) {
        int at = 0;
        for (int i = 0; i < length; i += 3) {
            final int count = Math.min(3, length - i);
            int group = 0;
            for (int k = 0; k < 3; k++) {
                group = group << Byte.SIZE | (k < count ? MEMORY.getByte(source + i + k) & 0xFF : 0);
            }
            for (int k = 0; k < GROUP; k++) {
                MEMORY.putByte(destination + at++,
                        k <= count ? DIGITS[group >>> (3 - k) * BITS & 0x3F] : (byte) '=');
            }
        }
        return at;
    }

    /** @return bytes written, or 0 if it is no Base64 */
    static int decode(final long source, final int length, final long destination) {
        if (length == 0 || length % GROUP != 0) {
            return 0;
        }
        int at = 0;
        for (int i = 0; i < length; i += GROUP) {
            int padding = 0;
            int group = 0;
            for (int k = 0; k < GROUP; k++) {
                final int character = MEMORY.getByte(source + i + k) & 0xFF;
                if (character == '=' && i + GROUP == length && k >= 2) {
                    padding++;
                    group <<= BITS;
                } else if (VALUES[character] < 0 || padding > 0) {
                    return 0;
                } else {
                    group = group << BITS | VALUES[character];
                }
            }
            for (int k = 0; k < 3 - padding; k++) {
                MEMORY.putByte(destination + at++, (byte) (group >>> (2 - k) * Byte.SIZE));
            }
        }
        return at;
    }
}
