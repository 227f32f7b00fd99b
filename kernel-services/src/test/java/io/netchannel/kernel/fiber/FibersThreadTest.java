package io.netchannel.kernel.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.RunLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fibers of a loop with a thread, and other threads. A wake-up that is lost hangs a test; the time limit only ends it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FibersThreadTest {

    private static final int WAKES = 10_000;

    private final RunLoop loop = RunLoop.builder("test-loop").idle(IdleStrategy.PARK_AT_ONCE).daemon(true).build();
    private final Fibers fibers = Fibers.on(loop);

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void shouldWakeForEveryHandOverFromAnotherThread() {
        final LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        final AtomicLong taken = new AtomicLong();
        fibers.start(() -> {
            try {
                for (int i = 0; i < WAKES; i++) {
                    taken.addAndGet(queue.take());
                }
            } catch (final InterruptedException e) {
                taken.set(-1);
            }
        });
        for (int i = 1; i <= WAKES; i++) {
            queue.add(1);
            while (taken.get() < i) {
                Thread.onSpinWait();
            }
            // Lets the loop get a little further each time, so that the next meets it anywhere on its way to sleep.
            for (int linger = i % 256; linger > 0; linger--) {
                Thread.onSpinWait();
            }
        }
        assertThat(taken).hasValue(WAKES);
    }

    @Test
    void shouldComeBackToTheLoopFromTheJdksTimers() throws InterruptedException {
        final boolean[] inLoop = new boolean[2];
        fibers.start(() -> {
            inLoop[0] = loop.inLoop();
            try {
                // What is tested: the fiber parks, and the JDK's timer thread hands it back.
                Thread.sleep(1);
            } catch (final InterruptedException e) {
                return;
            }
            inLoop[1] = loop.inLoop();
        }).join();
        assertThat(inLoop).containsExactly(true, true);
    }

    /** Class initialization pins: the carrier is blocked, and with it the loop; but only for as long. */
    private static final class Initialized {

        private static final boolean SLEPT = sleep();

        private static boolean sleep() {
            try {
                // A wait that ends by itself while the carrier is pinned; nothing else could end it.
                Thread.sleep(1);
                return true;
            } catch (final InterruptedException e) {
                return false;
            }
        }
    }

    @Test
    void shouldGoOnBehindAPinnedWait() {
        assertThat(CompletableFuture.supplyAsync(() -> Initialized.SLEPT, fibers).join()).isTrue();
        assertThat(CompletableFuture.supplyAsync(loop::inLoop, fibers).join()).isTrue();
    }

    @Test
    void shouldShareMonitorsAndLocksWithOtherThreads() throws InterruptedException {
        final Object monitor = new Object();
        final ReentrantLock lock = new ReentrantLock();
        final int[] count = {0};
        final Runnable counting = () -> {
            for (int i = 0; i < 2_000; i++) {
                synchronized (monitor) {
                    lock.lock();
                    try {
                        count[0]++;
                        if (i % 100 == 0) {
                            Thread.yield();
                        }
                    } finally {
                        lock.unlock();
                    }
                }
            }
        };
        final Thread platform = Thread.ofPlatform().start(counting);
        final Thread first = fibers.start(counting);
        final Thread second = fibers.start(counting);
        platform.join();
        first.join();
        second.join();
        assertThat(count[0]).isEqualTo(6_000);
    }

    @Test
    void shouldServeAsAnExecutorService() throws Exception {
        try (ExecutorService service = Executors.newThreadPerTaskExecutor(fibers)) {
            assertThat(service.submit(() -> loop.inLoop()).get()).isTrue();
        }
    }

    @Test
    void shouldEndBlockedFibersWhenAnotherThreadClosesTheLoop() {
        final CountDownLatch blocked = new CountDownLatch(2);
        final AtomicLong interrupted = new AtomicLong();
        for (int i = 0; i < 2; i++) {
            fibers.start(() -> {
                blocked.countDown();
                try {
                    TimeUnit.DAYS.sleep(1);
                } catch (final InterruptedException e) {
                    interrupted.incrementAndGet();
                }
            });
        }
        while (blocked.getCount() > 0) {
            Thread.onSpinWait();
        }
        loop.close();
        assertThat(interrupted).hasValue(2);
        assertThat(fibers.running()).isZero();
    }

    @Test
    void shouldCloseTheLoopFromAFiber() throws InterruptedException {
        final CompletableFuture<String> closed = new CompletableFuture<>();
        fibers.start(() -> {
            loop.close();
            closed.complete("closed");
        });
        assertThat(closed.join()).isEqualTo("closed");
        loop.close();
        assertThat(fibers.running()).isZero();
    }
}
