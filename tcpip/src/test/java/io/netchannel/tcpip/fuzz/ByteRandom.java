package io.netchannel.tcpip.fuzz;

import java.util.Random;

/**
 * Choices that come from a fuzzer's bytes, so that a test written for random choices can be steered by coverage. When
 * the bytes are used up, all choices are 0.
 */
public final class ByteRandom extends Random {

    private static final long serialVersionUID = 1;

    private final transient byte[] bytes;
    private transient int position;

    public ByteRandom(final byte[] bytes) {
        super(0);
        this.bytes = bytes;
    }

    public boolean isExhausted() {
        return position >= bytes.length;
    }

    @Override
    protected int next(final int bits) {
        // As few bytes as the choice needs, so that small changes of the input are small changes of the run.
        int value = 0;
        for (int have = 0; have < bits; have += Byte.SIZE) {
            value = value << Byte.SIZE | (bytes != null && position < bytes.length ? bytes[position++] & 0xFF : 0);
        }
        return bits % Byte.SIZE == 0 ? value : value >>> Byte.SIZE - bits % Byte.SIZE;
    }

    // The inherited one draws 31 bits for each choice.
    @Override
    public int nextInt(final int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound=" + bound + " < MIN=1");
        }
        final int bits = Integer.SIZE - Integer.numberOfLeadingZeros(bound - 1);
        return bits == 0 ? 0 : Integer.remainderUnsigned(next(bits), bound);
    }
}
