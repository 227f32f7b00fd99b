package io.netchannel.cpu.litmus.aarch64;

/** Numbers of the registers of a thread. */
final class Registers {

    static final int ZERO = 31;
    static final int SP = 32;
    /** N, Z, C and V together, in bits 3 to 0: they are always written together. */
    static final int NZCV = 33;
    /** Of the exclusive monitor: the address that it watches, and 0 if none. */
    static final int MONITOR = 34;
    /** Of the exclusive monitor: the size of the access. */
    static final int MONITOR_SIZE = 35;
    static final int COUNT = 36;

    private Registers() {
    }

    /** @return -1 if it is none */
    static int number(final String upper) {
        switch (upper) {
            case "XZR", "WZR" :
                return ZERO;
            case "SP", "WSP" :
                return SP;
            case "LR" :
                return 30;
            case "FP" :
                return 29;
            default :
                break;
        }
        if (upper.length() < 2 || upper.length() > 3 || upper.charAt(0) != 'X' && upper.charAt(0) != 'W') {
            return -1;
        }
        int number = 0;
        for (int i = 1; i < upper.length(); i++) {
            final int digit = upper.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number <= 30 && !(upper.length() == 3 && upper.charAt(1) == '0') ? number : -1;
    }

    static int sizeBytes(final String upper) {
        return upper.charAt(0) == 'W' ? 4 : 8;
    }

    static String name(final int number) {
        return number == ZERO ? "XZR" : number == SP ? "SP" : "X" + number;
    }
}
