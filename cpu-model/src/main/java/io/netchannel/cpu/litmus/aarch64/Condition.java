package io.netchannel.cpu.litmus.aarch64;

/** A condition on the flags, which are N, Z, C, V in bits 3 to 0. */
enum Condition {
    EQ, NE, CS, CC, MI, PL, VS, VC, HI, LS, GE, LT, GT, LE, AL;

    static final int N = 8;
    static final int Z = 4;
    static final int C = 2;
    static final int V = 1;

    /** @return null if it is none */
    static Condition of(final String name) {
        if (name.equals("HS")) {
            return CS;
        }
        if (name.equals("LO")) {
            return CC;
        }
        for (final Condition condition : values()) {
            if (condition.name().equals(name)) {
                return condition;
            }
        }
        return null;
    }

    Condition inverted() {
        return this == AL ? AL : values()[ordinal() ^ 1];
    }

    boolean holds(final int flags) {
        final boolean n = (flags & N) != 0;
        final boolean z = (flags & Z) != 0;
        final boolean c = (flags & C) != 0;
        final boolean v = (flags & V) != 0;
        return switch (this) {
            case EQ -> z;
            case NE -> !z;
            case CS -> c;
            case CC -> !c;
            case MI -> n;
            case PL -> !n;
            case VS -> v;
            case VC -> !v;
            case HI -> c && !z;
            case LS -> !c || z;
            case GE -> n == v;
            case LT -> n != v;
            case GT -> !z && n == v;
            case LE -> z || n != v;
            case AL -> true;
        };
    }

    /** Of an addition: a + b + carry. */
    static int flagsOfSum(final long a, final long b, final int carry, final int sizeBytes) {
        if (sizeBytes == 4) {
            final long wide = (a & 0xFFFF_FFFFL) + (b & 0xFFFF_FFFFL) + carry;
            final int sum = (int) wide;
            final boolean hasOverflow = (((int) a ^ sum) & ((int) b ^ sum)) < 0;
            return flags(sum, wide >>> 32 != 0, hasOverflow);
        }
        final long sum = a + b + carry;
        final boolean hasCarry = carry == 0
                ? Long.compareUnsigned(sum, a) < 0
                : Long.compareUnsigned(sum, a) <= 0;
        return flags(sum, hasCarry, ((a ^ sum) & (b ^ sum)) < 0);
    }

    static int flagsOfLogic(final long result, final int sizeBytes) {
        return flags(sizeBytes == 4 ? (int) result : result, false, false);
    }

    private static int flags(final long result, final boolean hasCarry, final boolean hasOverflow) {
        return (result < 0 ? N : 0) | (result == 0 ? Z : 0) | (hasCarry ? C : 0) | (hasOverflow ? V : 0);
    }
}
