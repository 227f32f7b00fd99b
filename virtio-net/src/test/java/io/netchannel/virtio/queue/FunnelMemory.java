package io.netchannel.virtio.queue;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;

/**
 * Memory whose words all go through {@link #load} and {@link #store}, for tests that watch or disturb them.
 *
 * <p>Threading: one thread.
 */
abstract class FunnelMemory extends OrderedMemory {

    enum Order {
        PLAIN, OPAQUE, ACQUIRE_RELEASE, VOLATILE
    }

    static final OrderedMemory HOST = HostMemory.INSTANCE;

    /** @return the word, extended to 64 bits in any way */
    abstract long load(long address, int lengthBytes, Order order);

    abstract void store(long address, int lengthBytes, long value, Order order);

    static long hostLoad(final long address, final int lengthBytes) {
        return switch (lengthBytes) {
            case 1 -> HOST.getByte(address);
            case 2 -> HOST.getShort(address);
            case 4 -> HOST.getInt(address);
            default -> HOST.getLong(address);
        };
    }

    static void hostStore(final long address, final int lengthBytes, final long value) {
        switch (lengthBytes) {
            case 1 -> HOST.putByte(address, (byte) value);
            case 2 -> HOST.putShort(address, (short) value);
            case 4 -> HOST.putInt(address, (int) value);
            default -> HOST.putLong(address, value);
        }
    }

    @Override
    public final byte getByte(final long address) {
        return (byte) load(address, 1, Order.PLAIN);
    }

    @Override
    public final void putByte(final long address, final byte value) {
        store(address, 1, value, Order.PLAIN);
    }

    @Override
    public final short getShort(final long address) {
        return (short) load(address, 2, Order.PLAIN);
    }

    @Override
    public final void putShort(final long address, final short value) {
        store(address, 2, value, Order.PLAIN);
    }

    @Override
    public final int getInt(final long address) {
        return (int) load(address, 4, Order.PLAIN);
    }

    @Override
    public final void putInt(final long address, final int value) {
        store(address, 4, value, Order.PLAIN);
    }

    @Override
    public final long getLong(final long address) {
        return load(address, 8, Order.PLAIN);
    }

    @Override
    public final void putLong(final long address, final long value) {
        store(address, 8, value, Order.PLAIN);
    }

    @Override
    public final short getShortOpaque(final long address) {
        return (short) load(address, 2, Order.OPAQUE);
    }

    @Override
    public final void putShortOpaque(final long address, final short value) {
        store(address, 2, value, Order.OPAQUE);
    }

    @Override
    public final int getIntOpaque(final long address) {
        return (int) load(address, 4, Order.OPAQUE);
    }

    @Override
    public final void putIntOpaque(final long address, final int value) {
        store(address, 4, value, Order.OPAQUE);
    }

    @Override
    public final long getLongOpaque(final long address) {
        return load(address, 8, Order.OPAQUE);
    }

    @Override
    public final void putLongOpaque(final long address, final long value) {
        store(address, 8, value, Order.OPAQUE);
    }

    @Override
    public final short getShortAcquire(final long address) {
        return (short) load(address, 2, Order.ACQUIRE_RELEASE);
    }

    @Override
    public final void putShortRelease(final long address, final short value) {
        store(address, 2, value, Order.ACQUIRE_RELEASE);
    }

    @Override
    public final int getIntAcquire(final long address) {
        return (int) load(address, 4, Order.ACQUIRE_RELEASE);
    }

    @Override
    public final void putIntRelease(final long address, final int value) {
        store(address, 4, value, Order.ACQUIRE_RELEASE);
    }

    @Override
    public final long getLongAcquire(final long address) {
        return load(address, 8, Order.ACQUIRE_RELEASE);
    }

    @Override
    public final void putLongRelease(final long address, final long value) {
        store(address, 8, value, Order.ACQUIRE_RELEASE);
    }

    @Override
    public final int getIntVolatile(final long address) {
        return (int) load(address, 4, Order.VOLATILE);
    }

    @Override
    public final void putIntVolatile(final long address, final int value) {
        store(address, 4, value, Order.VOLATILE);
    }

    @Override
    public final long getLongVolatile(final long address) {
        return load(address, 8, Order.VOLATILE);
    }

    @Override
    public final void putLongVolatile(final long address, final long value) {
        store(address, 8, value, Order.VOLATILE);
    }

    @Override
    public final boolean compareAndSetInt(final long address, final int expected, final int update) {
        if (getIntVolatile(address) != expected) {
            return false;
        }
        putIntVolatile(address, update);
        return true;
    }

    @Override
    public final int getAndAddInt(final long address, final int delta) {
        final int before = getIntVolatile(address);
        putIntVolatile(address, before + delta);
        return before;
    }

    @Override
    public final boolean compareAndSetLong(final long address, final long expected, final long update) {
        if (getLongVolatile(address) != expected) {
            return false;
        }
        putLongVolatile(address, update);
        return true;
    }

    @Override
    public final long getAndAddLong(final long address, final long delta) {
        final long before = getLongVolatile(address);
        putLongVolatile(address, before + delta);
        return before;
    }

    @Override
    public final int getAndSetInt(final long address, final int update) {
        final int before = getIntVolatile(address);
        putIntVolatile(address, update);
        return before;
    }

    @Override
    public void fullFence() {
        HOST.fullFence();
    }

    @Override
    public void acquireFence() {
        fullFence();
    }

    @Override
    public void releaseFence() {
        fullFence();
    }

    @Override
    public final void copy(final long sourceAddress, final long destinationAddress, final long lengthBytes) {
        for (long i = 0; i < lengthBytes; i++) {
            putByte(destinationAddress + i, getByte(sourceAddress + i));
        }
    }

    @Override
    public final void fill(final long address, final long lengthBytes, final byte value) {
        for (long i = 0; i < lengthBytes; i++) {
            putByte(address + i, value);
        }
    }

    @Override
    public final void copyToArray(final long address, final byte[] destination, final int offset,
            final int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            destination[offset + i] = getByte(address + i);
        }
    }

    @Override
    public final void copyFromArray(final byte[] source, final int offset, final long address,
            final int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            putByte(address + i, source[offset + i]);
        }
    }
}
