package io.netchannel.perf.jmh;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.WakeWord;
import java.lang.foreign.Arena;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Control;

/**
 * An element through the ring from one thread to another. Neither counts an attempt that failed, so both sides' figures,
 * and their mean, are the time from one element to the next. Wants two idle CPUs.
 */
@State(Scope.Group)
public class RingThreadsBenchmark extends StageBenchmark {

    /** Then the CPU is given away: the other side may be waiting for this very one. */
    private static final int SPINS = 1_000;

    private Arena arena;
    private NetChannelProducer producer;
    private NetChannelConsumer consumer;

    @Setup
    public void makeRing() {
        arena = Arena.ofShared();
        final OrderedMemory memory = HostMemory.INSTANCE;
        final long wake = arena.allocate(WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES).address();
        final long ring = arena.allocate(NetChannel.sizeBytes(RingBenchmark.CAPACITY), RingBenchmark.ALIGNMENT_BYTES)
                .address();
        producer = new NetChannelProducer(memory, ring, RingBenchmark.CAPACITY,
                new WakeWord(memory, wake, Doorbell.NONE));
        consumer = new NetChannelConsumer(memory, ring, RingBenchmark.CAPACITY);
    }

    @TearDown
    public void free() {
        arena.close();
    }

    /** One thread's own words: beside the ring's ends in one object they would share a cache line with the other's. */
    @State(Scope.Thread)
    public static class Side {

        final long[] elements = new long[RingBenchmark.BURST];
        private int next;
        private int spins;

        long nextElement() {
            return next++ & Integer.MAX_VALUE;
        }

        /** @return false if the iteration is over, so that nobody is left waiting for one who has stopped */
        boolean waits(final Control control) {
            if (++spins % SPINS == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
            return !control.stopMeasurement;
        }
    }

    @Benchmark
    @Group("single")
    public boolean offer(final Side side, final Control control) {
        final long element = side.nextElement();
        boolean taken = producer.offer(element);
        while (!taken && side.waits(control)) {
            taken = producer.offer(element);
        }
        producer.flush();
        return taken;
    }

    @Benchmark
    @Group("single")
    public long poll(final Side side, final Control control) {
        long element = consumer.poll();
        while (element == NetChannelConsumer.NONE && side.waits(control)) {
            element = consumer.poll();
        }
        return element;
    }

    @Benchmark
    @Group("burst")
    @OperationsPerInvocation(RingBenchmark.BURST)
    public int offerBurst(final Side side, final Control control) {
        side.elements[0] = side.nextElement();
        int done = 0;
        do {
            done += producer.offer(side.elements, done, RingBenchmark.BURST - done);
            producer.flush();
        } while (done < RingBenchmark.BURST && side.waits(control));
        return done;
    }

    @Benchmark
    @Group("burst")
    @OperationsPerInvocation(RingBenchmark.BURST)
    public long drain(final Side side, final Control control) {
        int done = 0;
        do {
            done += consumer.drain(side.elements, RingBenchmark.BURST - done);
        } while (done < RingBenchmark.BURST && side.waits(control));
        return done + side.elements[0];
    }
}
