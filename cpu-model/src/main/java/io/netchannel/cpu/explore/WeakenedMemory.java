package io.netchannel.cpu.explore;

import io.netchannel.cpu.OrderedMemory;

/**
 * A modelled memory on which chosen orderings are left out: what the code above would be if its author had forgotten them.
 * A check that holds on one proves nothing about the ordering that is missing there.
 *
 * <p>Give one to one side of a program only, and it is that side's ordering that is missing.
 *
 * <p>Threading: as {@link ModelledMemory}.
 */
public final class WeakenedMemory extends OrderedMemory {

    private record Range(long from, long to) {

        static final Range NONE = new Range(0, 0);

        boolean has(final long address) {
            return address >= from && address < to;
        }
    }

    private final ModelledMemory memory;
    private Range loads = Range.NONE;
    private Range stores = Range.NONE;
    private Range exchanges = Range.NONE;
    private AccessMode loadMode;
    private AccessMode storeMode;
    private boolean withoutFull;
    private boolean withoutAcquire;
    private boolean withoutRelease;

    private WeakenedMemory(final ModelledMemory memory) {
        this.memory = memory;
    }

    /** As strong as {@code memory}, at first. */
    public static WeakenedMemory of(final ModelledMemory memory) {
        return new WeakenedMemory(memory);
    }

    /** Acquire and volatile loads of these bytes are done in a weaker mode. */
    public WeakenedMemory weakLoads(final long address, final long lengthBytes, final AccessMode mode) {
        loads = new Range(address, address + lengthBytes);
        loadMode = mode;
        return this;
    }

    /** Release and volatile stores to these bytes are done in a weaker mode. */
    public WeakenedMemory weakStores(final long address, final long lengthBytes, final AccessMode mode) {
        stores = new Range(address, address + lengthBytes);
        storeMode = mode;
        return this;
    }

    /** Stores to these bytes are done by getAndSet, as by one who takes that for a fence. */
    public WeakenedMemory exchangesForStores(final long address, final long lengthBytes) {
        exchanges = new Range(address, address + lengthBytes);
        return this;
    }

    /** Fences of the kind do nothing. */
    public WeakenedMemory without(final Fence fence) {
        switch (fence) {
            case FULL -> withoutFull = true;
            case ACQUIRE -> withoutAcquire = true;
            case RELEASE -> withoutRelease = true;
        }
        return this;
    }

    private long load(final long address, final int sizeBytes, final AccessMode mode) {
        return memory.load(address, sizeBytes, loads.has(address) && isOrdered(mode) ? loadMode : mode);
    }

    private void store(final long address, final int sizeBytes, final long value, final AccessMode mode) {
        if (exchanges.has(address)) {
            memory.getAndSet(address, sizeBytes, value);
        } else {
            memory.store(address, sizeBytes, value, stores.has(address) && isOrdered(mode) ? storeMode : mode);
        }
    }

    private static boolean isOrdered(final AccessMode mode) {
        return mode != AccessMode.PLAIN && mode != AccessMode.OPAQUE;
    }

    @Override
    public byte getByte(final long address) {
        return memory.getByte(address);
    }

    @Override
    public void putByte(final long address, final byte value) {
        memory.putByte(address, value);
    }

    @Override
    public short getShort(final long address) {
        return memory.getShort(address);
    }

    @Override
    public void putShort(final long address, final short value) {
        memory.putShort(address, value);
    }

    @Override
    public int getInt(final long address) {
        return memory.getInt(address);
    }

    @Override
    public void putInt(final long address, final int value) {
        memory.putInt(address, value);
    }

    @Override
    public long getLong(final long address) {
        return memory.getLong(address);
    }

    @Override
    public void putLong(final long address, final long value) {
        memory.putLong(address, value);
    }

    @Override
    public short getShortOpaque(final long address) {
        return memory.getShortOpaque(address);
    }

    @Override
    public void putShortOpaque(final long address, final short value) {
        store(address, Short.BYTES, value, AccessMode.OPAQUE);
    }

    @Override
    public int getIntOpaque(final long address) {
        return memory.getIntOpaque(address);
    }

    @Override
    public void putIntOpaque(final long address, final int value) {
        store(address, Integer.BYTES, value, AccessMode.OPAQUE);
    }

    @Override
    public long getLongOpaque(final long address) {
        return memory.getLongOpaque(address);
    }

    @Override
    public void putLongOpaque(final long address, final long value) {
        store(address, Long.BYTES, value, AccessMode.OPAQUE);
    }

    @Override
    public short getShortAcquire(final long address) {
        return (short) load(address, Short.BYTES, AccessMode.ACQUIRE);
    }

    @Override
    public void putShortRelease(final long address, final short value) {
        store(address, Short.BYTES, value, AccessMode.RELEASE);
    }

    @Override
    public int getIntAcquire(final long address) {
        return (int) load(address, Integer.BYTES, AccessMode.ACQUIRE);
    }

    @Override
    public void putIntRelease(final long address, final int value) {
        store(address, Integer.BYTES, value, AccessMode.RELEASE);
    }

    @Override
    public long getLongAcquire(final long address) {
        return load(address, Long.BYTES, AccessMode.ACQUIRE);
    }

    @Override
    public void putLongRelease(final long address, final long value) {
        store(address, Long.BYTES, value, AccessMode.RELEASE);
    }

    @Override
    public int getIntVolatile(final long address) {
        return (int) load(address, Integer.BYTES, AccessMode.VOLATILE);
    }

    @Override
    public void putIntVolatile(final long address, final int value) {
        store(address, Integer.BYTES, value, AccessMode.VOLATILE);
    }

    @Override
    public long getLongVolatile(final long address) {
        return load(address, Long.BYTES, AccessMode.VOLATILE);
    }

    @Override
    public void putLongVolatile(final long address, final long value) {
        store(address, Long.BYTES, value, AccessMode.VOLATILE);
    }

    @Override
    public boolean compareAndSetInt(final long address, final int expected, final int update) {
        return memory.compareAndSetInt(address, expected, update);
    }

    @Override
    public boolean compareAndSetLong(final long address, final long expected, final long update) {
        return memory.compareAndSetLong(address, expected, update);
    }

    @Override
    public int getAndAddInt(final long address, final int delta) {
        return memory.getAndAddInt(address, delta);
    }

    @Override
    public long getAndAddLong(final long address, final long delta) {
        return memory.getAndAddLong(address, delta);
    }

    @Override
    public int getAndSetInt(final long address, final int update) {
        return memory.getAndSetInt(address, update);
    }

    @Override
    public void fullFence() {
        if (!withoutFull) {
            memory.fullFence();
        }
    }

    @Override
    public void acquireFence() {
        if (!withoutAcquire) {
            memory.acquireFence();
        }
    }

    @Override
    public void releaseFence() {
        if (!withoutRelease) {
            memory.releaseFence();
        }
    }

    @Override
    public void copy(final long sourceAddress, final long destinationAddress, final long lengthBytes) {
        memory.copy(sourceAddress, destinationAddress, lengthBytes);
    }

    @Override
    public void fill(final long address, final long lengthBytes, final byte value) {
        memory.fill(address, lengthBytes, value);
    }

    @Override
    public void copyToArray(final long address, final byte[] destination, final int offset, final int lengthBytes) {
        memory.copyToArray(address, destination, offset, lengthBytes);
    }

    @Override
    public void copyFromArray(final byte[] source, final int offset, final long address, final int lengthBytes) {
        memory.copyFromArray(source, offset, address, lengthBytes);
    }
}
