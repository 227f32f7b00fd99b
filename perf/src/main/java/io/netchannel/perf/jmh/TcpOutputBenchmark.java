package io.netchannel.perf.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What is written, from the application to the IP layer: the copy into the send buffer, the segment, its header. One
 * write makes one packet; the window is wide open. The acknowledgments come in between.
 */
public class TcpOutputBenchmark extends StageBenchmark {

    private static final int BURST = 16;
    private static final long TURN_NS = 10_000;
    private static final long ROUND_TRIP_NS = 50_000;
    /** Enough for slow start to open the window for a burst of the largest. */
    private static final int OPENING_TURNS = 400;

    /** A request, a full segment, and as many full segments as fit into 16 buffers wherever in the first they begin. */
    @Param({"1", "1448", "60816"})
    int writeBytes;

    private final Arena arena = Arena.ofShared();
    private MemorySegment data;
    private TcpPeer peer;

    @Setup
    public void connect() {
        data = arena.allocate(writeBytes + BURST);
        peer = new TcpPeer();
        for (int i = 0; i < OPENING_TURNS; i++) {
            peersTurn();
            packets();
        }
    }

    @TearDown
    public void close() {
        peer.close();
        arena.close();
    }

    @Setup(Level.Invocation)
    public void peersTurn() {
        peer.complete();
        peer.pass(ROUND_TRIP_NS);
        peer.acknowledge();
        peer.emit();
        peer.complete();
        peer.pass(TURN_NS);
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public long packets() {
        for (int i = 0; i < BURST; i++) {
            peer.flow().write(data.address() + i, writeBytes);
            peer.emit();
        }
        return peer.sentFrames();
    }

    /** Payload bytes that were sent. */
    long sentBytes() {
        return peer.sentBytes();
    }
}
