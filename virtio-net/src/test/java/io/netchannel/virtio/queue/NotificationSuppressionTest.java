package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NotificationSuppressionTest {

    private static final String SMALL = "io.netchannel.virtio.queue.QueueShape#small";
    private static final String WITH_EVENT_INDEX = "io.netchannel.virtio.queue.QueueShape#withEventIndex";

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotifyOfTheFirstChainsBeforeAnySideHasAsked(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.offer(2);
            assertThat(queue.driver.needsNotification()).isTrue();
            queue.serve(2);
            assertThat(queue.device.needsInterrupt()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotNotifyWhenNothingWasPublished(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            assertThat(queue.driver.needsNotification()).isFalse();
            queue.driver.addWritable(queue.buffer(0), 1, 0);
            assertThat(queue.driver.needsNotification()).as("added, not published").isFalse();
            queue.driver.publish();
            assertThat(queue.driver.needsNotification()).isTrue();
            assertThat(queue.driver.needsNotification()).as("asked again").isFalse();
            assertThat(queue.device.needsInterrupt()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotNotifyADeviceThatPolls(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.device.disableNotifications();
            for (int i = 0; i < 100; i++) {
                queue.offer(1 + i % 8);
                assertThat(queue.driver.needsNotification()).isFalse();
                queue.serve(1 + i % 8);
                drain(queue);
            }
            queue.device.enableNotifications();
            assertThat(queue.device.hasAvailable()).isFalse();
            queue.offer(1);
            assertThat(queue.driver.needsNotification()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotInterruptADriverThatPolls(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.driver.disableInterrupts();
            for (int i = 0; i < 100; i++) {
                queue.offer(1 + i % 8);
                queue.serve(1 + i % 8);
                assertThat(queue.device.needsInterrupt()).isFalse();
                drain(queue);
            }
            queue.driver.enableInterrupts();
            assertThat(queue.driver.hasUsed()).isFalse();
            queue.offer(1);
            queue.serve(1);
            assertThat(queue.device.needsInterrupt()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(WITH_EVENT_INDEX)
    void shouldNotifyOnceForEachTimeItWasAsked(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.device.enableNotifications();
            queue.offer(1);
            assertThat(queue.driver.needsNotification()).isTrue();
            queue.offer(1);
            assertThat(queue.driver.needsNotification()).as("the device knows").isFalse();
            queue.serve(1);
            queue.device.enableNotifications();
            assertThat(queue.device.hasAvailable()).as("must be looked at again").isTrue();
            queue.offer(1);
            assertThat(queue.driver.needsNotification()).as("the event lies behind").isFalse();
            queue.serve(2);
            queue.device.enableNotifications();
            queue.offer(1);
            assertThat(queue.driver.needsNotification()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(WITH_EVENT_INDEX)
    void shouldInterruptOnceForEachTimeItWasAsked(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.offer(6);
            queue.driver.enableInterrupts();
            queue.serve(1);
            assertThat(queue.device.needsInterrupt()).isTrue();
            queue.serve(2);
            assertThat(queue.device.needsInterrupt()).as("the driver knows").isFalse();
            drain(queue);
            queue.driver.enableInterrupts();
            queue.serve(1);
            assertThat(queue.device.needsInterrupt()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(WITH_EVENT_INDEX)
    void shouldNotifyAtEveryPositionOfTheRingAndItsWraps(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            // Bursts of 3 on a ring of 8, past the wrap of a 16-bit index: the event gets to every place.
            for (int i = 0; i < 30_000; i++) {
                queue.device.enableNotifications();
                queue.driver.enableInterrupts();
                queue.offer(3);
                assertThat(queue.driver.needsNotification()).isTrue();
                queue.serve(3);
                assertThat(queue.device.needsInterrupt()).isTrue();
                drain(queue);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldCoverAllThatWasPublishedSinceLastAsked(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.device.enableNotifications();
            queue.offer(1);
            queue.offer(1);
            queue.offer(1);
            assertThat(queue.driver.needsNotification()).as("the event was the first of three").isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotNotifyOfWhatAPollingPeerHasTakenAlready(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.offer(1);
            queue.serve(1);
            drain(queue);
            queue.device.disableNotifications();
            queue.driver.disableInterrupts();
            queue.offer(1);
            assertThat(queue.driver.needsNotification()).as("two chains, the first taken before").isFalse();
            queue.serve(1);
            assertThat(queue.device.needsInterrupt()).isFalse();
        }
    }

    /** Steps of the driver: publish, ask. Of the device: enable, look. In every order; stores wait for a fence. */
    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotifyADeviceThatSeesNothingHoweverStoresAreDelayed(final QueueShape shape) {
        for (final String order : List.of("PAEL", "PEAL", "PELA", "EPAL", "EPLA", "ELPA")) {
            try (QueueFixture queue = new QueueFixture(shape)) {
                final ReorderedMemory ofDriver = delayed(queue);
                final ReorderedMemory ofDevice = delayed(queue);
                final DriverQueue driver = queue.newDriver(ofDriver);
                ofDriver.fullFence();
                final DeviceQueue device = queue.newDevice(ofDevice);
                device.disableNotifications();
                ofDevice.fullFence();
                driver.addWritable(queue.buffer(0), 8, 1);
                boolean notified = false;
                boolean seen = false;
                for (final char step : order.toCharArray()) {
                    switch (step) {
                        case 'P' -> driver.publish();
                        case 'A' -> notified = driver.needsNotification();
                        case 'E' -> device.enableNotifications();
                        default -> seen = device.hasAvailable();
                    }
                }
                assertThat(notified || seen).as("%s %s", shape, order).isTrue();
            }
        }
    }

    /** The same the other way. */
    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldInterruptADriverThatSeesNothingHoweverStoresAreDelayed(final QueueShape shape) {
        for (final String order : List.of("PAEL", "PEAL", "PELA", "EPAL", "EPLA", "ELPA")) {
            try (QueueFixture queue = new QueueFixture(shape)) {
                final ReorderedMemory ofDriver = delayed(queue);
                final ReorderedMemory ofDevice = delayed(queue);
                final DriverQueue driver = queue.newDriver(ofDriver);
                ofDriver.fullFence();
                final DeviceQueue device = queue.newDevice(ofDevice);
                driver.addWritable(queue.buffer(0), 8, 1);
                driver.publish();
                driver.disableInterrupts();
                ofDriver.fullFence();
                device.complete(device.next(queue.chain), 8);
                boolean notified = false;
                boolean seen = false;
                for (final char step : order.toCharArray()) {
                    switch (step) {
                        case 'P' -> device.publish();
                        case 'A' -> notified = device.needsInterrupt();
                        case 'E' -> driver.enableInterrupts();
                        default -> seen = driver.hasUsed();
                    }
                }
                assertThat(notified || seen).as("%s %s", shape, order).isTrue();
            }
        }
    }

    private static ReorderedMemory delayed(final QueueFixture queue) {
        return queue.reordered(ReorderedMemory.Kind.STORE_BUFFER);
    }

    @ParameterizedTest
    @MethodSource(SMALL)
    void shouldNotNotifyOfChainsThatWereReclaimed(final QueueShape shape) {
        try (QueueFixture queue = new QueueFixture(shape)) {
            queue.offer(1);
            queue.driver.reclaim();
            assertThat(queue.driver.needsNotification()).isFalse();
        }
    }

    private static void drain(final QueueFixture queue) {
        while (queue.driver.takeUsed() != DriverQueue.NONE) {
            queue.driver.usedBytes();
        }
    }
}
