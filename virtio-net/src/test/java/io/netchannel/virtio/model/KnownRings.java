package io.netchannel.virtio.model;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelLayout;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.kernel.sched.WakeWord;

/** A channel of two slots with an ordering left out; the channels' own tests have all of them. */
final class KnownRings {

    /** Leaves something out; {@code address} of the ring, or of the wake word. */
    @FunctionalInterface
    interface Weakening {

        OrderedMemory of(WeakenedMemory memory, long address);
    }

    private static final int CAPACITY = 2;
    private static final int MESSAGES = 3;

    private final Program program = Program.named("ring");
    private final long ring = program.allocate("ring", NetChannel.sizeBytes(CAPACITY),
            NetChannelLayout.ALIGNMENT_BYTES);
    private final long wake = program.allocate("wake", WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES);
    private final long bell = program.allocate("eventfd", Long.BYTES, Long.BYTES);
    private WakeWord producersWake;
    private WakeWord consumersWake;

    private static OrderedMemory weakened(final ModelledMemory memory, final Weakening weakening, final long address) {
        return weakening == null ? memory : weakening.of(WeakenedMemory.of(memory), address);
    }

    private static void send(final ModelledThread t, final NetChannelProducer producer, final int messages) {
        for (int i = 1; i <= messages; i++) {
            final int value = i;
            t.await(() -> producer.offer(value));
            producer.flush();
        }
    }

    /** Both ends spin; null leaves nothing out. */
    Program polled(final Weakening ofProducer, final Weakening ofConsumer) {
        program.thread("producer", t -> send(t,
                new NetChannelProducer(weakened(t.memory(), ofProducer, ring), ring, CAPACITY, null), MESSAGES));
        return program.thread("consumer", t -> {
            final NetChannelConsumer consumer = new NetChannelConsumer(weakened(t.memory(), ofConsumer, ring), ring,
                    CAPACITY);
            final long[] values = new long[MESSAGES];
            for (int i = 0; i < MESSAGES; i++) {
                final int at = i;
                t.await(() -> (values[at] = consumer.poll()) != NetChannelConsumer.NONE);
            }
            // Last of all: a thread that stopped at a wrong value would not do the stores performed too early.
            for (int i = 0; i < MESSAGES; i++) {
                t.assertEquals(i + 1L, values[i], "element");
            }
        });
    }

    /** One element; the consumer sleeps until it comes. */
    Program parked(final Weakening ofConsumer) {
        program.setup(memory -> {
            producersWake = new WakeWord(memory, wake, () -> memory.getAndAddLong(bell, 1));
            consumersWake = new WakeWord(weakened(memory, ofConsumer, wake), wake, () -> {
                throw new AssertionError("the consumer rings its own bell");
            });
        });
        program.thread("producer", t -> send(t,
                new NetChannelProducer(t.memory(), ring, CAPACITY, producersWake), 1));
        return program.thread("consumer", t -> {
            final NetChannelConsumer consumer = new NetChannelConsumer(t.memory(), ring, CAPACITY);
            consumersWake.arm();
            if (consumer.isEmpty()) {
                t.await(() -> t.memory().getLongAcquire(bell) != 0);
            }
            consumersWake.disarm();
            t.assertEquals(1, consumer.poll(), "element");
        });
    }
}
