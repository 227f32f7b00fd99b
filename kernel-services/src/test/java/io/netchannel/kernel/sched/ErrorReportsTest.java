package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorReportsTest {

    private final List<Long> suppressed = new ArrayList<>();
    private final ErrorReports reports = new ErrorReports("loop",
            (loop, source, thrown, before) -> suppressed.add(before));

    private void reportTimes(final int times, final long nowNs) {
        for (int i = 0; i < times; i++) {
            reports.report(this, new RuntimeException(), nowNs);
        }
    }

    @Test
    void shouldReportABurstAndCountTheRest() {
        reportTimes(1000, 5);
        assertThat(suppressed).hasSize(ReportRate.BURST).containsOnly(0L);
        reportTimes(1, 5 + ReportRate.INTERVAL_NS - 1);
        assertThat(suppressed).hasSize(ReportRate.BURST);
        reportTimes(2, 5 + ReportRate.INTERVAL_NS);
        assertThat(suppressed).hasSize(ReportRate.BURST + 1).endsWith(991L);
    }

    @Test
    void shouldAllowABurstAgainAfterALongQuiet() {
        reportTimes(100, -7_000);
        suppressed.clear();
        reportTimes(100, 1000 * ReportRate.INTERVAL_NS);
        assertThat(suppressed).hasSize(ReportRate.BURST).startsWith(90L).endsWith(0L);
    }

    @Test
    void shouldSurviveAHandlerThatFails() {
        final List<Long> seen = new ArrayList<>();
        final ErrorReports broken = new ErrorReports("loop", (loop, source, thrown, before) -> {
            seen.add(before);
            throw new IllegalStateException("broken");
        });
        broken.report(this, new RuntimeException(), 0);
        broken.report(this, new RuntimeException(), 0);
        assertThat(seen).as("a report that failed counts as suppressed").containsExactly(0L, 1L);
    }
}
