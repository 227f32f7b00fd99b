package io.netchannel.samples.memcached.store;

import static io.netchannel.samples.memcached.store.Item.MEMORY;

/**
 * Numbers in memory, as C's strtol and strtoul read them: white space and a sign before, white space or the end behind.
 *
 * <p>Threading: stateless.
 */
public final class Decimal {

    private static final int RADIX = 10;
    private static final long MAX_BEFORE_DIGIT = Long.divideUnsigned(-1L, RADIX);

    private Decimal() {
    }

    /** Whether an unsigned 64-bit number stands there; a negative one is none unless it wraps to a small one, as in C. */
    public static boolean parse(final long address, final int length) {
        return scan(address, length) >= 0;
    }

    /** The number; only after {@link #parse} said that there is one. */
    public static long parsed(final long address, final int length) {
        int i = start(address, length);
        final boolean negative = isSign(address, i, length) && MEMORY.getByte(address + i) == '-';
        if (isSign(address, i, length)) {
            i++;
        }
        long number = 0;
        for (; i < length && isDigit(MEMORY.getByte(address + i)); i++) {
            number = number * RADIX + MEMORY.getByte(address + i) - '0';
        }
        return negative ? -number : number;
    }

    /** @return 0, or -1 if it is no number */
    private static int scan(final long address, final int length) {
        int i = start(address, length);
        boolean negative = false;
        if (isSign(address, i, length)) {
            negative = MEMORY.getByte(address + i) == '-';
            i++;
        }
        final int first = i;
        long number = 0;
        for (; i < length && isDigit(MEMORY.getByte(address + i)); i++) {
            final int digit = MEMORY.getByte(address + i) - '0';
            final int compared = Long.compareUnsigned(number, MAX_BEFORE_DIGIT);
            if (compared > 0 || compared == 0 && digit > 5) {
                return -1;
            }
            number = number * RADIX + digit;
        }
        if (i == first || i < length && !isSpace(MEMORY.getByte(address + i))) {
            return -1;
        }
        final long signed = negative ? -number : number;
        return negative && signed < 0 ? -1 : 0;
    }

    /** Whether a signed 64-bit number stands there. */
    public static boolean parseSigned(final long address, final int length) {
        int i = start(address, length);
        boolean negative = false;
        if (isSign(address, i, length)) {
            negative = MEMORY.getByte(address + i) == '-';
            i++;
        }
        final int first = i;
        long number = 0;
        for (; i < length && isDigit(MEMORY.getByte(address + i)); i++) {
            final int digit = MEMORY.getByte(address + i) - '0';
            // Towards the negative, which reaches one further.
            if (number < (Long.MIN_VALUE + digit) / RADIX) {
                return false;
            }
            number = number * RADIX - digit;
        }
        return i > first && (i == length || isSpace(MEMORY.getByte(address + i)))
                && (negative || number != Long.MIN_VALUE);
    }

    private static int start(final long address, final int length) {
        int i = 0;
        while (i < length && isSpace(MEMORY.getByte(address + i))) {
            i++;
        }
        return i;
    }

    private static boolean isSign(final long address, final int i, final int length) {
        return i < length && (MEMORY.getByte(address + i) == '-' || MEMORY.getByte(address + i) == '+');
    }

    private static boolean isDigit(final int character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isSpace(final int character) {
        return character == ' ' || character >= '\t' && character <= '\r';
    }

    /** Writes an unsigned number; @return its digits, at most 20. */
    public static int put(final long address, final long number) {
        long rest = number;
        final int digits = digits(number);
        for (int i = digits - 1; i >= 0; i--) {
            final long quotient = rest >= 0 ? rest / RADIX : Long.divideUnsigned(rest, RADIX);
            MEMORY.putByte(address + i, (byte) ('0' + rest - quotient * RADIX));
            rest = quotient;
        }
        return digits;
    }

    /** Digits of an unsigned number. */
    public static int digits(final long number) {
        int digits = 1;
        long rest = Long.divideUnsigned(number, RADIX);
        while (rest != 0) {
            rest /= RADIX;
            digits++;
        }
        return digits;
    }
}
