package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.PollLayout;
import io.netchannel.kernel.memory.Region;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WakeWordTest {

    private static final int ROUNDS = 20_000;
    private static final int BATCH = 4096;
    private static final int BATCHES = 2000;

    // Never closed: a thread of a test that hung would take the JVM with it, and the report.
    private final Region region = Region.create("wake-word-test", 2 << 20);
    private final OrderedMemory memory = region.memory();
    private int rings;
    private final WakeWord word = new WakeWord(memory, region.allocate(WakeWord.SIZE_BYTES, 128), () -> rings++);

    @Test
    void shouldNotRingForAConsumerThatIsAwake() {
        assertThat(word.signal()).isFalse();
        assertThat(rings).isZero();
    }

    @Test
    void shouldRingOnceForAConsumerThatAskedForIt() {
        word.arm();
        assertThat(word.signal()).isTrue();
        assertThat(word.signal()).isFalse();
        assertThat(rings).isEqualTo(1);
        word.arm();
        assertThat(word.signal()).isTrue();
        assertThat(rings).isEqualTo(2);
    }

    @Test
    void shouldNotRingOnceDisarmed() {
        word.arm();
        assertThat(word.disarm()).as("nobody signalled").isFalse();
        assertThat(word.signal()).isFalse();
        assertThat(rings).isZero();
    }

    @Test
    void shouldTellTheConsumerThatItWasSignalled() {
        word.arm();
        word.signal();
        assertThat(word.disarm()).isTrue();
    }

    @Test
    void shouldRingOnlyOnceForManyProducers() throws Exception {
        final long count = region.allocate(8, 128);
        final WakeWord shared = new WakeWord(memory, region.allocate(WakeWord.SIZE_BYTES, 128),
                () -> memory.getAndAddLong(count, 1));
        final int rounds = 500;
        for (int round = 0; round < rounds; round++) {
            shared.arm();
            final Thread[] producers = new Thread[3];
            for (int i = 0; i < producers.length; i++) {
                producers[i] = Thread.ofPlatform().start(shared::signal);
            }
            for (final Thread producer : producers) {
                producer.join();
            }
        }
        assertThat(memory.getLong(count)).isEqualTo(rounds);
    }

    /**
     * Each side stores, then loads what the other stored (the store-buffering litmus test): that neither sees the other
     * is what the two fences forbid, and what both modelled CPUs do without them. To see it happen takes
     * two CPUs that are idle otherwise.
     */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldNeverHideAPublicationAndAnArmingFromEachOther() throws Exception {
        final Litmus litmus = new Litmus();
        final Thread producer = Thread.ofPlatform().daemon().start(() -> {
            for (int batch = 1; batch <= BATCHES; batch++) {
                litmus.meet(batch, litmus.producerReady, litmus.consumerReady, batch % 2);
                litmus.publishAndSignalAll(batch);
                memory.putLongRelease(litmus.producerDone, batch);
            }
        });
        int missed = 0;
        for (int batch = 1; batch <= BATCHES; batch++) {
            litmus.meet(batch, litmus.consumerReady, litmus.producerReady, 1 - batch % 2);
            litmus.armAndLookAtAll(batch);
            spinUntil(litmus.producerDone, batch);
            missed += litmus.countMissed();
        }
        producer.join();
        assertThat(missed).as("times that the consumer would have slept on work").isZero();
    }

    /** Many words at a time, since the two sides are at the same one for an instant only. */
    private final class Litmus {
        private final long producerReady = region.allocate(8, 128);
        private final long consumerReady = region.allocate(8, 128);
        private final long producerDone = region.allocate(8, 128);
        private final long published = region.allocate(BATCH * 128, 128);
        private final WakeWord[] words = new WakeWord[BATCH];
        private final boolean[] seen = new boolean[BATCH];
        private final boolean[] rung = new boolean[BATCH];

        Litmus() {
            for (int i = 0; i < BATCH; i++) {
                words[i] = new WakeWord(memory, region.allocate(WakeWord.SIZE_BYTES, 128), Doorbell.NONE);
            }
        }

        // The one that starts late may overtake the other; then they are at the same word for sure.
        void meet(final long batch, final long mine, final long others, final int late) {
            memory.putLongRelease(mine, batch);
            spinUntil(others, batch);
            for (long i = late * (batch % 256); i > 0; i--) {
                Thread.onSpinWait();
            }
        }

        void publishAndSignalAll(final long batch) {
            for (int i = 0; i < BATCH; i++) {
                memory.putLongRelease(published + i * 128L, batch);
                rung[i] = words[i].signal();
            }
        }

        void armAndLookAtAll(final long batch) {
            for (int i = 0; i < BATCH; i++) {
                words[i].arm();
                seen[i] = memory.getLongAcquire(published + i * 128L) == batch;
            }
        }

        int countMissed() {
            int missed = 0;
            for (int i = 0; i < BATCH; i++) {
                missed += seen[i] || rung[i] ? 0 : 1;
                words[i].disarm();
            }
            return missed;
        }
    }

    private void spinUntil(final long address, final long value) {
        for (int spins = 0; memory.getLongAcquire(address) < value; spins++) {
            if (spins > 1_000) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** One side of a ping-pong, which sleeps on an eventfd whenever the other's counter hasn't moved. */
    private final class Side implements AutoCloseable {
        private final EventFdDoorbell bell = new EventFdDoorbell();
        private final WakeWord wake = new WakeWord(memory, region.allocate(WakeWord.SIZE_BYTES, 128), bell);
        private final long published = region.allocate(8, 128);
        private final long pollfd = region.allocate(PollLayout.ENTRY_BYTES, 8);
        private long parks;

        Side() {
            memory.putInt(pollfd + PollLayout.FD_OFFSET, bell.fd());
            memory.putShort(pollfd + PollLayout.EVENTS_OFFSET, (short) PollLayout.POLLIN);
        }

        void publish(final long value, final Side other) {
            // Plain release order and no more: that it isn't lost rests on the word's fences alone.
            memory.putLongRelease(published, value);
            other.wake.signal();
        }

        void awaitFrom(final Side other, final long value) {
            while (memory.getLongAcquire(other.published) < value) {
                wake.arm();
                if (memory.getLongAcquire(other.published) < value) {
                    parks++;
                    Linux.ppoll(pollfd, 1, -1);
                }
                wake.disarm();
                bell.drain();
            }
        }

        @Override
        public void close() {
            bell.close();
        }
    }

    // A wake-up that is lost leaves both sides asleep for ever; the limit is there to end that, not to measure.
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldLoseNoWakeUpBetweenTwoThreads() throws Exception {
        try (Side ping = new Side(); Side pong = new Side()) {
            final Thread other = Thread.ofPlatform().daemon().start(() -> {
                for (int i = 1; i <= ROUNDS; i++) {
                    pong.awaitFrom(ping, i);
                    pong.publish(i, ping);
                }
            });
            for (int i = 1; i <= ROUNDS; i++) {
                ping.publish(i, pong);
                ping.awaitFrom(pong, i);
            }
            other.join();
            assertThat(memory.getLong(pong.published)).isEqualTo(ROUNDS);
            assertThat(ping.parks + pong.parks).as("the test is about sleeping").isPositive();
        }
    }
}
