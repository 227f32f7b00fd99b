package io.netchannel.cpu.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tests of herdtools7 in src/test/resources/litmus: the same observation and the same states as herd7. */
final class CatalogueTest {

    static final Path FOLDER = Path.of("src/test/resources/litmus");

    @TestFactory
    Stream<DynamicTest> shouldFindWhatHerdFinds() throws IOException {
        return Files.readAllLines(FOLDER.resolve("expected.tsv")).stream().skip(1).map(line -> line.split("\t"))
                .map(columns -> DynamicTest.dynamicTest(columns[0], () -> check(columns)));
    }

    private static void check(final String[] columns) throws IOException {
        final LitmusResult result = LitmusTest.parse(Files.readString(FOLDER.resolve(columns[0]))).run();
        assertThat(result.observation()).hasToString(columns[1]);
        assertThat(result.states()).hasSize(Integer.parseInt(columns[2]));
        assertThat(String.join(" | ", result.states())).isEqualTo(columns[3]);
    }
}
