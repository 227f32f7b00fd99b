package io.netchannel.cpu;

/**
 * Memory outside the Java heap, reached by address, with the memory order of each access named at the call.
 *
 * <p>The access modes are those of {@link java.lang.invoke.VarHandle}:
 * <ul>
 * <li><b>plain</b> ({@code getInt}): no order, no atomicity promised beyond the JVM's; any alignment.
 * <li><b>opaque</b>: atomic and coherent per location, no order with others.
 * <li><b>acquire</b> load: nothing after it is performed before it. <b>release</b> store: nothing before it is performed
 * after it.
 * <li><b>volatile</b>: acquire/release, and in one total order with all other volatile accesses.
 * </ul>
 * A release store followed by an acquire load of <em>another</em> word may be performed the other way round on both
 * modelled CPUs; where that matters, {@link #fullFence()} belongs between them.
 * What goes wrong without the right order is told by essays in {@code cpu-model/docs}; comments name them by number.
 *
 * <p>All modes but plain need natural alignment. Multi-byte values are in the CPU's order, which is little-endian on both
 * modelled CPUs. Addresses are not checked: whoever holds an address has validated it. A bounds check belongs where an
 * untrusted index becomes an address, not at every access.
 *
 * <p>It is an abstract class and not an interface because HotSpot's class-hierarchy analysis then removes the dispatch
 * altogether while one implementation is loaded; {@code OrderedMemoryBenchmark} in {@code perf} holds this to account.
 *
 * <p>Threading: stateless on the host; any thread.
 */
public abstract class OrderedMemory {

    /** For implementations, which may live in other modules and in tests. */
    protected OrderedMemory() {
    }

    // -- plain: any alignment

    public abstract byte getByte(long address);

    public abstract void putByte(long address, byte value);

    public abstract short getShort(long address);

    public abstract void putShort(long address, short value);

    public abstract int getInt(long address);

    public abstract void putInt(long address, int value);

    public abstract long getLong(long address);

    public abstract void putLong(long address, long value);

    // -- opaque

    public abstract short getShortOpaque(long address);

    public abstract void putShortOpaque(long address, short value);

    public abstract int getIntOpaque(long address);

    public abstract void putIntOpaque(long address, int value);

    public abstract long getLongOpaque(long address);

    public abstract void putLongOpaque(long address, long value);

    // -- acquire loads, release stores

    public abstract short getShortAcquire(long address);

    public abstract void putShortRelease(long address, short value);

    public abstract int getIntAcquire(long address);

    public abstract void putIntRelease(long address, int value);

    public abstract long getLongAcquire(long address);

    public abstract void putLongRelease(long address, long value);

    // -- volatile

    public abstract int getIntVolatile(long address);

    public abstract void putIntVolatile(long address, int value);

    public abstract long getLongVolatile(long address);

    public abstract void putLongVolatile(long address, long value);

    // -- read-modify-write, each with volatile order

    /** @return whether the word held {@code expected} and now holds {@code update} */
    public abstract boolean compareAndSetInt(long address, int expected, int update);

    /** @return whether the word held {@code expected} and now holds {@code update} */
    public abstract boolean compareAndSetLong(long address, long expected, long update);

    /** @return the value before the addition */
    public abstract int getAndAddInt(long address, int delta);

    /** @return the value before the addition */
    public abstract long getAndAddLong(long address, long delta);

    /** @return the value before it was replaced */
    public abstract int getAndSetInt(long address, int update);

    // -- fences

    /** Orders every access before it with every access after it; the only one that orders a store with a later load. */
    public abstract void fullFence();

    /** Orders loads before it with all accesses after it. */
    public abstract void acquireFence();

    /** Orders all accesses before it with stores after it. */
    public abstract void releaseFence();

    // -- bulk, plain

    /** Copies; the ranges may overlap only if {@code source >= destination}. */
    public abstract void copy(long sourceAddress, long destinationAddress, long lengthBytes);

    public abstract void fill(long address, long lengthBytes, byte value);

    public abstract void copyToArray(long address, byte[] destination, int offset, int lengthBytes);

    public abstract void copyFromArray(byte[] source, int offset, long address, int lengthBytes);
}
