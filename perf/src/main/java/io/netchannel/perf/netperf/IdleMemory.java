package io.netchannel.perf.netperf;

import java.util.Locale;

/**
 * What an idle connection holds, at one of its ends; both are in this process.
 *
 * @param heapBytes used after a collection, against before there were any; the host's own objects for it included
 * @param offHeapBytes its part of the flow tables, which are made for as many; what a kernel holds is not seen
 */
public record IdleMemory(double heapBytes, double offHeapBytes) {

    String text() {
        return String.format(Locale.ROOT, "an idle connection holds %.0f bytes of heap and %.0f beside it, at each end",
                heapBytes, offHeapBytes);
    }
}
