package io.netchannel.cpu.docs;

import io.netchannel.cpu.explore.Bounds;
import io.netchannel.cpu.explore.Exploration;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a program may end in, and on which CPUs.
 *
 * @param cpus by outcome: {@code "tail=1 value=0"} with the results that were asked for, or {@link #RACE}
 */
record Outcomes(Map<String, Set<MemoryModel>> cpus) {

    static final String RACE = "data race";
    static final String NEVER = "–";

    /** @param results that tell outcomes apart */
    static Outcomes of(final Program program, final List<String> results) {
        final Map<String, Set<MemoryModel>> cpus = new TreeMap<>();
        for (final MemoryModel model : MemoryModel.values()) {
            Exploration exploration = Explorer.check(program, model);
            if (exploration.violation() != null && exploration.violation().what().startsWith(RACE)) {
                add(cpus, RACE, model);
                exploration = Explorer.check(program, model, Bounds.DEFAULT.withoutRaces());
            }
            for (final String state : exploration.assertHolds().states()) {
                add(cpus, project(state, results), model);
            }
        }
        return new Outcomes(cpus);
    }

    private static void add(final Map<String, Set<MemoryModel>> cpus, final String outcome, final MemoryModel model) {
        cpus.computeIfAbsent(outcome, none -> EnumSet.noneOf(MemoryModel.class)).add(model);
    }

    /** @param state "a=1 b c=2": names may have spaces */
    private static String project(final String state, final List<String> results) {
        final List<String> kept = new ArrayList<>();
        for (final String result : results) {
            final String named = (" " + state).split(" " + result + "=")[1];
            kept.add(result + "=" + named.split(" ")[0]);
        }
        return String.join(" ", kept);
    }

    /** The CPUs on which one of the outcomes is possible, as the essays write them. */
    String cell(final Collection<String> outcomes) {
        final Set<MemoryModel> where = EnumSet.noneOf(MemoryModel.class);
        outcomes.forEach(outcome -> where.addAll(cpus.getOrDefault(outcome, Set.of())));
        if (where.size() == MemoryModel.values().length) {
            return "all";
        }
        final List<String> names = new ArrayList<>();
        if (where.contains(MemoryModel.SC)) {
            names.add("SC");
        }
        if (where.contains(MemoryModel.X86_TSO)) {
            names.add("x86");
        }
        if (where.containsAll(EnumSet.of(MemoryModel.ARMV8, MemoryModel.ARMV8_NO_LSE))) {
            names.add("ARM");
        } else if (where.contains(MemoryModel.ARMV8_NO_LSE)) {
            names.add("ARMv8.0");
        } else if (where.contains(MemoryModel.ARMV8)) {
            names.add("ARMv8.1");
        }
        return names.isEmpty() ? NEVER : String.join(" ", names);
    }

    boolean isPossible(final Collection<String> outcomes, final MemoryModel model) {
        return outcomes.stream().anyMatch(outcome -> cpus.getOrDefault(outcome, Set.of()).contains(model));
    }
}
