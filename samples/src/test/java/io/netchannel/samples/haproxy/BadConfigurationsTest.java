package io.netchannel.samples.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What is said of bad configurations, beside what haproxy 2.6.12 said of them: {@code NAME.cfg} and {@code NAME.txt}. */
final class BadConfigurationsTest {

    static Stream<String> names() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".cfg")).sorted()
                    .toList().stream();
        }
    }

    private static Path directory() throws URISyntaxException {
        return Path.of(BadConfigurationsTest.class.getResource("bad").toURI());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldSayWhatHaproxySays(final String name) throws Exception {
        final Path file = directory().resolve(name);
        final StringWriter err = new StringWriter();
        final CommandLine command = new CommandLine(new HaproxyCommand());
        command.setErr(new PrintWriter(err)).setOut(new PrintWriter(new StringWriter()));

        final int status = command.execute("-c", "-f", file.toString());

        final String said = err.toString().replace(file.toString(), name)
                .replaceAll("(?m)^\\[NOTICE]   \\(\\d+\\) : (haproxy version|path to executable).*\\R", "")
                .replaceAll(" \\(\\d+\\) : (config : )?", " ");
        final String expected = Files.readString(Path.of(file.toString().replace(".cfg", ".txt")),
                StandardCharsets.ISO_8859_1);
        assertThat(said).isEqualTo(expected);
        assertThat(status).isEqualTo(1);
    }
}
