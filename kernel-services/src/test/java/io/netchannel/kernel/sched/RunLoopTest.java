package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.Allocations;
import io.netchannel.kernel.memory.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop without a thread, turn by turn. */
class RunLoopTest {

    private record Report(String loop, Object source, Throwable thrown, long suppressed) {
    }

    private final List<String> events = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final RunLoop loop = RunLoop.builder("test").errorHandler(
            (name, source, thrown, suppressed) -> reports.add(new Report(name, source, thrown, suppressed))).build();

    @AfterEach
    void close() {
        loop.close();
    }

    private Poller noting(final String name) {
        return nowNs -> {
            events.add(name + "@" + nowNs);
            return 1;
        };
    }

    private static Poller doing(final LongConsumer action) {
        return nowNs -> {
            action.accept(nowNs);
            return 0;
        };
    }

    private long count(final LoopCounter counter) {
        return loop.counters().get(counter);
    }

    @Test
    void shouldPollEachPollerOnceInTheOrderOfAddition() {
        loop.add(noting("a"));
        loop.add(noting("b"));
        assertThat(loop.runOnce(7)).isEqualTo(2);
        assertThat(loop.runOnce(8)).isEqualTo(2);
        assertThat(events).containsExactly("a@7", "b@7", "a@8", "b@8");
        assertThat(count(LoopCounter.TURNS)).isEqualTo(2);
        assertThat(count(LoopCounter.WORK)).isEqualTo(4);
    }

    @Test
    void shouldCountTurnsWithWorkOnly() {
        loop.runOnce(1);
        loop.execute(() -> {
        });
        assertThat(loop.runOnce(2)).isEqualTo(1);
        loop.runOnce(3);
        assertThat(count(LoopCounter.TURNS)).isEqualTo(3);
        assertThat(count(LoopCounter.WORK_TURNS)).isEqualTo(1);
        assertThat(count(LoopCounter.TASKS)).isEqualTo(1);
    }

    @Test
    void shouldTakeAnyNumberOfPollers() {
        for (int i = 0; i < 100; i++) {
            loop.add(noting("p" + i), Priority.DATAPLANE);
        }
        assertThat(loop.runOnce(1)).isEqualTo(100);
        assertThat(events).doesNotHaveDuplicates();
    }

    @Test
    void shouldPollInTheSameTurnWhatAPollerAdds() {
        final boolean[] added = {false};
        loop.add(doing(nowNs -> {
            if (!added[0]) {
                added[0] = true;
                loop.add(noting("added"));
            }
        }));
        loop.runOnce(1);
        loop.runOnce(2);
        assertThat(events).containsExactly("added@1", "added@2");
    }

    @Test
    void shouldNotPollWhatWasRemovedEvenInTheSameTurn() {
        final Poller victim = noting("victim");
        final Poller before = noting("before");
        final Poller[] killer = new Poller[1];
        killer[0] = doing(nowNs -> {
            loop.remove(victim);
            loop.remove(before);
            loop.remove(killer[0]);
        });
        loop.add(before);
        loop.add(killer[0]);
        loop.add(victim);
        loop.add(noting("after"));
        loop.runOnce(1);
        loop.runOnce(2);
        assertThat(events).containsExactly("before@1", "after@1", "after@2");
        loop.remove(victim);
        loop.add(victim);
        loop.runOnce(3);
        assertThat(events).endsWith("after@3", "victim@3");
    }

    @Test
    void shouldRunTasksInOrderBeforePollers() {
        loop.add(noting("poller"));
        loop.execute(() -> events.add("first"));
        loop.execute(() -> events.add("second"));
        assertThat(loop.runOnce(1)).isEqualTo(3);
        assertThat(events).containsExactly("first", "second", "poller@1");
    }

