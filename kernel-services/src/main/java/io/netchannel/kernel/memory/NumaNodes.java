package io.netchannel.kernel.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The machine's memory nodes, as the kernel tells them. */
public final class NumaNodes {

    /** No node in particular. */
    public static final int NONE = -1;

    private static final Path DIRECTORY = Path.of("/sys/devices/system/node");

    private NumaNodes() {
    }

    /**
     * The node that all of these CPUs belong to.
     *
     * @param cpus negative for one that is chosen later, like {@link io.netchannel.kernel.sched.RunLoopBuilder#ANY_ISOLATED_CPU}
     * @return {@link #NONE} if the machine has but one, they are of several, or not all are named
     */
    public static int of(final List<Integer> cpus) {
        return of(cpus, DIRECTORY);
    }

    static int of(final List<Integer> cpus, final Path directory) {
        if (cpus.isEmpty() || cpus.stream().anyMatch(cpu -> cpu < 0)) {
            return NONE;
        }
        final BitSet wanted = new BitSet();
        cpus.forEach(wanted::set);
        try {
            final BitSet nodes = parse(Files.readString(directory.resolve("online")));
            if (nodes.cardinality() < 2) {
                return NONE;
            }
            for (int node = nodes.nextSetBit(0); node >= 0; node = nodes.nextSetBit(node + 1)) {
                final BitSet missing = (BitSet) wanted.clone();
                missing.andNot(parse(Files.readString(directory.resolve("node" + node).resolve("cpulist"))));
                if (missing.isEmpty()) {
                    return node;
                }
            }
        } catch (final IOException | NumberFormatException unknown) {
            // A kernel without NUMA.
        }
        return NONE;
    }

    /** @param list like {@code 0-3,8} */
    static BitSet parse(final String list) {
        final BitSet numbers = new BitSet();
        final List<String> parts = new ArrayList<>(List.of(list.strip().split(",")));
        parts.removeIf(String::isEmpty);
        for (final String part : parts) {
            final int dash = part.indexOf('-');
            final int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            final int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
            if (first > last || last > 1 << 16) {
                throw new NumberFormatException(part + " is no range");
            }
            numbers.set(first, last + 1);
        }
        return numbers;
    }
}
