package io.netchannel.perf.iperf3;

import io.netchannel.node.LoopContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One stream of a test, on its loop: sends or receives.
 *
 * <p>Threading: confined to its loop but for what is set before it begins; {@link #latest} is read by the test's home loop
 * after a task on this one.
 */
abstract sealed class DataStream permits TcpStream, UdpStream {

    /** What is sent from, whatever the size of a block. */
    static final int PAYLOAD_BYTES = 65_536;

    private static final int FIRST_SOCKET = 5;

    /** Addresses, for display. */
    record Ends(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
    }

    final LoopContext loop;
    final TestRun run;
    final TestParameters parameters;
    private MemorySegment payload;
    // Set by the home loop before the stream begins.
    int number;
    boolean sends;
    Ends ends;
    /** When it was accepted: tells the order of streams that different loops have accepted. */
    long acceptedNs;

    boolean running;
    private boolean halted;
    long bytes;
    StreamSample latest = StreamSample.ZERO;

    DataStream(final LoopContext loop, final TestRun run) {
        this.loop = loop;
        this.run = run;
        this.parameters = run.parameters();
    }

    /** iperf3's identifiers on the wire: 1, 3, 4, 5… */
    int id() {
        return number == 0 ? 1 : number + 2;
    }

    /** What stands for the descriptor that iperf3 shows. */
    int socket() {
        return FIRST_SOCKET + 2 * number;
    }

    final long payload() {
        if (payload == null) {
            payload = Arena.ofAuto().allocate(PAYLOAD_BYTES, Long.BYTES);
        }
        return payload.address();
    }

    /** From here on data is sent. */
    abstract void begin();

    /** The seconds to be omitted are over. */
    abstract void restart();

    abstract StreamSample sample();

    /** Sends no more, and counts no more; what comes is still read. */
    void halt() {
        latest = sample();
        running = false;
        halted = true;
    }

    /**
     * Whether what comes counts: also before {@link #begin}, as the other end may have begun already, and on another loop
     * than the word of it.
     */
    final boolean counts() {
        return !sends && !halted;
    }

    /** Closes it, with what was written sent. */
    abstract void close();

    abstract void abort();
}
