package io.netchannel.cpu.cost;

import io.netchannel.cpu.Cpu;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The costs of one CPU.
 *
 * @param name as in tables
 * @param costs one for each operation that has a figure
 */
public record CpuCosts(String name, Cpu.Architecture architecture, Map<Operation, Cost> costs) {

    public CpuCosts {
        final Map<Operation, Cost> copy = new EnumMap<>(Operation.class);
        copy.putAll(costs);
        costs = Collections.unmodifiableMap(copy);
    }

    /** @throws IllegalArgumentException if an operation has two costs */
    public static CpuCosts of(final String name, final Cpu.Architecture architecture, final List<Cost> costs) {
        final Map<Operation, Cost> byOperation = new EnumMap<>(Operation.class);
        for (final Cost cost : costs) {
            if (byOperation.put(cost.operation(), cost) != null) {
                throw new IllegalArgumentException(name + ": " + cost.operation() + " has two costs");
            }
        }
        return new CpuCosts(name, architecture, byOperation);
    }

    public boolean has(final Operation operation) {
        return costs.containsKey(operation);
    }

    /** @throws IllegalArgumentException if there is no figure */
    public Cost cost(final Operation operation) {
        final Cost cost = costs.get(operation);
        if (cost == null) {
            throw new IllegalArgumentException(name + " has no cost of " + operation);
        }
        return cost;
    }

    /** These costs, but those of {@code newer} instead of the same operations' here. */
    public CpuCosts with(final List<Cost> newer) {
        final Map<Operation, Cost> all = new EnumMap<>(Operation.class);
        all.putAll(costs);
        newer.forEach(cost -> all.put(cost.operation(), cost));
        return new CpuCosts(name, architecture, all);
    }

    /**
     * These costs, and for what has no figure those of {@code stand}, as {@link CostKind#UNCALIBRATED}: what goes between CPUs
     * in proportion to the line transfers of both, the rest as it is.
     */
    public CpuCosts completedBy(final CpuCosts stand) {
        final double between = has(Operation.LINE_TRANSFER) && stand.has(Operation.LINE_TRANSFER)
                ? cost(Operation.LINE_TRANSFER).ns() / stand.cost(Operation.LINE_TRANSFER).ns()
                : 1;
        final Map<Operation, Cost> all = new EnumMap<>(Operation.class);
        stand.costs.forEach((operation, cost) -> {
            final boolean transfer = operation.group() == Operation.Group.TRANSFER;
            all.put(operation, new Cost(operation, cost.ns() * (transfer ? between : 1), CostKind.UNCALIBRATED,
                    "no figure found; as on " + stand.name + (transfer ? ", in proportion to the line transfer" : "")));
        });
        all.putAll(costs);
        return new CpuCosts(name, architecture, all);
    }
}
