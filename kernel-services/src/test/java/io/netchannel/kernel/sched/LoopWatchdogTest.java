package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a watchdog sees of loops, in virtual time, and how it sleeps and wakes with threads. */
final class LoopWatchdogTest {

    private static final long MS = 1_000_000;
    private static final WatchdogConfig CONFIG = new WatchdogConfig(50 * MS, 5 * MS);

    private final ManualClock clock = new ManualClock(1);
    private final LoopWatchdog watchdog = new LoopWatchdog("watchdog", CONFIG, clock);
    private final List<String> errors = new ArrayList<>();
    private final List<Throwable> thrown = new ArrayList<>();
    private final List<Object> sources = new ArrayList<>();
    private final LoopActivity activity = new LoopActivity(true);
    private final RunLoop loop = RunLoop.builder("loop").clock(clock).activity(activity)
            .errorHandler((name, source, failure, suppressed) -> {
                errors.add(failure.getMessage());
                thrown.add(failure);
                sources.add(source);
            }).build();
    private final Recorder recorder = new Recorder();

    /** @param ms of looks, one a millisecond */
    private void look(final int ms) {
        for (int i = 0; i < ms; i++) {
            clock.advanceTo(clock.nowNs() + MS);
            watchdog.look(clock.nowNs());
        }
    }

