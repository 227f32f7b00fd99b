package io.netchannel.perf.jmh;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.WakeWord;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A burst through the ring, both sides on one thread: the cost without the cache line's way between two cores. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RingBenchmark {

    private static final int CAPACITY = 256;

    @Param({"1", "32"})
    private int burst;

    private Arena arena;
    private NetChannelProducer producer;
    private NetChannelConsumer consumer;
    private long[] out;

    @Setup
    public void makeRing() {
        arena = Arena.ofShared();
        final long wake = arena.allocate(WakeWord.SIZE_BYTES, WakeWord.SIZE_BYTES).address();
        final long ring = arena.allocate(NetChannel.sizeBytes(CAPACITY), 128).address();
        final OrderedMemory memory = HostMemory.INSTANCE;
        producer = new NetChannelProducer(memory, ring, CAPACITY, new WakeWord(memory, wake, Doorbell.NONE));
        consumer = new NetChannelConsumer(memory, ring, CAPACITY);
        out = new long[burst];
    }

    @TearDown
    public void free() {
        arena.close();
    }

    @Benchmark
    public int offerFlushDrain() {
        for (int i = 0; i < burst; i++) {
            producer.offer(i);
        }
        producer.flush();
        return consumer.drain(out, burst);
    }
}
