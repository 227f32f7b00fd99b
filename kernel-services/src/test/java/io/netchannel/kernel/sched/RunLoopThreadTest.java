package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.memory.Region;
import java.io.File;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop with its thread. A wake-up that is lost hangs a test; the time limit only ends it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunLoopThreadTest {

    private static final int WAKES = 10_000;
    /** Bounds the queue of a loop that gets no CPU while its producers do. */
    private static final int MAX_ACCEPTED = 20_000;

    // Never closed: a thread of a test that hung would take the JVM with it, and the report.
    private final Region region = Region.create("run-loop-test", 1 << 16);
    private final OrderedMemory memory = region.memory();
    private final RunLoop loop = RunLoop.builder("test-loop").idle(IdleStrategy.PARK_AT_ONCE).daemon(true).build();

    @AfterEach
    void close() {
        loop.close();
    }

    private long count(final LoopCounter counter) {
        return loop.counters().get(counter);
    }

    private void awaitSleep() {
        while (count(LoopCounter.PARKS) <= count(LoopCounter.WAKES_BY_BELL) + count(LoopCounter.WAKES_BY_DESCRIPTOR)
                + count(LoopCounter.WAKES_BY_DEADLINE) + count(LoopCounter.WAKES_BY_SIGNAL)) {
            Thread.onSpinWait();
        }
    }

    /** Lets the loop get a little further each time, so that the next work meets it anywhere on its way to sleep. */
    private static void awaitAndLinger(final AtomicLong counter, final long value) {
        while (counter.get() < value) {
            Thread.onSpinWait();
        }
        for (long i = value % 256; i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    private void call(final Runnable task) {
        CompletableFuture.runAsync(task, loop).join();
    }

    @Test
    void shouldRunTasksOnItsNamedThread() {
        loop.start();
        call(() -> {
            assertThat(Thread.currentThread().getName()).isEqualTo("test-loop");
            assertThat(loop.inLoop()).isTrue();
        });
        assertThat(loop.inLoop()).isFalse();
        assertThatThrownBy(() -> loop.runOnce(1)).hasMessage("loop test-loop has a thread of its own");
        assertThatThrownBy(loop::start).hasMessage("loop test-loop was started");
    }

    @Test
    void shouldNotTakeTheThreadThatDroveItForItsOwn() {
        loop.runOnce(1);
        assertThat(loop.inLoop()).isTrue();
        loop.start();
        assertThat(loop.inLoop()).isFalse();
    }

    @Test
    void shouldWakeForEveryTask() {
        loop.start();
        final AtomicLong ran = new AtomicLong();
        for (int i = 1; i <= WAKES; i++) {
            loop.execute(ran::incrementAndGet);
            awaitAndLinger(ran, i);
        }
        loop.close();
        assertThat(count(LoopCounter.TASKS)).as("the closing one too").isEqualTo(WAKES + 1);
        assertThat(count(LoopCounter.PARKS)).isPositive();
        assertThat(count(LoopCounter.WAKES_BY_BELL)).isPositive();
    }

    @Test
    void shouldWakeForAProducerThatSignals() {
        final long published = region.allocate(8, 128);
        final AtomicLong seen = new AtomicLong();
        loop.add(new Poller() {
            private long last;

            @Override
            public int poll(final long nowNs) {
                final long value = memory.getLongAcquire(published);
                if (value == last) {
                    return 0;
                }
                last = value;
                seen.set(value);
                return 1;
            }

            @Override
            public boolean arm() {
                return memory.getLongAcquire(published) == last;
            }
        });
        loop.start();
        for (int i = 1; i <= WAKES; i++) {
            memory.putLongRelease(published, i);
            loop.wakeWord().signal();
            awaitAndLinger(seen, i);
        }
        loop.close();
        assertThat(count(LoopCounter.WORK)).as("the closing task too").isEqualTo(WAKES + 1);
    }

    @Test
    void shouldWakeForADescriptor() {
        try (EventFdDoorbell device = new EventFdDoorbell()) {
            final AtomicLong rings = new AtomicLong();
            loop.add(new Poller() {
                @Override
                public int poll(final long nowNs) {
                    final long drained = device.drain();
                    rings.addAndGet(drained);
                    return (int) drained;
                }

                @Override
                public int wakeFd() {
                    return device.fd();
                }
            });
            loop.start();
            for (int i = 1; i <= 2_000; i++) {
                device.ring();
                while (rings.get() < i) {
                    Thread.onSpinWait();
                }
            }
            assertThat(count(LoopCounter.WAKES_BY_DESCRIPTOR)).isPositive();
            loop.close();
        }
    }

    @Test
    void shouldWakeForADeadline() {
        final TimerWheel wheel = new TimerWheel(loop.clock().nowNs());
        loop.add(wheel);
        loop.start();
        final CompletableFuture<Long> latenessNs = new CompletableFuture<>();
        awaitSleep();
        loop.execute(() -> {
            final long deadlineNs = loop.clock().nowNs() + 3_000_000;
            wheel.schedule(new Timer() {
                @Override
                protected void expire(final long nowNs) {
                    latenessNs.complete(nowNs - deadlineNs);
                }
            }, deadlineNs);
        });
        assertThat(latenessNs.join()).isNotNegative();
        assertThat(count(LoopCounter.WAKES_BY_DEADLINE)).isPositive();
    }

    @Test
    void shouldNotSleepWhileAPollerSeesWork() {
        final AtomicLong armed = new AtomicLong();
        final AtomicLong disarmed = new AtomicLong();
        final AtomicLong refusals = new AtomicLong(100);
        loop.add(new Poller() {
            @Override
            public int poll(final long nowNs) {
                return 0;
            }

            @Override
            public boolean arm() {
                armed.incrementAndGet();
                return refusals.get() == 0;
            }

            @Override
            public void disarm() {
                disarmed.incrementAndGet();
                refusals.updateAndGet(left -> Math.max(0, left - 1));
            }
        });
        loop.start();
        awaitSleep();
        loop.close();
        assertThat(count(LoopCounter.PARKS_REFUSED)).isGreaterThanOrEqualTo(99);
        assertThat(armed.get()).isEqualTo(disarmed.get());
    }

    @Test
    void shouldOutliveAPollerThatThrowsWhereverItCan() {
        final AtomicLong errors = new AtomicLong();
        final RunLoop robust = RunLoop.builder("robust").daemon(true).idle(IdleStrategy.PARK_AT_ONCE)
                .errorHandler((name, source, thrown, suppressed) -> errors.incrementAndGet()).build();
        final AtomicLong polls = new AtomicLong();
        robust.add(new Poller() {
            @Override
            public int poll(final long nowNs) {
                return fail();
            }

            @Override
            public boolean arm() {
                return polls.get() % 2 == 0 || fail() == 0;
            }

            @Override
            public void disarm() {
                fail();
            }

            @Override
            public long nextDeadlineNs() {
                return fail();
            }

            private int fail() {
                polls.incrementAndGet();
                throw new IllegalStateException("always");
            }
        });
        robust.start();
        while (polls.get() < 1000) {
            Thread.onSpinWait();
        }
        CompletableFuture.runAsync(() -> {
        }, robust).join();
        robust.close();
        assertThat(errors.get()).isBetween(1L, 100L);
        assertThat(robust.counters().get(LoopCounter.POLLER_ERRORS)).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void shouldAddAndRemovePollersWhileItRuns() {
        loop.start();
        final CountDownLatch polled = new CountDownLatch(3);
        final Poller poller = nowNs -> {
            polled.countDown();
            return 1;
        };
        loop.add(poller);
        while (polled.getCount() > 0) {
            Thread.onSpinWait();
        }
        loop.remove(poller);
        call(() -> {
        });
        awaitSleep();
    }

    @Test
    void shouldPassATokenAroundMoreLoopsThanCpus() {
        final int loops = 2 * Runtime.getRuntime().availableProcessors();
        final RunLoop[] ring = new RunLoop[loops];
        for (int i = 0; i < loops; i++) {
            ring[i] = RunLoop.builder("ring-" + i).daemon(true).build().start();
        }
        final CompletableFuture<Integer> done = new CompletableFuture<>();
        pass(ring, 0, 500 * loops, done);
        assertThat(done.join()).isEqualTo(500 * loops);
        for (final RunLoop member : ring) {
            member.close();
        }
    }

    private static void pass(final RunLoop[] ring, final int hops, final int last,
            final CompletableFuture<Integer> done) {
        if (hops == last) {
            done.complete(hops);
        } else {
            ring[hops % ring.length].execute(() -> pass(ring, hops + 1, last, done));
        }
    }

    @Test
    void shouldRunEveryTaskThatItAccepted() throws Exception {
        for (int round = 0; round < 20; round++) {
            final RunLoop closing = RunLoop.builder("closing").daemon(true).build().start();
            final AtomicLong accepted = new AtomicLong();
            final AtomicLong ran = new AtomicLong();
            final Thread[] producers = new Thread[3];
            for (int i = 0; i < producers.length; i++) {
                producers[i] = Thread.ofPlatform().start(() -> {
                    try {
                        for (int n = 0; n < MAX_ACCEPTED; n++) {
                            closing.execute(ran::incrementAndGet);
                            accepted.incrementAndGet();
                        }
                    } catch (final RejectedExecutionException closed) {
                        // The end.
                    }
                });
            }
            while (ran.get() < 20) {
                Thread.onSpinWait();
            }
            closing.close();
            for (final Thread producer : producers) {
                producer.join();
            }
            assertThat(ran.get()).as("round %d", round).isEqualTo(accepted.get());
        }
    }

    @Test
    void shouldCloseOnceForManyClosers() throws Exception {
        final AtomicLong closed = new AtomicLong();
        final Thread[] onThread = new Thread[1];
        loop.onClose(() -> {
            closed.incrementAndGet();
            onThread[0] = Thread.currentThread();
        });
        loop.start();
        awaitSleep();
        final Thread[] closers = new Thread[4];
        for (int i = 0; i < closers.length; i++) {
            closers[i] = Thread.ofPlatform().start(() -> {
                loop.close();
                assertThat(closed).hasValue(1);
            });
        }
        for (final Thread closer : closers) {
            closer.join();
        }
        assertThat(closed).hasValue(1);
        assertThat(onThread[0].getName()).isEqualTo("test-loop");
        assertThat(onThread[0].isAlive()).isFalse();
    }

    @Test
    void shouldCloseFromItsOwnThread() {
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.onClose(() -> closed.complete(null));
        loop.start();
        loop.execute(loop::close);
        closed.join();
        loop.close();
        assertThatThrownBy(() -> loop.execute(() -> {
        })).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void shouldFinishClosingWhenInterruptedAndKeepTheInterrupt() {
        final AtomicLong closed = new AtomicLong();
        loop.onClose(closed::incrementAndGet);
        loop.start();
        Thread.currentThread().interrupt();
        loop.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).hasValue(1);
    }

    @Test
    void shouldSleepOnWhenItsThreadIsInterrupted() {
        loop.start();
        final Thread[] thread = new Thread[1];
        call(() -> thread[0] = Thread.currentThread());
        thread[0].interrupt();
        final CountDownLatch ran = new CountDownLatch(1);
        loop.execute(ran::countDown);
        while (ran.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldRunOnTheCpuItIsToldTo() {
        final int cpu = Linux.affinity().length() - 1;
        final RunLoop pinned = RunLoop.builder("pinned").daemon(true).cpu(cpu).build().start();
        final BitSet cpus = CompletableFuture.supplyAsync(Linux::affinity, pinned).join();
        pinned.close();
        assertThat(cpus.stream().toArray()).containsExactly(cpu);
    }

    @Test
    void shouldMeasureWakeUpsSleepsAndSwitchesWhileItRuns() {
        assertThat(loop.switches()).isEqualTo(LoopSwitches.NONE);
        loop.start();
        for (int i = 1; i <= 20; i++) {
            awaitSleep();
            call(() -> {
            });
        }
        awaitSleep();
        assertThat(loop.times().get(LoopTime.WAKE_UP).count()).isEqualTo(count(LoopCounter.WAKES_BY_BELL)).isBetween(
                20L,
                count(LoopCounter.PARKS));
        assertThat(loop.times().get(LoopTime.WAKE_UP).percentileNs(0)).isPositive();
        assertThat(loop.times().get(LoopTime.PARK).count()).isBetween(20L, count(LoopCounter.PARKS));
        assertThat(loop.times().get(LoopTime.BUSY_TURN).count()).isEqualTo(count(LoopCounter.WORK_TURNS));
        assertThat(loop.times().get(LoopTime.RUN_QUEUE_DELAY).count()).isPositive();
        assertThat(loop.switches().voluntary()).isGreaterThanOrEqualTo(20);
        loop.close();
        assertThat(loop.switches()).as("the loop has ended").isEqualTo(LoopSwitches.NONE);
    }

    @Test
    void shouldSayThatItsCpuIsNotThere() {
        final RunLoop nowhere = RunLoop.builder("nowhere").cpu(8000).build();
        final AtomicLong closed = new AtomicLong();
        nowhere.onClose(closed::incrementAndGet);
        assertThatThrownBy(nowhere::start).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "cpus=8000 are not this process's to use; allowed are " + Cpus.format(Cpus.read().allowed()));
        assertThat(closed).hasValue(1);
        assertThatThrownBy(() -> nowhere.execute(() -> {
        })).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void shouldNotSpinOnADescriptorInError() {
        final AtomicLong polls = new AtomicLong();
        loop.add(new Poller() {
            @Override
            public int poll(final long nowNs) {
                polls.incrementAndGet();
                return 0;
            }

            @Override
            public int wakeFd() {
                return 1_000_000;
            }
        });
        loop.start();
        while (count(LoopCounter.DESCRIPTOR_ERRORS) < 3) {
            Thread.onSpinWait();
        }
        loop.close();
        // Each error is followed by a sleep to the end of the descriptor's exclusion; without it, by a turn at once.
        assertThat(count(LoopCounter.WAKES_BY_DEADLINE)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void shouldNotLeakDescriptors() {
        final File fds = new File("/proc/self/fd");
        final int before = fds.list().length;
        for (int i = 0; i < 100; i++) {
            final RunLoop brief = RunLoop.builder("brief").daemon(true).build();
            if (i % 2 == 0) {
                brief.start();
            }
            brief.close();
        }
        assertThat(fds.list().length).isLessThan(before + 50);
    }
}
