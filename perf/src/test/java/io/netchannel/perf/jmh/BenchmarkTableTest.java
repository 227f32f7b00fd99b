package io.netchannel.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of results: written, read, brought up to date, refused. */
final class BenchmarkTableTest {

    private static final String HEADER = "# machine: an abacus\n# date: 2026-01-02\n";
    private static final String TITLES = "benchmark params score error unit B/op commit\n";

    private static BenchmarkRow row(final String benchmark, final String params, final double score) {
        return new BenchmarkRow(benchmark, params, score, 0.25, "ns/op", 0, "abcdef0");
    }

    private static BenchmarkTable parse(final String text) throws IOException {
        return BenchmarkTable.parse(text.lines().toList());
    }

    @Test
    void shouldReadWhatItWrote(@TempDir final Path directory) throws IOException {
        final BenchmarkTable table = new BenchmarkTable("an abacus", "2026-01-02", List.of(
                row("Ring.burst", BenchmarkRow.NOTHING, 1.25),
                new BenchmarkRow("Ring.single", "a=1,b=TWO", 1234, 5, "ns/op", 24, "abcdef0+")));
        final Path file = directory.resolve("table.txt");
        table.write(file);
        assertThat(BenchmarkTable.read(file)).isEqualTo(table);
    }

    @Test
    void shouldStandInColumns() {
        final BenchmarkTable table = new BenchmarkTable("an abacus", "2026-01-02", List.of(
                row("Ring.burst", BenchmarkRow.NOTHING, 1.25),
                new BenchmarkRow("Wheel.advance", "armed=16", 12_345, Double.NaN, "ns/op", 24.5, "abcdef0+")));
        assertThat(table.format()).endsWith("""
                # machine: an abacus
                # date: 2026-01-02
                benchmark      params    score  error  unit    B/op  commit
                Ring.burst     -         1.250  0.250  ns/op      0  abcdef0
                Wheel.advance  armed=16  12350      -  ns/op  24.50  abcdef0+
                """);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0000", "0.01234567, 0.0123", "0.5, 0.5000", "1, 1.000", "1.23456, 1.235", "9.9999, 10.00",
        "99.999, 100.0", "123.456, 123.5", "9999, 9999", "12345.6, 12350", "1234567, 1235000"})
    void shouldRoundToFourDigits(final double score, final String text) {
        assertThat(row("Ring.burst", "-", score).scoreText()).isEqualTo(text);
    }

    @Test
    void shouldRoundErrorsUpToTheDigitsOfTheScore() {
        assertThat(new BenchmarkRow("b", "-", 123.456, 0.01, "ns/op", 0, "c").errorText()).isEqualTo("0.1");
        assertThat(new BenchmarkRow("b", "-", 12345, 7.2, "ns/op", 0, "c").errorText()).isEqualTo("8");
        assertThat(new BenchmarkRow("b", "-", 1.5, Double.NaN, "ns/op", 0, "c").errorText()).isEqualTo("-");
    }

    @Test
    void shouldReplaceRowsKeepOthersAndDropThoseWithoutABenchmark() {
        final BenchmarkTable table = new BenchmarkTable("an abacus", "2026-01-02", List.of(row("A.gone", "-", 1),
                row("B.kept", "-", 2), row("C.again", "n=9", 3), row("C.again", "n=16", 4)));
        final BenchmarkTable updated = table.updated("2026-03-04",
                List.of(row("C.again", "n=9", 30), row("A.new", "-", 5)),
                Set.of("A.new", "B.kept", "C.again"));
        assertThat(updated).isEqualTo(new BenchmarkTable("an abacus", "2026-03-04", List.of(row("A.new", "-", 5),
                row("B.kept", "-", 2), row("C.again", "n=9", 30), row("C.again", "n=16", 4))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "Ring.burst - 1.2 0.1 ns/op 0           | line 4: fields=6 and not 7",
        "Ring.burst - 1.2 0.1 ns/op 0 abc def   | line 4: fields=8 and not 7",
        "Ring.burst - fast 0.1 ns/op 0 abcdef0  | line 4: \\\"fast\\\" is not a number",
        "Ring.burst - -1 0.1 ns/op 0 abcdef0    | line 4: \\\"-1\\\" is not a number",
        "Ring.burst - 1.2 NaN ns/op 0 abcdef0   | line 4: \\\"NaN\\\" is not a number",
        "Ring.burst - 1.2 0.1 ns/op none abcdef0 | line 4: \\\"none\\\" is not a number"})
    void shouldRefuseARowAndNameItsLine(final String row, final String message) {
        assertThatThrownBy(() -> parse(HEADER + TITLES + row)).isInstanceOf(IOException.class)
                .hasMessage(message.replace("\\", ""));
    }

    @Test
    void shouldRefuseARowThatIsThereTwice() {
        final String row = "Ring.burst - 1.2 0.1 ns/op 0 abcdef0\n";
        assertThatThrownBy(() -> parse(HEADER + TITLES + row + row)).isInstanceOf(IOException.class)
                .hasMessage("line 5: Ring.burst - is there twice");
    }

    @Test
    void shouldRefuseWhatIsNoTable(@TempDir final Path directory) throws IOException {
        assertThatThrownBy(() -> parse("")).isInstanceOf(IOException.class).hasMessageContaining("not a table");
        assertThatThrownBy(() -> parse(HEADER)).isInstanceOf(IOException.class).hasMessageContaining("not a table");
        assertThatThrownBy(() -> parse(TITLES)).isInstanceOf(IOException.class).hasMessageContaining("not a table");
        assertThatThrownBy(() -> parse(HEADER + "benchmark score\n")).isInstanceOf(IOException.class)
                .hasMessageContaining("line 3 is not \"benchmark params");
        final Path binary = Files.write(directory.resolve("binary"), new byte[]{(byte) 0xFF, 0, (byte) 0xC0});
        assertThatThrownBy(() -> BenchmarkTable.read(binary)).isInstanceOf(IOException.class)
                .hasMessage("not a text in UTF-8");
        final Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> BenchmarkTable.read(large)).isInstanceOf(IOException.class)
                .hasMessage("bytes=1048577 > MAX=1048576");
    }

    /** The module's directory is where its tests run. */
    @Test
    void shouldKeepARowOfEachBenchmarkWithoutAllocation() throws IOException {
        final Path file = Path.of("jmh.txt");
        final BenchmarkTable table = BenchmarkTable.read(file);
        assertThat(table.format()).isEqualTo(Files.readString(file));
        assertThat(table.rows()).extracting(BenchmarkRow::benchmark)
                .containsAll(JmhCommand.knownBenchmarks().stream().map(BenchmarkRow::shortName).toList());
        assertThat(table.rows()).noneMatch(BenchmarkRow::allocates);
    }

    @Test
    void shouldReadTheCommitThatGitNames() {
        final String id = "# branch.oid 0123456789abcdef0123456789abcdef01234567";
        assertThat(SourceCommit.parse(List.of(id, "# branch.head main"))).isEqualTo("0123456");
        assertThat(SourceCommit.parse(List.of(id, "1 .M N... 100644 100644 100644 1 2 pom.xml"))).isEqualTo("0123456+");
        assertThat(SourceCommit.parse(List.of("# branch.oid (initial)"))).isEqualTo(SourceCommit.UNKNOWN);
        assertThat(SourceCommit.parse(List.of())).isEqualTo(SourceCommit.UNKNOWN);
    }
}
