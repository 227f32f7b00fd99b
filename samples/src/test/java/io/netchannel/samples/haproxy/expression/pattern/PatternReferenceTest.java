package io.netchannel.samples.haproxy.expression.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatternReferenceTest {

    private static final long SEED = 4;

    private final PatternReferences references = new PatternReferences();

    @TempDir
    private Path folder;

    private String file(final String name, final String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private PatternSet map(final String file, final MatchMethod method) throws ConfigException {
        return references.load(file, true, true, "file 'c' line 1", method, false, false, Type.STR);
    }

    private static String value(final PatternSet set, final String key) {
        final Entry entry = set.find(new Value.Str(key));
        return entry == null || !(entry.value() instanceof Value.Str(String text)) ? null : text;
    }

    @Test
    void shouldChangeWhileItRuns() throws IOException, ConfigException {
        final String file = file("m", "# none\n a  one \nb two words\n\n");
        final PatternSet exact = map(file, MatchMethod.STR);
        final PatternSet prefix = map(file, MatchMethod.BEG);
        assertSame(exact, map(file, MatchMethod.STR));
        final PatternReference reference = references.find(file);
        assertEquals("pattern loaded from file '" + file
                + "' used by map at file 'c' line 1, by map at file 'c' line 1, by map "
                + "at file 'c' line 1", reference.display());
        assertEquals("two words", value(exact, "b"));
        assertEquals("one", value(prefix, "abc"));
        reference.add("abc", "three");
        assertEquals("three", value(prefix, "abcd"));
        assertTrue(reference.set("a", "1"));
        assertEquals("1", value(exact, "a"));
        assertFalse(reference.set("nope", "1"));
        assertTrue(reference.delete("abc"));
        assertEquals("1", value(prefix, "abcd"));
        assertFalse(reference.delete("abc"));
        assertTrue(reference.deleteById(reference.elements().getFirst().id()));
        assertNull(value(exact, "a"));
        assertTrue(reference.setById(reference.elements().getFirst().id(), "2"));
        assertEquals("2", value(exact, "b"));
        reference.clear();
        assertEquals(0, reference.size());
        assertNull(value(exact, "b"));
    }

    @Test
    void shouldNotAskNameServersWhileItRuns() throws ConfigException {
        final PatternReference reference = references.create(-1, "names");
        final PatternSet set = reference.comparedBy(MatchMethod.IP, false, true, null);
        reference.add("localhost", null);
        reference.add("10.0.0.1", null);
        references.assignIds();
        assertTrue(reference.delete("10.0.0.1"));
        assertNotNull(set.find(new Value.Str("127.0.0.1")));
        assertThrows(ConfigException.class, () -> reference.add("localhost.localdomain", null));
        assertNotNull(set.find(new Value.Str("127.0.0.1")));
    }

    @Test
    void shouldPutAPreparedVersionIntoUse() throws IOException, ConfigException {
        final PatternSet set = map(file("m", "a 1\n"), MatchMethod.STR);
        final PatternReference reference = references.all().getFirst();
        final int version = reference.prepare();
        assertTrue(reference.addTo(version, "b", "2"));
        assertFalse(reference.addTo(version + 1, "b", "2"));
        assertEquals("1", value(set, "a"));
        assertNull(value(set, "b"));
        assertTrue(reference.commit(version));
        assertNull(value(set, "a"));
        assertEquals("2", value(set, "b"));
        assertFalse(reference.commit(version));
        assertEquals(version, reference.currentVersion());
    }

    @Test
    void shouldGiveFreeIds() throws ConfigException {
        final PatternReference fixed = references.create(1, "fixed");
        final PatternReference first = references.create(-1, "first");
        final PatternReference second = references.create(-1, "second");
        references.assignIds();
        assertEquals(List.of(0, 1, 2), List.of(first.id(), fixed.id(), second.id()));
        assertSame(second, references.find("#2"));
        assertTrue(first.isAcl());
        assertFalse(first.isMap());
    }

    @Test
    void shouldTellWhichLineIsWrong() throws IOException {
        final String file = file("n", "1.2.3.4 a\nx b\n");
        final ConfigException e = assertThrows(ConfigException.class, () -> map(file, MatchMethod.IP));
        assertEquals("'x' is not a valid IPv4 or IPv6 address at line 2 of file '" + file + "'", e.getMessage());
        final String one = file("one", "a\n");
        assertThrows(ConfigException.class, () -> {
            references.load(one, false, false, "here", MatchMethod.STR, false, false, null);
            map(one, MatchMethod.STR);
        });
    }

    /** Against the plainest way to find the longest prefix and the narrowest network. */
    @Test
    void shouldFindTheLongestOfMany() throws ConfigException {
        final Random random = new Random(SEED);
        final PatternReference texts = references.create(-1, "texts");
        final PatternSet prefixes = texts.comparedBy(MatchMethod.BEG, false, false, null);
        final PatternReference nets = references.create(-1, "nets");
        final PatternSet addresses = nets.comparedBy(MatchMethod.IP, false, false, null);
        for (int i = 0; i < 500; i++) {
            texts.add(Integer.toString(random.nextInt(1 << 1 + random.nextInt(16)), 3), null);
            nets.add("10." + random.nextInt(4) + "." + random.nextInt(4) + ".0/" + (8 + random.nextInt(25)), null);
        }
        for (int i = 0; i < 2000; i++) {
            final String text = Integer.toString(random.nextInt(1 << 20), 3);
            String longest = null;
            for (final PatternElement element : texts.elements()) {
                if (text.startsWith(element.pattern())
                        && (longest == null || element.pattern().length() > longest.length())) {
                    longest = element.pattern();
                }
            }
            final Entry found = prefixes.find(new Value.Str(text));
            assertEquals(longest, found == null ? null : found.element().pattern(), "seed=" + SEED);
            final int address = 10 << 24 | random.nextInt(4) << 16 | random.nextInt(4) << 8 | random.nextInt(256);
            int bits = -1;
            for (final PatternElement element : nets.elements()) {
                final String[] parts = element.pattern().split("[./]");
                final int net = 10 << 24 | Integer.parseInt(parts[1]) << 16 | Integer.parseInt(parts[2]) << 8;
                final int length = Integer.parseInt(parts[4]);
                bits = (net ^ address) >>> 32 - length == 0 || length == 32 && net == address
                        ? Math.max(bits, length)
                        : bits;
            }
            final Entry network = addresses.find(
                    new Value.Ip(io.netchannel.samples.haproxy.expression.Addresses.ofInt(address)));
            assertEquals(bits, network == null ? -1 : Integer.parseInt(network.element().pattern().split("/")[1]),
                    "seed=" + SEED);
        }
    }

    @Test
    void shouldGiveUpHostileTexts() throws ConfigException {
        final Regex regex = Regex.compile("^(a+)+$", false);
        assertTrue(regex.matches("a".repeat(50)));
        assertFalse(regex.matches("a".repeat(50) + "b"));
        assertTrue(Regex.compile("^(?:a|b)*$", false).matches("ab".repeat(100)));
        assertFalse(Regex.compile("(x|xx)+y", true).matches("X".repeat(20_000)));
    }
}
