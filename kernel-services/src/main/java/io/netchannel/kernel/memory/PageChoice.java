package io.netchannel.kernel.memory;

/** What pages a region is to lie in. Where those are not to be had, the next smaller ones are taken, and that is said once. */
public enum PageChoice {

    /** Huge pages of the machine's default size if enough are free, otherwise transparent ones; neither is missed. */
    AUTOMATIC(0),
    /** Reserved pages of 1 GiB. */
    HUGE_1_GIB(1L << 30),
    /** Reserved pages of 2 MiB. */
    HUGE_2_MIB(2L << 20),
    /** Base pages, of which the kernel makes huge ones as it sees fit. */
    TRANSPARENT(0),
    /** Base pages, and nothing made of them: memory goes and comes page by page. */
    BASE(0);

    private final long hugeBytes;

    PageChoice(final long hugeBytes) {
        this.hugeBytes = hugeBytes;
    }

    /** Size of the reserved pages that this means, 0 for none. */
    long hugeBytes() {
        return hugeBytes;
    }

    /** What to try where this is not to be had. */
    PageChoice nextBest() {
        return this == HUGE_1_GIB ? HUGE_2_MIB : TRANSPARENT;
    }
}
