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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An element through the ring, both sides on one thread: the cost without the cache line's way between two cores, which
 * {@link RingThreadsBenchmark} adds.
 */
public class RingBenchmark extends StageBenchmark {

    static final int CAPACITY = 256;
    static final int BURST = 32;
    static final int ALIGNMENT_BYTES = 128;

    private final long[] in = new long[BURST];
    private final long[] out = new long[BURST];
    private Arena arena;
    private NetChannelProducer producer;
    private NetChannelConsumer consumer;
    private int next;

    @Setup
    public void makeRing() {
        arena = Arena.ofShared();
        final OrderedMemory memory = HostMemory.INSTANCE;
        final long wake = arena.allocate(WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES).address();
        final long ring = arena.allocate(NetChannel.sizeBytes(CAPACITY), ALIGNMENT_BYTES).address();
        producer = new NetChannelProducer(memory, ring, CAPACITY, new WakeWord(memory, wake, Doorbell.NONE));
        consumer = new NetChannelConsumer(memory, ring, CAPACITY);
    }

    @TearDown
    public void free() {
        arena.close();
    }

    /** Published and taken one by one. */
    @Benchmark
    public long single() {
        producer.offer(next++ & Integer.MAX_VALUE);
        producer.flush();
        return consumer.poll();
    }

    /** Published once for 32. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long burst() {
        in[next & BURST - 1] = next++ & Integer.MAX_VALUE;
        producer.offer(in, 0, BURST);
        producer.flush();
        return consumer.drain(out, BURST) + out[BURST - 1];
    }
}
