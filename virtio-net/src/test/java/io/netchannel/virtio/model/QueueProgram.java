package io.netchannel.virtio.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DeviceQueue;
import io.netchannel.virtio.queue.DriverQueue;
import io.netchannel.virtio.queue.PackedDeviceQueue;
import io.netchannel.virtio.queue.PackedDriverQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.RegionAddressSpace;
import io.netchannel.virtio.queue.SplitDeviceQueue;
import io.netchannel.virtio.queue.SplitDriverQueue;

/**
 * A virtqueue of two entries, its driver and its device. Each side has a memory of its own making, so that either side's
 * orderings can be taken away.
 */
final class QueueProgram {

    /** What a side makes of the memory that all share. */
    @FunctionalInterface
    interface Side {

        OrderedMemory over(WeakenedMemory memory, QueueProgram queue);
    }

    /** Which of the two kinds, with which way to suppress notifications. */
    record Shape(boolean packed, boolean eventIndex) {

        @Override
        public String toString() {
            return (packed ? "packed" : "split") + (eventIndex ? ", EVENT_IDX" : "");
        }
    }

    static final Side INTACT = (memory, queue) -> memory;
    static final int SIZE = 2;

    private static final int BUFFER_BYTES = Long.BYTES;
    private static final long DEVICE_BASE = 1L << 40;
    private static final int TABLES_OFFSET = 128;
    private static final int MAX_CHAIN = 2;
    private static final int SPACE_BYTES = TABLES_OFFSET + SIZE * MAX_CHAIN * 16;

    final Program program;
    final Shape shape;
    final long descriptorArea;
    final long driverArea;
    final long deviceArea;
    private final long buffers;
    private final long kicks;
    private final long interrupts;
    private boolean byTables;
    private final Side driverSide;
    private final Side deviceSide;

    QueueProgram(final String name, final Shape shape, final Side driverSide, final Side deviceSide) {
        this.shape = shape;
        this.driverSide = driverSide;
        this.deviceSide = deviceSide;
        program = Program.named(name + ", " + shape);
        descriptorArea = program.allocate("descriptors", SIZE * 16L, 128);
        driverArea = program.allocate("driver area", 128, 128);
        deviceArea = program.allocate("device area", 128, 128);
        buffers = program.allocate("buffers and tables", SPACE_BYTES, 128);
        kicks = program.allocate("kicks", Long.BYTES, Long.BYTES);
        interrupts = program.allocate("interrupts", Long.BYTES, Long.BYTES);
    }

    static QueueProgram of(final String name, final Shape shape) {
        return new QueueProgram(name, shape, INTACT, INTACT);
    }

    /** Chains of several buffers go through indirect tables. */
    static QueueProgram withTables(final String name, final Shape shape) {
        final QueueProgram queue = of(name, shape);
        queue.byTables = true;
        return queue;
    }

    private QueueConfig config(final ModelledMemory memory, final Side side) {
        return new QueueConfig(side.over(WeakenedMemory.of(memory), this),
                new RegionAddressSpace(buffers, SPACE_BYTES, DEVICE_BASE), SIZE, descriptorArea, driverArea, deviceArea,
                shape.eventIndex, byTables, byTables ? buffers + TABLES_OFFSET : 0, MAX_CHAIN);
    }

    private DriverQueue driver(final ModelledThread t) {
        final QueueConfig config = config(t.memory(), driverSide);
        // Its areas are cleared before the other thread begins.
        return t.prepare(() -> shape.packed ? new PackedDriverQueue(config) : new SplitDriverQueue(config));
    }

    private DeviceQueue device(final ModelledThread t) {
        final QueueConfig config = config(t.memory(), deviceSide);
        return shape.packed ? new PackedDeviceQueue(config) : new SplitDeviceQueue(config);
    }

    private static void ring(final ModelledThread t, final long bell) {
        t.memory().getAndAddLong(bell, 1);
    }

    private static void sleep(final ModelledThread t, final long bell) {
        t.await(() -> t.memory().getLongAcquire(bell) != 0);
        t.memory().getAndSet(bell, Long.BYTES, 0);
    }

    private long buffer(final long index) {
        return buffers + index * BUFFER_BYTES;
    }

    // -- polling: the bytes of the buffers go both ways

    /** The driver hands over filled buffers, one at a time, and fills them anew as they come back. */
    QueueProgram transmits(final int chains) {
        program.thread("driver", t -> {
            final DriverQueue queue = driver(t);
            final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
            for (int i = 0; i < chains; i++) {
                final long buffer = i < SIZE ? i : awaitUsed(t, queue);
                t.memory().putLong(buffer(buffer), i + 1L);
                chain.clear().addReadable(buffer(buffer), BUFFER_BYTES);
                assertThat(queue.add(chain, buffer)).isTrue();
                queue.publish();
            }
            t.assertThat(queue.violation() == null, "driver sees " + queue.violation());
        });
        program.thread("device", t -> {
            final DeviceQueue queue = device(t);
            final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
            final long[] seen = new long[chains];
            for (int i = 0; i < chains; i++) {
                final int id = awaitAvailable(t, queue, chain);
                seen[i] = t.memory().getLong(chain.address(0));
                queue.complete(id, 0);
                queue.publish();
            }
            compare(t, seen);
        });
        return this;
    }

