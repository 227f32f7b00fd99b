package io.netchannel.channels.model;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelLayout;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.kernel.sched.WakeWord;

/**
 * A channel of two slots, and threads for its ends. Each end has a memory of its own making, so that either end's orderings
 * can be taken away.
 */
final class RingProgram {

    /** What an end makes of the memory that all share. */
    @FunctionalInterface
    interface End {

        OrderedMemory over(ModelledMemory memory, RingProgram ring);
    }

    static final End INTACT = (memory, ring) -> memory;
    static final int CAPACITY = 2;
    static final int MAX_MESSAGES = 6;

    final Program program;
    final long address;
    final long wakeAddress;
    private final long bell;
    private final End producerEnd;
    private final End consumerEnd;
    private WakeWord producersWake;
    private WakeWord consumersWake;

    RingProgram(final String name, final End producerEnd, final End consumerEnd) {
        program = Program.named(name);
        address = program.allocate("ring", NetChannel.sizeBytes(CAPACITY), NetChannelLayout.ALIGNMENT_BYTES);
        wakeAddress = program.allocate("wake", WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES);
        bell = program.allocate("eventfd", Long.BYTES, Long.BYTES);
        this.producerEnd = producerEnd;
        this.consumerEnd = consumerEnd;
        // The word is all the state that they have; so both threads may use what is made here.
        program.setup(memory -> {
            producersWake = new WakeWord(producerEnd.over(memory, this), wakeAddress, () -> ring(memory));
            consumersWake = new WakeWord(consumerEnd.over(memory, this), wakeAddress, () -> ring(memory));
        });
    }

    static RingProgram named(final String name) {
        return new RingProgram(name, INTACT, INTACT);
    }

    // The kernel takes the eventfd's lock for each write and each read.
    private void ring(final ModelledMemory memory) {
        memory.getAndAddLong(bell, 1);
    }

    NetChannelProducer producer(final ModelledThread t) {
        return new NetChannelProducer(producerEnd.over(t.memory(), this), address, CAPACITY, null);
    }

    NetChannelConsumer consumer(final ModelledThread t) {
        return new NetChannelConsumer(consumerEnd.over(t.memory(), this), address, CAPACITY);
    }

    /** Values {@code first} to {@code last}, each published by itself. */
    static void send(final ModelledThread t, final NetChannelProducer producer, final int first, final int last) {
        for (int i = first; i <= last; i++) {
            final int value = i;
            t.await(() -> producer.offer(value));
            producer.flush();
        }
    }

    static void receive(final ModelledThread t, final NetChannelConsumer consumer, final int first, final int last) {
        final long[] values = new long[last - first + 1];
        for (int i = 0; i < values.length; i++) {
            final int at = i;
            t.await(() -> (values[at] = consumer.poll()) != NetChannelConsumer.NONE);
        }
        compare(t, first, values, values.length);
    }

    /** Last of all: a thread that stopped at a wrong value would not do the stores that had been performed too early. */
    private static void compare(final ModelledThread t, final long first, final long[] values, final int count) {
        for (int i = 0; i < count; i++) {
            t.assertEquals(first + i, values[i], "element");
        }
    }

    /** Both ends spin. */
    RingProgram polled(final int messages) {
        program.thread("producer", t -> send(t, producer(t), 1, messages));
        program.thread("consumer", t -> receive(t, consumer(t), 1, messages));
        return this;
    }

    /** The producer offers as much at a time as fits, the consumer takes as much as there is. */
    RingProgram inBursts(final int messages) {
        program.thread("producer", t -> {
            final NetChannelProducer producer = producer(t);
            final long[] values = new long[messages];
            for (int i = 0; i < messages; i++) {
                values[i] = i + 1L;
            }
            final int[] sent = new int[1];
            while (sent[0] < messages) {
                t.await(() -> {
                    final int accepted = producer.offer(values, sent[0], messages - sent[0]);
                    sent[0] += accepted;
                    return accepted > 0;
                });
                producer.flush();
            }
        });
        program.thread("consumer", t -> {
            final NetChannelConsumer consumer = consumer(t);
            final long[] burst = new long[CAPACITY];
            final long[] values = new long[messages];
            final int[] count = new int[1];
            for (int taken = 0; taken < messages; taken += count[0]) {
                t.await(() -> (count[0] = consumer.drain(burst, CAPACITY)) > 0);
                System.arraycopy(burst, 0, values, taken, count[0]);
            }
            compare(t, 1, values, messages);
        });
        return this;
    }

    /** The producer sends and closes; the consumer takes until it is finished. */
    RingProgram closedByProducer(final int messages) {
        program.thread("producer", t -> {
            final NetChannelProducer producer = producer(t);
            send(t, producer, 1, messages);
            producer.close();
        });
        program.thread("consumer", t -> t.assertEquals(messages, takeUntilFinished(t, consumer(t)), "elements taken"));
        return this;
    }

    static int takeUntilFinished(final ModelledThread t, final NetChannelConsumer consumer) {
        final long[] values = new long[MAX_MESSAGES + 1];
        int taken = 0;
        do {
            final int at = taken;
            t.await(() -> (values[at] = consumer.poll()) != NetChannelConsumer.NONE || consumer.isFinished());
        } while (values[taken++] != NetChannelConsumer.NONE);
        compare(t, 1, values, taken - 1);
        return taken - 1;
    }

    /** The consumer has enough after one; what was accepted meanwhile still arrives, and nothing after it. */
    RingProgram closedByConsumer(final int messages) {
        program.thread("producer", t -> {
            final NetChannelProducer producer = producer(t);
            int sent = 0;
            for (int i = 1; i <= messages && !producer.isClosed(); i++) {
                final int value = i;
                final boolean[] accepted = new boolean[1];
                t.await(() -> (accepted[0] = producer.offer(value)) || producer.isClosed());
                sent += accepted[0] ? 1 : 0;
                producer.flush();
            }
            t.await(producer::isClosed);
            t.result("sent", sent);
        });
        program.thread("consumer", t -> {
            final NetChannelConsumer consumer = consumer(t);
            consumer.close();
            t.result("taken", takeUntilFinished(t, consumer));
        });
        program.finally_((results, memory) -> {
            if (results.get("sent") != results.get("taken")) {
                throw new AssertionError(results.get("taken") + " taken of " + results.get("sent"));
            }
        });
        return this;
    }

    /** Each element by itself; the consumer sleeps when there is nothing. */
    RingProgram parked(final int messages) {
        program.thread("producer", t -> {
            final NetChannelProducer producer = new NetChannelProducer(producerEnd.over(t.memory(), this), address,
                    CAPACITY, producersWake);
            send(t, producer, 1, messages);
        });
        program.thread("consumer", t -> {
            final NetChannelConsumer consumer = consumer(t);
            final long[] values = new long[messages];
            for (int taken = 0; taken < messages;) {
                values[taken] = consumer.poll();
                if (values[taken] == NetChannelConsumer.NONE) {
                    park(t, consumer);
                } else {
                    taken++;
                }
            }
            compare(t, 1, values, messages);
        });
        return this;
    }

    // As a run loop does; the loop's own code is checked in kernel-services.
    private void park(final ModelledThread t, final NetChannelConsumer consumer) {
        consumersWake.arm();
        final boolean sleeps = consumer.isEmpty();
        if (sleeps) {
            t.await(() -> t.memory().getLongAcquire(bell) != 0);
        }
        if (consumersWake.disarm() || sleeps) {
            t.memory().getAndSet(bell, Long.BYTES, 0);
        }
    }
}
