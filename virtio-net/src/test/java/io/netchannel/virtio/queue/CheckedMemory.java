package io.netchannel.virtio.queue;

import java.util.HashSet;
import java.util.Set;

/** Allows one range only, and can be made to change under its reader, as a hostile peer's memory does. */
final class CheckedMemory extends FunnelMemory {

    private final long start;
    private final long end;
    private long hookedAddress;
    private Runnable hook;
    private Runnable everyReadHook;
    private Set<Long> bytesRead;

    CheckedMemory(final long start, final long lengthBytes) {
        this.start = start;
        this.end = start + lengthBytes;
    }

    /** Runs {@code action} once, right after the next read that covers the byte at {@code address}. */
    void afterNextReadOf(final long address, final Runnable action) {
        hookedAddress = address;
        hook = action;
    }

    boolean isHookPending() {
        return hook != null;
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

    @Override
    long load(final long address, final int lengthBytes, final Order order) {
        check(address, lengthBytes, order);
        for (int i = 0; bytesRead != null && i < lengthBytes; i++) {
            if (!bytesRead.add(address + i)) {
                throw new AssertionError("second read of address=" + Long.toHexString(address + i));
            }
        }
        final long value = hostLoad(address, lengthBytes);
        if (hook != null && hookedAddress >= address && hookedAddress < address + lengthBytes) {
            final Runnable action = hook;
            hook = null;
            action.run();
        }
        if (everyReadHook != null) {
            everyReadHook.run();
        }
        return value;
    }

    @Override
    void store(final long address, final int lengthBytes, final long value, final Order order) {
        check(address, lengthBytes, order);
        hostStore(address, lengthBytes, value);
    }

    private void check(final long address, final int lengthBytes, final Order order) {
        if (address < start || address > end - lengthBytes) {
            throw new AssertionError("access outside: address=" + Long.toHexString(address) + " lengthBytes="
                    + lengthBytes + " start=" + Long.toHexString(start) + " end=" + Long.toHexString(end));
        }
        if (order != Order.PLAIN && (address & lengthBytes - 1) != 0) {
            throw new AssertionError("address=" + Long.toHexString(address) + " is not aligned to " + lengthBytes);
        }
    }
}
