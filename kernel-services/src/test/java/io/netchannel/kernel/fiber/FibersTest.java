package io.netchannel.kernel.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.Shortfall;
import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.LoopCounter;
import io.netchannel.kernel.sched.LoopWatchdog;
import io.netchannel.kernel.sched.ManualClock;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.kernel.sched.WatchdogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fibers of a loop without a thread, turn by turn. */
@Timeout(60)
final class FibersTest {

    private record Report(Object source, Throwable thrown) {
    }

    private final List<String> events = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final RunLoop loop = RunLoop.builder("test").errorHandler(
            (name, source, thrown, suppressed) -> reports.add(new Report(source, thrown))).build();
    private final Fibers fibers = Fibers.on(loop);

    @AfterEach
    void close() {
        loop.close();
    }

    private void turnUntilEnded() {
        while (fibers.running() > 0) {
            loop.runOnce(1);
        }
    }

    private Runnable stepping(final String name) {
        return () -> {
            for (int i = 0; i < 3; i++) {
                events.add(name + i);
                Thread.yield();
            }
        };
    }

    private static Runnable interruptible(final InterruptibleTask task) {
        return () -> {
            try {
                task.run();
            } catch (final InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        };
    }

    @FunctionalInterface
    private interface InterruptibleTask {
        void run() throws InterruptedException;
    }

    @Test
    void shouldRunFibersInTurnsOfTheLoopOnly() {
        assertThat(fibers.runOnLoop()).as("needs --add-opens=java.base/java.lang=ALL-UNNAMED").isTrue();
        fibers.start("a", stepping("a"));
        fibers.start("b", stepping("b"));
        assertThat(events).isEmpty();
        turnUntilEnded();
        assertThat(events).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
    }

    @Test
    void shouldCountAsTheLoopWhileTheyRun() {
        fibers.start("me", () -> {
            events.add(Thread.currentThread().getName() + " virtual=" + Thread.currentThread().isVirtual() + " inLoop="
                    + loop.inLoop());
            loop.add(nowNs -> {
                events.add("poller");
                return 0;
            });
        });
        final Thread unnamed = fibers.start(() -> events.add(Thread.currentThread().getName()));
        turnUntilEnded();
        assertThat(events).containsExactly("me virtual=true inLoop=true", unnamed.getName(), "poller");
        assertThat(unnamed.getName()).startsWith("test-fiber-");
    }

    @Test
    void shouldNotTakeAnotherSchedulersVirtualThreadForTheLoop() throws InterruptedException {
        loop.runOnce(1);
        final boolean[] inLoop = {true};
        Thread.ofVirtual().start(() -> inLoop[0] = loop.inLoop()).join();
        assertThat(inLoop[0]).isFalse();
    }

    @Test
    void shouldNotLetFibersKeepPollersWaiting() {
        final int[] polls = {0};
        final int[] steps = {0};
        loop.add(nowNs -> polls[0]++);
        for (int i = 0; i < 2; i++) {
            fibers.start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    steps[0]++;
                    Thread.yield();
                }
            });
        }
        for (int turn = 1; turn <= 10; turn++) {
            loop.runOnce(turn);
            assertThat(polls[0]).isEqualTo(turn);
            assertThat(steps[0]).isEqualTo(turn * FiberScheduler.MAX_PER_TURN);
        }
    }

    @Test
    void shouldHandOverByABlockingQueue() {
        final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
        final int[] sum = {0};
        fibers.start(interruptible(() -> {
            for (int i = 1; i <= 1_000; i++) {
                queue.put(i);
            }
        }));
        fibers.start(interruptible(() -> {
            for (int i = 1; i <= 1_000; i++) {
                sum[0] += queue.take();
            }
        }));
        turnUntilEnded();
        assertThat(sum[0]).isEqualTo(500_500);
    }

    @Test
    void shouldWaitForLocksConditionsLatchesAndFutures() {
        final ReentrantLock lock = new ReentrantLock();
        final Condition full = lock.newCondition();
        final CountDownLatch latch = new CountDownLatch(1);
        final CompletableFuture<String> future = new CompletableFuture<>();
        fibers.start(interruptible(() -> {
            lock.lock();
            try {
                full.await();
                events.add("signalled");
            } finally {
                lock.unlock();
            }
            latch.await();
            events.add("counted");
            events.add(future.join());
        }));
        fibers.start(() -> {
            lock.lock();
            try {
                full.signal();
                Thread.yield();
                events.add("signals");
            } finally {
                lock.unlock();
            }
            latch.countDown();
            future.complete("completed");
        });
        turnUntilEnded();
        assertThat(events).containsExactly("signals", "signalled", "counted", "completed");
    }

    @Test
    void shouldWaitAtMonitors() {
        final Object monitor = new Object();
        final boolean[] told = {false};
        fibers.start(interruptible(() -> {
            synchronized (monitor) {
                while (!told[0]) {
                    monitor.wait();
                }
            }
            events.add("told");
        }));
        fibers.start(() -> {
            synchronized (monitor) {
                told[0] = true;
                Thread.yield();
                monitor.notifyAll();
            }
        });
        turnUntilEnded();
        assertThat(events).containsExactly("told");
    }

    @Test
    void shouldSleepInVirtualTime() {
        final ManualClock clock = new ManualClock(0);
        final TimerWheel timers = new TimerWheel(0);
        loop.add(timers);
        for (final int second : new int[]{3, 1, 2}) {
            fibers.start(interruptible(() -> {
                fibers.sleepUntil(timers, second * 1_000_000_000L);
                events.add(second + " s");
            }));
        }
        while (fibers.running() > 0) {
            if (loop.runOnce(clock.nowNs()) == 0) {
                clock.advanceTo(timers.nextDeadlineNs());
            }
        }
        assertThat(events).containsExactly("1 s", "2 s", "3 s");
        assertThat(clock.nowNs()).isBetween(3_000_000_000L, 3_000_000_000L + TimerWheel.RESOLUTION_NS);
    }

    @Test
    void shouldEndASleepByAnInterruptAndForgetTheTimer() {
        final TimerWheel timers = new TimerWheel(0);
        final Thread sleeper = fibers.start(() -> {
            try {
                fibers.sleepUntil(timers, Long.MAX_VALUE - 1);
            } catch (final InterruptedException e) {
                events.add("interrupted");
            }
        });
        loop.runOnce(1);
        assertThat(timers.size()).isEqualTo(1);
        sleeper.interrupt();
        turnUntilEnded();
        assertThat(events).containsExactly("interrupted");
        assertThat(timers.size()).isZero();
    }

    @Test
    void shouldTellTheErrorHandlerWhatAFiberThrows() {
        final IllegalStateException thrown = new IllegalStateException("broken");
        final Thread broken = fibers.start("broken", () -> {
            Thread.yield();
            throw thrown;
        });
        fibers.start("good", () -> events.add("good"));
        turnUntilEnded();
        loop.runOnce(2);
        assertThat(reports).containsExactly(new Report(broken, thrown));
        assertThat(events).containsExactly("good");
        assertThat(loop.counters().get(LoopCounter.TASK_ERRORS)).isEqualTo(1);
    }

    /** Its carrier's stack would tell nothing. */
    @Test
    void shouldBeNamedByTheWatchdogWithItsStackIfAFiberBlocksTheLoop() {
        final ManualClock clock = new ManualClock(0);
        final LoopWatchdog watchdog = new LoopWatchdog("watchdog", new WatchdogConfig(50_000_000, 0), clock);
        try (RunLoop watched = RunLoop.builder("watched").activity(new LoopActivity(false)).errorHandler((name, source,
                thrown, suppressed) -> reports.add(new Report(source, thrown))).build()) {
            watchdog.watch(watched, null);
            final Fibers own = Fibers.on(watched);
            own.start("good", () -> look(watchdog, clock, 40));
            final Thread bad = own.start("bad", () -> {
                look(watchdog, clock, 60);
                Thread.yield();
                look(watchdog, clock, 60);
            });
            watched.runOnce(1);
            assertThat(reports).hasSize(2).allSatisfy(report -> {
                assertThat(report.source).isSameAs(bad);
                assertThat(report.thrown).hasMessage("loop watched has been in fiber bad for 50 ms");
                assertThat(report.thrown.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("look"));
            });
        }
    }

    private static void look(final LoopWatchdog watchdog, final ManualClock clock, final int ms) {
        for (int i = 0; i < ms; i++) {
            clock.advance(1_000_000);
            watchdog.look(clock.nowNs());
        }
    }

    /** Not their scheduler, which has many of them in a turn, and nobody who is quick. */
    @Test
    void shouldBeNamedIfTheirTurnTakesLongerThanATasksBudget() {
        final ManualClock clock = new ManualClock(0);
        final List<String> overruns = new ArrayList<>();
        try (RunLoop budgeted = RunLoop.builder("budgeted").clock(clock).taskBudgetNs(1_000).pollBudgetNs(1_000)
                .overrunHandler((name, source, tookNs, budgetNs, suppressed) -> overruns.add(((Thread) source).getName()
                        + " " + tookNs + " > " + budgetNs))
                .build()) {
            final Fibers own = Fibers.on(budgeted);
            own.start("quick", () -> clock.advance(900));
            own.start("slow", () -> {
                clock.advance(1_500);
                Thread.yield();
                clock.advance(2_000);
            });
            own.start("quick, too", () -> clock.advance(900));
            budgeted.runOnce();
            assertThat(overruns).containsExactly("slow 1500 > 1000", "slow 2000 > 1000");
            assertThat(budgeted.counters().get(LoopCounter.TASK_OVERRUNS)).isEqualTo(2);
            assertThat(budgeted.counters().get(LoopCounter.POLL_OVERRUNS)).isZero();
        }
    }

    @Test
    void shouldRefuseToBlockTheLoopItself() {
        loop.runOnce(1);
        assertThatThrownBy(() -> fibers.sleepUntil(new TimerWheel(0), 1)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would block loop test");
    }

    // -- where the JVM refuses

    @Test
    void shouldRunOnTheJdksSchedulerWhereTheJvmRefusesAndSaySoOnce() throws InterruptedException {
        final Fibers first = refused();
        final Fibers second = refused();
        loop.runOnce(1);
        assertThat(reports).isEmpty();
        assertThat(Shortfall.say(Fibers.ON_THE_LOOP, "said before")).isFalse();
        assertThat(first.runOnLoop()).isFalse();
        final boolean[] inLoop = {true};
        second.start(() -> inLoop[0] = loop.inLoop()).join();
        assertThat(inLoop[0]).isFalse();
        final CompletableFuture<String> ended = new CompletableFuture<>();
        first.start(() -> {
            try {
                TimeUnit.DAYS.sleep(1);
            } catch (final InterruptedException e) {
                ended.complete("interrupted");
            }
        });
        loop.close();
        assertThat(ended).isCompletedWithValue("interrupted");
        assertThat(first.running()).isZero();
    }

    private Fibers refused() {
        return new Fibers(loop, loop::add, scheduler -> {
            throw new UnsupportedOperationException("refused");
        }, Fibers.CLOSE_TIMEOUT_NS);
    }
}
