package io.netchannel.samples.haproxy.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conditions and what haproxy 2.6.12 made of each for {@link Haproxy}'s request: an answer, or why it refused it. */
class ConditionTableTest {

    private static List<String[]> table(final String name) throws IOException {
        return Files.readAllLines(Haproxy.resources().resolve(name), StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.split("\t", -1)).toList();
    }

    private static List<String> words(final String text, final Path resources) {
        final List<String> words = new ArrayList<>(List.of("if"));
        for (final String word : text.split("\1")) {
            words.add(word.matches("ACL|M")
                    ? resources.resolve(word + ".map").toString()
                    : word.replaceAll("\\((M)\\)", "(" + resources.resolve("M.map") + ")"));
        }
        return words;
    }

    private static String outcome(final List<String> words, final int number) {
        try {
            final FakeContext context = Haproxy.context(number);
            context.variables("req").set("json", null);
            return Condition.parse(words, 0, Places.http().place).holds(context) ? "yes" : "no";
        } catch (ConfigException e) {
            return "error: " + e.getMessage();
        }
    }

    @Test
    void shouldHoldAsHaproxyFinds() throws IOException {
        final List<String> wrong = new ArrayList<>();
        int number = 0;
        final List<String[]> table = table("conditions.tsv");
        for (final String[] row : table) {
            final List<String> words = words(row[0], Haproxy.resources());
            final String got = outcome(words, number++);
            if (!got.equals(row[1])) {
                wrong.add(words + " -> " + got + " instead of " + row[1]);
            }
        }
        assertTrue(table.size() > 150, () -> "rows=" + table.size());
        assertEquals(List.of(), wrong);
    }

    @Test
    void shouldRefuseAsHaproxyDoes() throws IOException {
        final List<String> wrong = new ArrayList<>();
        final List<String[]> table = table("condition-errors.tsv");
        for (final String[] row : table) {
            final List<String> words = words(row[0], Haproxy.resources());
            final String got = outcome(words, 0);
            final String expected = "error: " + row[1].replaceFirst("^error detected while parsing .* condition : ", "")
                    .replaceFirst("\\.$", "").replace("\\\\", "\\");
            // Why a regular expression is none, PCRE says in its own words.
            final String cut = expected.startsWith("error: regex")
                    ? expected.replaceFirst("\\(error=.*", "")
                    : expected;
            if (!(cut.equals(expected) ? got.equals(expected) : got.startsWith(cut))) {
                wrong.add(words + " -> " + got + " instead of " + expected);
            }
        }
        assertTrue(table.size() > 70, () -> "rows=" + table.size());
        assertEquals("", String.join("\n", wrong));
    }
}
