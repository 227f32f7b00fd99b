package io.netchannel.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A segment in order, from the classifier to the application, which takes it in place; in bursts of 16, with the
 * acknowledgments that they bring about. Includes the stores that make the segment.
 */
public class TcpInputBenchmark extends StageBenchmark {

    private static final int BURST = 16;
    private static final long BURST_NS = 10_000;

    @Param({"1", "1448"})
    int payloadBytes;

    private TcpPeer peer;

    @Setup
    public void connect() {
        peer = new TcpPeer();
    }

    @TearDown
    public void close() {
        peer.close();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public long segments() {
        peer.pass(BURST_NS);
        for (int i = 0; i < BURST; i++) {
            peer.receive(payloadBytes);
        }
        peer.emit();
        peer.complete();
        return peer.receivedBytes();
    }
}
