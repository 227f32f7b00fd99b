package io.netchannel.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.perf.jmh.TableComparison.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a new run comes to beside the table. */
final class TableComparisonTest {

    private static final String HERE = "an abacus";

    private static BenchmarkRow row(final double score, final double error, final double bytes) {
        return new BenchmarkRow("Ring.burst", "n=1", score, error, "ns/op", bytes, "abcdef0");
    }

    private static TableComparison comparison(final BenchmarkRow before, final BenchmarkRow now) {
        return new TableComparison(new BenchmarkTable(HERE, "2026-01-02", List.of(before)), HERE, List.of(now),
                Set.of("Ring.burst", "Ring.single"));
    }

    private static String printed(final TableComparison comparison) {
        final StringWriter out = new StringWriter();
        comparison.print(new PrintWriter(out));
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource({
        // old score, error, B/op; new score, error, B/op
        "10, 1, 0, 10, 1, 0, SAME", "10, 1, 0, 12, 1, 0, SAME", "10, 1, 0, 12.1, 1, 0, SLOWER",
        "10, 1, 0, 8, 1, 0, SAME", "10, 1, 0, 7.9, 1, 0, FASTER", "10, NaN, 0, 90, 1, 0, SAME",
        "10, 1, 0, 5, 1, 24, ALLOCATES", "10, 1, 16, 10, 1, 24, SAME", "10, 1, 16, 10, 1, 0, SAME"})
    void shouldCompareTimesByTheirErrorsAndAllocationExactly(final double oldScore, final double oldError,
            final double oldBytes, final double score, final double error, final double bytes, final Verdict verdict) {
        final TableComparison comparison = comparison(row(oldScore, oldError, oldBytes), row(score, error, bytes));
        assertThat(comparison.lines()).hasSize(1);
        assertThat(comparison.lines().getFirst().verdict()).isEqualTo(verdict);
        assertThat(comparison.hasFailed()).isEqualTo(verdict == Verdict.ALLOCATES);
    }

    @Test
    void shouldNameWhatIsNewAndWhatIsGone() {
        final BenchmarkTable before = new BenchmarkTable(HERE, "2026-01-02", List.of(
                new BenchmarkRow("Wheel.advance", "-", 1, 1, "ns/op", 0, "abcdef0"),
                new BenchmarkRow("Ring.single", "-", 1, 1, "ns/op", 0, "abcdef0")));
        final TableComparison comparison = new TableComparison(before, HERE, List.of(row(10, 1, 24)),
                Set.of("Ring.burst", "Ring.single"));
        assertThat(comparison.lines()).extracting(TableComparison.Line::verdict)
                .containsExactly(Verdict.NEW, Verdict.GONE);
        assertThat(comparison.hasFailed()).isFalse();
        assertThat(printed(comparison)).contains("1 new, 1 gone");
    }

    @Test
    void shouldNotCompareDifferentUnits() {
        final BenchmarkRow now = new BenchmarkRow("Ring.burst", "n=1", 1, 0, "us/op", 0, "abcdef0");
        assertThat(comparison(row(1000, 0, 0), now).lines().getFirst().verdict()).isEqualTo(Verdict.INCOMPARABLE);
    }

    @Test
    void shouldPrintOldNewAndRatio() {
        assertThat(printed(comparison(row(10, 0.5, 0), row(12.5, 0.25, 24)))).isEqualTo("""
                benchmark   params           old           new  unit   ratio   B/op
                Ring.burst  n=1     10.00 ± 0.50  12.50 ± 0.25  ns/op   1.25  24.00  allocates

                Old: 2026-01-02, an abacus
                1 allocates; faster and slower are outside the errors of both
                """);
    }

    @Test
    void shouldSayThatAnotherMachineMeasured() {
        final TableComparison comparison = new TableComparison(
                new BenchmarkTable("a slide rule", "2026-01-02", List.of(row(10, 1, 0))), HERE, List.of(row(99, 1, 0)),
                Set.of("Ring.burst"));
        assertThat(printed(comparison)).contains("Old: 2026-01-02, a slide rule", "New: an abacus",
                "only the allocation is comparable");
    }
}
