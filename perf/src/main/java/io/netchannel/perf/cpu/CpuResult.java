package io.netchannel.perf.cpu;

import io.netchannel.node.NodeMode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run has found out.
 *
 * <p>Threading: one thread.
 */
final class CpuResult {

    private final BitSet allowedCpus;
    private final boolean confined;
    private final CostSheet sheet = new CostSheet();
    private final Map<Integer, List<Round>> rings = new TreeMap<>();
    private final Map<NodeMode, List<Round>> transactions = new EnumMap<>(NodeMode.class);

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

    void ring(final int burst, final Round round) {
        rings.computeIfAbsent(burst, _ -> new ArrayList<>()).add(round);
    }

    void transaction(final NodeMode mode, final Round round) {
        transactions.computeIfAbsent(mode, _ -> new ArrayList<>()).add(round);
    }

    /** By the length of the bursts. */
    Map<Integer, List<Round>> rings() {
        return Collections.unmodifiableMap(rings);
    }

    Map<NodeMode, List<Round>> transactions() {
        return Collections.unmodifiableMap(transactions);
    }
}
