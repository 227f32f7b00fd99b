package io.netchannel.cpu.litmus;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever the text, parsing it ends, and with nothing else than a test or a {@link LitmusException}. */
final class ParserFuzzTest {

    private static final long SEED = 20_250_917;
    private static final int MUTANTS = 20_000;
    private static final String ALPHABET = " \n;|{}[]()=:,#$%~\\/\"*+-!_0123456789xXWwPRALDSTMOVexistfor&.";

    @Test
    void shouldRefuseWithItsOwnErrorOnly() throws IOException {
        final List<String> corpus = corpus();
        final Random random = new Random(SEED);
        for (int i = 0; i < MUTANTS; i++) {
            final String mutant = mutant(corpus, random);
            try {
                LitmusTest.parse(mutant);
            } catch (final LitmusException e) {
                if (e.line() < 1 || e.getMessage().lines().count() != 1) {
                    fail("seed %d, mutant %d: %s%n%s", SEED, i, e.getMessage(), mutant);
                }
            } catch (final RuntimeException | StackOverflowError e) {
                fail("seed %d, mutant %d: %s%n%s".formatted(SEED, i, e, mutant), e);
            }
        }
    }

    private static List<String> corpus() throws IOException {
        try (Stream<Path> walk = Files.walk(CatalogueTest.FOLDER)) {
            return walk.filter(file -> file.toString().endsWith(".litmus")).sorted().map(ParserFuzzTest::read).toList();
        }
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String mutant(final List<String> corpus, final Random random) {
        final StringBuilder text = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
        for (int edits = 1 + random.nextInt(6); edits > 0; edits--) {
            final int at = random.nextInt(text.length());
            final int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 1 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 2 -> text.delete(at, Math.max(end, at + 1));
                case 3 -> text.insert(at, text.substring(at, end));
                default -> {
                    final String other = corpus.get(random.nextInt(corpus.size()));
                    final int from = random.nextInt(other.length());
                    text.insert(at, other, from, Math.min(other.length(), from + 20));
                }
            }
            if (text.isEmpty()) {
                text.append('A');
            }
        }
        return text.toString();
    }
}
