package io.netchannel.cpu.explore;

import io.netchannel.cpu.OrderedMemory;

/**
 * The memory of a {@link Program}: every access is a step of the modelled CPU.
 *
 * <p>One object serves all threads of the program, because they are run one after the other; so an object made in the
 * set-up may be used by all of them, if all its state is in this memory.
 *
 * <p>An access may have any size up to 8 bytes and any alignment; all but plain ones need natural alignment. Accesses of
 * different sizes to the same bytes are supported where each load takes all its bytes from one store, or is plain. Else
 * an {@link UnsupportedOperationException} names the access, because the CPUs' rules for that are not modelled.
 *
 * <p>Threading: confined to the thread that explores.
 */
public final class ModelledMemory extends OrderedMemory {

    private Accesses current;

    private final HeapWords heap;

    ModelledMemory(final Program.Range heapRange) {
        heap = new HeapWords(heapRange);
    }

    /** Words of heap objects, as many as {@link Program#heapWords} says. */
    public HeapWords heap() {
        return heap;
    }

    void current(final Accesses accesses) {
        current = accesses;
    }

    // -- any mode and size, for words that are reached in other ways than by OrderedMemory

    /** @return the value, zero-extended */
    public long load(final long address, final int sizeBytes, final AccessMode mode) {
        return current.load(address, sizeBytes, mode);
    }

    /** Stores the low {@code sizeBytes} of the value. */
    public void store(final long address, final int sizeBytes, final long value, final AccessMode mode) {
        current.store(address, sizeBytes, value, mode);
    }

    /** Volatile order. @return the value before, zero-extended; it was replaced if it equals {@code expected} */
    public long compareAndExchange(final long address, final int sizeBytes, final long expected, final long update) {
        return current.compareAndExchange(address, sizeBytes, Accesses.mask(sizeBytes, expected), update);
    }

    /** Volatile order. @return whether the word held {@code expected} and now holds {@code update} */
    public boolean compareAndSet(final long address, final int sizeBytes, final long expected, final long update) {
        final long masked = Accesses.mask(sizeBytes, expected);
        return current.compareAndExchange(address, sizeBytes, masked, update) == masked;
    }

    /** Volatile order. @return the value before, zero-extended */
    public long getAndSet(final long address, final int sizeBytes, final long update) {
        return current.getAndUpdate(address, sizeBytes, Accesses.Update.SET, update);
    }

    /** Volatile order. @return the value before, zero-extended */
    public long getAndAdd(final long address, final int sizeBytes, final long delta) {
        return current.getAndUpdate(address, sizeBytes, Accesses.Update.ADD, delta);
    }

    /** Volatile order. @return the value before, zero-extended */
    public long getAndBitwiseOr(final long address, final int sizeBytes, final long bits) {
        return current.getAndUpdate(address, sizeBytes, Accesses.Update.OR, bits);
    }

    /** Volatile order. @return the value before, zero-extended */
    public long getAndBitwiseAnd(final long address, final int sizeBytes, final long bits) {
        return current.getAndUpdate(address, sizeBytes, Accesses.Update.AND, bits);
    }

    /** Volatile order. @return the value before, zero-extended */
    public long getAndBitwiseXor(final long address, final int sizeBytes, final long bits) {
        return current.getAndUpdate(address, sizeBytes, Accesses.Update.XOR, bits);
    }

    public void fence(final Fence fence) {
        current.fence(fence);
    }

    // -- OrderedMemory

    @Override
    public byte getByte(final long address) {
        return (byte) current.load(address, Byte.BYTES, AccessMode.PLAIN);
    }

    @Override
    public void putByte(final long address, final byte value) {
        current.store(address, Byte.BYTES, value, AccessMode.PLAIN);
    }

    @Override
    public short getShort(final long address) {
        return (short) current.load(address, Short.BYTES, AccessMode.PLAIN);
    }

    @Override
    public void putShort(final long address, final short value) {
        current.store(address, Short.BYTES, value, AccessMode.PLAIN);
    }

    @Override
    public int getInt(final long address) {
        return (int) current.load(address, Integer.BYTES, AccessMode.PLAIN);
    }

    @Override
    public void putInt(final long address, final int value) {
        current.store(address, Integer.BYTES, value, AccessMode.PLAIN);
    }

    @Override
    public long getLong(final long address) {
        return current.load(address, Long.BYTES, AccessMode.PLAIN);
    }

    @Override
    public void putLong(final long address, final long value) {
        current.store(address, Long.BYTES, value, AccessMode.PLAIN);
    }

    @Override
    public short getShortOpaque(final long address) {
        return (short) current.load(address, Short.BYTES, AccessMode.OPAQUE);
    }

    @Override
    public void putShortOpaque(final long address, final short value) {
        current.store(address, Short.BYTES, value, AccessMode.OPAQUE);
    }

    @Override
    public int getIntOpaque(final long address) {
        return (int) current.load(address, Integer.BYTES, AccessMode.OPAQUE);
    }

