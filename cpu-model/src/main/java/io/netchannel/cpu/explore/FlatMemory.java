package io.netchannel.cpu.explore;

/** Memory of one thread alone: the set-up's, and the final one. */
final class FlatMemory extends Accesses {

    private final byte[] bytes;

    FlatMemory(final byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    long load(final long address, final int sizeBytes, final AccessMode mode) {
        final int offset = offset(address, sizeBytes, bytes.length);
        long value = 0;
        for (int i = sizeBytes - 1; i >= 0; i--) {
            value = value << 8 | bytes[offset + i] & 0xFF;
        }
        return value;
    }

    @Override
    void store(final long address, final int sizeBytes, final long value, final AccessMode mode) {
        final int offset = offset(address, sizeBytes, bytes.length);
        for (int i = 0; i < sizeBytes; i++) {
            bytes[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    @Override
    long compareAndExchange(final long address, final int sizeBytes, final long expected, final long update) {
        final long before = load(address, sizeBytes, AccessMode.VOLATILE);
        if (before == expected) {
            store(address, sizeBytes, update, AccessMode.VOLATILE);
        }
        return before;
    }

    @Override
    long getAndUpdate(final long address, final int sizeBytes, final Update update, final long operand) {
        final long before = load(address, sizeBytes, AccessMode.VOLATILE);
        store(address, sizeBytes, update.apply(before, operand), AccessMode.VOLATILE);
        return before;
    }

    @Override
    void fence(final Fence fence) {
        // Nothing overtakes anything here.
    }

    /** @throws IllegalArgumentException if the range is not in the program's memory */
    static int offset(final long address, final int sizeBytes, final int limit) {
        final long offset = address - Program.BASE;
        if (offset < 0 || offset + sizeBytes > limit) {
            throw new IllegalArgumentException("address=0x" + Long.toHexString(address) + " of " + sizeBytes
                    + " bytes is not in what the program has allocated, 0x" + Long.toHexString(Program.BASE) + "..0x"
                    + Long.toHexString(Program.BASE + limit));
        }
        return (int) offset;
    }
}
