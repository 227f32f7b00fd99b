package io.netchannel.cpu;

import java.util.List;
import java.util.Locale;

/**
 * What the code above assumes of a CPU.
 *
 * @param architecture instruction set
 * @param cacheLineBytes unit of coherence
 * @param separationBytes distance at which two words written by different cores don't disturb each other: two lines where
 *            a prefetcher fetches lines in pairs (Intel SDM, "spatial prefetcher") or lines are 128 bytes on some parts
 * @param pageSizesBytes base page first, then the huge pages
 * @param memoryOrder what may be reordered
 */
public record Cpu(Architecture architecture, int cacheLineBytes, int separationBytes, List<Long> pageSizesBytes,
        MemoryOrder memoryOrder) {

    /** Instruction sets that are modelled. */
    public enum Architecture {
        X86_64, AARCH64
    }

    /** Memory models, from the programmer's side. */
    public enum MemoryOrder {
        /** Only a store followed by a load of another word may be reordered. */
        TOTAL_STORE_ORDER(true, false, false, false),
        /** Multi-copy atomic; anything not ordered by a dependency, a barrier, or acquire/release may be reordered. */
        ARMV8_MULTI_COPY_ATOMIC(true, true, true, true);

        private final boolean storeLoad;
        private final boolean storeStore;
        private final boolean loadLoad;
        private final boolean loadStore;

        MemoryOrder(final boolean storeLoad, final boolean storeStore, final boolean loadLoad,
                final boolean loadStore) {
            this.storeLoad = storeLoad;
            this.storeStore = storeStore;
            this.loadLoad = loadLoad;
            this.loadStore = loadStore;
        }

        public boolean mayReorderStoreLoad() {
            return storeLoad;
        }

        public boolean mayReorderStoreStore() {
            return storeStore;
        }

        public boolean mayReorderLoadLoad() {
            return loadLoad;
        }

        public boolean mayReorderLoadStore() {
            return loadStore;
        }
    }

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;

    /** Intel and AMD, 64-bit. */
    public static final Cpu X86_64 = new Cpu(Architecture.X86_64, 64, 128, List.of(4 * KIB, 2 * MIB, GIB),
            MemoryOrder.TOTAL_STORE_ORDER);

    /** ARMv8-A and later, 64-bit, with the 4 KiB translation granule that server distributions use. */
    public static final Cpu AARCH64 = new Cpu(Architecture.AARCH64, 64, 128, List.of(4 * KIB, 2 * MIB, GIB),
            MemoryOrder.ARMV8_MULTI_COPY_ATOMIC);

    private static final Cpu HOST = byName(System.getProperty("os.arch"));

    /** The one that this JVM runs on. */
    public static Cpu host() {
        return HOST;
    }

    /**
     * @param name as in the system property {@code os.arch}
     * @throws IllegalArgumentException for one that is not modelled, whose memory order is therefore unknown
     */
    public static Cpu byName(final String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "x86-64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default ->
                throw new IllegalArgumentException("os.arch=" + name + " is not modelled; use x86_64 or aarch64");
        };
    }

    public long basePageBytes() {
        return pageSizesBytes.getFirst();
    }
}
