package io.netchannel.kernel.memory;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.MapFlags;
import io.netchannel.kernel.linux.Shortfall;

/** How a {@link Region} is to be mapped. */
public final class RegionBuilder {

    private static final long TRANSPARENT_HUGE_BYTES = 2L << 20;

    private final String name;
    private final long sizeBytes;
    private PageChoice pages = PageChoice.AUTOMATIC;
    private boolean guarded;
    private int numaNode = NumaNodes.NONE;

    RegionBuilder(final String name, final long sizeBytes) {
        this.name = name;
        this.sizeBytes = sizeBytes;
    }

    public RegionBuilder pages(final PageChoice choice) {
        pages = choice;
        return this;
    }

    /** Pages before and behind that nobody may touch: who runs over the region's ends ends the process, and corrupts nothing. */
    public RegionBuilder guarded() {
        guarded = true;
        return this;
    }

    /**
     * The node whose memory is taken as long as it has any, see {@link NumaNodes}.
     *
     * @param node {@link NumaNodes#NONE} for the one of whoever touches a page first
     */
    public RegionBuilder numaNode(final int node) {
        numaNode = node;
        return this;
    }

    /**
     * Maps it, all zero.
     *
     * @throws LinuxException if the memory can't be had
     */
    public Region create() {
        final Region region = map();
        if (numaNode != NumaNodes.NONE) {
            final int result = Linux.preferNumaNode(region.address(), region.sizeBytes(), numaNode);
            if (result < 0) {
                Shortfall.say("memory of NUMA node " + numaNode, "mbind", result, "any node's is taken");
            }
        }
        return region;
    }

    private Region map() {
        if (pages == PageChoice.AUTOMATIC) {
            final HugePages huge = HugePages.read();
            final Region region = huge.suffice(sizeBytes) ? tryHuge(huge.pageBytes()) : null;
            return region != null ? region : mapBase(MapFlags.MADV_HUGEPAGE);
        }
        PageChoice choice = pages;
        while (choice.hugeBytes() > 0) {
            final Region region = HugePages.ofSize(choice.hugeBytes()).hold(sizeBytes)
                    ? tryHuge(choice.hugeBytes())
                    : null;
            if (region != null) {
                return region;
            }
            Shortfall.say("huge pages of " + (choice.hugeBytes() >> 20) + " MiB for " + sizeBytes + " bytes",
                    "raise nr_hugepages in /sys/kernel/mm/hugepages; taken instead: " + choice.nextBest());
            choice = choice.nextBest();
        }
        return mapBase(choice == PageChoice.BASE ? MapFlags.MADV_NOHUGEPAGE : MapFlags.MADV_HUGEPAGE);
    }

    /** @return null if somebody else took the pages in between, or may have them and we may not */
    private Region tryHuge(final long pageBytes) {
        try {
            return Region.map(name, sizeBytes, pageBytes,
                    MapFlags.MFD_HUGETLB | Long.numberOfTrailingZeros(pageBytes) << MapFlags.MFD_HUGE_SHIFT, pageBytes,
                    guarded);
        } catch (final LinuxException taken) {
            return null;
        }
    }

    private Region mapBase(final int advice) {
        final long pageBytes = Linux.pageBytes();
        final boolean wantsHuge = advice == MapFlags.MADV_HUGEPAGE && sizeBytes >= TRANSPARENT_HUGE_BYTES;
        final Region region = Region.map(name, sizeBytes, pageBytes, 0, wantsHuge ? TRANSPARENT_HUGE_BYTES : pageBytes,
                guarded);
        // Only a hint, which depends on the machine's transparent huge page settings; declined, it costs TLB misses.
        Linux.madvise(region.address(), region.sizeBytes(), advice);
        return region;
    }
}
