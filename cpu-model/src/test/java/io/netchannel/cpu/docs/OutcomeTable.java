package io.netchannel.cpu.docs;

import io.netchannel.cpu.explore.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An essay's table of what its variants may end in: a column for each result, then one for each variant, whose name is
 * set as code; a row for each outcome. The outcome that the essay is about is bold.
 *
 * @param rows outcome by outcome, the cells of the variants
 * @param bold the outcomes that are wrong
 */
record OutcomeTable(List<String> results, List<String> variants, Map<String, List<String>> rows, Set<String> bold) {

    static boolean isOne(final List<List<String>> table) {
        final List<String> header = table.getFirst();
        return EssayText.isCode(header.getLast());
    }

    static OutcomeTable of(final List<List<String>> table) {
        final List<String> header = table.getFirst();
        final List<String> results = header.stream().filter(cell -> !EssayText.isCode(cell)).toList();
        final Map<String, List<String>> rows = new LinkedHashMap<>();
        final Set<String> bold = new TreeSet<>();
        for (final List<String> row : table.subList(1, table.size())) {
            final String outcome = outcome(results, row);
            rows.put(outcome, row.subList(results.size(), row.size()).stream().map(EssayText::bare).toList());
            if (EssayText.isBold(row.getFirst())) {
                bold.add(outcome);
            }
        }
        return new OutcomeTable(results, header.stream().filter(EssayText::isCode).map(EssayText::bare).toList(), rows,
                bold);
    }

    private static String outcome(final List<String> results, final List<String> row) {
        if (EssayText.bare(row.getFirst()).equals(Outcomes.RACE)) {
            return Outcomes.RACE;
        }
        final List<String> values = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            values.add(results.get(i) + "=" + EssayText.bare(row.get(i)));
        }
        return String.join(" ", values);
    }

    /** The rows as they should be: those of the table, and what it leaves out. */
    Map<String, List<String>> explored(final Map<String, Program> programs) {
        final List<Outcomes> outcomes = variants.stream().map(variant -> Outcomes.of(programs.get(variant), results))
                .toList();
        final Set<String> all = new TreeSet<>();
        outcomes.forEach(one -> all.addAll(one.cpus().keySet()));
        final Map<String, List<String>> explored = new LinkedHashMap<>();
        rows.keySet().stream().filter(all::remove).forEach(row -> explored.put(row, null));
        all.forEach(row -> explored.put(row, null));
        explored.replaceAll((row, none) -> outcomes.stream().map(one -> one.cell(Set.of(row))).toList());
        return explored;
    }
}
