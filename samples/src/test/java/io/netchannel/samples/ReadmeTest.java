package io.netchannel.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents promise is there. */
final class ReadmeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final int MAX_CLASS_LINES = 500;

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 2)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLinkOnlyToWhatExists(final Path document) throws IOException {
        final List<String> dead = new ArrayList<>();
        final Matcher link = LINK.matcher(Files.readString(document));
        while (link.find()) {
            if (!Files.exists(document.resolveSibling(link.group(1)))) {
                dead.add(link.group(1));
            }
        }
        assertThat(dead).as("dead links in %s", document).isEmpty();
    }

    @Test
    void shouldProveEachFeatureOfTheMatrix() throws IOException {
        final List<String> features = Files.readAllLines(ROOT.resolve("README.md")).stream()
                .filter(line -> line.startsWith("| ") && line.contains(" | Y | ")).toList();
        assertThat(features).hasSizeGreaterThan(30).allMatch(line -> LINK.matcher(line).find());
    }

    @Test
    void shouldKeepClassesShort() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("tcpip/src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")))
                    .allSatisfy(file -> assertThat(Files.readAllLines(file)).as(file.toString())
                            .hasSizeLessThanOrEqualTo(MAX_CLASS_LINES));
        }
    }
}
