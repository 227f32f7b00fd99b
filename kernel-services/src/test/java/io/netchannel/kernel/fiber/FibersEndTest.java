package io.netchannel.kernel.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.sched.TimerWheel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the fibers of a loop without a thread end, turn by turn. */
@Timeout(60)
final class FibersEndTest {

    private final List<String> events = new ArrayList<>();
    private final List<Throwable> reports = new ArrayList<>();
    private final RunLoop loop = RunLoop.builder("test").errorHandler((name, source, thrown, suppressed) -> reports.add(
            thrown)).build();
    private final Fibers fibers = Fibers.on(loop);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void shouldInterruptWhatIsBlockedWhenTheLoopClosesAndTurnUntilItHasEnded() {
        fibers.start(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (final InterruptedException e) {
                for (int i = 0; i < 100; i++) {
                    Thread.yield();
                }
                events.add("cleaned up");
            }
        });
        loop.runOnce(1);
        final Thread late = fibers.start("late", () -> events.add("late interrupted=" + Thread.currentThread()
                .isInterrupted()));
        fibers.start(() -> assertThatThrownBy(() -> fibers.execute(() -> events.add("too late"))).isInstanceOf(
                RejectedExecutionException.class).hasMessage("fibers of loop test are closed"));
        loop.close();
        assertThat(events).containsExactlyInAnyOrder("late interrupted=true", "cleaned up");
        assertThat(late.isAlive()).isFalse();
        assertThat(fibers.running()).isZero();
        assertThat(reports).isEmpty();
        assertThatThrownBy(() -> fibers.start(() -> {
        })).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void shouldLeaveBehindByNameWhatIgnoresTheClose() {
        final Fibers impatient = new Fibers(loop, loop::add, VirtualThreads::scheduledBy, 0);
        final ReentrantLock lock = new ReentrantLock();
        lock.lock();
        impatient.start("stubborn", lock::lock);
        loop.runOnce(1);
        impatient.close();
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst()).hasMessage("after 0 ms these go on, and are left behind: stubborn");
        loop.close();
        // Must not fail for a fiber that nobody carries any more.
        lock.unlock();
    }

    @Test
    void shouldTellOfThoseLeftBehindOnceAndNotWaitForThemAgain() {
        final Fibers impatient = new Fibers(loop, loop::add, VirtualThreads::scheduledBy, 0);
        final int[] turns = {0};
        loop.add(nowNs -> turns[0]++);
        impatient.start("stubborn", () -> {
            while (true) {
                LockSupport.park();
                Thread.interrupted();
            }
        });
        loop.runOnce(1);
        impatient.close();
        assertThat(reports).hasSize(1);
        final int turnsOfTheFirst = turns[0];
        impatient.close();
        loop.close();
        assertThat(reports).hasSize(1);
        assertThat(turns[0]).isEqualTo(turnsOfTheFirst);
    }

    /** Two threads in one loop would break it. */
    @Test
    void shouldLeaveTheTurnsToTheThreadThatDrivesTheLoopWhenAnotherCloses() {
        final Set<Thread> loops = ConcurrentHashMap.newKeySet();
        loop.add(nowNs -> {
            loops.add(Thread.currentThread());
            return 0;
        });
        fibers.start(() -> new InterruptedBy(loops).await());
        loop.runOnce(1);
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            fibers.close();
            closed.complete(fibers.running());
        });
        while (!closed.isDone()) {
            loop.runOnce(1);
        }
        assertThat(closed).isCompletedWithValue(0);
        assertThat(loops).containsExactly(Thread.currentThread());
    }

    /** Waits until it is interrupted, and notes who did that. */
    private static final class InterruptedBy extends AbstractInterruptibleChannel {

        private final Set<Thread> threads;

        private InterruptedBy(final Set<Thread> threads) {
            this.threads = threads;
        }

        void await() {
            begin();
            while (isOpen()) {
                LockSupport.park();
            }
        }

        @Override
        protected void implCloseChannel() {
            threads.add(Thread.currentThread());
        }
    }

    @Test
    void shouldPassVirtualTimeForFibersThatSleepBeforeTheyEnd() {
        final TimerWheel timers = new TimerWheel(0);
        loop.add(timers);
        final int[] clean = {0};
        for (int i = 1; i <= 3; i++) {
            startSleepingCleanUp(timers, i * 300_000_000L, clean);
        }
        loop.runOnce(1);
        loop.close();
        assertThat(clean[0]).isEqualTo(3);
        assertThat(reports).isEmpty();
    }

    @Test
    void shouldLeaveBehindWhatSleepsBeyondTheTimeInVirtualTime() {
        final TimerWheel timers = new TimerWheel(0);
        final Fibers brief = new Fibers(loop, loop::add, VirtualThreads::scheduledBy, 10_000_000);
        loop.add(timers);
        final List<Long> times = new ArrayList<>();
        loop.add(nowNs -> {
            times.add(nowNs);
            return 0;
        });
        brief.start("sleeper", () -> sleepUninterruptibly(brief, timers, 11_000_000));
        loop.runOnce(1);
        brief.close();
        assertThat(reports.getFirst()).hasMessage("after 10 ms these go on, and are left behind: sleeper");
        assertThat(times).allMatch(timeNs -> timeNs <= 10_000_001);
    }

    @Test
    void shouldPassTheClocksTimeWhereTheLoopIsDrivenByIt() {
        final TimerWheel timers = new TimerWheel(loop.clock().nowNs());
        loop.add(timers);
        final int[] clean = {0};
        startSleepingCleanUp(timers, loop.clock().nowNs() + 1_000_000, clean);
        loop.runOnce();
        loop.close();
        assertThat(clean[0]).isEqualTo(1);
        assertThat(reports).isEmpty();
    }

    private void startSleepingCleanUp(final TimerWheel timers, final long untilNs, final int[] clean) {
        fibers.start(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (final InterruptedException e) {
                sleepUninterruptibly(fibers, timers, untilNs);
                clean[0]++;
            }
        });
    }

    private static void sleepUninterruptibly(final Fibers fibers, final TimerWheel timers, final long untilNs) {
        while (true) {
            try {
                fibers.sleepUntil(timers, untilNs);
                return;
            } catch (final InterruptedException e) {
                // Again.
            }
        }
    }

    @Test
    void shouldEndWithALoopThatAVirtualThreadDrives() throws InterruptedException {
        final RunLoop driven = RunLoop.builder("driven").build();
        final Thread driver = Thread.ofVirtual().start(() -> {
            Fibers.on(driven);
            driven.runOnce(1);
            driven.close();
        });
        // Only a failure waits.
        assertThat(driver.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void shouldCloseFromAFiberWithoutWaitingForIt() {
        fibers.start("other", () -> LockSupport.park());
        fibers.start("closer", () -> {
            fibers.close();
            events.add("closed, running=" + fibers.running());
        });
        while (fibers.running() > 0) {
            loop.runOnce(1);
        }
        assertThat(events).containsExactly("closed, running=1");
        assertThat(reports).isEmpty();
    }
}
