package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.stick.DataType;
import io.netchannel.samples.haproxy.stick.TableConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a configuration says, and whatever bytes it is evaluated for: an answer, or a {@link ConfigException}. */
class ExpressionFuzzTest {

    private static final long SEED = 20_221;
    private static final int ROUNDS = 40_000;
    private static final String[] PARTS = {"(", ")", ",", ",,", "\"", "'", "\\", " ", "-1", "0", "9",
        "99999999999999999999",
        "-9223372036854775808", "req.v", "t", "a", "::1", "1.2.3.4", "$.a[0]", "\\x", "\\1", "[", "]", "{", "}", "%",
        "%[",
        "%{+Q}", "-m", "-f", "-i", "reg", "ip", "bin", "len", "gt", "or", "!", "if", "%ci", "%o", "\u00e9", "\0", "*",
        "+",
        "(?<", "[[:", "a{", "\\Q", "&&", "ms", "ifgt", "connect", "17", "utf8", "HS256"};

    private final List<String> corpus = new ArrayList<>();
    private final Random random = new Random(SEED);

    private String mutated() {
        final StringBuilder text = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
        for (int i = random.nextInt(4); i >= 0; i--) {
            final int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, PARTS[random.nextInt(PARTS.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(6)));
                case 2 -> {
                    final String other = corpus.get(random.nextInt(corpus.size()));
                    text.insert(at, other.substring(random.nextInt(other.length())));
                }
                default -> text.setLength(Math.max(0, Math.min(text.length(), at)));
            }
            if (text.length() > 400) {
                text.setLength(400);
            }
        }
        return text.toString();
    }

    private FakeContext context() {
        final StringBuilder garbage = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            garbage.append(
                    (char) (random.nextInt(3) == 0 ? ",;=:\"\\ %.1/".charAt(random.nextInt(11)) : random.nextInt(256)));
        }
        final FakeContext context = new FakeContext();
        if (random.nextBoolean()) {
            context.request("GET /" + garbage.toString().replaceAll("[ \n\r]", "_") + " HTTP/1.1\nHost: h\n\n");
            for (final String name : new String[]{"host", "cookie", "authorization", "x-list", "x-ip", "x-json"}) {
                context.request.add(name, garbage.toString());
            }
        }
        context.payload(garbage.toString());
        context.complete = random.nextBoolean();
        context.variables("req").set("v", new Value.Bin(Casts.bytes(garbage.toString())));
        context.variables("req").set("json", new Value.Str(garbage.toString()));
        context.tables.put("t",
                StickFetchTest.table("t", TableConfig.KeyType.STRING, Map.of(DataType.CONN_CNT, 1, DataType.GPC0, 1)));
        return context;
    }

    @Test
    void shouldNeverThrowAnythingElse() throws IOException {
        for (final String name : List.of("expressions.tsv", "conditions.tsv", "condition-errors.tsv",
                "log-formats.tsv")) {
            for (final String line : Files.readAllLines(Haproxy.resources().resolve(name),
                    StandardCharsets.ISO_8859_1)) {
                final String[] columns = line.split("\t", -1);
                final String text = columns[columns.length - 2].replace('\1', ' ');
                // What prints to standard output, or reads any file of the machine, isn't wanted here.
                if (!text.contains("-f ") && !text.contains("map") && !text.isEmpty()) {
                    corpus.add(text);
                }
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            final String text = mutated();
            try {
                one(round, text);
            } catch (ConfigException e) {
                continue;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed=" + SEED + " round=" + round + " text=" + text, e);
            }
        }
    }

    private void one(final int round, final String text) throws ConfigException {
        final Places places = random.nextBoolean() ? Places.http() : new Places();
        switch (round % 3) {
            case 0 -> {
                final Expression expression = Expression.parse(text, places.place);
                expression.evaluateText(context());
                expression.first(context(), true, false);
            }
            case 1 -> {
                final List<String> words = new ArrayList<>(List.of(random.nextBoolean() ? "if" : "unless"));
                words.addAll(List.of(("{ " + text + " }").replace("{ {", "{").replace("} }", "}").split(" ")));
                final Condition condition = Condition.parse(words, 0, places.place);
                condition.holds(context());
                condition.test(context(), false);
                condition.warnIfConflicting(Point.LOG.bit(), places.place);
            }
            default -> LogFormat.parse("x %[" + text + "] %ci", places.place, random.nextInt(64), -1).format(context());
        }
    }
}
