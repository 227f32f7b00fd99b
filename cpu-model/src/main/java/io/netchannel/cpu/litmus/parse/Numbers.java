package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;

/** Whole numbers of 64 bits: decimal, hexadecimal, octal or binary with 0x, 0o, 0b; signed or not. */
public final class Numbers {

    private Numbers() {
    }

    static boolean isNext(final Text text) {
        text.skipSpace();
        final char next = text.peek();
        return next == '-' || next >= '0' && next <= '9';
    }

    static long parse(final Text text) {
        text.skipSpace();
        final int line = text.lineNumber();
        final boolean isNegative = text.take("-");
        final String word = text.word();
        try {
            return parse((isNegative ? "-" : "") + word);
        } catch (final NumberFormatException e) {
            throw LitmusException.malformed(line, word.isEmpty() ? text.nextToken() : word, "not a number");
        }
    }

    /** @throws NumberFormatException if it is no number of 64 bits */
    public static long parse(final String word) {
        final boolean isNegative = word.startsWith("-");
        final String digits = (isNegative ? word.substring(1) : word).toLowerCase(java.util.Locale.ROOT);
        if (digits.startsWith("+") || digits.startsWith("-")) {
            throw new NumberFormatException(word);
        }
        final long magnitude;
        if (digits.startsWith("0x")) {
            magnitude = Long.parseUnsignedLong(digits.substring(2), 16);
        } else if (digits.startsWith("0b")) {
            magnitude = Long.parseUnsignedLong(digits.substring(2), 2);
        } else if (digits.startsWith("0o")) {
            magnitude = Long.parseUnsignedLong(digits.substring(2), 8);
        } else {
            magnitude = Long.parseUnsignedLong(digits);
        }
        return isNegative ? -magnitude : magnitude;
    }
}
