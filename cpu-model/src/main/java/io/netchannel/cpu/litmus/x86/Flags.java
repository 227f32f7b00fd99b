package io.netchannel.cpu.litmus.x86;

/** ZF, SF, CF, OF in bits 0 to 3, and the conditions on them. */
final class Flags {

    private static final int ZERO = 1;
    private static final int SIGN = 2;
    private static final int CARRY = 4;
    private static final int OVERFLOW = 8;

    private Flags() {
    }

    static long ofLogic(final long result, final int sizeBytes) {
        final long extended = extend(result, sizeBytes);
        return (extended == 0 ? ZERO : 0) | (extended < 0 ? SIGN : 0);
    }

    static long ofSum(final long a, final long b, final int sizeBytes) {
        final long x = extend(a, sizeBytes);
        final long y = extend(b, sizeBytes);
        final long sum = extend(x + y, sizeBytes);
        final boolean hasCarry = Long.compareUnsigned(unsigned(sum, sizeBytes), unsigned(x, sizeBytes)) < 0;
        return ofLogic(sum, sizeBytes) | (hasCarry ? CARRY : 0) | (((x ^ sum) & (y ^ sum)) < 0 ? OVERFLOW : 0);
    }

    static long ofDifference(final long a, final long b, final int sizeBytes) {
        final long x = extend(a, sizeBytes);
        final long y = extend(b, sizeBytes);
        final long difference = extend(x - y, sizeBytes);
        final boolean hasBorrow = Long.compareUnsigned(unsigned(x, sizeBytes), unsigned(y, sizeBytes)) < 0;
        return ofLogic(difference, sizeBytes) | (hasBorrow ? CARRY : 0)
                | (((x ^ y) & (x ^ difference)) < 0 ? OVERFLOW : 0);
    }

    /** INC and DEC leave the carry. */
    static long keepingCarry(final long flags, final long old) {
        return flags & ~CARRY | old & CARRY;
    }

    private static long extend(final long value, final int sizeBytes) {
        final int shift = 64 - 8 * sizeBytes;
        return value << shift >> shift;
    }

    private static long unsigned(final long value, final int sizeBytes) {
        final int shift = 64 - 8 * sizeBytes;
        return value << shift >>> shift;
    }

    static boolean isCondition(final String name) {
        return switch (name) {
            case "e", "z", "ne", "nz", "s", "ns", "c", "b", "nae", "nc", "ae", "nb", "be", "na", "a", "nbe", "l",
                    "nge", "ge", "nl", "le", "ng", "g", "nle", "o", "no" ->
                true;
            default -> false;
        };
    }

    static boolean holds(final String name, final long flags) {
        final boolean zero = (flags & ZERO) != 0;
        final boolean sign = (flags & SIGN) != 0;
        final boolean carry = (flags & CARRY) != 0;
        final boolean overflow = (flags & OVERFLOW) != 0;
        return switch (name) {
            case "e", "z" -> zero;
            case "ne", "nz" -> !zero;
            case "s" -> sign;
            case "ns" -> !sign;
            case "c", "b", "nae" -> carry;
            case "nc", "ae", "nb" -> !carry;
            case "be", "na" -> carry || zero;
            case "a", "nbe" -> !carry && !zero;
            case "l", "nge" -> sign != overflow;
            case "ge", "nl" -> sign == overflow;
            case "le", "ng" -> zero || sign != overflow;
            case "g", "nle" -> !zero && sign == overflow;
            case "o" -> overflow;
            default -> !overflow;
        };
    }
}
