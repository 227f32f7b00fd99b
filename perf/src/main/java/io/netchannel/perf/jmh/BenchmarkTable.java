package io.netchannel.perf.jmh;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Results as a file of text to be read, kept and compared to: a header of {@code # name: value}, a line of titles, a line
 * for each benchmark with its parameters.
 *
 * @param machine CPU, kernel, JDK
 * @param date of the last update
 */
record BenchmarkTable(String machine, String date, List<BenchmarkRow> rows) {

    private static final int MAX_BYTES = 1 << 20;
    private static final String MACHINE = "# machine: ";
    private static final String DATE = "# date: ";
    private static final List<String> TITLES = List.of("benchmark", "params", "score", "error", "unit", "B/op",
            "commit");
    private static final String EXPLANATION = """
            # What a stage costs. ./netchannel jmh --update writes this, --compare compares a new run to it: perf/README.md
            """;

    BenchmarkTable {
        rows = List.copyOf(rows);
    }

    /** @throws IOException with a message that says what is wrong with the file, and where */
    static BenchmarkTable read(final Path file) throws IOException {
        final long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new IOException("bytes=" + bytes + " > MAX=" + MAX_BYTES);
        }
        try {
            return parse(Files.readAllLines(file));
        } catch (final CharacterCodingException e) {
            throw new IOException("not a text in UTF-8", e);
        }
    }

    static BenchmarkTable parse(final List<String> lines) throws IOException {
        String machine = null;
        String date = null;
        boolean titled = false;
        final Map<String, BenchmarkRow> rows = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i).strip();
            if (line.startsWith(MACHINE)) {
                machine = line.substring(MACHINE.length());
            } else if (line.startsWith(DATE)) {
                date = line.substring(DATE.length());
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                final List<String> fields = List.of(line.split("\\s+"));
                if (titled) {
                    final BenchmarkRow row = row(fields, i + 1);
                    if (rows.put(row.key(), row) != null) {
                        throw new IOException("line " + (i + 1) + ": " + row.key() + " is there twice");
                    }
                } else if (!fields.equals(TITLES)) {
                    throw new IOException("line " + (i + 1) + " is not \"" + String.join(" ", TITLES) + "\"");
                }
                titled = true;
            }
        }
        if (machine == null || date == null || !titled) {
            throw new IOException("not a table of benchmarks: one begins with \"" + MACHINE + "\" and \"" + DATE
                    + "\", and has titles");
        }
        return new BenchmarkTable(machine, date, new ArrayList<>(rows.values()));
    }

    private static BenchmarkRow row(final List<String> fields, final int line) throws IOException {
        if (fields.size() != TITLES.size()) {
            throw new IOException("line " + line + ": fields=" + fields.size() + " and not " + TITLES.size());
        }
        return new BenchmarkRow(fields.get(0), fields.get(1), number(fields.get(2), line), error(fields.get(3), line),
                fields.get(4), number(fields.get(5), line), fields.get(6));
    }

    private static double error(final String text, final int line) throws IOException {
        return text.equals(BenchmarkRow.NOTHING) ? Double.NaN : number(text, line);
    }

    private static double number(final String text, final int line) throws IOException {
        if (!text.matches("[0-9]{1,18}([.][0-9]{1,18})?")) {
            throw new IOException("line " + line + ": \"" + text + "\" is not a number");
        }
        return Double.parseDouble(text);
    }

    /**
     * With new rows in the place of those of the same benchmark and parameters, sorted.
     *
     * @param known benchmarks that there are; rows of others go
     */
    BenchmarkTable updated(final String newDate, final Collection<BenchmarkRow> newRows, final Set<String> known) {
        final Map<String, BenchmarkRow> merged = new LinkedHashMap<>();
        rows.stream().filter(row -> known.contains(row.benchmark())).forEach(row -> merged.put(row.key(), row));
        newRows.forEach(row -> merged.put(row.key(), row));
        return of(machine, newDate, merged.values());
    }

    /** Benchmarks by name; the parameters of one stay in JMH's order, which is that of the sources. */
    static BenchmarkTable of(final String machine, final String date, final Collection<BenchmarkRow> rows) {
        final Map<String, List<BenchmarkRow>> byName = new TreeMap<>();
        rows.forEach(row -> byName.computeIfAbsent(row.benchmark(), name -> new ArrayList<>()).add(row));
        return new BenchmarkTable(machine, date, byName.values().stream().flatMap(List::stream).toList());
    }

    String format() {
        final TextColumns columns = new TextColumns("llrrlrl", TITLES);
        for (final BenchmarkRow row : rows) {
            columns.add(List.of(row.benchmark(), row.params(), row.scoreText(), row.errorText(), row.unit(),
                    row.bytesText(), row.commit()));
        }
        return EXPLANATION + MACHINE + machine + "\n" + DATE + date + "\n" + columns.format();
    }

    void write(final Path file) throws IOException {
        Files.writeString(file, format());
    }
}
