package io.netchannel.perf.cpu;

import io.netchannel.node.NodeMode;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run has found out.
 *
 * <p>Threading: one thread.
 */
final class CpuResult {

    /**
     * A path on one thread, and the same work between threads.
     *
     * @param path ns, in rounds
     * @param measured ns, in the same rounds
     */
    record Pair(Series path, Series measured) {
    }

    private final BitSet allowedCpus;
    private final boolean confined;
    private final CostSheet sheet = new CostSheet();
    private final Map<Integer, Pair> rings = new TreeMap<>();
    private final Map<NodeMode, Pair> transactions = new EnumMap<>(NodeMode.class);

    CpuResult(final BitSet allowedCpus, final boolean confined) {
        this.allowedCpus = allowedCpus;
        this.confined = confined;
    }

    /** That this process may use. */
    BitSet allowedCpus() {
        return allowedCpus;
    }

    /** Whether threads were confined to CPUs; if not, the scheduler may have moved them. */
    boolean isConfined() {
        return confined;
    }

    CostSheet sheet() {
        return sheet;
    }

    /** Of a burst; made when it is asked for first. */
    Pair ring(final int burst) {
        return rings.computeIfAbsent(burst, _ -> new Pair(new Series(), new Series()));
    }

    Pair transaction(final NodeMode mode) {
        return transactions.computeIfAbsent(mode, _ -> new Pair(new Series(), new Series()));
    }

    Map<Integer, Pair> rings() {
        return Collections.unmodifiableMap(rings);
    }

    Map<NodeMode, Pair> transactions() {
        return Collections.unmodifiableMap(transactions);
    }
}
