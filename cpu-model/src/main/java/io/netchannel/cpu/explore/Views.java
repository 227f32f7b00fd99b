package io.netchannel.cpu.explore;

import java.util.Arrays;

/**
 * What a thread has seen, as times of the {@link WriteLog}: the state of a thread in Promising-ARM (Pulte, Pichon-Pharabod,
 * Kang, Lee, Hur: "Promising-ARM/RISC-V", PLDI 2019, figure 5), without address, data and control dependencies.
 *
 * <p>A load must not return a store that is older than the newest one to its word at its view; a store must come after
 * its view. The names are the paper's. x86-TSO is the same machine with loads that are all acquire and stores that are
 * all release, without {@code vRel}; sequential consistency is x86-TSO with a fence before each load.
 */
final class Views {

    private final MemoryModel model;
    private final boolean ordered;

    /** Newest time of each cell that the thread has seen. */
    private final int[] coherence;
    /** Time of the thread's last store to each cell, which it may read from its store buffer; negative: atomic. */
    private final int[] forward;
    private int vrOld;
    private int vwOld;
    private int vrNew;
    private int vwNew;
    private int vRel;

    Views(final MemoryModel model, final int cellCount) {
        this.model = model;
        ordered = model.ordersAllButStoreLoad();
        coherence = new int[cellCount];
        forward = new int[cellCount];
    }

    void clear() {
        Arrays.fill(coherence, 0);
        Arrays.fill(forward, 0);
        vrOld = 0;
        vwOld = 0;
        vrNew = 0;
        vwNew = 0;
        vRel = 0;
    }

    int coherence(final int cell) {
        return coherence[cell];
    }

    /** What orders later stores, whatever they are. */
    int storesAfter() {
        return ordered ? Math.max(vwNew, vwOld) : vwNew;
    }

    int beforeLoad(final AccessMode mode) {
        return switch (model) {
            case SC -> Math.max(vrNew, vwOld);
            case X86_TSO -> vrNew;
            // [L]; po; [A]: an LDAR is after every STLR; an LDAPR is not.
            case ARMV8, ARMV8_NO_LSE -> mode == AccessMode.VOLATILE ? Math.max(vrNew, vRel) : vrNew;
        };
    }

    boolean isAcquire(final AccessMode mode) {
        return ordered || mode == AccessMode.ACQUIRE || mode == AccessMode.VOLATILE;
    }

    /** The view that a load of this store has afterwards; from the own store buffer, none. */
    int seen(final int cell, final int time, final AccessMode mode) {
        // rmw; rfi; [A|Q]: an acquire load doesn't take the value of an exclusive store early.
        return forward[cell] == time || forward[cell] == -time && !isAcquire(mode) ? 0 : time;
    }

    void loaded(final int cell, final int view, final AccessMode mode) {
        coherence[cell] = Math.max(coherence[cell], view);
        vrOld = Math.max(vrOld, view);
        if (isAcquire(mode)) {
            vrNew = Math.max(vrNew, view);
            vwNew = Math.max(vwNew, view);
        }
    }

    int beforeStore(final AccessMode mode) {
        return isRelease(mode) ? Math.max(vwNew, Math.max(vrOld, vwOld)) : vwNew;
    }

    private boolean isRelease(final AccessMode mode) {
        return ordered || mode == AccessMode.RELEASE || mode == AccessMode.VOLATILE;
    }

    void stored(final int cell, final int time, final boolean atomic) {
        coherence[cell] = Math.max(coherence[cell], time);
        forward[cell] = atomic ? -time : time;
    }

    void stored(final int time, final AccessMode mode, final boolean atomic) {
        vwOld = Math.max(vwOld, time);
        if (!ordered && isRelease(mode)) {
            vRel = Math.max(vRel, time);
        }
        // x86: the locked instruction is a full fence, and one follows the store of a volatile. AArch64: an atomic that
        // is both acquire and release is one as well, but a pair of exclusives isn't.
        if (ordered && mode == AccessMode.VOLATILE || atomic && model == MemoryModel.ARMV8) {
            fence(Fence.FULL);
        }
    }

    /** Before the load of a read-modify-write. */
    void atomic() {
        if (ordered) {
            fence(Fence.FULL);
        }
    }

    void fence(final Fence fence) {
        switch (fence) {
            case FULL -> {
                final int all = Math.max(vrOld, vwOld);
                vrNew = Math.max(vrNew, all);
                vwNew = Math.max(vwNew, all);
            }
            // DMB ISHLD
            case ACQUIRE -> {
                vrNew = Math.max(vrNew, vrOld);
                vwNew = Math.max(vwNew, vrOld);
            }
            // DMB ISHLD; DMB ISHST
            case RELEASE -> {
                vrNew = Math.max(vrNew, vrOld);
                vwNew = Math.max(vwNew, Math.max(vrOld, vwOld));
            }
        }
    }
}
