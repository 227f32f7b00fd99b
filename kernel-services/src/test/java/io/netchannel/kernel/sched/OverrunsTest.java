package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Budgets of tasks and pollers, in virtual time. */
class OverrunsTest {

    private record Report(Object source, long tookNs, long budgetNs, long suppressed) {
    }

    private final ManualClock clock = new ManualClock(0);
    private final List<Report> reports = new ArrayList<>();
    private final int[] looks = {0};

    private RunLoop loop(final long taskBudgetNs, final long pollBudgetNs) {
        return RunLoop.builder("test").clock(() -> {
            looks[0]++;
            return clock.nowNs();
        }).taskBudgetNs(taskBudgetNs).pollBudgetNs(pollBudgetNs).errorHandler((name, source, thrown,
                suppressed) -> {
        }).overrunHandler((name, source, tookNs, budgetNs,
                suppressed) -> reports.add(new Report(source, tookNs, budgetNs, suppressed))).build();
    }

    @Test
    void shouldNameATaskThatTookTooLongAndByHowMuch() {
        try (RunLoop loop = loop(1_000, 0)) {
            final Runnable slow = () -> clock.advance(1_500);
            loop.execute(() -> clock.advance(1_000));
            loop.execute(slow);
            loop.execute(() -> clock.advance(10));
            loop.add(nowNs -> {
                clock.advance(5_000);
                return 0;
            });
            loop.runOnce();
            assertThat(reports).containsExactly(new Report(slow, 1_500, 1_000, 0));
            assertThat(loop.counters().get(LoopCounter.TASK_OVERRUNS)).isEqualTo(1);
            assertThat(loop.counters().get(LoopCounter.POLL_OVERRUNS)).isZero();
            assertThat(loop.counters().get(LoopCounter.OVERRUN_NS)).isEqualTo(500);
        }
    }

    @Test
    void shouldNameAPollerThatTookTooLongAlsoIfItThrows() {
        try (RunLoop loop = loop(0, 1_000)) {
            final Poller broken = nowNs -> {
                clock.advance(3_000);
                throw new IllegalStateException("slow and broken");
            };
            loop.add(nowNs -> {
                clock.advance(999);
                return 1;
            }, Priority.DATAPLANE);
            loop.add(broken, Priority.DATAPLANE);
            loop.runOnce();
            assertThat(reports).containsExactly(new Report(broken, 3_000, 1_000, 0));
            assertThat(loop.counters().get(LoopCounter.POLL_OVERRUNS)).isEqualTo(1);
        }
    }

    private record Wrapper(Object principal, Runnable work) implements Poller, Runnable, ActsFor {

        @Override
        public void run() {
            work.run();
        }

        @Override
        public int poll(final long nowNs) {
            work.run();
            return 1;
        }
    }

    @Test
    void shouldNameWhomATaskOrPollerActsFor() {
        try (RunLoop loop = loop(1_000, 1_000)) {
            loop.execute(new Wrapper(new Wrapper("task", null), () -> clock.advance(2_000)));
            loop.add(new Wrapper("poller", () -> clock.advance(3_000)));
            loop.runOnce();
            assertThat(reports).containsExactly(new Report("task", 2_000, 1_000, 0), new Report("poller", 3_000, 1_000,
                    0));
        }
    }

    private Runnable taking(final long timeNs) {
        return new Taking(clock, timeNs);
    }

    private record Taking(ManualClock clock, long timeNs) implements Poller, Runnable {

        @Override
        public void run() {
            clock.advance(timeNs);
        }

        @Override
        public int poll(final long nowNs) {
            clock.advance(timeNs);
            return 1;
        }
    }

    @ParameterizedTest
    @EnumSource(Priority.class)
    void shouldHoldATaskToItsOwnBudgetInsteadOfTheLoops(final Priority priority) {
        try (RunLoop loop = loop(1_000, 0)) {
            loop.execute(taking(1_500), priority, 2_000);
            loop.execute(taking(1_200), priority);
            loop.execute(taking(9_000), priority, 0);
            loop.execute(taking(600), priority, 500);
            loop.execute(taking(1_001), priority);
            for (int i = 0; i < 5; i++) {
                loop.runOnce();
            }
            assertThat(reports).containsExactly(new Report(taking(1_200), 1_200, 1_000, 0), new Report(taking(600),
                    600, 500, 0), new Report(taking(1_001), 1_001, 1_000, 0));
            assertThat(loop.counters().get(LoopCounter.TASK_OVERRUNS)).isEqualTo(3);
            assertThat(loop.counters().get(LoopCounter.OVERRUN_NS)).isEqualTo(301);
        }
    }

