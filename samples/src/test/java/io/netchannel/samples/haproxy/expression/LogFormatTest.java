package io.netchannel.samples.haproxy.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogFormatTest {

    private static final TimeZone ZONE = TimeZone.getDefault();

    private final Places places = Places.http();
    private final FakeContext context = new FakeContext()
            .request("GET /a/b?c=d%22&e HTTP/1.1\nHost: h\nX-Esc: a\"b]c\\d\u00e9\n\n");

    @BeforeEach
    void setUp() {
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Paris"));
        context.log = new FakeLog("GET /a/b?c=d%22&e HTTP/1.1", new String[]{"c{a}p|\"\u00e9", null},
                new String[]{null});
        context.requestCaptures[0] = "c{a}p|\"\u00e9";
        context.variables("txn").set("path", new Value.Str("/a/b"));
        context.variables("txn").set("esc", new Value.Str("a\"b]c\\d\u00e9"));
    }

    @AfterEach
    void restore() {
        TimeZone.setDefault(ZONE);
    }

    private String format(final String text) {
        try {
            return LogFormat.parseLog(text, places.place).format(context);
        } catch (ConfigException e) {
            return e.getMessage() + ".";
        }
    }

    private static String unescape(final String text) {
        return text.replace("\\\\", "\\");
    }

    /** The tables hold what haproxy 2.6.12 logged for this request, and why it refused formats. */
    @Test
    void shouldWriteAndRefuseAsHaproxyDoes() throws IOException {
        final List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (final String name : List.of("log-formats.tsv", "log-format-errors.tsv")) {
            for (final String line : Files.readAllLines(Haproxy.resources().resolve(name),
                    StandardCharsets.ISO_8859_1)) {
                final String[] columns = line.split("\t", -1);
                final String format = unescape(columns[0]);
                final String got = format(format);
                // How many bytes the answer had and which port took the request differ.
                final String expected = unescape(columns[1]).replaceFirst("fe1 \\d+-200", "fe1 77-200").replace("6F56",
                        "6F37");
                if (!got.equals(expected)) {
                    wrong.add(format + " -> " + got + " instead of " + expected);
                }
                rows++;
            }
        }
        assertTrue(rows > 30);
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void shouldWriteDates() {
        assertEquals("16/Jun/2016:12:54:00.007", format("%t"));
        assertEquals("16/Jun/2016:12:54:01.123", format("%tr"));
        assertEquals("16/Jun/2016:10:54:00 +0000", format("%T"));
        assertEquals("16/Jun/2016:10:54:01 +0000", format("%trg"));
        assertEquals("16/Jun/2016:12:54:00 +0200", format("%Tl"));
        assertEquals("16/Jun/2016:12:54:01 +0200", format("%trl"));
        assertEquals("1466074440 576285 007 07", format("%Ts %[int(576285)] %ms %{+X}ms"));
        assertEquals("012C 5 0001", format("%{+X}lc %Tt %{+X}rt"));
    }

    @Test
    void shouldKnowTheUsualFormats() throws ConfigException {
        assertEquals("127.0.0.1:50000 [16/Jun/2016:12:54:01.123] fe1 fe1/<NOSRV> -1/-1/-1/-1/-1 200 77 - - LR-- "
                + "0/0/0/0/0 0/0 {c#7Ba#7Dp#7C#22#E9|} {} \"GET /a/b?c=d%22&e HTTP/1.1\"", format(LogFormat.HTTP));
        assertEquals("127.0.0.1:50000 [16/Jun/2016:12:54:00.007] fe1 fe1/<NOSRV> -1/-1/5 77 LR 0/0/0/0/0 0/0",
                format(LogFormat.TCP));
        assertTrue(format(LogFormat.HTTPS).endsWith(" 0/-/-/-/- -/-/-"), () -> format(LogFormat.HTTPS));
        assertTrue(format(LogFormat.COMMON).startsWith("127.0.0.1 - - [16/Jun/2016:10:54:01 +0000] \"GET /a"));
        assertEquals(List.of(), places.messages());
    }

    @Test
    void shouldKeepSpacesAndEscapeInMessages() throws ConfigException {
        context.variables("txn").set("odd", new Value.Str("a\nb\u007fc\td"));
        final int points = Point.FRONTEND_HTTP_REQUEST.bit();
        assertEquals("  a%0Ab%7Fc\td  ",
                LogFormat.parseHttp("  %[var(txn.odd)]  ", places.place, points).format(context));
        assertEquals("", LogFormat.parseHttp("%[var(txn.nope)]", places.place, points).format(context));
        assertTrue(LogFormat.parseHttp("plain", places.place, points).isConstant());
    }

    @Test
    void shouldRefuseHttpVariablesInModeTcp() {
        final Places tcp = new Places();
        final ConfigException e = org.junit.jupiter.api.Assertions.assertThrows(ConfigException.class,
                () -> LogFormat.parseLog("%HM", tcp.place));
        assertEquals("format variable 'HM' is reserved for HTTP mode", e.getMessage());
    }
}
