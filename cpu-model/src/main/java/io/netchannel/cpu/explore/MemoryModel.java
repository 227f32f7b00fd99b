package io.netchannel.cpu.explore;

/** Whose reorderings are tried, each under the weakest legal mapping of Java's access modes to its instructions. */
public enum MemoryModel {
    /** Sequential consistency: every load sees the newest store. For comparison; no CPU is like that. */
    SC,
    /** Intel and AMD: a store may be performed after later loads, nothing else. */
    X86_TSO,
    /** ARMv8.1 and later, multi-copy atomic; read-modify-writes are single instructions (CASAL, LDADDAL, SWPAL). */
    ARMV8,
    /** ARMv8.0: read-modify-writes are LDAXR/STLXR loops, whose store later accesses may overtake. */
    ARMV8_NO_LSE;

    /** Loads are performed in order, and before all later stores; stores in order. */
    boolean ordersAllButStoreLoad() {
        return this == SC || this == X86_TSO;
    }
}