    @Test
    void shouldNameATaskThatBlocksWithItsStack() {
        watchdog.watch(loop, null);
        loop.execute(new Blocking(() -> look(60)));
        loop.runOnce(clock.nowNs());
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst()).contains("loop loop has been in " + Blocking.class.getName() + " for 50 ms");
        assertThat(thrown.getFirst().getStackTrace()).anyMatch(frame -> frame.getClassName().equals(Blocking.class
                .getName()));
        assertThat(watchdog.count(WatchdogCounter.BLOCKED)).isEqualTo(1);
        assertThat(watchdog.count(WatchdogCounter.LONGEST_BLOCKED_NS)).isEqualTo(50 * MS);
        loop.close();
    }

    @Test
    void shouldNameWhomATaskActsFor() {
        watchdog.watch(loop, null);
        loop.execute(new Wrapper("application", () -> {
            look(60);
            throw new IllegalStateException("broken");
        }));
        loop.runOnce(clock.nowNs());
        assertThat(errors).containsExactly("loop loop has been in java.lang.String for 50 ms", "broken");
        assertThat(sources).containsExactly("application", "application");
        loop.close();
    }

    private record Wrapper(Object principal, Runnable task) implements Runnable, ActsFor {

        @Override
        public void run() {
            task.run();
        }
    }

    @Test
    void shouldReportAgainEachTimeThatItHasTakenTwiceAsLong() {
        watchdog.watch(loop, null);
        loop.execute(new Blocking(() -> look(450)));
        loop.runOnce(clock.nowNs());
        assertThat(errors).hasSize(4);
        assertThat(watchdog.count(WatchdogCounter.BLOCKED)).isEqualTo(1);
        loop.close();
    }

    @Test
    void shouldNotReportALoopThatGetsOnOrSleeps() {
        watchdog.watch(loop, null);
        loop.add(nowNs -> 1);
        for (int i = 0; i < 200; i++) {
            loop.runOnce(clock.nowNs());
            look(1);
        }
        activity.parks();
        look(200);
        assertThat(watchdog.look(clock.nowNs())).isEqualTo(Poller.NO_DEADLINE);
        assertThat(errors).isEmpty();
        loop.close();
    }

    /** Nobody looked for a while: no more than two intervals of it count. */
    @Test
    void shouldNotTakeItsOwnDelayForABlockedLoop() {
        watchdog.watch(loop, null);
        loop.execute(new Blocking(() -> {
            look(1);
            clock.advanceTo(clock.nowNs() + 1_000 * MS);
            watchdog.look(clock.nowNs());
        }));
        loop.runOnce(clock.nowNs());
        assertThat(errors).isEmpty();
        loop.close();
    }

    @Test
    void shouldStandInFromTheLimitUntilTheCallBackReturns() {
        watchdog.watch(loop, recorder);
        loop.add(nowNs -> {
            activity.enter("application");
            look(5);
            assertThat(recorder.calls).isEmpty();
            look(4);
            assertThat(recorder.calls).startsWith("begin", "poll", "poll").doesNotContain("end");
            activity.leave();
            assertThat(recorder.calls).endsWith("end");
            return 1;
        });
        loop.runOnce(clock.nowNs());
        assertThat(errors).isEmpty();
        assertThat(watchdog.count(WatchdogCounter.TAKE_OVERS)).isEqualTo(1);
        loop.close();
    }

    @Test
    void shouldGiveTheStackBackWithinTheCallBackAndTakeItWhenItIsLentAgain() {
        watchdog.watch(loop, recorder);
        loop.add(nowNs -> {
            activity.enter("application");
            look(10);
            activity.reclaim();
            assertThat(recorder.calls).endsWith("end");
            recorder.calls.clear();
            look(10);
            assertThat(recorder.calls).isEmpty();
            activity.lendAgain();
            look(10);
            assertThat(recorder.calls).startsWith("begin");
            activity.leave();
            assertThat(recorder.calls).endsWith("end");
            return 1;
        });
        loop.runOnce(clock.nowNs());
        assertThat(errors).isEmpty();
        assertThat(watchdog.count(WatchdogCounter.TAKE_OVERS)).isEqualTo(2);
        loop.close();
    }

    @Test
    void shouldNotStandInWhereTheStackIsNotLent() {
        watchdog.watch(loop, recorder);
        loop.add(nowNs -> {
            activity.enterHeld("application");
            activity.enter("nested");
            look(10);
            activity.lendAgain();
            look(10);
            activity.leave();
            activity.leave();
            return 1;
        });
        loop.runOnce(clock.nowNs());
        assertThat(recorder.calls).isEmpty();
        loop.close();
    }

    @Test
    void shouldReportAndGoOnIfWhatStandsInFails() {
        recorder.fails = true;
        watchdog.watch(loop, recorder);
        loop.add(nowNs -> {
            activity.enter("application");
            look(10);
            activity.leave();
            return 1;
        });
        loop.runOnce(clock.nowNs());
        assertThat(errors).contains("stand-in");
        assertThat(watchdog.count(WatchdogCounter.STAND_IN_ERRORS)).isPositive();
        assertThat(recorder.calls).endsWith("end");
        loop.close();
    }

    @Test
    void shouldTellTheLoopsHandlerOfAPollerThatFailsWhileSomebodyStandsIn() {
        recorder.broken = nowNs -> 0;
        watchdog.watch(loop, recorder);
        loop.add(nowNs -> {
            activity.enter("application");
            look(6);
            activity.leave();
            return 1;
        });
        loop.runOnce(clock.nowNs());
        assertThat(errors).isNotEmpty().containsOnly("poller");
        assertThat(sources).containsOnly(recorder.broken);
        assertThat(watchdog.count(WatchdogCounter.STAND_IN_ERRORS)).isEqualTo(errors.size());
        loop.close();
    }

    /** Else the loop would wait for its stack for ever. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldGiveTheStackBackIfItsThreadDies() {
        final AtomicBoolean dies = new AtomicBoolean();
        final LoopWatchdog mortal = new LoopWatchdog("mortal", new WatchdogConfig(MS, MS), () -> {
            if (dies.get()) {
                throw new StackOverflowError("wanted by the test");
            }
            return SystemNanoClock.INSTANCE.nowNs();
        });
        mortal.watch(loop, recorder);
        activity.thread(Thread.currentThread());
        mortal.start();
        activity.enter("application");
        while (mortal.count(WatchdogCounter.TAKE_OVERS) == 0) {
            Thread.onSpinWait();
        }
        dies.set(true);
        activity.leave();
        assertThat(mortal.count(WatchdogCounter.TAKE_OVERS)).isEqualTo(1);
        mortal.close();
        loop.close();
    }

    /** All asleep; a loop that then blocks in its first task is seen, because waking up it has rung. */
    @Test
    void shouldWakeUpWithTheFirstLoopThatDoes() throws InterruptedException {
        final CountDownLatch reported = new CountDownLatch(1);
        final RunLoop real = RunLoop.builder("real").idle(IdleStrategy.PARK_AT_ONCE).activity(new LoopActivity(false))
                .errorHandler((name, source, failure, suppressed) -> reported.countDown()).build();
        try (LoopWatchdog own = new LoopWatchdog("own", new WatchdogConfig(MS, 0), SystemNanoClock.INSTANCE)) {
            own.watch(real, null);
            real.start();
            own.start();
            while (own.count(WatchdogCounter.LOOKS) <= LoopWatchdog.LOOKS_BEFORE_SLEEP) {
                Thread.onSpinWait();
            }
            real.execute(() -> {
                try {
                    assertThat(reported.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (final InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            });
            assertThat(reported.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            real.close();
        }
    }

    private record Blocking(Runnable meanwhile) implements Runnable {

        @Override
        public void run() {
            meanwhile.run();
        }
    }

    private static final class Recorder implements StandIn {

        private final List<String> calls = new ArrayList<>();
        private boolean fails;
        private Poller broken;

        @Override
        public void begin(final long nowNs) {
            calls.add("begin");
        }

        @Override
        public int poll(final long nowNs, final BiConsumer<Poller, Throwable> failed) {
            calls.add("poll");
            if (broken != null) {
                failed.accept(broken, new IllegalStateException("poller"));
            }
            if (fails) {
                throw new IllegalStateException("stand-in");
            }
            return 0;
        }

        @Override
        public void end() {
            calls.add("end");
        }
    }
}
