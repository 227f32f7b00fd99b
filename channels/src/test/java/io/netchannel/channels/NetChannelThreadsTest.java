package io.netchannel.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.WakeWord;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two real threads. Nothing here is sent twice, and nobody wakes up by himself: what is lost hangs, and fails the test.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NetChannelThreadsTest {

    private final TestMemory own = new TestMemory();
    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void free() {
        threads.shutdownNow();
        own.close();
    }

    /** One direction of a ping-pong: a channel, its consumer's wake word and what the consumer parks on. */
    private final class Lane {
        private final long address = own.allocate(NetChannel.sizeBytes(2));
        private final Semaphore bell = new Semaphore(0);
        private final WakeWord wake = new WakeWord(memory, own.allocate(WakeWord.SIZE_BYTES), bell::release);
        private final NetChannelProducer producer = new NetChannelProducer(memory, address, 2, wake);
        private final NetChannelConsumer consumer = new NetChannelConsumer(memory, address, 2);

        private void send(final long value) {
            assertThat(producer.offer(value)).isTrue();
            producer.flush();
        }

        private long receive(final int spins) throws InterruptedException {
            for (int i = 0; i <= spins; i++) {
                final long value = consumer.poll();
                if (value >= 0) {
                    return value;
                }
            }
            while (true) {
                wake.arm();
                if (consumer.isEmpty()) {
                    bell.acquire();
                }
                wake.disarm();
                final long value = consumer.poll();
                if (value >= 0) {
                    return value;
                }
            }
        }
    }

    @Test
    void shouldLoseNoWakeUp() throws Exception {
        final int rounds = 30_000;
        final Lane ping = new Lane();
        final Lane pong = new Lane();
        final CompletionService<Long> sides = new ExecutorCompletionService<>(threads);
        sides.submit(() -> {
            long sum = 0;
            for (int i = 0; i < rounds; i++) {
                // Different numbers of spins, so that the send falls before, into and behind the arming.
                final long value = ping.receive(i % 64);
                sum += value;
                pong.send(value);
            }
            return sum;
        });
        sides.submit(() -> {
            long sum = 0;
            for (int i = 0; i < rounds; i++) {
                ping.send(i);
                sum += pong.receive(i * 7 % 64);
            }
            return sum;
        });
        final long expected = (long) rounds * (rounds - 1) / 2;
        assertThat(sides.take().get()).isEqualTo(expected);
        assertThat(sides.take().get()).isEqualTo(expected);
        final NetChannelProducer sender = ping.producer;
        assertThat(sender.wakeUps() + sender.suppressedWakeUps()).isEqualTo(rounds);
    }

    /**
     * Both sides meet, and go at once: one publishes and looks at the wake word, the other arms it and looks once more.
     */
    @Test
    void shouldLetAtLeastOneSideSeeTheOther() throws Exception {
        final int rounds = 200_000;
        final Lane lane = new Lane();
        final AtomicInteger sent = new AtomicInteger();
        final AtomicInteger armed = new AtomicInteger();
        final CompletionService<Boolean> sides = new ExecutorCompletionService<>(threads);
        sides.submit(() -> {
            for (int i = 0; i < rounds; i++) {
                lane.producer.offer(i);
                meet(sent, armed, 2 * i + 1, i % 5);
                lane.producer.flush();
                meet(sent, armed, 2 * i + 2, 0);
            }
            return true;
        });
        sides.submit(() -> {
            for (int i = 0; i < rounds; i++) {
                meet(armed, sent, 2 * i + 1, i % 101);
                lane.wake.arm();
                final boolean sawNothing = lane.consumer.isEmpty();
                meet(armed, sent, 2 * i + 2, 0);
                final boolean woken = lane.bell.tryAcquire();
                if (sawNothing && !woken) {
                    throw new AssertionError("round " + i + ": it would have slept on work");
                }
                lane.wake.disarm();
                assertThat(lane.consumer.poll()).isEqualTo(i);
                lane.consumer.flush();
            }
            return true;
        });
        assertThat(sides.take().get()).isTrue();
        assertThat(sides.take().get()).isTrue();
    }

    private static void meet(final AtomicInteger mine, final AtomicInteger other, final int round, final int skew) {
        mine.set(round);
        for (int spins = 0; other.get() < round; spins++) {
            if (spins > 2_000) {
                // The other one may be waiting for this very core.
                Thread.yield();
            }
        }
        for (int i = 0; i < skew; i++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldDeliverAllInOrderThroughAFullRing() throws Exception {
        final int capacity = 8;
        final long total = 1_000_000;
        final long address = own.allocate(NetChannel.sizeBytes(capacity));
        final Future<Long> produced = threads.submit(produce(address, capacity, total));
        final NetChannelConsumer consumer = new NetChannelConsumer(memory, address, capacity);
        final long[] into = new long[5];
        long expected = 0;
        while (!consumer.isFinished()) {
            final int count = consumer.drain(into, 1 + (int) (expected % into.length));
            for (int i = 0; i < count; i++) {
                if (into[i] != expected++) {
                    throw new AssertionError("got " + into[i] + " instead of " + (expected - 1));
                }
            }
            if (count == 0) {
                Thread.yield();
            }
        }
        assertThat(expected).isEqualTo(total);
        assertThat(produced.get()).isEqualTo(total);
    }

    private Callable<Long> produce(final long address, final int capacity, final long total) {
        return () -> {
            final NetChannelProducer producer = new NetChannelProducer(memory, address, capacity, null);
            for (long next = 0; next < total;) {
                if (producer.offer(next)) {
                    next++;
                    if (next % 3 == 0) {
                        producer.flush();
                    }
                } else {
                    producer.flush();
                    Thread.yield();
                }
            }
            producer.close();
            return producer.offers();
        };
    }

    @Test
    void shouldLeaveNothingInTheRingWhenTheConsumerClosesAtAnyTime() throws Exception {
        for (int round = 0; round < 1_500; round++) {
            final int capacity = 4;
            try (TestMemory ring = new TestMemory()) {
                final long address = ring.allocate(NetChannel.sizeBytes(capacity));
                final Future<Long> accepted = threads.submit(() -> {
                    final NetChannelProducer producer = new NetChannelProducer(memory, address, capacity, null);
                    while (!producer.isClosed()) {
                        if (!producer.offer(1)) {
                            Thread.yield();
                        }
                        producer.flush();
                    }
                    return producer.offers();
                });
                final NetChannelConsumer consumer = new NetChannelConsumer(memory, address, capacity);
                long taken = 0;
                while (taken < round % 7) {
                    taken += consumer.poll() >= 0 ? 1 : 0;
                }
                consumer.close();
                while (!consumer.isFinished()) {
                    if (consumer.poll() >= 0) {
                        taken++;
                    } else {
                        Thread.yield();
                    }
                }
                assertThat(taken).as("round " + round).isEqualTo(accepted.get());
            }
        }
    }
}
