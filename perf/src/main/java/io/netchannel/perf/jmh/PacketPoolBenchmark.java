package io.netchannel.perf.jmh;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A buffer out of the pool and back. */
public class PacketPoolBenchmark extends StageBenchmark {

    private static final int BUFFERS = 1024;
    private static final int BUFFER_BYTES = 4096;
    private static final int BURST = 64;
    private static final int SLICES = 15;

    private final int[] held = new int[BURST];
    private Region region;
    private PacketPool pool;

    @Setup
    public void makePool() {
        region = Region.create("pool", PacketMemory.requiredBytes(BUFFERS, BUFFER_BYTES));
        pool = new PacketPool(new PacketMemory(region, BUFFERS, BUFFER_BYTES));
    }

    @TearDown
    public void free() {
        region.close();
    }

    /** The same buffer each time, as in a transaction. */
    @Benchmark
    public int single() {
        final int index = pool.allocate();
        pool.release(index);
        return index;
    }

    /** 64 out, then 64 back, as in a burst; the figure is for one. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int burst() {
        for (int i = 0; i < BURST; i++) {
            held[i] = pool.allocate();
        }
        for (int i = 0; i < BURST; i++) {
            pool.release(held[i]);
        }
        return held[0];
    }

    /** A head with 15 slices, released as one packet; the figure is for one buffer. */
    @Benchmark
    @OperationsPerInvocation(1 + SLICES)
    public int packet() {
        final int head = pool.allocate();
        for (int i = 0; i < SLICES; i++) {
            pool.packets().addSlice(head, PacketHandle.of(pool.allocate(), 0, BUFFER_BYTES));
        }
        pool.releasePacket(PacketHandle.of(head, 0, BUFFER_BYTES));
        return head;
    }
}
