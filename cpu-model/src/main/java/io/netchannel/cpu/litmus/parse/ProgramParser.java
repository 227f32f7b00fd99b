package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of threads: a row of names, then a row per instruction; columns parted by |, rows ended by ;. */
final class ProgramParser {

    private static final Pattern END = Pattern
            .compile("(~\\s*exists|not\\s+exists|exists|forall|locations|filter)\\b.*", Pattern.DOTALL);
    private static final Pattern THREAD = Pattern.compile("P?(\\d+)");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z_.][A-Za-z0-9_.$]*)\\s*:(.*)", Pattern.DOTALL);

    private final Environment environment;
    private final Text text;
    private final List<List<Cell>> cells = new ArrayList<>();
    private final List<Map<String, Integer>> labels = new ArrayList<>();

    ProgramParser(final Environment environment, final Text text) {
        this.environment = environment;
        this.text = text;
    }

    List<Program> parse() {
        header();
        text.skipSpace();
        while (!isAtCondition()) {
            if (text.isAtEnd()) {
                throw text.malformed("exists, ~exists or forall expected");
            }
            row();
            text.skipSpace();
        }
        final List<Program> programs = new ArrayList<>();
        for (int thread = 0; thread < cells.size(); thread++) {
            final List<Instruction> instructions = new ArrayList<>();
            for (final Cell cell : cells.get(thread)) {
                instructions.add(environment.architecture.assemble(cell, labels.get(thread), environment));
            }
            programs.add(new Program(instructions));
        }
        environment.code.expose(environment, programs, cells, labels);
        environment.setLabels(labels);
        return programs;
    }

    private boolean isAtCondition() {
        final int start = text.position();
        final String ahead = text.until("[(=;|0123456789:");
        text.seek(start);
        return END.matcher(ahead).matches();
    }

    private void header() {
        text.skipSpace();
        for (final Cell cell : cellsOfRow()) {
            final Matcher matcher = THREAD.matcher(cell.text());
            if (!matcher.matches() || !matcher.group(1).equals(Integer.toString(cells.size()))) {
                throw LitmusException.malformed(cell.line(), cell.text(), "P" + cells.size() + " expected");
            }
            cells.add(new ArrayList<>());
            labels.add(new HashMap<>());
        }
        environment.setThreads(cells.size(), text.lineNumber());
    }

    private void row() {
        final List<Cell> row = cellsOfRow();
        for (int thread = 0; thread < row.size(); thread++) {
            if (thread >= cells.size()) {
                if (row.get(thread).text().isEmpty()) {
                    continue;
                }
                throw LitmusException.malformed(row.get(thread).line(), row.get(thread).text(),
                        "more columns than threads");
            }
            final Cell cell = withoutLabels(row.get(thread), thread);
            if (!cell.text().isEmpty()) {
                cells.get(thread).add(cell);
            }
        }
    }

    private Cell withoutLabels(final Cell cell, final int thread) {
        String rest = cell.text();
        for (Matcher matcher = LABEL.matcher(rest); matcher.matches(); matcher = LABEL.matcher(rest)) {
            if (labels.get(thread).put(matcher.group(1), cells.get(thread).size()) != null) {
                throw LitmusException.malformed(cell.line(), matcher.group(1), "the label is there twice");
            }
            rest = matcher.group(2).strip();
        }
        return new Cell(rest, cell.line());
    }

    private List<Cell> cellsOfRow() {
        final List<Cell> row = new ArrayList<>();
        while (true) {
            text.skipSpace();
            final int line = text.lineNumber();
            row.add(new Cell(text.until("|;").strip(), line));
            if (text.take(";")) {
                return row;
            }
            if (!text.take("|")) {
                throw text.malformed("the row has no ';'");
            }
        }
    }
}