    @Test
    void shouldNotLetTasksKeepPollersWaiting() {
        final Runnable[] endless = new Runnable[1];
        endless[0] = () -> loop.execute(endless[0]);
        loop.execute(endless[0]);
        loop.add(noting("poller"));
        loop.runOnce(1);
        assertThat(events).containsExactly("poller@1");
        assertThat(count(LoopCounter.TASKS)).isEqualTo(RunLoop.MAX_TASKS_PER_TURN);
        loop.runOnce(2);
        assertThat(events).hasSize(2);
    }

    @Test
    void shouldGoOnWhenAPollerThrows() {
        final IllegalStateException thrown = new IllegalStateException("broken");
        final Poller broken = doing(nowNs -> {
            throw thrown;
        });
        loop.add(broken);
        loop.add(noting("good"));
        assertThat(loop.runOnce(1)).isEqualTo(1);
        assertThat(loop.runOnce(2)).isEqualTo(1);
        assertThat(events).containsExactly("good@1", "good@2");
        assertThat(reports).containsExactly(new Report("test", broken, thrown, 0),
                new Report("test", broken, thrown, 0));
        assertThat(count(LoopCounter.POLLER_ERRORS)).isEqualTo(2);
    }

    @Test
    void shouldReportAPollerThatThrowsForEverAtABoundedRate() {
        loop.add(doing(nowNs -> {
            throw new StackOverflowError();
        }));
        for (int i = 0; i < 1000; i++) {
            loop.runOnce(i);
        }
        assertThat(reports).hasSize(ReportRate.BURST);
        loop.runOnce(ReportRate.INTERVAL_NS + 1000);
        assertThat(reports).hasSize(ReportRate.BURST + 1);
        assertThat(reports.getLast().suppressed).isEqualTo(990);
        assertThat(count(LoopCounter.POLLER_ERRORS)).isEqualTo(1001);
    }

    @Test
    void shouldGoOnWhenATaskThrows() {
        loop.execute(() -> {
            throw new IllegalStateException("broken");
        });
        loop.execute(() -> events.add("next"));
        assertThat(loop.runOnce(1)).isEqualTo(2);
        assertThat(events).containsExactly("next");
        assertThat(count(LoopCounter.TASK_ERRORS)).isEqualTo(1);
        assertThat(reports).hasSize(1);
    }

    @Test
    void shouldRunTimersInVirtualTime() {
        final ManualClock clock = new ManualClock(0);
        final TimerWheel wheel = new TimerWheel(0);
        loop.add(wheel);
        wheel.schedule(new Timer() {
            @Override
            protected void expire(final long nowNs) {
                events.add("expired");
            }
        }, 1_000_000_000L);
        int turns = 0;
        while (events.isEmpty()) {
            clock.advanceTo(wheel.nextDeadlineNs());
            loop.runOnce(clock.nowNs());
            turns++;
        }
        assertThat(clock.nowNs()).isBetween(1_000_000_000L, 1_000_000_000L + TimerWheel.RESOLUTION_NS);
        assertThat(turns).isLessThanOrEqualTo(TimerWheel.LEVELS);
    }

    @Test
    void shouldKnowItsThread() throws Exception {
        assertThat(loop.inLoop()).isFalse();
        loop.runOnce(1);
        assertThat(loop.inLoop()).isTrue();
        final boolean[] elsewhere = {true};
        final Thread other = Thread.ofPlatform().start(() -> elsewhere[0] = loop.inLoop());
        other.join();
        assertThat(elsewhere[0]).isFalse();
    }

    @Test
    void shouldRunTasksThenClosersLastFirstThenWhatTheyHandOver() {
        loop.onClose(() -> events.add("registered first"));
        loop.onClose(() -> {
            events.add("registered last");
            loop.execute(() -> events.add("handed over"));
            loop.onClose(() -> events.add("registered while closing"));
        });
        loop.execute(() -> events.add("task"));
        loop.close();
        assertThat(events).containsExactly("task", "registered last", "registered while closing", "registered first",
                "handed over");
        loop.close();
        assertThat(events).hasSize(5);
    }

