package io.netchannel.cpu.cost;

import io.netchannel.cpu.Cpu;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The costs that are known of CPUs: a resource of lines
 * {@code CPU, architecture, operation, ns, kind, source}, separated by tabs; {@code #} begins a comment.
 */
public final class CostTables {

    private static final String RESOURCE = "costs.tsv";
    private static final int COLUMNS = 6;

    private final Map<String, CpuCosts> tables;

    private CostTables(final Map<String, CpuCosts> tables) {
        this.tables = tables;
    }

    /** Those that come with this module. */
    public static CostTables load() {
        try (InputStream in = CostTables.class.getResourceAsStream(RESOURCE)) {
            return parse(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException that names file, line and what is wrong */
    static CostTables parse(final String file, final String text) {
        final Map<String, List<Cost>> costs = new LinkedHashMap<>();
        final Map<String, Cpu.Architecture> architectures = new LinkedHashMap<>();
        int number = 0;
        for (final String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                final String[] columns = line.split("\t", -1);
                if (columns.length != COLUMNS) {
                    throw new IllegalArgumentException(columns.length + " columns; write " + COLUMNS);
                }
                final Cpu.Architecture architecture = Cpu.Architecture.valueOf(columns[1]);
                if (architectures.computeIfAbsent(columns[0], _ -> architecture) != architecture) {
                    throw new IllegalArgumentException(columns[0] + " has two architectures");
                }
                costs.computeIfAbsent(columns[0], _ -> new ArrayList<>()).add(new Cost(
                        Operation.valueOf(columns[2]), Double.parseDouble(columns[3]), CostKind.valueOf(columns[4]),
                        columns[5]));
            } catch (final IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
            }
        }
        final Map<String, CpuCosts> tables = new LinkedHashMap<>();
        costs.forEach((cpu, of) -> tables.put(cpu, CpuCosts.of(cpu, architectures.get(cpu), of)));
        return new CostTables(tables);
    }

    /** In the order of the resource; the first is the one that was measured here. */
    public List<CpuCosts> all() {
        return List.copyOf(tables.values());
    }

    /** @throws IllegalArgumentException if there is none */
    public CpuCosts of(final String cpu) {
        final CpuCosts costs = tables.get(cpu);
        if (costs == null) {
            throw new IllegalArgumentException("no costs of " + cpu + "; there are " + tables.keySet());
        }
        return costs;
    }
}
