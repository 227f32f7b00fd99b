package io.netchannel.cpu.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An essay as it is written.
 *
 * @param code what stands in blocks of Java
 * @param litmus what stands in blocks of litmus, by the test's name
 * @param tables each with its header as the first row
 */
record EssayText(List<String> code, Map<String, String> litmus, List<List<List<String>>> tables) {

    static EssayText read(final Path file) throws IOException {
        final List<String> code = new ArrayList<>();
        final Map<String, String> litmus = new HashMap<>();
        final List<List<List<String>>> tables = new ArrayList<>();
        String language = null;
        StringBuilder block = null;
        List<List<String>> table = null;
        for (final String line : Files.readAllLines(file)) {
            if (block != null && line.equals("```")) {
                if (language.equals("java")) {
                    code.add(block.toString());
                } else if (language.equals("litmus")) {
                    litmus.put(block.toString().split("\\s+")[1], block.toString());
                }
                block = null;
            } else if (block != null) {
                block.append(line).append('\n');
            } else if (line.startsWith("```")) {
                language = line.substring(3);
                block = new StringBuilder();
            } else if (line.startsWith("|")) {
                if (table == null) {
                    table = new ArrayList<>();
                    tables.add(table);
                }
                if (!line.matches("[|:-]+")) {
                    table.add(cells(line));
                }
            } else {
                table = null;
            }
        }
        return new EssayText(code, litmus, tables);
    }

    private static List<String> cells(final String line) {
        final List<String> cells = new ArrayList<>();
        for (final String cell : line.substring(1).split("\\|")) {
            cells.add(cell.trim());
        }
        return cells;
    }

    static boolean isCode(final String cell) {
        return cell.startsWith("`");
    }

    static boolean isBold(final String cell) {
        return cell.startsWith("**");
    }

    /** Without the signs of bold, code, or a link. */
    static String bare(final String cell) {
        return cell.replaceAll("\\[(.*)]\\(.*\\)", "$1").replaceAll("\\*\\*|`", "");
    }

    /** Where the link of a cell leads. */
    static String target(final String cell) {
        return cell.replaceAll(".*\\((.*)\\)", "$1");
    }
}
