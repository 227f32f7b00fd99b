package io.netchannel.channels;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;

/**
 * The host's memory, of which one area may be touched only where a range is permitted: an access that begins, ends or
 * reaches outside fails the test. And it can let something else happen between any two accesses.
 */
public final class CheckedMemory extends OrderedMemory {

    private final OrderedMemory host = HostMemory.INSTANCE;
    private final long areaStart;
    private final long areaEnd;
    private final long[] starts = new long[32];
    private final long[] ends = new long[32];
    private int ranges;
    private int accessesLeft;
    private Runnable interruption;

    public CheckedMemory(final long areaStart, final long areaBytes) {
        this.areaStart = areaStart;
        this.areaEnd = areaStart + areaBytes;
    }

    public void forbidAll() {
        ranges = 0;
    }

    public void permit(final long address, final long lengthBytes) {
        starts[ranges] = address;
        ends[ranges++] = address + lengthBytes;
    }

    /** Runs {@code action} once, after that many more accesses. */
    public void interruptAfter(final int accesses, final Runnable action) {
        accessesLeft = accesses;
        interruption = action;
    }

    private long checked(final long address, final long bytes) {
        if (interruption != null && accessesLeft-- == 0) {
            final Runnable action = interruption;
            interruption = null;
            action.run();
        }
        if (address + bytes <= areaStart || address >= areaEnd) {
            return address;
        }
        for (int i = 0; i < ranges; i++) {
            if (address >= starts[i] && address + bytes <= ends[i]) {
                return address;
            }
        }
        throw new AssertionError("access to " + bytes + " bytes at area offset " + (address - areaStart)
                + " outside the packet, whose head is at " + (starts[0] - areaStart) + ".." + (ends[0] - areaStart));
    }

    @Override
    public byte getByte(final long address) {
        return host.getByte(checked(address, 1));
    }

    @Override
    public void putByte(final long address, final byte value) {
        host.putByte(checked(address, 1), value);
    }

    @Override
    public short getShort(final long address) {
        return host.getShort(checked(address, 2));
    }

    @Override
    public void putShort(final long address, final short value) {
        host.putShort(checked(address, 2), value);
    }

    @Override
    public int getInt(final long address) {
        return host.getInt(checked(address, 4));
    }

    @Override
    public void putInt(final long address, final int value) {
        host.putInt(checked(address, 4), value);
    }

    @Override
    public long getLong(final long address) {
        return host.getLong(checked(address, 8));
    }

    @Override
    public void putLong(final long address, final long value) {
        host.putLong(checked(address, 8), value);
    }

    @Override
    public short getShortOpaque(final long address) {
        return host.getShortOpaque(checked(address, 2));
    }

    @Override
    public void putShortOpaque(final long address, final short value) {
        host.putShortOpaque(checked(address, 2), value);
    }

    @Override
    public int getIntOpaque(final long address) {
        return host.getIntOpaque(checked(address, 4));
    }

    @Override
    public void putIntOpaque(final long address, final int value) {
        host.putIntOpaque(checked(address, 4), value);
    }

    @Override
    public long getLongOpaque(final long address) {
        return host.getLongOpaque(checked(address, 8));
    }

    @Override
    public void putLongOpaque(final long address, final long value) {
        host.putLongOpaque(checked(address, 8), value);
    }

    @Override
    public short getShortAcquire(final long address) {
        return host.getShortAcquire(checked(address, 2));
    }

    @Override
    public void putShortRelease(final long address, final short value) {
        host.putShortRelease(checked(address, 2), value);
    }

    @Override
    public int getIntAcquire(final long address) {
        return host.getIntAcquire(checked(address, 4));
    }

    @Override
    public void putIntRelease(final long address, final int value) {
        host.putIntRelease(checked(address, 4), value);
    }

    @Override
    public long getLongAcquire(final long address) {
        return host.getLongAcquire(checked(address, 8));
    }

    @Override
    public void putLongRelease(final long address, final long value) {
        host.putLongRelease(checked(address, 8), value);
    }

    @Override
    public int getIntVolatile(final long address) {
        return host.getIntVolatile(checked(address, 4));
    }

    @Override
    public void putIntVolatile(final long address, final int value) {
        host.putIntVolatile(checked(address, 4), value);
    }

    @Override
    public long getLongVolatile(final long address) {
        return host.getLongVolatile(checked(address, 8));
    }

    @Override
    public void putLongVolatile(final long address, final long value) {
        host.putLongVolatile(checked(address, 8), value);
    }

    @Override
    public boolean compareAndSetInt(final long address, final int expected, final int update) {
        return host.compareAndSetInt(checked(address, 4), expected, update);
    }

    @Override
    public boolean compareAndSetLong(final long address, final long expected, final long update) {
        return host.compareAndSetLong(checked(address, 8), expected, update);
    }

    @Override
    public int getAndAddInt(final long address, final int delta) {
        return host.getAndAddInt(checked(address, 4), delta);
    }

    @Override
    public long getAndAddLong(final long address, final long delta) {
        return host.getAndAddLong(checked(address, 8), delta);
    }

    @Override
    public int getAndSetInt(final long address, final int update) {
        return host.getAndSetInt(checked(address, 4), update);
    }

    @Override
    public void fullFence() {
        host.fullFence();
    }

    @Override
    public void acquireFence() {
        host.acquireFence();
    }

    @Override
    public void releaseFence() {
        host.releaseFence();
    }

    @Override
    public void copy(final long sourceAddress, final long destinationAddress, final long lengthBytes) {
        host.copy(checked(sourceAddress, lengthBytes), checked(destinationAddress, lengthBytes), lengthBytes);
    }

    @Override
    public void fill(final long address, final long lengthBytes, final byte value) {
        host.fill(checked(address, lengthBytes), lengthBytes, value);
    }

    @Override
    public void copyToArray(final long address, final byte[] destination, final int offset, final int lengthBytes) {
        host.copyToArray(checked(address, lengthBytes), destination, offset, lengthBytes);
    }

    @Override
    public void copyFromArray(final byte[] source, final int offset, final long address, final int lengthBytes) {
        host.copyFromArray(source, offset, checked(address, lengthBytes), lengthBytes);
    }
}
