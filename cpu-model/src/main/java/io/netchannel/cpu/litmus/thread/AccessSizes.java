package io.netchannel.cpu.litmus.thread;

import io.netchannel.cpu.litmus.LitmusException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A location is read and written as a whole. Accesses that overlap in part, or stores of different sizes to one address,
 * are herd's "mixed" variant and are refused.
 */
public final class AccessSizes {

    private AccessSizes() {
    }

    /** @param observed sizes of the locations that final states show */
    public static void check(final List<List<Trace>> threads, final InitialMemory memory,
            final Map<Long, Integer> observed) {
        final Map<Long, Integer> sizes = new HashMap<>(observed);
        final Map<Long, Integer> stores = new HashMap<>();
        for (final List<Trace> traces : threads) {
            for (final Trace trace : traces) {
                for (int i = 0; i < trace.length(); i++) {
                    if ((trace.kinds()[i] & Kind.MEMORY) == 0) {
                        continue;
                    }
                    final long address = trace.addresses()[i];
                    final int size = trace.sizes()[i];
                    sizes.merge(address, size, Math::max);
                    if (trace.isWrite(i)) {
                        final Integer other = stores.put(address, size);
                        if (other != null && other != size) {
                            throw refusal(memory, address);
                        }
                    }
                }
            }
        }
        final List<Long> addresses = new ArrayList<>(sizes.keySet());
        addresses.sort(null);
        for (int i = 0; i + 1 < addresses.size(); i++) {
            if (addresses.get(i) + sizes.get(addresses.get(i)) > addresses.get(i + 1)) {
                throw refusal(memory, addresses.get(i + 1));
            }
        }
        stores.forEach((address, size) -> {
            if (size < sizes.get(address) && (memory.valueAt(address) & ~ThreadRun.mask(size)) != 0) {
                throw refusal(memory, address);
            }
        });
    }

    private static LitmusException refusal(final InitialMemory memory, final long address) {
        return LitmusException.unsupported(1, memory.nameOf(address), "accesses of different sizes overlap (mixed)");
    }
}
