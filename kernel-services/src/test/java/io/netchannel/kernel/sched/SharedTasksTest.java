package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedTasksTest {

    private final List<RunLoop> loops = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    private SharedTasks shared(final int count, final int capacity) {
        for (int i = 0; i < count; i++) {
            loops.add(RunLoop.builder("loop-" + i).daemon(true).idle(IdleStrategy.PARK_AT_ONCE).errorHandler((name,
                    source, thrown, suppressed) -> events.add(source.getClass().getSimpleName() + ": " + thrown
                            .getMessage()))
                    .build());
        }
        return new SharedTasks(loops, Priority.APPLICATION, capacity, 0);
    }

    @AfterEach
    void close() {
        loops.forEach(RunLoop::close);
    }

    @Test
    void shouldBePulledByWhicheverLoopHasATurn() {
        final SharedTasks tasks = shared(2, 8);
        tasks.execute(() -> events.add("first"));
        tasks.execute(() -> events.add("second"));
        assertThat(loops.get(1).runOnce(1)).isEqualTo(1);
        assertThat(events).containsExactly("first");
        loops.get(0).runOnce(1);
        assertThat(events).containsExactly("first", "second");
        assertThat(loops.get(0).runOnce(2)).isZero();
    }

    @Test
    void shouldRefuseMoreThanMayWait() {
        final SharedTasks tasks = shared(1, 2);
        tasks.execute(() -> events.add("a"));
        tasks.execute(() -> events.add("b"));
        assertThatThrownBy(() -> tasks.execute(() -> events.add("c"))).isInstanceOf(RejectedExecutionException.class)
                .hasMessage("waiting tasks=2 >= capacity=2");
    }

    @Test
    void shouldRunWhatWasAcceptedWhenTheLastLoopCloses() {
        final SharedTasks tasks = shared(2, 8);
        tasks.execute(() -> {
            throw new IllegalStateException("broken");
        });
        tasks.execute(() -> events.add("accepted"));
        loops.get(0).close();
        assertThat(events).isEmpty();
        loops.get(1).close();
        assertThat(events).hasSize(2).endsWith("accepted");
        assertThat(loops.get(1).counters().get(LoopCounter.TASK_ERRORS)).isEqualTo(1);
        assertThatThrownBy(() -> tasks.execute(() -> {
        })).isInstanceOf(RejectedExecutionException.class).hasMessage("all loops are closed");
    }

    @Test
    void shouldRunWhatWasAcceptedAlsoBehindAnError() {
        final SharedTasks tasks = shared(1, 8);
        tasks.execute(new Failing(new StackOverflowError("too deep")));
        tasks.execute(new Failing(new IllegalStateException("broken")));
        tasks.execute(() -> events.add("accepted"));
        loops.getFirst().close();
        assertThat(events).containsExactly("Failing: too deep", "Failing: broken", "accepted");
        assertThat(loops.getFirst().counters().get(LoopCounter.TASK_ERRORS)).isEqualTo(2);
    }

    @Test
    void shouldTellOfATaskThatThrowsAsTheLoopDoesOfItsOwn() {
        final SharedTasks tasks = shared(1, 8);
        tasks.execute(new Failing(new StackOverflowError("too deep")));
        tasks.execute(() -> events.add("next"));
        loops.getFirst().runOnce(1);
        loops.getFirst().runOnce(2);
        assertThat(events).containsExactly("Failing: too deep", "next");
        assertThat(loops.getFirst().counters().get(LoopCounter.TASK_ERRORS)).isEqualTo(1);
        assertThat(loops.getFirst().counters().get(LoopCounter.POLLER_ERRORS)).isZero();
        assertThat(loops.getFirst().counters().get(LoopCounter.TASKS)).isEqualTo(2);
    }

    @Test
    void shouldBeNamedByTheWatchdogAndStoodInForIfATaskBlocks() {
        final ManualClock clock = new ManualClock(0);
        final LoopWatchdog watchdog = new LoopWatchdog("watchdog", new WatchdogConfig(50_000_000, 5_000_000), clock);
        final RunLoop loop = RunLoop.builder("loop").activity(new LoopActivity(true)).errorHandler((name, source,
                thrown, suppressed) -> events.add(source.getClass().getSimpleName() + ": " + thrown.getMessage()))
                .build();
        loops.add(loop);
        final SharedTasks tasks = new SharedTasks(loops, Priority.APPLICATION, 8, 0);
        final List<String> stood = new ArrayList<>();
        watchdog.watch(loop, new StandIn() {

            @Override
            public void begin(final long nowNs) {
                stood.add("begin");
            }

            @Override
            public int poll(final long nowNs, final BiConsumer<Poller, Throwable> failed) {
                return 0;
            }

            @Override
            public void end() {
                stood.add("end");
            }
        });
        tasks.execute(new Blocking(() -> {
            for (int i = 0; i < 60; i++) {
                clock.advance(1_000_000);
                watchdog.look(clock.nowNs());
            }
        }));
        loop.runOnce(1);
        assertThat(events).containsExactly("Blocking: loop loop has been in " + Blocking.class.getName()
                + " for 50 ms; its connections are acknowledged meanwhile");
        assertThat(stood).containsExactly("begin", "end");
    }

    private record Blocking(Runnable meanwhile) implements Runnable {

        @Override
        public void run() {
            meanwhile.run();
        }
    }

    /** What is long for a packet is not for a handshake. */
    @Test
    void shouldBeHeldToABudgetOfItsOwnAndNamed() {
        final ManualClock clock = new ManualClock(0);
        loops.add(RunLoop.builder("loop").clock(clock).taskBudgetNs(1_000).pollBudgetNs(1_000).overrunHandler((name,
                source, tookNs, budgetNs, suppressed) -> events.add(source + " " + tookNs + " > " + budgetNs)).build());
        final SharedTasks tasks = new SharedTasks(loops, Priority.APPLICATION, 8, 5_000);
        tasks.execute(new Taking("patient", clock, 4_000));
        tasks.execute(new Taking("slow", clock, 6_000));
        loops.getFirst().execute(new Taking("the loop's", clock, 1_500));
        for (int i = 0; i < 2; i++) {
            loops.getFirst().runOnce();
        }
        assertThat(events).containsExactly("the loop's 1500 > 1000", "slow 6000 > 5000");
        assertThat(loops.getFirst().counters().get(LoopCounter.TASK_OVERRUNS)).isEqualTo(2);
        assertThat(loops.getFirst().counters().get(LoopCounter.POLL_OVERRUNS)).isZero();
    }

    private record Taking(String name, ManualClock clock, long timeNs) implements Runnable {

        @Override
        public void run() {
            clock.advance(timeNs);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Failing(Throwable thrown) implements Runnable {

        @Override
        public void run() {
            SharedTasksTest.<RuntimeException>sneak(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(final Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void shouldBeDoneByAnIdleLoopWhileTheOneThatHandedItOverIsBusy() throws InterruptedException {
        final SharedTasks tasks = shared(2, 8);
        loops.forEach(RunLoop::start);
        final CountDownLatch done = new CountDownLatch(1);
        final CountDownLatch busyOver = new CountDownLatch(1);
        loops.get(0).execute(() -> {
            tasks.execute(done::countDown);
            try {
                // For as long as nobody else does it.
                done.await();
            } catch (final InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            busyOver.countDown();
        });
        busyOver.await();
        assertThat(done.getCount()).isZero();
    }

    /** A wake-up that is lost hangs it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldWakeALoopForEachTask(final int count) throws InterruptedException {
        final SplittableRandom random = new SplittableRandom(count);
        final SharedTasks tasks = shared(count, 16);
        loops.forEach(RunLoop::start);
        for (int round = 0; round < 500; round++) {
            final int burst = random.nextInt(1, 8);
            final CountDownLatch done = new CountDownLatch(burst);
            for (int i = 0; i < burst; i++) {
                tasks.execute(done::countDown);
            }
            done.await();
        }
    }
}
