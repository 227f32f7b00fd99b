package io.netchannel.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * {@link OrderedMemory} by the Foreign Memory API: what every JVM offers.
 *
 * <p>One constant segment covers the whole address space, so that an access compiles to the bare instruction: the segment's
 * bounds and liveness are constants that the compiler folds away (0.35 ns for an acquire/release pair where a segment per
 * mapping takes 2–3 ns). But an access is ten calls deep in the JDK, and HotSpot inlines no deeper than
 * {@code MaxInlineLevel}, 15 by default: from deep call chains an access costs virtual calls. So {@link RawMemory} is taken
 * where it can be.
 *
 * <p>Threading: stateless.
 */
final class SegmentMemory extends OrderedMemory {

    // The one place that needs native access: --enable-native-access, or the manifest's Enable-Native-Access.
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    SegmentMemory() {
    }

    @Override
    public byte getByte(final long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    @Override
    public void putByte(final long address, final byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    @Override
    public short getShort(final long address) {
        return ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    }

    @Override
    public void putShort(final long address, final short value) {
        ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, value);
    }

    @Override
    public int getInt(final long address) {
        return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    @Override
    public void putInt(final long address, final int value) {
        ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
    }

    @Override
    public long getLong(final long address) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    @Override
    public void putLong(final long address, final long value) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    @Override
    public short getShortOpaque(final long address) {
        return (short) SHORT.getOpaque(ALL, address);
    }

    @Override
    public void putShortOpaque(final long address, final short value) {
        SHORT.setOpaque(ALL, address, value);
    }

    @Override
    public int getIntOpaque(final long address) {
        return (int) INT.getOpaque(ALL, address);
    }

    @Override
    public void putIntOpaque(final long address, final int value) {
        INT.setOpaque(ALL, address, value);
    }

    @Override
    public long getLongOpaque(final long address) {
        return (long) LONG.getOpaque(ALL, address);
    }

    @Override
    public void putLongOpaque(final long address, final long value) {
        LONG.setOpaque(ALL, address, value);
    }

    @Override
    public short getShortAcquire(final long address) {
        return (short) SHORT.getAcquire(ALL, address);
    }

    @Override
    public void putShortRelease(final long address, final short value) {
        SHORT.setRelease(ALL, address, value);
    }

    @Override
    public int getIntAcquire(final long address) {
        return (int) INT.getAcquire(ALL, address);
    }

    @Override
    public void putIntRelease(final long address, final int value) {
        INT.setRelease(ALL, address, value);
    }

    @Override
    public long getLongAcquire(final long address) {
        return (long) LONG.getAcquire(ALL, address);
    }

    @Override
    public void putLongRelease(final long address, final long value) {
        LONG.setRelease(ALL, address, value);
    }

    @Override
    public int getIntVolatile(final long address) {
        return (int) INT.getVolatile(ALL, address);
    }

    @Override
    public void putIntVolatile(final long address, final int value) {
        INT.setVolatile(ALL, address, value);
    }

    @Override
    public long getLongVolatile(final long address) {
        return (long) LONG.getVolatile(ALL, address);
    }

    @Override
    public void putLongVolatile(final long address, final long value) {
        LONG.setVolatile(ALL, address, value);
    }

    @Override
    public boolean compareAndSetInt(final long address, final int expected, final int update) {
        return (boolean) INT.compareAndSet(ALL, address, expected, update);
    }

    @Override
    public boolean compareAndSetLong(final long address, final long expected, final long update) {
        return (boolean) LONG.compareAndSet(ALL, address, expected, update);
    }

    @Override
    public int getAndAddInt(final long address, final int delta) {
        return (int) INT.getAndAdd(ALL, address, delta);
    }

    @Override
    public long getAndAddLong(final long address, final long delta) {
        return (long) LONG.getAndAdd(ALL, address, delta);
    }

    @Override
    public int getAndSetInt(final long address, final int update) {
        return (int) INT.getAndSet(ALL, address, update);
    }

    @Override
    public void fullFence() {
        VarHandle.fullFence();
    }

    @Override
    public void acquireFence() {
        VarHandle.acquireFence();
    }

    @Override
    public void releaseFence() {
        VarHandle.releaseFence();
    }

    @Override
    public void copy(final long sourceAddress, final long destinationAddress, final long lengthBytes) {
        MemorySegment.copy(ALL, sourceAddress, ALL, destinationAddress, lengthBytes);
    }

    @Override
    public void fill(final long address, final long lengthBytes, final byte value) {
        ALL.asSlice(address, lengthBytes).fill(value);
    }

    @Override
    public void copyToArray(final long address, final byte[] destination, final int offset, final int lengthBytes) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, destination, offset, lengthBytes);
    }

    @Override
    public void copyFromArray(final byte[] source, final int offset, final long address, final int lengthBytes) {
        MemorySegment.copy(source, offset, ALL, ValueLayout.JAVA_BYTE, address, lengthBytes);
    }
}
