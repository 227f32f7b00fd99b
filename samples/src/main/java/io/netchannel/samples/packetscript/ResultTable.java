package io.netchannel.samples.packetscript;

import io.netchannel.tcpip.script.run.ScriptResult;
import io.netchannel.tcpip.script.run.ScriptResult.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Results of suites in Markdown: counts by folder, and each script that did not pass, with its reason. The same results
 * give the same text.
 */
final class ResultTable {

    private static final Outcome[] COLUMNS = {Outcome.PASSED, Outcome.FAILED, Outcome.DIFFERS, Outcome.SKIPPED};
    private static final String SUFFIX = ".pkt";
    /** So many scripts that differ in a number at the end are written as one pattern. */
    private static final int SERIES = 3;

    private final StringBuilder text = new StringBuilder();

    private ResultTable() {
    }

    static String of(final Map<Path, List<ScriptResult>> suites) {
        final ResultTable table = new ResultTable();
        final String roots = String.join(" ", suites.keySet().stream().map(Path::toString).toList());
        table.text.append(
                "# Packet scripts\n\nPublic suites, unmodified. Made by\n`netchannel packetscript --table FILE ")
                .append(roots)
                .append("`.\n\n*Differs*: the script describes what another system does on purpose otherwise. ")
                .append("*Skipped*: it needs what we don't have.\n");
        suites.forEach(table::suite);
        return table.text.toString();
    }

    private void suite(final Path root, final List<ScriptResult> results) {
        final Map<String, Integer> sizes = new TreeMap<>();
        final Map<String, int[]> folders = new TreeMap<>();
        final int[] totals = new int[COLUMNS.length];
        for (final ScriptResult result : results) {
            sizes.merge(folder(result), 1, Integer::sum);
            for (int i = 0; i < COLUMNS.length; i++) {
                final int one = result.outcome() == COLUMNS[i] ? 1 : 0;
                folders.computeIfAbsent(folder(result), _ -> new int[COLUMNS.length])[i] += one;
                totals[i] += one;
            }
        }
        text.append("\n## ").append(root)
                .append("\n\n| folder | passed | failed | differs | skipped |\n|---|---|---|---|---|\n");
        folders.forEach(this::row);
        row("**total**", totals);
        reasons(Outcome.FAILED, results, sizes);
        reasons(Outcome.DIFFERS, results, sizes);
        reasons(Outcome.SKIPPED, results, sizes);
    }

    private void row(final String name, final int[] counts) {
        text.append("| ").append(name);
        for (final int count : counts) {
            text.append(" | ").append(count == 0 ? "" : count);
        }
        text.append(" |\n");
    }

    private void reasons(final Outcome outcome, final List<ScriptResult> results, final Map<String, Integer> sizes) {
        final Map<String, Map<String, Collection<String>>> reasons = new TreeMap<>();
        results.stream().filter(result -> result.outcome() == outcome)
                .forEach(result -> reasons.computeIfAbsent(reason(result), _ -> new TreeMap<>())
                        .computeIfAbsent(folder(result), _ -> new TreeSet<>()).add(name(result)));
        if (!reasons.isEmpty()) {
            text.append("\n### ").append(outcome.toString().substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(outcome.toString().substring(1)).append("\n\n");
        }
        reasons.forEach((reason, scripts) -> {
            final int count = scripts.values().stream().mapToInt(Collection::size).sum();
            text.append("- ").append(reason).append(" (").append(count).append("):");
            scripts.forEach((folder, names) -> names(folder, names, sizes.get(folder)));
            text.append('\n');
        });
    }

    private void names(final String folder, final Collection<String> names, final int size) {
        if (names.size() == size && size > 1) {
            text.append(" `").append(folder).append("/*`");
            return;
        }
        final Map<String, List<String>> series = new LinkedHashMap<>();
        merged(names).forEach(name -> series.computeIfAbsent(name.replaceFirst("[0-9]+$", "*"), _ -> new ArrayList<>())
                .add(name));
        series.forEach((pattern, members) -> {
            if (members.size() >= SERIES) {
                name(folder, pattern);
                text.append(" (").append(members.size()).append(')');
            } else {
                members.forEach(name -> name(folder, name));
            }
        });
    }

    private void name(final String folder, final String name) {
        text.append(" `").append(folder.equals(".") ? "" : folder + "/").append(name).append('`');
    }

    /** One name for the same script of both versions of IP. */
    private static Collection<String> merged(final Collection<String> names) {
        final Map<String, String> merged = new LinkedHashMap<>();
        for (final String name : names) {
            merged.merge(name.replaceFirst("-ipv[46]", "-ipv"), name,
                    (one, _) -> one.replaceFirst("-ipv[46]", "-ipv{4,6}"));
        }
        return merged.values();
    }

    private static String reason(final ScriptResult result) {
        final String reason = result.outcome() == Outcome.FAILED
                ? result.kind() + ": " + result.message()
                : result.kind();
        return reason.replace("\n", " ").replace("<", "&lt;").replace("*", "\\*");
    }

    private static String folder(final ScriptResult result) {
        final int slash = result.file().lastIndexOf('/');
        return slash < 0 ? "." : result.file().substring(0, slash);
    }

    private static String name(final ScriptResult result) {
        final String name = result.file().substring(result.file().lastIndexOf('/') + 1);
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }
}