    @Test
    void shouldRunTheOtherClosersWhenOneThrows() {
        loop.onClose(() -> events.add("other"));
        loop.onClose(() -> {
            throw new IllegalStateException("broken");
        });
        loop.close();
        assertThat(events).containsExactly("other");
        assertThat(count(LoopCounter.TASK_ERRORS)).isEqualTo(1);
    }

    @Test
    void shouldEndATaskThatHandsItselfOverForEver() {
        final Runnable[] endless = new Runnable[1];
        endless[0] = () -> loop.execute(endless[0]);
        loop.execute(endless[0]);
        loop.close();
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().thrown).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void shouldRefuseWorkOnceClosed() {
        loop.add(noting("poller"));
        loop.close();
        assertThatThrownBy(() -> loop.execute(() -> {
        })).isInstanceOf(RejectedExecutionException.class).hasMessage("loop test is closed");
        assertThatThrownBy(() -> loop.onClose(() -> {
        })).isInstanceOf(RejectedExecutionException.class).hasMessage("loop test is closed");
        assertThatThrownBy(loop::start).isInstanceOf(IllegalStateException.class).hasMessage("loop test is closed");
        assertThat(loop.runOnce(1)).isZero();
        assertThat(events).isEmpty();
        assertThat(loop.wakeWord().signal()).isFalse();
    }

    @Test
    void shouldCloseFromWithinAPoller() {
        loop.onClose(() -> events.add("closed"));
        loop.add(doing(nowNs -> loop.close()));
        loop.add(noting("after"));
        loop.runOnce(1);
        assertThat(events).containsExactly("closed");
    }

    @Test
    void shouldKeepItsWordsWhereItIsTold() {
        try (Region region = Region.create("loop-memory", 1 << 16)) {
            final long address = region.allocate(RunLoop.MEMORY_BYTES, 128);
            final RunLoop placed = RunLoop.builder("placed").memory(region.memory(), address).build();
            placed.runOnce(1);
            placed.runOnce(2);
            final long turns = address + WakeWord.SIZE_BYTES + (long) LoopCounter.TURNS.ordinal() * Long.BYTES;
            assertThat(region.memory().getLong(turns)).isEqualTo(2);
            assertThat(placed.counters().toString()).startsWith("TURNS=2, WORK_TURNS=0");
            placed.close();
            assertThatThrownBy(() -> RunLoop.builder("x").memory(region.memory(), address + 64))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageEndingWith("is not a multiple of 128");
        }
        assertThat(WakeWord.SIZE_BYTES + LoopCounters.SIZE_BYTES).isLessThanOrEqualTo(RunLoop.TIMES_OFFSET);
        assertThat(LoopTimes.HISTOGRAMS).isEqualTo(LoopTime.values().length);
    }

    @Test
    void shouldRefuseACpuThatCanNotBe() {
        assertThatThrownBy(() -> RunLoop.builder("x").cpu(-3)).hasMessage("cpu=-3 is not within -2..8191");
        assertThatThrownBy(() -> RunLoop.builder("x").cpu(8192)).hasMessage("cpu=8192 is not within -2..8191");
        assertThatThrownBy(() -> RunLoop.builder("x").cpus(0, -1)).hasMessage("cpu=-1 is not within 0..8191");
    }

    @Test
    void shouldAllocateNothingInATurn() {
        final RunLoop quiet = RunLoop.builder("quiet").build();
        final TimerWheel wheel = new TimerWheel(0);
        quiet.add(wheel);
        quiet.add(nowNs -> 1);
        final Timer timer = new Timer() {
            @Override
            protected void expire(final long nowNs) {
                wheel.schedule(this, nowNs + 1_000_000);
            }
        };
        wheel.schedule(timer, 1);
        final long[] nowNs = {0};
        assertThat(Allocations.leastBytes(() -> {
            for (int i = 0; i < 20_000; i++) {
                quiet.runOnce(nowNs[0] += 10_000);
            }
        })).isZero();
        assertThat(quiet.counters().get(LoopCounter.POLLER_ERRORS)).isZero();
        quiet.close();
    }
}
