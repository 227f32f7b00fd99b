package io.netchannel.cpu.rewrite;

import io.netchannel.cpu.explore.ModelledMemory;
import jdk.internal.misc.Unsafe;

/**
 * Unsafe's bulk operations, as plain accesses of the largest words that fit.
 *
 * <p>An array is taken for a thread's own: only addresses outside the heap are shared.
 */
final class Bulk {

    // Who copies from arrays by Unsafe has the package exported to it, as this needs it.
    private static final int ARRAY_BASE = (int) Unsafe.ARRAY_BYTE_BASE_OFFSET;

    private Bulk() {
    }

    static void set(final ModelledMemory memory, final long address, final long lengthBytes, final byte value) {
        memory.fill(address, lengthBytes, value);
    }

    /** {@code copyMemory(source, offset, destination, offset, bytes)}. */
    static void copy(final ModelledMemory memory, final Object[] arguments) {
        final Object source = arguments[0];
        final long sourceOffset = (long) arguments[1];
        final Object destination = arguments[2];
        final long destinationOffset = (long) arguments[3];
        final long lengthBytes = (long) arguments[4];
        if (source == null && destination == null) {
            memory.copy(sourceOffset, destinationOffset, lengthBytes);
        } else if (source == null) {
            memory.copyToArray(sourceOffset, bytes(destination), (int) destinationOffset - ARRAY_BASE,
                    (int) lengthBytes);
        } else if (destination == null) {
            memory.copyFromArray(bytes(source), (int) sourceOffset - ARRAY_BASE, destinationOffset,
                    (int) lengthBytes);
        } else {
            System.arraycopy(bytes(source), (int) sourceOffset - ARRAY_BASE, bytes(destination),
                    (int) destinationOffset - ARRAY_BASE, (int) lengthBytes);
        }
    }

    private static byte[] bytes(final Object array) {
        if (array instanceof final byte[] bytes) {
            return bytes;
        }
        throw new UnsupportedOperationException("copyMemory of " + array.getClass().getTypeName()
                + ": only bytes are modelled");
    }
}