    @ParameterizedTest
    @EnumSource(Priority.class)
    void shouldTimeATaskWithABudgetAlsoWhereOthersHaveNone(final Priority priority) {
        try (RunLoop loop = loop(0, 0)) {
            loop.execute(taking(9_000), priority);
            loop.execute(taking(1_500), priority, 1_000);
            loop.execute(taking(9_000), priority);
            for (int i = 0; i < 3; i++) {
                loop.runOnce();
            }
            assertThat(reports).containsExactly(new Report(taking(1_500), 1_500, 1_000, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(Priority.class)
    void shouldHoldAPollerToItsOwnBudgetInsteadOfTheLoops(final Priority priority) {
        try (RunLoop loop = loop(0, 1_000)) {
            final Poller patient = new Taking(clock, 5_000);
            final Poller plain = new Taking(clock, 1_200);
            final Poller hasty = new Taking(clock, 600);
            final Poller careless = new Taking(clock, 9_000);
            loop.add(patient, priority, 10_000);
            loop.add(plain, priority);
            loop.add(careless, priority, 0);
            loop.add(hasty, priority, 500);
            final Report[] expected = {new Report(plain, 1_200, 1_000, 0), new Report(hasty, 600, 500, 0)};
            pollEach(loop, 4);
            assertThat(reports).containsExactly(expected);
            // Those behind it keep theirs.
            loop.remove(patient);
            reports.clear();
            pollEach(loop, 3);
            assertThat(reports).containsExactlyInAnyOrder(expected);
        }
    }

    /** Of those in the background it is one in a turn. */
    private void pollEach(final RunLoop loop, final int pollers) {
        final long polls = loop.counters().get(LoopCounter.WORK) + pollers;
        while (loop.counters().get(LoopCounter.WORK) < polls) {
            loop.runOnce();
        }
    }

    @Test
    void shouldLookAtTheClockForThePollerWithABudgetOnly() {
        try (RunLoop loop = loop(0, 0)) {
            final Poller slow = new Taking(clock, 1_500);
            for (int i = 0; i < 10; i++) {
                loop.add(new Taking(clock, 9_000), Priority.DATAPLANE);
            }
            loop.add(slow, Priority.DATAPLANE, 1_000);
            loop.add(new Taking(clock, 9_000), Priority.DATAPLANE);
            looks[0] = 0;
            loop.runOnce();
            assertThat(reports).containsExactly(new Report(slow, 1_500, 1_000, 0));
            assertThat(looks[0]).isEqualTo(3);
        }
    }

    @Test
    void shouldRefuseABudgetBelowNone() {
        try (RunLoop loop = loop(0, 0)) {
            assertThatThrownBy(() -> loop.execute(taking(1), Priority.APPLICATION, -1)).isInstanceOf(
                    IllegalArgumentException.class).hasMessage("budgetNs=-1 < 0");
            assertThatThrownBy(() -> loop.add(nowNs -> 0, Priority.APPLICATION, -1)).isInstanceOf(
                    IllegalArgumentException.class).hasMessage("budgetNs=-1 < 0");
        }
    }

    @Test
    void shouldReportAtABoundedRateAndCountAll() {
        try (RunLoop loop = loop(0, 1_000)) {
            loop.add(nowNs -> {
                clock.advance(2_000);
                return 1;
            });
            for (int i = 0; i < 1_000; i++) {
                loop.runOnce();
            }
            assertThat(reports).hasSize(ReportRate.BURST);
            assertThat(loop.counters().get(LoopCounter.POLL_OVERRUNS)).isEqualTo(1_000);
            clock.advance(ReportRate.INTERVAL_NS);
            loop.runOnce();
            assertThat(reports).hasSize(ReportRate.BURST + 1);
            assertThat(reports.getLast().suppressed).isEqualTo(990);
        }
    }

    @Test
    void shouldOutliveAHandlerThatFails() {
        try (RunLoop loop = RunLoop.builder("test").clock(clock).taskBudgetNs(1).overrunHandler((name, source, tookNs,
                budgetNs, suppressed) -> {
            throw new IllegalStateException("broken");
        }).build()) {
            loop.execute(() -> clock.advance(5));
            assertThat(loop.runOnce()).isEqualTo(1);
            assertThat(loop.counters().get(LoopCounter.TASK_ERRORS)).isZero();
        }
    }

    @Test
    void shouldNotLookAtTheClockForEachPollerWithoutABudget() {
        try (RunLoop loop = loop(0, 0)) {
            for (int i = 0; i < 100; i++) {
                loop.add(nowNs -> 1, i % 2 == 0 ? Priority.DATAPLANE : Priority.APPLICATION);
            }
            looks[0] = 0;
            loop.runOnce();
            assertThat(looks[0]).isEqualTo(1);
        }
    }
}
