package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.LoopHeap;
import io.netchannel.samples.memcached.store.Decimal;

/**
 * The answers of a burst, one behind the other in memory outside the heap, which grows with them.
 *
 * <p>Threading: confined to its loop.
 */
public final class Output implements AutoCloseable {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int INITIAL_BYTES = 64 << 10;
    private static final int MAX_NUMBER_BYTES = 20;

    private final LoopHeap heap;
    private long address;
    private int capacity;
    private int length;

    Output(final LoopHeap heap) {
        this.heap = heap;
        take(INITIAL_BYTES);
    }

    private void take(final int bytes) {
        address = heap.allocate(bytes);
        capacity = (int) Math.min(Integer.MAX_VALUE, heap.usableBytes(bytes));
    }

    public long address() {
        return address;
    }

    public int length() {
        return length;
    }

    /** Forgets what comes after the first {@code bytes}. */
    public void truncate(final int bytes) {
        length = bytes;
    }

    /** Forgets all, and gives back what a large answer took. */
    void reset() {
        length = 0;
        if (capacity > INITIAL_BYTES) {
            heap.free(address, capacity);
            take(INITIAL_BYTES);
        }
    }

    /** Bytes of the memory at {@link #address}. */
    int capacity() {
        return capacity;
    }

    /** The memory with all that is in it is the caller's from now on. */
    void detach() {
        take(INITIAL_BYTES);
        length = 0;
    }

    /**
     * Makes room.
     *
     * @return where the next byte goes; valid until the next call
     */
    public long reserve(final int bytes) {
        if (bytes > capacity - length) {
            grow((long) length + bytes);
        }
        return address + length;
    }

    private void grow(final long needed) {
        if (needed > Integer.MAX_VALUE) {
            throw new IllegalStateException("answer of bytes=" + needed + " > MAX=" + Integer.MAX_VALUE);
        }
        final long before = address;
        final int beforeBytes = capacity;
        take((int) needed);
        MEMORY.copy(before, address, length);
        heap.free(before, beforeBytes);
    }

    /** Counts in what was written to {@link #reserve}. */
    public void advance(final int bytes) {
        length += bytes;
    }

    public void put(final byte[] bytes) {
        put(bytes, bytes.length);
    }

    public void put(final byte[] bytes, final int count) {
        MEMORY.copyFromArray(bytes, 0, reserve(count), count);
        length += count;
    }

    public void put(final long source, final int count) {
        MEMORY.copy(source, reserve(count), count);
        length += count;
    }

    public void put(final char character) {
        MEMORY.putByte(reserve(1), (byte) character);
        length++;
    }

    /** In decimal, unsigned. */
    public void putNumber(final long number) {
        length += Decimal.put(reserve(MAX_NUMBER_BYTES), number);
    }

    public void putEndOfLine() {
        MEMORY.putShort(reserve(2), (short) ('\r' | '\n' << Byte.SIZE));
        length += 2;
    }

    @Override
    public void close() {
        heap.free(address, capacity);
    }
}
