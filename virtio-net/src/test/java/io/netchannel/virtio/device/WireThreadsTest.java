package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes on two threads that park whenever they have nothing to do, and are woken by doorbells only: a lost wake-up
 * stops the ball for good.
 */
class WireThreadsTest {

    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int FRAME_BYTES = 60;

    /** A node that answers each frame with another, one at a time or several. */
    private static final class Player implements Runnable, PacketSink {

        private final TestNode node;
        private final Poller lane;
        private final long peer;
        private final int serves;
        private final long rounds;
        private final AtomicReference<Throwable> failure;
        private final CountDownLatch done;
        private final Permit permit = new Permit();
        private long received;
        private volatile boolean stop;

        Player(final TestNode node, final Poller lane, final long peer, final int serves, final long rounds,
                final AtomicReference<Throwable> failure, final CountDownLatch done) {
            this.node = node;
            this.lane = lane;
            this.peer = peer;
            this.serves = serves;
            this.rounds = rounds;
            this.failure = failure;
            this.done = done;
        }

        @Override
        public void run() {
            final QueuePair pair = node.pair();
            try {
                for (int i = 0; i < serves; i++) {
                    send();
                }
                pair.flush();
                boolean counted = false;
                while (!stop) {
                    final int work = lane.poll(0) + pair.reclaimTransmitted() + pair.pollReceive(this, 64);
                    pair.flush();
                    if (received >= rounds && !counted) {
                        counted = true;
                        done.countDown();
                    }
                    if (work == 0) {
                        permit.clear();
                        if (lane.arm() & pair.arm()) {
                            permit.await();
                        }
                        pair.disarm();
                    }
                }
            } catch (final Throwable thrown) {
                failure.set(thrown);
                done.countDown();
            }
        }

        private void send() {
            final PacketPool pool = node.pool();
            final int buffer = pool.allocate();
            final long packet = PacketHandle.of(buffer, 128, FRAME_BYTES);
            final long address = pool.packets().address(packet);
            node.region().memory().putLong(address, Long.reverseBytes(peer << 16));
            if (!node.pair().transmit(packet)) {
                throw new IllegalStateException("no room for a handful of frames");
            }
        }

        @Override
        public void accept(final long packet) {
            node.pool().releasePacket(packet);
            received++;
            send();
        }

        @Override
        public void endOfBurst() {
            node.pair().flush();
        }
    }

    /** A thread's permit to go on; given before it is waited for, it is not waited for. */
    private static final class Permit {

        private volatile boolean given;
        private volatile Thread waiting;

        void clear() {
            given = false;
        }

        void give() {
            given = true;
            LockSupport.unpark(waiting);
        }

        void await() {
            waiting = Thread.currentThread();
            final long end = System.nanoTime() + LIMIT_NS;
            while (!given && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(LIMIT_NS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = VirtioFeature.class, names = {"VERSION_1", "EVENT_IDX", "RING_PACKED", "MRG_RXBUF"})
    void shouldLoseNoWakeUp(final VirtioFeature without) throws InterruptedException {
        VirtioNetDriverConfig config = VirtioNetDriverConfig.DEFAULT.withQueueSizes(16, 64);
        config = without == VERSION_1 ? config : config.without(without);
        play(config, 30_000, 1);
        play(config, 60_000, 3);
    }

    private static void play(final VirtioNetDriverConfig config, final long rounds, final int balls)
            throws InterruptedException {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final CountDownLatch done = new CountDownLatch(2);
        try (WokenNode a = new WokenNode(0x0200_0000_0001L); WokenNode b = new WokenNode(0x0200_0000_0002L)) {
            final Wire wire = new Wire(a.node.device(), b.node.device(), WireConfig.lossless());
            a.open(config);
            b.open(config);
            final Player playerA = new Player(a.node, wire.lane(a.node.device(), 0), 0x0200_0000_0002L, balls, rounds,
                    failure, done);
            final Player playerB = new Player(b.node, wire.lane(b.node.device(), 0), 0x0200_0000_0001L, 0, rounds,
                    failure, done);
            a.wakes = playerA.permit;
            b.wakes = playerB.permit;
            wire.wake(a.node.device(), 0, playerA.permit::give);
            wire.wake(b.node.device(), 0, playerB.permit::give);
            final Thread threadA = new Thread(playerA, "a");
            final Thread threadB = new Thread(playerB, "b");
            threadA.start();
            threadB.start();
            assertThat(done.await(LIMIT_NS, TimeUnit.NANOSECONDS)).as("%d rounds, a received %d, b %d", rounds,
                    playerA.received, playerB.received).isTrue();
            playerA.stop = true;
            playerB.stop = true;
            playerA.permit.give();
            playerB.permit.give();
            threadA.join();
            threadB.join();
            assertThat(failure.get()).isNull();
            a.node.closeAndCheck();
            b.node.closeAndCheck();
        }
    }

    /** A node whose interrupts reach whoever plays it. */
    private static final class WokenNode implements AutoCloseable {

        private final TestNode node;
        private Permit wakes;

        WokenNode(final long mac) {
            node = new TestNode(VirtioNetDeviceConfig.of(mac));
        }

        void open(final VirtioNetDriverConfig config) {
            node.open(config, 1, () -> wakes.give());
        }

        @Override
        public void close() {
            node.close();
        }
    }

    // A reset waits for bursts under way on other threads, and nobody touches the driver's memory afterwards.
    @Test
    void shouldResetWhileTheOtherSideIsPolling() throws InterruptedException {
        try (TestNode a = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0001L));
                TestNode b = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0002L))) {
            final Wire wire = new Wire(a.device(), b.device(), WireConfig.lossless());
            final Poller lane = wire.lane(b.device(), 0);
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            b.open(VirtioNetDriverConfig.DEFAULT);
            final Thread thread = new Thread(() -> {
                try {
                    while (!Thread.interrupted()) {
                        lane.poll(0);
                        b.pair().pollReceive(new Receiver(b.pool()), 64);
                    }
                } catch (final Throwable thrown) {
                    failure.set(thrown);
                }
            });
            thread.start();
            for (int round = 0; round < 60; round++) {
                final VirtioNetDriverConfig config = VirtioNetDriverConfig.DEFAULT;
                a.open(round % 2 == 0 ? config : config.without(RING_PACKED));
                final FrameFactory factory = new FrameFactory(a.pool()).macs(1, 0x0200_0000_0002L);
                for (int i = 0; i < 100; i++) {
                    a.pair().transmit(factory.tcp(i, 500));
                    a.pair().flush();
                }
                a.closeAndCheck();
            }
            thread.interrupt();
            thread.join();
            assertThat(failure.get()).isNull();
            assertThat(b.driver().needsReset()).isFalse();
            b.closeAndCheck();
        }
    }
}
