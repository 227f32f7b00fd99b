package io.netchannel.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A thread's own longs: indices and counters that it alone writes, on cache lines that nothing else shares.
 *
 * <p>Objects that are made together lie together on the heap, whichever threads use them later; so words that are
 * written for each packet are kept in an array with two lines of padding at either end. Other threads may look at them,
 * as a monitor does: they see some value that was written, whole, but nothing is ordered by it (essay 9).
 *
 * <p>Threading: {@link #get}, {@link #set}, {@link #add}: the owner; {@link #read}: any thread.
 */
public final class OwnedLongs {

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class)
            .withInvokeExactBehavior();
    private static final int PADDING = 128 / Long.BYTES;

    private final long[] values;

    public OwnedLongs(final int count) {
        values = new long[PADDING + count + PADDING];
    }

    public long get(final int index) {
        return values[PADDING + index];
    }

    // Opaque: one store, not torn, and not kept in a register for ever.
    public void set(final int index, final long value) {
        ELEMENT.setOpaque(values, PADDING + index, value);
    }

    public void add(final int index, final long delta) {
        set(index, get(index) + delta);
    }

    /** Called from any thread; pairs with the opaque store of the owner for wholeness only. */
    public long read(final int index) {
        return (long) ELEMENT.getOpaque(values, PADDING + index);
    }
}
