package io.netchannel.kernel.storage.fault;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;

/** Memory of the files of a {@link SimulatedDisk}: each store is an event, at which the program may end. */
final class EventMemory extends OrderedMemory {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final SimulatedDisk disk;

    EventMemory(final SimulatedDisk disk) {
        this.disk = disk;
    }

    @Override
    public byte getByte(final long address) {
        return MEMORY.getByte(address);
    }

    @Override
    public void putByte(final long address, final byte value) {
        disk.beforeStore(address, Byte.BYTES);
        MEMORY.putByte(address, value);
    }

    @Override
    public short getShort(final long address) {
        return MEMORY.getShort(address);
    }

    @Override
    public void putShort(final long address, final short value) {
        disk.beforeStore(address, Short.BYTES);
        MEMORY.putShort(address, value);
    }

    @Override
    public int getInt(final long address) {
        return MEMORY.getInt(address);
    }

    @Override
    public void putInt(final long address, final int value) {
        disk.beforeStore(address, Integer.BYTES);
        MEMORY.putInt(address, value);
    }

    @Override
    public long getLong(final long address) {
        return MEMORY.getLong(address);
    }

    @Override
    public void putLong(final long address, final long value) {
        disk.beforeStore(address, Long.BYTES);
        MEMORY.putLong(address, value);
    }

    @Override
    public short getShortOpaque(final long address) {
        return MEMORY.getShortOpaque(address);
    }

    @Override
    public void putShortOpaque(final long address, final short value) {
        disk.beforeStore(address, Short.BYTES);
        MEMORY.putShortOpaque(address, value);
    }

    @Override
    public int getIntOpaque(final long address) {
        return MEMORY.getIntOpaque(address);
    }

    @Override
    public void putIntOpaque(final long address, final int value) {
        disk.beforeStore(address, Integer.BYTES);
        MEMORY.putIntOpaque(address, value);
    }

    @Override
    public long getLongOpaque(final long address) {
        return MEMORY.getLongOpaque(address);
    }

    @Override
    public void putLongOpaque(final long address, final long value) {
        disk.beforeStore(address, Long.BYTES);
        MEMORY.putLongOpaque(address, value);
    }

    @Override
    public short getShortAcquire(final long address) {
        return MEMORY.getShortAcquire(address);
    }

    @Override
    public void putShortRelease(final long address, final short value) {
        disk.beforeStore(address, Short.BYTES);
        MEMORY.putShortRelease(address, value);
    }

    @Override
    public int getIntAcquire(final long address) {
        return MEMORY.getIntAcquire(address);
    }

    @Override
    public void putIntRelease(final long address, final int value) {
        disk.beforeStore(address, Integer.BYTES);
        MEMORY.putIntRelease(address, value);
    }

    @Override
    public long getLongAcquire(final long address) {
        return MEMORY.getLongAcquire(address);
    }

    @Override
    public void putLongRelease(final long address, final long value) {
        disk.beforeStore(address, Long.BYTES);
        MEMORY.putLongRelease(address, value);
    }

    @Override
    public int getIntVolatile(final long address) {
        return MEMORY.getIntVolatile(address);
    }

    @Override
    public void putIntVolatile(final long address, final int value) {
        disk.beforeStore(address, Integer.BYTES);
        MEMORY.putIntVolatile(address, value);
    }

    @Override
    public long getLongVolatile(final long address) {
        return MEMORY.getLongVolatile(address);
    }

    @Override
    public void putLongVolatile(final long address, final long value) {
        disk.beforeStore(address, Long.BYTES);
        MEMORY.putLongVolatile(address, value);
    }

    @Override
    public boolean compareAndSetInt(final long address, final int expected, final int update) {
        disk.beforeStore(address, Integer.BYTES);
        return MEMORY.compareAndSetInt(address, expected, update);
    }

    @Override
    public boolean compareAndSetLong(final long address, final long expected, final long update) {
        disk.beforeStore(address, Long.BYTES);
        return MEMORY.compareAndSetLong(address, expected, update);
    }

    @Override
    public int getAndAddInt(final long address, final int delta) {
        disk.beforeStore(address, Integer.BYTES);
        return MEMORY.getAndAddInt(address, delta);
    }

    @Override
    public long getAndAddLong(final long address, final long delta) {
        disk.beforeStore(address, Long.BYTES);
        return MEMORY.getAndAddLong(address, delta);
    }

    @Override
    public int getAndSetInt(final long address, final int update) {
        disk.beforeStore(address, Integer.BYTES);
        return MEMORY.getAndSetInt(address, update);
    }

    @Override
    public void fullFence() {
        MEMORY.fullFence();
    }

    @Override
    public void acquireFence() {
        MEMORY.acquireFence();
    }

    @Override
    public void releaseFence() {
        MEMORY.releaseFence();
    }

    @Override
    public void copy(final long sourceAddress, final long destinationAddress, final long lengthBytes) {
        MEMORY.copy(sourceAddress, destinationAddress, before(destinationAddress, lengthBytes));
        disk.endIfDue();
    }

    @Override
    public void fill(final long address, final long lengthBytes, final byte value) {
        MEMORY.fill(address, before(address, lengthBytes), value);
        disk.endIfDue();
    }

    @Override
    public void copyToArray(final long address, final byte[] destination, final int offset, final int lengthBytes) {
        MEMORY.copyToArray(address, destination, offset, lengthBytes);
    }

    @Override
    public void copyFromArray(final byte[] source, final int offset, final long address, final int lengthBytes) {
        MEMORY.copyFromArray(source, offset, address, (int) before(address, lengthBytes));
        disk.endIfDue();
    }

    /** @return how much of a copy is done: part of it if the program ends within it */
    private long before(final long address, final long lengthBytes) {
        return lengthBytes == 0 ? 0 : disk.beforeCopy(address, lengthBytes);
    }
}
