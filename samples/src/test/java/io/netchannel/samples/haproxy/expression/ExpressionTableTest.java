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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Expressions and what haproxy 2.6.12 itself answered to each of them, for this request, in an {@code http-request return}
 * rule with a log-format string (resource {@code haproxy/expressions.tsv}; {@code M}, {@code MI}… stand for maps beside it).
 */
class ExpressionTableTest {

    private static String unescape(final String text) {
        return text.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace("\0",
                "\\");
    }

    @Test
    void shouldAnswerAsHaproxyDoes() throws IOException {
        final Path resources = Haproxy.resources();
        final Pattern maps = Pattern.compile("\\((M[A-Z]?)(?=[,)])");
        final List<String> wrong = new ArrayList<>();
        final List<String> lines = Files.readAllLines(resources.resolve("expressions.tsv"),
                StandardCharsets.ISO_8859_1);
        for (final String line : lines) {
            final String[] columns = line.split("\t", -1);
            // The number is in the request, and so in what counts its bytes.
            final FakeContext context = Haproxy.context(Integer.parseInt(columns[0]));
            final String expression = unescape(columns[1]);
            final String file = maps.matcher(expression)
                    .replaceAll(map -> Matcher.quoteReplacement("(" + resources.resolve(map.group(1) + ".map")));
            String got;
            try {
                got = LogFormat.parseHttp("%[" + file + "]", Places.http().place, Point.FRONTEND_HTTP_REQUEST.bit())
                        .format(context);
            } catch (ConfigException e) {
                got = "error: " + e.getMessage();
            }
            if (!got.equals(unescape(columns[2]))) {
                wrong.add(expression + " -> " + got + " instead of " + unescape(columns[2]));
            }
        }
        assertTrue(lines.size() > 400, () -> "lines=" + lines.size());
        assertEquals(List.of(), wrong);
    }
}
