package io.netchannel.tcpip.tcp;

import java.util.Arrays;

/**
 * What a connection at rest is remembered by: the fields of its parts, one after the other, small where they are. Each part
 * has one method for both ways,
 *
 * <pre>
 *   void keep(final ConnectionImage image) {
 *       bytes = image.of(bytes);         writing: notes the value and gives it back; reading: gives what was noted
 *   }
 * </pre>
 * so that what is read can't differ from what was written, in number, order or kind. A part whose fields mean nothing while
 * nothing is in flight has none.
 *
 * <p>A value is a number of seven bits a byte, the lowest first, whose top bits say that more follow; booleans share bytes.
 * A connection takes 300 to 500 bytes.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class ConnectionImage {

    private static final int INITIAL_BYTES = 512;
    private static final int LONGEST_NUMBER_BYTES = 10;
    // Codes of the two numbers that mean "never"; the others come after them.
    private static final long LEAST = 0;
    private static final long GREATEST = 1;
    private static final int CODES = 2;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private boolean writing;
    private int at;
    private int flagsAt;
    private int flagCount;
    private int sequence;

    private void begin(final boolean writes) {
        writing = writes;
        at = 0;
        flagCount = 0;
        sequence = 0;
    }

    /** From here on values are noted. */
    void beginWriting() {
        begin(true);
    }

    /** What was noted since {@link #beginWriting}, in an array of its own. */
    byte[] written() {
        return Arrays.copyOf(bytes, at);
    }

    /** A reader of what {@link #written} has given. */
    static ConnectionImage reading(final byte[] noted) {
        final ConnectionImage image = new ConnectionImage();
        image.bytes = noted;
        image.begin(false);
        return image;
    }

    public long of(final long value) {
        if (writing) {
            number(value == Long.MIN_VALUE
                    ? LEAST
                    : value == Long.MAX_VALUE ? GREATEST : (value << 1 ^ value >> 63) + CODES);
            return value;
        }
        final long code = number();
        if (code == LEAST || code == GREATEST) {
            return code == LEAST ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        final long folded = code - CODES;
        return folded >>> 1 ^ -(folded & 1);
    }

    public int of(final int value) {
        return (int) of((long) value);
    }

    /** A sequence number: most of them are near each other. */
    public int sequence(final int value) {
        sequence += of(value - sequence);
        return sequence;
    }

    public double of(final double value) {
        // Whole numbers have few bits, all of them at the upper end.
        return Double.longBitsToDouble(Long.reverse(of(Long.reverse(Double.doubleToRawLongBits(value)))));
    }

    public boolean of(final boolean value) {
        if ((flagCount & 7) == 0) {
            flagsAt = at++;
            if (writing) {
                ensureRoom();
                bytes[flagsAt] = 0;
            }
        }
        final int flag = 1 << (flagCount++ & 7);
        if (writing && value) {
            bytes[flagsAt] |= (byte) flag;
        }
        return (bytes[flagsAt] & flag) != 0;
    }

    private void number(final long value) {
        ensureRoom();
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
    }

    private long number() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            value |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private void ensureRoom() {
        if (at + LONGEST_NUMBER_BYTES > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
    }
}
