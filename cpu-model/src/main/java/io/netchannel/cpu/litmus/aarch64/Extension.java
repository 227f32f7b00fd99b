package io.netchannel.cpu.litmus.aarch64;

import java.util.Locale;

/** A shift or an extension of the last operand. */
record Extension(String name, int amount) {

    static final Extension NONE = new Extension("LSL", 0);

    static Extension parse(final AssemblyLine line, final String text) {
        final String[] parts = text.strip().toUpperCase(Locale.ROOT).split("\\s*#\\s*|\\s+", 2);
        final long amount = parts.length > 1 ? line.immediate(parts[1].strip()) : 0;
        switch (parts[0]) {
            case "LSL", "LSR", "ASR", "ROR", "UXTB", "UXTH", "UXTW", "UXTX", "SXTB", "SXTH", "SXTW", "SXTX" :
                break;
            default :
                throw line.malformed(text, "shift or extension expected");
        }
        if (amount < 0 || amount > 63) {
            throw line.malformed(text, "amount > 63");
        }
        return new Extension(parts[0], (int) amount);
    }

    long apply(final long value, final int sizeBytes) {
        return switch (name) {
            case "LSR" -> value >>> amount;
            case "ASR" -> sizeBytes == 4 ? (int) value >> amount : value >> amount;
            case "ROR" -> sizeBytes == 4
                    ? Integer.toUnsignedLong(Integer.rotateRight((int) value, amount))
                    : Long.rotateRight(value, amount);
            case "UXTB" -> (value & 0xFF) << amount;
            case "UXTH" -> (value & 0xFFFF) << amount;
            case "UXTW" -> (value & 0xFFFF_FFFFL) << amount;
            case "SXTB" -> (long) (byte) value << amount;
            case "SXTH" -> (long) (short) value << amount;
            case "SXTW" -> (long) (int) value << amount;
            default -> value << amount;
        };
    }
}
