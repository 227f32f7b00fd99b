package io.netchannel.samples.memcached.load;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Requests of the text protocol, and the values that belong to keys.
 *
 * <p>Keys are as long as two words, {@code memload-00000042}, so that one in an answer is compared in two steps. A key's value is a
 * piece of one random text, which begins where the key says: it is written by one copy, and each of its bytes can be told.
 *
 * <p>Threading: confined to its client's thread; {@link #close} after that.
 */
final class RequestEncoder implements AutoCloseable {

    static final int KEY_BYTES = 16;
    private static final int DIGITS = 8;
    private static final int RADIX = 10;
    /** Prime, so that neighbours and round numbers differ. */
    private static final int VALUE_STARTS = 4093;
    private static final int END_BYTES = 2;
    private static final byte[] GET = ascii("get ");
    private static final byte[] SET = ascii("set ");
    private static final byte[] PREFIX = ascii("memload-");
    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final Arena arena = Arena.ofShared();
    private final long text;
    private final long prefix;
    private final int valueBytes;
    private final byte[] setTail;

    RequestEncoder(final int valueBytes, final long seed) {
        this.valueBytes = valueBytes;
        this.setTail = ascii(" 0 0 " + valueBytes + "\r\n");
        final byte[] bytes = new byte[VALUE_STARTS + valueBytes + Long.BYTES];
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt('!', '~');
        }
        this.text = arena.allocate(bytes.length, Long.BYTES).address();
        MEMORY.copyFromArray(bytes, 0, text, bytes.length);
        this.prefix = packed(PREFIX);
    }

    static byte[] ascii(final String string) {
        return string.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Eight characters as memory holds them. */
    private static long packed(final byte[] characters) {
        long word = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            word = word << Byte.SIZE | characters[i] & 0xFF;
        }
        return word;
    }

    /** Of one request. */
    int maxBytes() {
        return SET.length + KEY_BYTES + setTail.length + valueBytes + END_BYTES;
    }

    int valueBytes() {
        return valueBytes;
    }

    private static long digits(final int key) {
        long word = 0;
        int left = key;
        for (int i = 0; i < DIGITS; i++) {
            final int quotient = left / RADIX;
            word = word << Byte.SIZE | '0' + left - quotient * RADIX;
            left = quotient;
        }
        return word;
    }

    private void putKey(final long at, final int key) {
        MEMORY.putLong(at, prefix);
        MEMORY.putLong(at + DIGITS, digits(key));
    }

    /** @return bytes written */
    int putGet(final long at, final int key) {
        MEMORY.copyFromArray(GET, 0, at, GET.length);
        putKey(at + GET.length, key);
        return GET.length + KEY_BYTES + putEnd(at + GET.length + KEY_BYTES);
    }

    /** @return bytes written */
    int putSet(final long at, final int key) {
        MEMORY.copyFromArray(SET, 0, at, SET.length);
        putKey(at + SET.length, key);
        long next = at + SET.length + KEY_BYTES;
        MEMORY.copyFromArray(setTail, 0, next, setTail.length);
        next += setTail.length;
        MEMORY.copy(value(key), next, valueBytes);
        next += valueBytes;
        return (int) (next + putEnd(next) - at);
    }

    private static int putEnd(final long at) {
        MEMORY.putShort(at, (short) ('\r' | '\n' << Byte.SIZE));
        return END_BYTES;
    }

    /** Where a key's value lies. */
    private long value(final int key) {
        return text + key % VALUE_STARTS;
    }

    /** Whether that key stands there, in {@link #KEY_BYTES} bytes. */
    boolean isKey(final long at, final int key) {
        return MEMORY.getLong(at) == prefix && MEMORY.getLong(at + DIGITS) == digits(key);
    }

    /** Whether bytes are those of a key's value, from a position in it on; behind its end there is CR LF. */
    boolean isValue(final int key, final int position, final long address, final int length) {
        final long expected = value(key) + position;
        final int ofValue = Math.clamp(valueBytes - position, 0, length);
        int i = 0;
        for (; i + Long.BYTES <= ofValue; i += Long.BYTES) {
            if (MEMORY.getLong(address + i) != MEMORY.getLong(expected + i)) {
                return false;
            }
        }
        for (; i < ofValue; i++) {
            if (MEMORY.getByte(address + i) != MEMORY.getByte(expected + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (MEMORY.getByte(address + i) != (position + i == valueBytes ? '\r' : '\n')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        arena.close();
    }
}
