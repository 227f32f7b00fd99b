package io.netchannel.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The driver's side of a virtqueue: a used chain taken, a chain made available. The device's side is played in between. */
public class VirtqueueDriverBenchmark extends StageBenchmark {

    @Param
    VirtqueuePair.Layout layout;

    @Param
    VirtqueuePair.Chain chain;

    private VirtqueuePair pair;

    @Setup
    public void open() {
        pair = new VirtqueuePair(layout, chain);
    }

    @TearDown
    public void close() {
        pair.check();
        pair.close();
    }

    @Setup(Level.Invocation)
    public void deviceTurn() {
        pair.deviceTurn();
    }

    @Benchmark
    @OperationsPerInvocation(VirtqueuePair.BATCH)
    public long takeAndAdd() {
        return pair.driverTurn();
    }
}
