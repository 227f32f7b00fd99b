package io.netchannel.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The device's side of a virtqueue: an available chain read and checked, and used. The driver's side is played in between. */
public class VirtqueueDeviceBenchmark extends StageBenchmark {

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
        pair.driverTurn();
        pair.check();
        pair.close();
    }

    @Setup(Level.Invocation)
    public void driverTurn() {
        pair.driverTurn();
    }

    @Benchmark
    @OperationsPerInvocation(VirtqueuePair.BATCH)
    public long readAndUse() {
        return pair.deviceTurn();
    }
}
