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
 * between two, which is what the model predicts. They take turns many times in a round: a virtual machine's CPUs change
 * their speed, too, and others want them.
 */
final class RingHandOver {

    static final int CAPACITY = 256;

    /** Short beside a time slice of the scheduler, so that most timings know nothing of other programs. */
    private static final int TURNS = 200;

    private final int burst;
    private final Side near;
    private final Side far;
    /** Both on the first thread. */
    private final Side here;
    private final Side there;

    RingHandOver(final Arena arena, final int burst) {
        this.burst = burst;
        final long outward = ring(arena);
        final long back = ring(arena);
        this.near = new Side(producer(arena, outward), consumer(back), true);
        this.far = new Side(producer(arena, back), consumer(outward), false);
        final long alone = ring(arena);
        final long aloneBack = ring(arena);
        this.here = new Side(producer(arena, alone), consumer(aloneBack), true);
        this.there = new Side(producer(arena, aloneBack), consumer(alone), false);
        // A burst is taken a turn after it was offered: by then its stores have left the CPU's store buffer. Wide loads wait for
        // narrow stores that haven't, which is no part of the path between two threads.
        here.send();
        there.send();
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

    /**
     * What a round came to.
     *
     * @param pathNs for a burst to be offered, published and taken, with all lines in this CPU's cache
     * @param handOverNs from the offer of a burst until the other thread has taken all of it
     */
    record Timing(double pathNs, double handOverNs) {
    }

    /** Of a hand-over half the path is on each CPU. */
    Timing round(final Duet duet) {
        final Timing one = play(duet);
        final Timing other = play(duet.swapped());
        return new Timing((one.pathNs + other.pathNs) / 2, (one.handOverNs + other.handOverNs) / 2);
    }

    private Timing play(final Duet duet) {
        final Alternation first = new Alternation();
        duet.play(first, far, TURNS);
        return new Timing(first.paths.sample().medianNs(), first.handOvers.sample().medianNs());
    }

    /** The first thread's part. While it is on the path, the second polls the other ring. */
    private final class Alternation implements Duet.Part {

        private final Series paths = new Series();
        private final Series handOvers = new Series();
        private boolean counts;

        @Override
        public long play(final int turns) {
            final long startNs = System.nanoTime();
            long sum = path(turns);
            final long turnNs = System.nanoTime();
            sum += near.play(turns);
            if (counts) {
                paths.add((turnNs - startNs) / (2.0 * turns));
                handOvers.add((System.nanoTime() - turnNs) / (2.0 * turns));
            }
            // Not the first: the second thread may not have started.
            counts = true;
            return sum;
        }

        private long path(final int turns) {
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                sum += here.play(1);
                sum += there.play(1);
            }
            return sum;
        }
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
