package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * What a virtqueue must do, kept beside a real one: both sides are driven by random steps on one thread, and after each
 * the queue is held to the model. Positions are counted without bound: in chains for split queues, in ring entries for
 * packed.
 */
final class QueueModel {

    private static final class Chain {
        long cookie;
        int id;
        int[] slots;
        int[] lengths;
        int readable;
        int entries;
        int written;
        boolean completed;

        int writableBytes() {
            int total = 0;
            for (int i = readable; i < slots.length; i++) {
                total += lengths[i];
            }
            return total;
        }
    }

    /** One direction's event word: who asked for what, and what was published since. */
    private final class Notification {
        private boolean enabled = true;
        /** Without an event index; with one, packed queues have a flag for it, which is what they begin with. */
        private boolean everyTime = !queue.shape.eventIndex() || queue.shape.packed();
        private long event;
        private long published;
        private long asked;

        void enable(final long position) {
            enabled = true;
            everyTime = !queue.shape.eventIndex();
            event = position;
        }

        void check(final boolean needed) {
            final long count = published - asked;
            if (count == 0 || !enabled) {
                // A split queue has no "never": it takes an index far behind, which may be met after 2^16 chains.
                final boolean farBehind = count != 0 && queue.shape.eventIndex() && !queue.shape.packed();
                assertThat(needed && !farBehind).as("notified without being asked").isFalse();
            } else if (everyTime) {
                assertThat(needed).isTrue();
            } else if (event >= asked && event < published) {
                assertThat(needed).as(this::toString).isTrue();
            } else {
                final long period = queue.shape.packed() ? 2L * queue.shape.size() : 1 << 16;
                final boolean metAgain = Math.floorMod(published - event - 1, period) < count
                        || queue.shape.packed() && count > queue.shape.size();
                assertThat(needed && !metAgain).as(this::toString).isFalse();
            }
            asked = published;
        }

        @Override
        public String toString() {
            return "event=" + event + " asked=" + asked + " published=" + published;
        }
    }

    private final QueueFixture queue;
    private final Random random;
    private final int[] freeSlots;
    private int freeSlotCount;
    private int freeEntries;
    private long nextCookie;
    private long returned;

    private final Deque<Chain> added = new ArrayDeque<>();
    private final Deque<Chain> available = new ArrayDeque<>();
    /** In the order taken; the first one is not completed. */
    private final List<Chain> taken = new ArrayList<>();
    private final Deque<Chain> completed = new ArrayDeque<>();
    private final Deque<Chain> used = new ArrayDeque<>();
    private long takenByDevice;
    private long takenByDriver;
    private long addedPosition;
    private long completedPosition;
    private final Notification toDevice;
    private final Notification toDriver;

    QueueModel(final QueueFixture queue, final long seed) {
        this.queue = queue;
        random = new Random(seed);
        toDevice = new Notification();
        toDriver = new Notification();
        freeSlots = new int[queue.bufferCount];
        while (freeSlotCount < freeSlots.length) {
            freeSlots[freeSlotCount] = freeSlotCount++;
        }
        freeEntries = queue.shape.size();
    }

