package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Queue memory that a peer rewrites at random, between any two reads: nothing outside is touched, nothing is thrown.
 */
final class VirtqueueFuzzTest {

    private static final String SMALL = "io.netchannel.virtio.queue.QueueShape#small";
    private static final int[] FLAGS = {0, 1, 2, 4, 3, 5, 0x80, 0x81, 0x82, 0x84, 0x8000, 0x8001, 0x8080, 0x8082};

    private enum Kind {
        SPLIT, PACKED
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldReadEveryWordOnceForAChain(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            for (int i = 0; i < 50; i++) {
                assertThat(queue.add(i % 4, 4 - i % 4, i)).isTrue();
                queue.driver.publish();
                queue.memory.forbidSecondReads();
                final int id = queue.device.next(queue.chain);
                queue.memory.allowSecondReads();
                queue.device.complete(id, 0);
                queue.device.publish();
                queue.memory.forbidSecondReads();
                assertThat(queue.driver.takeUsed()).isEqualTo(i);
                queue.memory.allowSecondReads();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldKeepADeviceInsideTheRegionWhateverTheDriverWrites(final Kind kind) {
        final Set<QueueViolation> met = EnumSet.noneOf(QueueViolation.class);
        int chains = 0;
        for (long seed = 1; seed <= 400; seed++) {
            final QueueShape shape = new QueueShape(kind == Kind.PACKED, seed % 2 == 0, seed % 3 != 0, 4, 4);
            try (QueueFixture queue = new QueueFixture(shape)) {
                chains += serveAtRandom(queue, new Random(seed));
                if (queue.device.violation() != null) {
                    met.add(queue.device.violation());
                }
            } catch (final AssertionError | RuntimeException failed) {
                throw new AssertionError(shape + " seed=" + seed + ": " + failed.getMessage(), failed);
            }
        }
        assertThat(chains).as("some chains are good by chance").isGreaterThan(50);
        assertThat(met).as("violations of many kinds").hasSizeGreaterThan(5);
    }

    private static int serveAtRandom(final QueueFixture queue, final Random random) {
        final DeviceQueue device = queue.device;
        for (int i = 0; i < 40; i++) {
            rewrite(queue, random);
        }
        if (!queue.shape.packed()) {
            queue.host.putShort(queue.config.driverArea() + 2, (short) random.nextInt(5));
        }
        queue.memory.afterEveryRead(() -> {
            if (random.nextInt(4) == 0) {
                rewrite(queue, random);
            }
        });
        int chains = 0;
        for (int i = 0; i < 100; i++) {
            final int id = device.next(queue.chain);
            if (id >= 0) {
                chains++;
                assertInside(queue);
                device.complete(id, queue.chain.writableBytes());
            }
            if (random.nextBoolean()) {
                device.publish();
                device.needsInterrupt();
                device.enableNotifications();
            }
            rewrite(queue, random);
        }
        return chains;
    }

    private static void assertInside(final QueueFixture queue) {
        assertThat(queue.chain.count()).isPositive();
        for (int i = 0; i < queue.chain.count(); i++) {
            assertThat(queue.chain.lengthBytes(i)).isPositive();
            assertThat(queue.region.contains(queue.chain.address(i), queue.chain.lengthBytes(i))).isTrue();
        }
        assertThat((long) queue.chain.readableBytes() + queue.chain.writableBytes()).isLessThanOrEqualTo(
                Integer.MAX_VALUE);
    }

    /** One word somewhere in the queue takes a value that is likely to mean something there. */
    private static void rewrite(final QueueFixture queue, final Random random) {
        final QueueConfig config = queue.config;
        final int size = queue.shape.size();
        switch (random.nextInt(queue.shape.packed() ? 6 : 8)) {
            case 0, 1, 2 -> descriptor(queue, random, config.descriptorArea() + random.nextInt(size) * 16L);
            case 3, 4 -> {
                if (config.indirect()) {
                    descriptor(queue, random, config.indirectTables() + random.nextInt(4) * 16L);
                }
            }
            case 5 -> queue.host.putShort(config.driverArea() + random.nextInt(2) * 2L, (short) random.nextInt());
            case 6 -> queue.host.putShort(config.driverArea() + 4 + random.nextInt(size) * 2L,
                    (short) random.nextInt(size + 1));
            default -> queue.host.putShort(config.driverArea() + 2,
                    (short) (queue.host.getShort(config.driverArea() + 2) + random.nextInt(12) / 11));
        }
    }

    private static void descriptor(final QueueFixture queue, final Random random, final long at) {
        final long address = switch (random.nextInt(20)) {
            case 0 -> random.nextLong();
            case 1 -> queue.buffer(0);
            case 2 -> queue.addressSpace.toDevice(queue.region.address()) + queue.region.sizeBytes() - 32;
            case 3 -> queue.config.indirect() ? queue.addressSpace.toDevice(queue.config.indirectTables()) : 0;
            default -> queue.deviceBuffer(random.nextInt(queue.bufferCount));
        };
        final int length = switch (random.nextInt(8)) {
            case 0 -> random.nextInt();
            case 1 -> 16 * random.nextInt(6);
            default -> 1 + random.nextInt(64);
        };
        // Most of the flags of a packed ring would be unknown ones in a split queue.
        final short flags = (short) (queue.shape.packed() || random.nextInt(16) == 0
                ? FLAGS[random.nextInt(FLAGS.length)]
                : random.nextInt(4) + random.nextInt(5) / 4 * 4);
        final short index = (short) random.nextInt(queue.shape.size() + (random.nextInt(8) == 0 ? 1 : 0));
        queue.host.putLong(at, address);
        queue.host.putInt(at + 8, length);
        queue.host.putShort(at + 12, queue.shape.packed() ? index : flags);
        queue.host.putShort(at + 14, queue.shape.packed() ? flags : index);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldGiveEachCookieBackOnceWhateverTheDeviceWrites(final Kind kind) {
        final Set<QueueViolation> met = EnumSet.noneOf(QueueViolation.class);
        int taken = 0;
        for (long seed = 1; seed <= 400; seed++) {
            final QueueShape shape = new QueueShape(kind == Kind.PACKED, seed % 2 == 0, seed % 3 != 0, 4, 4);
            try (QueueFixture queue = new QueueFixture(shape)) {
                taken += driveAtRandom(queue, new Random(seed));
                if (queue.driver.violation() != null) {
                    met.add(queue.driver.violation());
                }
            } catch (final AssertionError | RuntimeException failed) {
                throw new AssertionError(shape + " seed=" + seed + ": " + failed.getMessage(), failed);
            }
        }
        assertThat(taken).as("some completions are good by chance").isGreaterThan(50);
        assertThat(met).contains(QueueViolation.BAD_INDEX, QueueViolation.BAD_USED_LENGTH,
                QueueViolation.BAD_RING_ADVANCE);
    }

    private static int driveAtRandom(final QueueFixture queue, final Random random) {
        final DriverQueue driver = queue.driver;
        final Set<Long> out = new HashSet<>();
        queue.memory.afterEveryRead(() -> rewriteUsed(queue, random));
        int taken = 0;
        for (long cookie = 0; cookie < 60; cookie++) {
            final int writable = random.nextInt(3);
            if (queue.add(writable == 0 ? 1 : random.nextInt(2), writable, cookie)) {
                out.add(cookie);
            }
            if (random.nextBoolean()) {
                driver.publish();
                driver.needsNotification();
                driver.enableInterrupts();
            }
            rewriteUsed(queue, random);
            final long back = driver.takeUsed();
            if (back != DriverQueue.NONE) {
                taken++;
                assertThat(out.remove(back)).as("cookie %d was out", back).isTrue();
                assertThat(driver.usedBytes()).isBetween(0, 2 * QueueFixture.BUFFER_BYTES);
            }
        }
        for (long back = driver.reclaim(); back != DriverQueue.NONE; back = driver.reclaim()) {
            assertThat(out.remove(back)).as("cookie %d was out", back).isTrue();
        }
        assertThat(out).as("all came back").isEmpty();
        return taken;
    }

    private static void rewriteUsed(final QueueFixture queue, final Random random) {
        final int size = queue.shape.size();
        final int id = random.nextInt(size + (random.nextInt(50) == 0 ? 1 : 0));
        final int length = random.nextInt(20) == 0 ? random.nextInt() : 0;
        if (queue.shape.packed()) {
            final long at = queue.config.descriptorArea() + random.nextInt(size) * 16L;
            queue.host.putInt(at + 8, length);
            queue.host.putShort(at + 12, (short) id);
            queue.host.putShort(at + 14, (short) FLAGS[random.nextInt(FLAGS.length)]);
            queue.host.putInt(queue.config.deviceArea(), random.nextInt());
        } else {
            final long entry = queue.config.deviceArea() + 4 + random.nextInt(size) * 8L;
            queue.host.putInt(entry, id);
            queue.host.putInt(entry + 4, length);
            final long index = queue.config.deviceArea() + 2;
            queue.host.putShort(index, (short) (queue.host.getShort(index) + (random.nextInt(4) == 0 ? 1 : 0)));
        }
    }
}
