package io.netchannel.cpu.litmus.x86;

import java.util.Locale;

/** Numbers of the registers of a thread, and the names of their parts. */
final class Registers {

    static final int ACCUMULATOR = 0;
    /** ZF, SF, CF, OF in bits 0 to 3. */
    static final int FLAGS = 16;
    static final int COUNT = 17;

    private static final String[] NAMES = {"ax", "bx", "cx", "dx", "si", "di", "bp", "sp"};

    private Registers() {
    }

    /** @return -1 if it is none */
    static int number(final String name) {
        final String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < NAMES.length; i++) {
            if (lower.equals(NAMES[i]) || lower.equals("e" + NAMES[i]) || lower.equals("r" + NAMES[i])
                    || lower.equals(lowByte(i))) {
                return i;
            }
        }
        for (int i = 8; i < 16; i++) {
            if (lower.equals("r" + i) || lower.equals("r" + i + "d") || lower.equals("r" + i + "w")
                    || lower.equals("r" + i + "b")) {
                return i;
            }
        }
        return -1;
    }

    private static String lowByte(final int register) {
        return register < 4 ? NAMES[register].charAt(0) + "l" : NAMES[register] + "l";
    }

    static int sizeBytes(final String name) {
        final String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("r") && Character.isDigit(lower.charAt(1))) {
            return lower.endsWith("d") ? 4 : lower.endsWith("w") ? 2 : lower.endsWith("b") ? 1 : 8;
        }
        return lower.startsWith("r") ? 8 : lower.startsWith("e") ? 4 : lower.endsWith("l") ? 1 : 2;
    }

    static String name(final int number, final boolean is64) {
        if (number >= 8) {
            return "r" + number;
        }
        return is64 ? "r" + NAMES[number] : "E" + NAMES[number].toUpperCase(Locale.ROOT);
    }
}
