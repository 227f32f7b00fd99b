package io.netchannel.cpu.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/costs.md} shows the tables as they are. */
final class CostDocumentTest {

    private static final String BEGIN = "<!-- tables -->\n";
    private static final String END = "<!-- end of tables -->";

    @Test
    void shouldShowTheTablesAsTheyAre() throws IOException {
        final String text = Files.readString(Path.of("docs/costs.md"));
        final int begin = text.indexOf(BEGIN) + BEGIN.length();
        assertThat(text.substring(begin, text.indexOf(END)))
                .isEqualTo(CostDocument.tables(CostTables.load().all()));
    }
}
