package io.netchannel.cpu.litmus.thread;

/**
 * A value on its way through one instruction, and the events that it comes from.
 *
 * @param bits 64 bits; of a narrower register the upper ones are zero
 * @param from numbers of events of the running thread; data dependencies start there
 */
public record Value(long bits, int[] from) {

    private static final int[] NOTHING = {};

    public static Value of(final long bits) {
        return new Value(bits, NOTHING);
    }

    /** The same sources with other bits: the result of an operation on one operand. */
    public Value with(final long newBits) {
        return new Value(newBits, from);
    }

    /** The result of an operation on this and another operand. */
    public Value with(final long newBits, final Value other) {
        return new Value(newBits, join(from, other.from));
    }

    static int[] join(final int[] a, final int[] b) {
        if (b.length == 0) {
            return a;
        }
        if (a.length == 0) {
            return b;
        }
        final int[] both = new int[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
