package io.netchannel.virtio.queue;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Host memory that allows one range only, and that can be made to change under its reader, as a hostile peer's does, or
 * to hold its stores back, as a CPU does.
 *
 * <p>Threading: one thread, hooks included.
 */
final class CheckedMemory extends OrderedMemory {

    private static final OrderedMemory HOST = HostMemory.INSTANCE;

    private final long start;
    private final long end;
    private long hookedAddress;
    private Runnable hook;
    private Runnable everyReadHook;
    private Set<Long> bytesRead;
    private Map<Long, Byte> pending;

    CheckedMemory(final long start, final long lengthBytes) {
        this.start = start;
        this.end = start + lengthBytes;
    }

    /** Runs {@code action} once, right after the next read that covers the byte at {@code address}. */
    void afterNextReadOf(final long address, final Runnable action) {
        hookedAddress = address;
        hook = action;
    }

    /** Runs {@code action} after every read; it must use the host's memory. */
    void afterEveryRead(final Runnable action) {
        everyReadHook = action;
    }

    /** From here on, a second read of any byte fails: what is read twice can differ. */
    void forbidSecondReads() {
        bytesRead = new HashSet<>();
    }

    void allowSecondReads() {
        bytesRead = null;
    }

    /**
     * From here on, stores stay in a store buffer, seen through this object alone, until a full fence: the longest that a
     * CPU may keep them.
     */
    void delayStores() {
        pending = new HashMap<>();
    }

    private boolean delay(final long address, final int lengthBytes, final long value) {
        for (int i = 0; pending != null && i < lengthBytes; i++) {
            pending.put(address + i, (byte) (value >>> 8 * i));
        }
        return pending != null;
    }

    private long withPending(final long address, final int lengthBytes, final long value) {
        long seen = value;
        for (int i = 0; pending != null && i < lengthBytes; i++) {
            final Byte own = pending.get(address + i);
            if (own != null) {
                seen = seen & ~(0xFFL << 8 * i) | (own & 0xFFL) << 8 * i;
            }
        }
        return seen;
    }

    private void drain() {
        if (pending != null) {
            pending.forEach(HOST::putByte);
            pending.clear();
        }
    }

    boolean isHookPending() {
        return hook != null;
    }

    private void check(final long address, final long lengthBytes) {
        if (address < start || lengthBytes < 0 || address > end - lengthBytes) {
            throw new AssertionError("access outside: address=" + Long.toHexString(address) + " lengthBytes="
                    + lengthBytes + " start=" + Long.toHexString(start) + " end=" + Long.toHexString(end));
        }
    }

    private void read(final long address, final long lengthBytes) {
        for (long i = 0; bytesRead != null && i < lengthBytes; i++) {
            if (!bytesRead.add(address + i)) {
                throw new AssertionError("second read of address=" + Long.toHexString(address + i));
            }
        }
        if (hook != null && hookedAddress >= address && hookedAddress < address + lengthBytes) {
            final Runnable action = hook;
            hook = null;
            action.run();
        }
        if (everyReadHook != null) {
            everyReadHook.run();
        }
    }

    @Override
    public byte getByte(final long address) {
        check(address, 1);
        final byte value = (byte) withPending(address, 1, HOST.getByte(address));
        read(address, 1);
        return value;
    }

    @Override
    public void putByte(final long address, final byte value) {
        check(address, 1);
        if (!delay(address, 1, value)) {
            HOST.putByte(address, value);
        }
    }

    @Override
    public short getShort(final long address) {
        check(address, 2);
        final short value = (short) withPending(address, 2, HOST.getShort(address));
        read(address, 2);
        return value;
    }

    @Override
    public void putShort(final long address, final short value) {
        check(address, 2);
        if (!delay(address, 2, value)) {
            HOST.putShort(address, value);
        }
    }

    @Override
    public int getInt(final long address) {
        check(address, 4);
        final int value = (int) withPending(address, 4, HOST.getInt(address));
        read(address, 4);
        return value;
    }

    @Override
    public void putInt(final long address, final int value) {
        check(address, 4);
        if (!delay(address, 4, value)) {
            HOST.putInt(address, value);
        }
    }

    @Override
    public long getLong(final long address) {
        check(address, 8);
        final long value = withPending(address, 8, HOST.getLong(address));
        read(address, 8);
        return value;
    }

    @Override
    public void putLong(final long address, final long value) {
        check(address, 8);
        if (!delay(address, 8, value)) {
            HOST.putLong(address, value);
        }
    }

    @Override
    public short getShortOpaque(final long address) {
        check(address, 2);
        final short value = (short) withPending(address, 2, HOST.getShortOpaque(address));
        read(address, 2);
        return value;
    }

