package io.netchannel.perf.cpu;

import io.netchannel.cpu.Cpu;
import io.netchannel.cpu.cost.Cost;
import io.netchannel.cpu.cost.CostKind;
import io.netchannel.cpu.cost.CpuCosts;
import io.netchannel.cpu.cost.Operation;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What this run has measured so far.
 *
 * <p>Threading: one thread.
 */
final class CostSheet {

    private final Map<Operation, Sample> samples = new EnumMap<>(Operation.class);
    private final Map<Operation, String> missing = new EnumMap<>(Operation.class);
    private double loopOverheadNs;

    void add(final Operation operation, final Sample sample) {
        samples.put(operation, sample);
    }

    /** An operation that can't be measured on this machine. */
    void leaveOut(final Operation operation, final String why) {
        missing.put(operation, why);
    }

    /** What a turn of a loop costs without the operations; it was taken off. */
    void loopOverhead(final double ns) {
        loopOverheadNs = ns;
    }

    double loopOverheadNs() {
        return loopOverheadNs;
    }

    Map<Operation, Sample> samples() {
        return Collections.unmodifiableMap(samples);
    }

    Map<Operation, String> missing() {
        return Collections.unmodifiableMap(missing);
    }

    double ns(final Operation operation) {
        return samples.get(operation).medianNs();
    }

    /** The medians, as a table of costs. */
    CpuCosts costs(final String name, final String source) {
        final List<Cost> costs = samples.entrySet().stream().map(
                entry -> new Cost(entry.getKey(), entry.getValue().medianNs(), CostKind.MEASURED_HERE, source))
                .toList();
        return CpuCosts.of(name, Cpu.host().architecture(), costs);
    }
}