    /** @param chains how many are to come back */
    void run(final long chains) {
        long steps = 0;
        while (returned < chains) {
            step();
            steps++;
            assertThat(steps).as("steps without end").isLessThan(100 * chains + 1000);
        }
        drain();
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> add();
            case 4 -> publishAvailable();
            case 5, 6, 7 -> take();
            case 8, 9 -> complete();
            case 10 -> publishUsed();
            case 11, 12, 13 -> takeUsed();
            case 14 -> putBack();
            default -> changeSuppression();
        }
        assertThat(queue.driver.freeDescriptors()).isEqualTo(freeEntries);
    }

    private void add() {
        if (random.nextInt(3) == 0) {
            addWritable();
            return;
        }
        final Chain chain = newChain(1 + random.nextInt(queue.shape.maxChain()));
        chain.readable = random.nextInt(chain.slots.length + 1);
        chain.entries = queue.shape.indirect() ? 1 : chain.slots.length;
        queue.chain.clear();
        for (int i = 0; i < chain.slots.length; i++) {
            if (i < chain.readable) {
                fill(chain, i, chain.lengths[i], 1);
                queue.chain.addReadable(queue.buffer(chain.slots[i]), chain.lengths[i]);
            } else {
                fill(chain, i, chain.lengths[i], 0);
                queue.chain.addWritable(queue.buffer(chain.slots[i]), chain.lengths[i]);
            }
        }
        added(chain, queue.driver.add(queue.chain, chain.cookie));
    }

    private void addWritable() {
        final Chain chain = newChain(1);
        chain.entries = 1;
        fill(chain, 0, chain.lengths[0], 0);
        added(chain, queue.driver.addWritable(queue.buffer(chain.slots[0]), chain.lengths[0], chain.cookie));
    }

    private Chain newChain(final int count) {
        final Chain chain = new Chain();
        chain.cookie = nextCookie;
        chain.slots = new int[count];
        chain.lengths = new int[count];
        for (int i = 0; i < count; i++) {
            chain.slots[i] = freeSlots[--freeSlotCount];
            chain.lengths[i] = 1 + random.nextInt(QueueFixture.BUFFER_BYTES);
        }
        return chain;
    }

    private void added(final Chain chain, final boolean taken) {
        assertThat(taken).as("there are descriptors").isEqualTo(chain.entries <= freeEntries);
        if (taken) {
            nextCookie++;
            freeEntries -= chain.entries;
            addedPosition += weight(chain);
            added.add(chain);
        } else {
            freeSlots(chain);
        }
    }

    private int weight(final Chain chain) {
        return queue.shape.packed() ? chain.entries : 1;
    }

    private void freeSlots(final Chain chain) {
        for (final int slot : chain.slots) {
            freeSlots[freeSlotCount++] = slot;
        }
    }

    private void publishAvailable() {
        queue.driver.publish();
        available.addAll(added);
        added.clear();
        toDevice.published = addedPosition;
        if (random.nextInt(4) != 0) {
            toDevice.check(queue.driver.needsNotification());
        }
    }

    private void take() {
        // Not always: next() must do without.
        if (random.nextBoolean()) {
            assertThat(queue.device.hasAvailable()).isEqualTo(!available.isEmpty());
        }
        final int id = queue.device.next(queue.chain);
        if (available.isEmpty()) {
            assertThat(id).isEqualTo(DeviceQueue.EMPTY);
            return;
        }
        final Chain chain = available.remove();
        assertThat(id).isBetween(0, queue.shape.size() - 1);
        assertThat(queue.chain.count()).isEqualTo(chain.slots.length);
        assertThat(queue.chain.readableCount()).isEqualTo(chain.readable);
        for (int i = 0; i < chain.slots.length; i++) {
            assertThat(queue.chain.address(i)).isEqualTo(queue.buffer(chain.slots[i]));
            assertThat(queue.chain.lengthBytes(i)).isEqualTo(chain.lengths[i]);
        }
        for (int i = 0; i < chain.readable; i++) {
            assertContent(chain, i, chain.lengths[i], 1);
        }
        chain.id = id;
        taken.add(chain);
        takenByDevice += weight(chain);
    }

    private void complete() {
        if (taken.isEmpty()) {
            return;
        }
        int position = random.nextInt(taken.size());
        while (taken.get(position).completed) {
            position--;
        }
        final Chain chain = taken.get(position);
        chain.written = random.nextInt(chain.writableBytes() + 1);
        int left = chain.written;
        for (int i = chain.readable; i < chain.slots.length; i++) {
            final int bytes = Math.min(left, chain.lengths[i]);
            fill(chain, i, bytes, 2);
            left -= bytes;
        }
        queue.device.complete(chain.id, chain.written);
        chain.completed = true;
        completed.add(chain);
        completedPosition += weight(chain);
        while (!taken.isEmpty() && taken.getFirst().completed) {
            taken.removeFirst();
        }
    }

    private void publishUsed() {
        queue.device.publish();
        used.addAll(completed);
        completed.clear();
        toDriver.published = completedPosition;
        if (random.nextInt(4) != 0) {
            toDriver.check(queue.device.needsInterrupt());
        }
    }

    private void takeUsed() {
        if (random.nextBoolean()) {
            assertThat(queue.driver.hasUsed()).isEqualTo(!used.isEmpty());
        }
        final long cookie = queue.driver.takeUsed();
        if (used.isEmpty()) {
            assertThat(cookie).isEqualTo(DriverQueue.NONE);
            return;
        }
        final Chain chain = used.remove();
        assertThat(cookie).isEqualTo(chain.cookie);
        assertThat(queue.driver.usedBytes()).isEqualTo(chain.written);
        int left = chain.written;
        for (int i = chain.readable; i < chain.slots.length; i++) {
            final int bytes = Math.min(left, chain.lengths[i]);
            assertContent(chain, i, bytes, 2);
            left -= bytes;
        }
        takenByDriver += weight(chain);
        returned++;
        freeEntries += chain.entries;
        freeSlots(chain);
    }

    private void putBack() {
        int most = 0;
        while (most < taken.size() && !taken.get(taken.size() - 1 - most).completed) {
            most++;
        }
        final int count = random.nextInt(most + 1);
        queue.device.putBack(count);
        for (int i = 0; i < count; i++) {
            final Chain chain = taken.removeLast();
            takenByDevice -= weight(chain);
            available.addFirst(chain);
        }
    }

    private void changeSuppression() {
        switch (random.nextInt(4)) {
            case 0 -> {
                queue.driver.enableInterrupts();
                toDriver.enable(takenByDriver);
            }
            case 1 -> {
                queue.driver.disableInterrupts();
                toDriver.enabled = false;
            }
            case 2 -> {
                queue.device.enableNotifications();
                toDevice.enable(takenByDevice);
            }
            default -> {
                queue.device.disableNotifications();
                toDevice.enabled = false;
            }
        }
    }

    private void drain() {
        publishAvailable();
        while (!available.isEmpty()) {
            take();
        }
        while (!taken.isEmpty()) {
            complete();
        }
        publishUsed();
        while (!used.isEmpty()) {
            takeUsed();
        }
        takeUsed();
        take();
        assertThat(queue.driver.freeDescriptors()).isEqualTo(queue.shape.size());
        assertThat(queue.driver.violation()).isNull();
        assertThat(queue.device.violation()).isNull();
        assertThat(queue.driver.reclaim()).isEqualTo(DriverQueue.NONE);
    }

    private void fill(final Chain chain, final int position, final int bytes, final int salt) {
        queue.host.fill(queue.buffer(chain.slots[position]), bytes, pattern(chain, position, salt));
    }

    private void assertContent(final Chain chain, final int position, final int bytes, final int salt) {
        final long address = queue.buffer(chain.slots[position]);
        final byte expected = pattern(chain, position, salt);
        boolean same = true;
        for (int i = 0; i < bytes; i++) {
            same &= queue.host.getByte(address + i) == expected;
        }
        assertThat(same).as("content of a buffer").isTrue();
    }

    private static byte pattern(final Chain chain, final int position, final int salt) {
        return (byte) (chain.cookie * 31 + position * 7L + salt);
    }
}