    @Override
    public void putIntOpaque(final long address, final int value) {
        current.store(address, Integer.BYTES, value, AccessMode.OPAQUE);
    }

    @Override
    public long getLongOpaque(final long address) {
        return current.load(address, Long.BYTES, AccessMode.OPAQUE);
    }

    @Override
    public void putLongOpaque(final long address, final long value) {
        current.store(address, Long.BYTES, value, AccessMode.OPAQUE);
    }

    @Override
    public short getShortAcquire(final long address) {
        return (short) current.load(address, Short.BYTES, AccessMode.ACQUIRE);
    }

    @Override
    public void putShortRelease(final long address, final short value) {
        current.store(address, Short.BYTES, value, AccessMode.RELEASE);
    }

    @Override
    public int getIntAcquire(final long address) {
        return (int) current.load(address, Integer.BYTES, AccessMode.ACQUIRE);
    }

    @Override
    public void putIntRelease(final long address, final int value) {
        current.store(address, Integer.BYTES, value, AccessMode.RELEASE);
    }

    @Override
    public long getLongAcquire(final long address) {
        return current.load(address, Long.BYTES, AccessMode.ACQUIRE);
    }

    @Override
    public void putLongRelease(final long address, final long value) {
        current.store(address, Long.BYTES, value, AccessMode.RELEASE);
    }

    @Override
    public int getIntVolatile(final long address) {
        return (int) current.load(address, Integer.BYTES, AccessMode.VOLATILE);
    }

    @Override
    public void putIntVolatile(final long address, final int value) {
        current.store(address, Integer.BYTES, value, AccessMode.VOLATILE);
    }

    @Override
    public long getLongVolatile(final long address) {
        return current.load(address, Long.BYTES, AccessMode.VOLATILE);
    }

    @Override
    public void putLongVolatile(final long address, final long value) {
        current.store(address, Long.BYTES, value, AccessMode.VOLATILE);
    }

    @Override
    public boolean compareAndSetInt(final long address, final int expected, final int update) {
        return compareAndSet(address, Integer.BYTES, expected, update);
    }

    @Override
    public boolean compareAndSetLong(final long address, final long expected, final long update) {
        return compareAndSet(address, Long.BYTES, expected, update);
    }

    @Override
    public int getAndAddInt(final long address, final int delta) {
        return (int) getAndAdd(address, Integer.BYTES, delta);
    }

    @Override
    public long getAndAddLong(final long address, final long delta) {
        return getAndAdd(address, Long.BYTES, delta);
    }

    @Override
    public int getAndSetInt(final long address, final int update) {
        return (int) getAndSet(address, Integer.BYTES, update);
    }

    @Override
    public void fullFence() {
        current.fence(Fence.FULL);
    }

    @Override
    public void acquireFence() {
        current.fence(Fence.ACQUIRE);
    }

    @Override
    public void releaseFence() {
        current.fence(Fence.RELEASE);
    }

    @Override
    public void copy(final long sourceAddress, final long destinationAddress, final long lengthBytes) {
        long done = 0;
        while (done < lengthBytes) {
            final int piece = pieceBytes(sourceAddress + done | destinationAddress + done, lengthBytes - done);
            current.store(destinationAddress + done, piece, current.load(sourceAddress + done, piece, AccessMode.PLAIN),
                    AccessMode.PLAIN);
            done += piece;
        }
    }

    @Override
    public void fill(final long address, final long lengthBytes, final byte value) {
        final long word = (value & 0xFFL) * 0x0101_0101_0101_0101L;
        long done = 0;
        while (done < lengthBytes) {
            final int piece = pieceBytes(address + done, lengthBytes - done);
            current.store(address + done, piece, word, AccessMode.PLAIN);
            done += piece;
        }
    }

    @Override
    public void copyToArray(final long address, final byte[] destination, final int offset, final int lengthBytes) {
        for (int done = 0; done < lengthBytes;) {
            final int piece = pieceBytes(address + done, lengthBytes - done);
            final long word = current.load(address + done, piece, AccessMode.PLAIN);
            for (int i = 0; i < piece; i++) {
                destination[offset + done + i] = (byte) (word >>> 8 * i);
            }
            done += piece;
        }
    }

    @Override
    public void copyFromArray(final byte[] source, final int offset, final long address, final int lengthBytes) {
        for (int done = 0; done < lengthBytes;) {
            final int piece = pieceBytes(address + done, lengthBytes - done);
            long word = 0;
            for (int i = 0; i < piece; i++) {
                word |= (source[offset + done + i] & 0xFFL) << 8 * i;
            }
            current.store(address + done, piece, word, AccessMode.PLAIN);
            done += piece;
        }
    }

    /** Bulk accesses go by the largest naturally aligned pieces; a real copy may use any. */
    private static int pieceBytes(final long alignedTo, final long leftBytes) {
        int piece = Long.BYTES;
        while ((alignedTo & piece - 1) != 0 || piece > leftBytes) {
            piece >>= 1;
        }
        return piece;
    }
}
