package io.netchannel.perf.cpu;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelLayout;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.WakeWord;
import java.lang.foreign.Arena;

/**
 * Bursts through a channel and as many back through another: on one thread, which gives the length of the path, and
 * between two, which is what the model predicts.
 */
final class RingHandOver {

    static final int CAPACITY = 256;

    private static final int TURNS = 8_000;

    private final int burst;
    private final Side near;
    private final Side far;

    RingHandOver(final Arena arena, final int burst) {
        this.burst = burst;
        final long there = ring(arena);
        final long back = ring(arena);
        this.near = new Side(producer(arena, there), consumer(back), true);
        this.far = new Side(producer(arena, back), consumer(there), false);
    }

    private static long ring(final Arena arena) {
        return arena.allocate(NetChannel.sizeBytes(CAPACITY), NetChannelLayout.ALIGNMENT_BYTES).address();
    }

    private static NetChannelProducer producer(final Arena arena, final long ring) {
        final long wake = arena.allocate(WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES).address();
        return new NetChannelProducer(HostMemory.INSTANCE, ring, CAPACITY,
                new WakeWord(HostMemory.INSTANCE, wake, Doorbell.NONE));
    }

    private static NetChannelConsumer consumer(final long ring) {
        return new NetChannelConsumer(HostMemory.INSTANCE, ring, CAPACITY);
    }

    /** ns for a burst to be offered, published and taken, with all lines in this CPU's cache. */
    Sample path(final Stopwatch stopwatch) {
        return stopwatch.measure(turns -> {
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                near.send();
                sum += far.receive();
                far.send();
                sum += near.receive();
            }
            return sum;
        }).partOf(0, 2);
    }

    /** ns from the offer of a burst until the other thread has taken all of it. */
    Sample handOver(final Duet duet) {
        return duet.play(near, far, TURNS);
    }

    private final class Side implements Duet.Part {

        private final NetChannelProducer producer;
        private final NetChannelConsumer consumer;
        private final boolean starts;
        private final long[] taken = new long[burst];
        private final Patience patience = new Patience();

        Side(final NetChannelProducer producer, final NetChannelConsumer consumer, final boolean starts) {
            this.producer = producer;
            this.consumer = consumer;
            this.starts = starts;
        }

        @Override
        public long play(final int turns) {
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                if (starts) {
                    send();
                    sum += receive();
                } else {
                    sum += receive();
                    send();
                }
            }
            return sum;
        }

        private void send() {
            for (int i = 0; i < burst; i++) {
                if (!producer.offer(i)) {
                    throw new IllegalStateException("the ring is full: capacity=" + CAPACITY + ", burst=" + burst);
                }
            }
            producer.flush();
        }

        private long receive() {
            long sum = 0;
            int left = burst;
            while (left > 0) {
                final int count = consumer.drain(taken, left);
                if (count == 0) {
                    patience.look();
                }
                for (int i = 0; i < count; i++) {
                    sum += taken[i];
                }
                left -= count;
            }
            patience.rest();
            return sum;
        }
    }
}
