package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
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

    private final BufferPool pool;
    private Buffer buffer;
    private int length;

    Output(final BufferPool pool) {
        this.pool = pool;
        this.buffer = pool.take(INITIAL_BYTES);
    }

    public long address() {
        return buffer.address;
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
        if (buffer.capacity > INITIAL_BYTES) {
            pool.giveBack(buffer);
            buffer = pool.take(INITIAL_BYTES);
        }
    }

    /** Hands the buffer over, with all that is in it. */
    Buffer detach() {
        final Buffer detached = buffer;
        buffer = pool.take(INITIAL_BYTES);
        length = 0;
        return detached;
    }

    /**
     * Makes room.
     *
     * @return where the next byte goes; valid until the next call
     */
    public long reserve(final int bytes) {
        if (bytes > buffer.capacity - length) {
            grow((long) length + bytes);
        }
        return buffer.address + length;
    }

    private void grow(final long needed) {
        if (needed > Integer.MAX_VALUE) {
            throw new IllegalStateException("answer of bytes=" + needed + " > MAX=" + Integer.MAX_VALUE);
        }
        final Buffer larger = pool.take((int) needed);
        MEMORY.copy(buffer.address, larger.address, length);
        pool.giveBack(buffer);
        buffer = larger;
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
        pool.giveBack(buffer);
    }
}