    @Override
    public void putShortOpaque(final long address, final short value) {
        check(address, 2);
        if (!delay(address, 2, value)) {
            HOST.putShortOpaque(address, value);
        }
    }

    @Override
    public int getIntOpaque(final long address) {
        check(address, 4);
        final int value = (int) withPending(address, 4, HOST.getIntOpaque(address));
        read(address, 4);
        return value;
    }

    @Override
    public void putIntOpaque(final long address, final int value) {
        check(address, 4);
        if (!delay(address, 4, value)) {
            HOST.putIntOpaque(address, value);
        }
    }

    @Override
    public long getLongOpaque(final long address) {
        check(address, 8);
        final long value = withPending(address, 8, HOST.getLongOpaque(address));
        read(address, 8);
        return value;
    }

    @Override
    public void putLongOpaque(final long address, final long value) {
        check(address, 8);
        if (!delay(address, 8, value)) {
            HOST.putLongOpaque(address, value);
        }
    }

    @Override
    public short getShortAcquire(final long address) {
        check(address, 2);
        final short value = (short) withPending(address, 2, HOST.getShortAcquire(address));
        read(address, 2);
        return value;
    }

    @Override
    public void putShortRelease(final long address, final short value) {
        check(address, 2);
        if (!delay(address, 2, value)) {
            HOST.putShortRelease(address, value);
        }
    }

    @Override
    public int getIntAcquire(final long address) {
        check(address, 4);
        final int value = (int) withPending(address, 4, HOST.getIntAcquire(address));
        read(address, 4);
        return value;
    }

    @Override
    public void putIntRelease(final long address, final int value) {
        check(address, 4);
        if (!delay(address, 4, value)) {
            HOST.putIntRelease(address, value);
        }
    }

    @Override
    public long getLongAcquire(final long address) {
        check(address, 8);
        final long value = withPending(address, 8, HOST.getLongAcquire(address));
        read(address, 8);
        return value;
    }

    @Override
    public void putLongRelease(final long address, final long value) {
        check(address, 8);
        if (!delay(address, 8, value)) {
            HOST.putLongRelease(address, value);
        }
    }

    @Override
    public int getIntVolatile(final long address) {
        check(address, 4);
        final int value = (int) withPending(address, 4, HOST.getIntVolatile(address));
        read(address, 4);
        return value;
    }

    @Override
    public void putIntVolatile(final long address, final int value) {
        check(address, 4);
        if (!delay(address, 4, value)) {
            HOST.putIntVolatile(address, value);
        }
    }

    @Override
    public long getLongVolatile(final long address) {
        check(address, 8);
        final long value = withPending(address, 8, HOST.getLongVolatile(address));
        read(address, 8);
        return value;
    }

    @Override
    public void putLongVolatile(final long address, final long value) {
        check(address, 8);
        if (!delay(address, 8, value)) {
            HOST.putLongVolatile(address, value);
        }
    }

    @Override
    public boolean compareAndSetInt(final long address, final int expected, final int update) {
        check(address, 4);
        return HOST.compareAndSetInt(address, expected, update);
    }

    @Override
    public int getAndAddInt(final long address, final int delta) {
        check(address, 4);
        return HOST.getAndAddInt(address, delta);
    }

    @Override
    public boolean compareAndSetLong(final long address, final long expected, final long update) {
        check(address, 8);
        return HOST.compareAndSetLong(address, expected, update);
    }

    @Override
    public long getAndAddLong(final long address, final long delta) {
        check(address, 8);
        return HOST.getAndAddLong(address, delta);
    }

    @Override
    public int getAndSetInt(final long address, final int update) {
        check(address, 4);
        return HOST.getAndSetInt(address, update);
    }

    @Override
    public void fullFence() {
        drain();
        HOST.fullFence();
    }

    @Override
    public void acquireFence() {
        HOST.acquireFence();
    }

    @Override
    public void releaseFence() {
        HOST.releaseFence();
    }

    @Override
    public void copy(final long sourceAddress, final long destinationAddress, final long lengthBytes) {
        check(sourceAddress, lengthBytes);
        check(destinationAddress, lengthBytes);
        HOST.copy(sourceAddress, destinationAddress, lengthBytes);
    }

    @Override
    public void fill(final long address, final long lengthBytes, final byte value) {
        check(address, lengthBytes);
        HOST.fill(address, lengthBytes, value);
    }

    @Override
    public void copyToArray(final long address, final byte[] destination, final int offset, final int lengthBytes) {
        check(address, lengthBytes);
        HOST.copyToArray(address, destination, offset, lengthBytes);
    }

    @Override
    public void copyFromArray(final byte[] source, final int offset, final long address, final int lengthBytes) {
        check(address, lengthBytes);
        HOST.copyFromArray(source, offset, address, lengthBytes);
    }
}