    /** The driver hands over empty buffers, which the device fills; each is handed over again once. */
    QueueProgram receives(final int chains) {
        program.thread("driver", t -> {
            final DriverQueue queue = driver(t);
            final long[] seen = new long[chains];
            for (int i = 0; i < SIZE; i++) {
                assertThat(queue.addWritable(buffer(i), BUFFER_BYTES, i)).isTrue();
            }
            queue.publish();
            for (int i = 0; i < chains; i++) {
                final long buffer = awaitUsed(t, queue);
                seen[i] = t.memory().getLong(buffer(buffer));
                if (i < chains - SIZE) {
                    assertThat(queue.addWritable(buffer(buffer), BUFFER_BYTES, buffer)).isTrue();
                    queue.publish();
                }
            }
            compare(t, seen);
        });
        program.thread("device", t -> {
            final DeviceQueue queue = device(t);
            final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
            for (int i = 0; i < chains; i++) {
                final int id = awaitAvailable(t, queue, chain);
                t.memory().putLong(chain.address(0), i + 1L);
                queue.complete(id, BUFFER_BYTES);
                queue.publish();
            }
        });
        return this;
    }

    /** Chains of a buffer to read and one to write: the device answers in the second what it found in the first. */
    QueueProgram requests(final int chains) {
        program.thread("driver", t -> {
            final DriverQueue queue = driver(t);
            final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
            final long[] seen = new long[chains];
            for (int i = 0; i < chains; i++) {
                t.memory().putLong(buffer(0), i + 1L);
                chain.clear().addReadable(buffer(0), BUFFER_BYTES);
                chain.addWritable(buffer(1), BUFFER_BYTES);
                assertThat(queue.add(chain, i)).isTrue();
                queue.publish();
                t.assertEquals(i, awaitUsed(t, queue), "chain");
                seen[i] = t.memory().getLong(buffer(1));
            }
            compare(t, seen);
        });
        program.thread("device", t -> {
            final DeviceQueue queue = device(t);
            final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
            for (int i = 0; i < chains; i++) {
                final int id = awaitAvailable(t, queue, chain);
                t.memory().putLong(chain.address(1), t.memory().getLong(chain.address(0)));
                queue.complete(id, BUFFER_BYTES);
                queue.publish();
            }
        });
        return this;
    }

    private static long awaitUsed(final ModelledThread t, final DriverQueue queue) {
        final long[] cookie = new long[1];
        t.await(() -> (cookie[0] = queue.takeUsed()) != DriverQueue.NONE || queue.violation() != null);
        t.assertThat(queue.violation() == null, "driver sees " + queue.violation());
        return cookie[0];
    }

    private static int awaitAvailable(final ModelledThread t, final DeviceQueue queue, final DescriptorChain chain) {
        final int[] id = new int[1];
        t.await(() -> (id[0] = queue.next(chain)) != DeviceQueue.EMPTY);
        t.assertThat(id[0] != DeviceQueue.BROKEN, "device sees " + queue.violation());
        return id[0];
    }

    /** Last of all: a thread that stopped at a wrong value would not do the stores that had been performed too early. */
    private static void compare(final ModelledThread t, final long[] seen) {
        for (int i = 0; i < seen.length; i++) {
            t.assertEquals(i + 1L, seen[i], "bytes of the chain");
        }
    }

    // -- notifications

    /** The device sleeps when there is nothing; the driver kicks it if it asked for that. */
    QueueProgram kicks(final int chains) {
        program.thread("driver", t -> {
            final DriverQueue queue = driver(t);
            for (int i = 0; i < chains; i++) {
                assertThat(queue.addWritable(buffer(i), BUFFER_BYTES, i)).isTrue();
                queue.publish();
                if (queue.needsNotification()) {
                    ring(t, kicks);
                }
            }
        });
        program.thread("device", t -> {
            final DeviceQueue queue = device(t);
            final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
            queue.disableNotifications();
            for (int taken = 0; taken < chains;) {
                if (queue.next(chain) >= 0) {
                    taken++;
                    continue;
                }
                queue.enableNotifications();
                if (!queue.hasAvailable()) {
                    sleep(t, kicks);
                }
                queue.disableNotifications();
            }
        });
        return this;
    }

    /** The driver sleeps until what it has handed over is used; the device interrupts it if it asked for that. */
    QueueProgram interrupts(final int chains) {
        program.thread("driver", t -> {
            final DriverQueue queue = driver(t);
            queue.disableInterrupts();
            for (int i = 0; i < chains; i++) {
                assertThat(queue.addWritable(buffer(i), BUFFER_BYTES, i)).isTrue();
            }
            queue.publish();
            for (int taken = 0; taken < chains;) {
                if (queue.takeUsed() != DriverQueue.NONE) {
                    taken++;
                    continue;
                }
                queue.enableInterrupts();
                if (!queue.hasUsed()) {
                    sleep(t, interrupts);
                }
                queue.disableInterrupts();
            }
        });
        program.thread("device", t -> {
            final DeviceQueue queue = device(t);
            final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
            for (int i = 0; i < chains; i++) {
                queue.complete(awaitAvailable(t, queue, chain), 0);
                queue.publish();
                if (queue.needsInterrupt()) {
                    ring(t, interrupts);
                }
            }
        });
        return this;
    }
}
