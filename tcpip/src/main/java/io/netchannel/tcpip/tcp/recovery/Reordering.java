package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.TcpCounter;

/**
 * How far segments overtake each other on the path, as far as acknowledgments have shown it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Reordering {

    private final Flight flight;
    private final int defaultSegments;
    private final int maxSegments;
    private int segments;
    private int seen;

    Reordering(final Flight flight, final int defaultSegments, final int maxSegments) {
        this.flight = flight;
        this.defaultSegments = defaultSegments;
        this.maxSegments = maxSegments;
        this.segments = defaultSegments;
    }

    /** Segments overtaken before one counts as lost (RFC 6675: DupThresh), as the path taught. */
    public int segments() {
        return segments;
    }

    /** How often the path has reordered. */
    public int seen() {
        return seen;
    }

    int defaultSegments() {
        return defaultSegments;
    }

    boolean exceedsDefault() {
        return segments > defaultSegments;
    }

    /** Too much was made of it. */
    void forget() {
        segments = Math.min(segments, defaultSegments);
    }

    /** What begins at {@code lowSequence} came after what is beyond it. */
    void onReordering(final int lowSequence, final boolean byTimestamp) {
        final int top = flight.highestSacked();
        if (!SeqNum.lessThan(lowSequence, top)) {
            return;
        }
        final int mss = flight.window.mssBytes();
        final int distance = SeqNum.distance(lowSequence, top);
        if (distance > (long) segments * mss) {
            segments = Math.min((distance + mss - 1) / mss, maxSegments);
        }
        seen++;
        flight.counters.increment(byTimestamp ? TcpCounter.TS_REORDER : TcpCounter.SACK_REORDER);
    }

    /** Without SACK: the peer may have sent more duplicates than losses explain; then there was reordering. */
    void limitRenoSacks(final int more) {
        if (!flight.trimRenoSacks()) {
            return;
        }
        segments = Math.min(flight.packetsOut + more, maxSegments);
        seen++;
        flight.counters.increment(TcpCounter.RENO_REORDER);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        segments = image.of(segments);
        seen = image.of(seen);
    }
}
