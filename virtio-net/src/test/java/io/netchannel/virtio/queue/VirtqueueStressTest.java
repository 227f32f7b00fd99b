package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Driver and device on threads of their own, each parked when it finds nothing: a lost notification ends in a timeout.
 */
final class VirtqueueStressTest {

    private static final int LAST = -1;

    private static final class Bell {
        private final Semaphore rings = new Semaphore(0);

        void ring() {
            rings.release();
        }

        void await(final String who) {
            try {
                assertThat(rings.tryAcquire(20, TimeUnit.SECONDS)).as("%s was notified", who).isTrue();
            } catch (final InterruptedException stopped) {
                throw new AssertionError(who + " was interrupted", stopped);
            }
            rings.drainPermits();
        }
    }

    private record Load(QueueShape shape, int chains, int spins) {
    }

    private static Stream<Load> loads() {
        return Stream.concat(
                QueueShape.ofSize(64).map(shape -> new Load(shape, 200_000, 20)),
                QueueShape.ofSize(4).map(shape -> new Load(shape, 20_000, 0)));
    }

    @ParameterizedTest
    @MethodSource("loads")
    @Timeout(60)
    void shouldLoseNeitherChainNorNotification(final Load load) throws InterruptedException {
        try (QueueFixture queue = new QueueFixture(load.shape, QueueFixture.Memory.HOST)) {
            final Bell toDevice = new Bell();
            final Bell toDriver = new Bell();
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final Thread device = Thread.ofPlatform().name("device").uncaughtExceptionHandler((thread, thrown) -> {
                failure.set(thrown);
                toDriver.ring();
            }).start(() -> new EchoDevice(queue, load, toDevice, toDriver).run());
            try {
                new CheckingDriver(queue, load, toDevice, toDriver, failure).run();
            } finally {
                // A driver that failed leaves the device waiting; it is over for both.
                device.interrupt();
                device.join();
            }
            assertThat(failure.get()).isNull();
        }
    }

    /** Writes 3 x + 1 for each x, in batches that it completes backwards. */
    private static final class EchoDevice {

        private final QueueFixture queue;
        private final DeviceQueue device;
        private final Load load;
        private final Bell toDevice;
        private final Bell toDriver;
        private final DescriptorChain chain;
        private final int[] batch = new int[16];
        private int taken;
        private boolean last;

        EchoDevice(final QueueFixture queue, final Load load, final Bell toDevice, final Bell toDriver) {
            this.queue = queue;
            this.device = queue.device;
            this.load = load;
            this.toDevice = toDevice;
            this.toDriver = toDriver;
            chain = new DescriptorChain(load.shape.maxChain());
        }

        void run() {
            int idle = 0;
            while (!last) {
                if (take()) {
                    idle = 0;
                } else if (idle++ < load.spins) {
                    Thread.yield();
                } else {
                    device.enableNotifications();
                    if (!device.hasAvailable()) {
                        toDevice.await("device");
                    }
                    device.disableNotifications();
                    idle = 0;
                }
            }
        }

        private boolean take() {
            taken = 0;
            while (taken < batch.length) {
                final int id = device.next(chain);
                if (id == DeviceQueue.EMPTY) {
                    break;
                }
                assertThat(id).as("violation %s", device.violation()).isNotNegative();
                final int value = queue.host.getInt(chain.address(0));
                queue.host.putInt(chain.address(1), 3 * value + 1);
                last |= value == LAST;
                batch[taken++] = id;
            }
            for (int i = taken - 1; i >= 0; i--) {
                device.complete(batch[i], Integer.BYTES);
            }
            device.publish();
            if (device.needsInterrupt()) {
                toDriver.ring();
            }
            return taken > 0;
        }
    }

    private static final class CheckingDriver {

        private final QueueFixture queue;
        private final DriverQueue driver;
        private final Load load;
        private final Bell toDevice;
        private final Bell toDriver;
        private final AtomicReference<Throwable> deviceFailure;
        private final Random random = new Random(11);
        private final DescriptorChain chain;
        private final int[] freeSlots;
        private int freeSlotCount;
        private long sent;
        private long received;
        private long sum;

        CheckingDriver(final QueueFixture queue, final Load load, final Bell toDevice, final Bell toDriver,
                final AtomicReference<Throwable> deviceFailure) {
            this.queue = queue;
            this.driver = queue.driver;
            this.load = load;
            this.toDevice = toDevice;
            this.toDriver = toDriver;
            this.deviceFailure = deviceFailure;
            chain = new DescriptorChain(load.shape.maxChain());
            freeSlots = new int[queue.bufferCount];
            while (freeSlotCount < freeSlots.length) {
                freeSlots[freeSlotCount] = freeSlotCount++;
            }
        }

        void run() {
            int idle = 0;
            while (received < load.chains) {
                send(1 + random.nextInt(8));
                if (receive()) {
                    idle = 0;
                } else if (idle++ < load.spins) {
                    Thread.yield();
                } else {
                    driver.enableInterrupts();
                    if (!driver.hasUsed()) {
                        toDriver.await("driver");
                        assertThat(deviceFailure.get()).isNull();
                    }
                    driver.disableInterrupts();
                    idle = 0;
                }
            }
            assertThat(sum).as("every cookie once").isEqualTo((long) load.chains * (load.chains - 1) / 2);
            assertThat(driver.freeDescriptors()).isEqualTo(load.shape.size());
        }

        private void send(final int most) {
            for (int i = 0; i < most && sent < load.chains; i++) {
                final int slot = freeSlots[freeSlotCount - 1];
                final int value = sent == load.chains - 1 ? LAST : (int) sent;
                queue.host.putInt(queue.buffer(slot), value);
                queue.host.putInt(queue.buffer(slot) + 32, 0);
                chain.clear();
                chain.addReadable(queue.buffer(slot), Integer.BYTES);
                chain.addWritable(queue.buffer(slot) + 32, Integer.BYTES);
                if (!driver.add(chain, sent << 32 | slot)) {
                    break;
                }
                freeSlotCount--;
                sent++;
            }
            driver.publish();
            if (driver.needsNotification()) {
                toDevice.ring();
            }
        }

        private boolean receive() {
            final long before = received;
            for (long cookie = driver.takeUsed(); cookie != DriverQueue.NONE; cookie = driver.takeUsed()) {
                final int slot = (int) cookie;
                final int value = queue.host.getInt(queue.buffer(slot));
                if (driver.usedBytes() != Integer.BYTES
                        || queue.host.getInt(queue.buffer(slot) + 32) != 3 * value + 1) {
                    throw new AssertionError("content of chain " + (cookie >>> 32));
                }
                freeSlots[freeSlotCount++] = slot;
                sum += cookie >>> 32;
                received++;
            }
            assertThat(driver.violation()).isNull();
            return received != before;
        }
    }
}
