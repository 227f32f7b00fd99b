package io.netchannel.cpu.explore;

/** What {@link ModelledMemory} hands each access to: the set-up, a thread's run, or the final memory. */
abstract class Accesses {

    /** Zero-extended. */
    abstract long load(long address, int sizeBytes, AccessMode mode);

    /** The bytes above {@code sizeBytes} of the value are ignored. */
    abstract void store(long address, int sizeBytes, long value, AccessMode mode);

    /** @return the value before, zero-extended; it was replaced if it is {@code expected} */
    abstract long compareAndExchange(long address, int sizeBytes, long expected, long update);

    /** @return the value before, zero-extended */
    abstract long getAndUpdate(long address, int sizeBytes, Update update, long operand);

    abstract void fence(Fence fence);

    /** What a read-modify-write without condition does. */
    enum Update {
        SET, ADD, OR, AND, XOR;

        long apply(final long before, final long operand) {
            return switch (this) {
                case SET -> operand;
                case ADD -> before + operand;
                case OR -> before | operand;
                case AND -> before & operand;
                case XOR -> before ^ operand;
            };
        }
    }

    static long mask(final int sizeBytes, final long value) {
        return sizeBytes == Long.BYTES ? value : value & (1L << 8 * sizeBytes) - 1;
    }
}
