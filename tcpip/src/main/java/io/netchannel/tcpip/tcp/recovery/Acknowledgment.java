package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.SentSegments.NO_TIME;

import io.netchannel.tcpip.tcp.TcpOptions;
import io.netchannel.tcpip.tcp.congestion.RateSample;

/**
 * One acknowledgment while it is being processed: what the segment says, and what each step has found. Re-used.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Acknowledgment {

    /** Came with data, SYN or FIN. */
    public static final int DATA = 1;
    /** Changed or confirmed the window. */
    public static final int WINDOW_UPDATE = 1 << 1;
    /** Acknowledges sent data by number. */
    static final int DATA_ACKED = 1 << 2;
    /** Acknowledges something that was retransmitted. */
    static final int RETRANSMITTED_ACKED = 1 << 3;
    /** Reports something new by SACK. */
    static final int DATA_SACKED = 1 << 4;
    /** Echoes a mark (RFC 3168). */
    public static final int ECN_ECHO = 1 << 5;
    /** A retransmission was found lost. */
    static final int LOST_RETRANSMISSION = 1 << 6;
    /** Advances SND.UNA. */
    public static final int ADVANCES = 1 << 7;
    /** Reports by DSACK that something came twice. */
    static final int DSACK = 1 << 8;
    /** What came twice is the tail loss probe. */
    static final int DSACK_OF_PROBE = 1 << 9;
    /** Reports something that was sent once, before the last loss was found. */
    static final int ORIGINAL_ARRIVED = 1 << 10;
    /** SND.UNA stops at something that was sacked before: the peer has dropped it. */
    static final int RENEGED = 1 << 11;
    /** The timer starts anew. */
    static final int SET_TIMER = 1 << 12;
    /** Probably delayed by the peer. */
    static final int MAYBE_DELAYED = 1 << 13;

    private static final int NOT_DUPLICATE = DATA | WINDOW_UPDATE | DATA_ACKED;
    private static final int ALERT = DATA_SACKED | ECN_ECHO | DSACK;
    private static final int PROGRESS = DATA_ACKED | DATA_SACKED;

    /** No time can be told. */
    private static final long NO_TICK = -1;
    private static final long TICK_NS = 1_000_000;

    public final RateSample sample = new RateSample();

    long nowNs;
    int number;
    int priorUna;
    /** The options, whose SACK blocks are looked at. */
    TcpOptions options;
    int flags;
    // The time stamp echoed, in ticks of the stack's time.
    private long echoTick;

    // What SACK has found.
    int reorderedFrom;
    int deliveredBySack;
    long firstSackedNs;
    long lastSackedNs;

    // The newest segment delivered: where its rate sample begins.
    boolean hasPrior;
    int priorDelivered;
    long priorDeliveredAtNs;
    int priorEnd;
    boolean priorRetransmitted;

    /** Begins with a new one. */
    public void reset(final int acknowledgment, final int una, final TcpOptions segmentOptions, final int segmentFlags,
            final long now) {
        nowNs = now;
        number = acknowledgment;
        priorUna = una;
        options = segmentOptions;
        flags = segmentFlags;
        echoTick = NO_TICK;
        deliveredBySack = 0;
        firstSackedNs = NO_TIME;
        lastSackedNs = NO_TIME;
        hasPrior = false;
        priorDelivered = 0;
        priorDeliveredAtNs = NO_TIME;
        sample.nowNs = now;
        sample.rttNs = RateSample.NO_RTT;
        sample.ackedSegments = 0;
        sample.lostSegments = 0;
        sample.intervalNs = 0;
        sample.intervalSegments = 0;
        sample.applicationLimited = false;
        sample.roundStart = false;
        sample.ecnEcho = (segmentFlags & ECN_ECHO) != 0;
    }

    /** The peer echoes a timestamp that was taken {@code elapsedNs} ago, in whole ticks. */
    public void echo(final long elapsedTicks) {
        echoTick = nowNs / TICK_NS - elapsedTicks;
    }

    boolean has(final int flag) {
        return (flags & flag) != 0;
    }

    /** Whether this stems from a segment that was sent before {@code timeNs}, as its timestamp tells. */
    boolean echoesBefore(final long timeNs) {
        return echoTick != NO_TICK && echoTick < timeNs / TICK_NS;
    }

    boolean hasEcho() {
        return echoTick != NO_TICK;
    }

    /** Round-trip time by the timestamp, at least a tick. */
    long echoedRttNs() {
        return Math.max(nowNs / TICK_NS - echoTick, 1) * TICK_NS;
    }

    boolean isProgress() {
        return has(PROGRESS);
    }

    /** Whether the state machine must look at it. */
    boolean isDubious() {
        return !has(NOT_DUPLICATE) || has(ALERT);
    }

    /** RFC 5681, 2: nothing new in any respect. */
    boolean isDuplicate() {
        return !has(NOT_DUPLICATE | ADVANCES | DSACK);
    }

    boolean isPureDuplicate() {
        return !has(ADVANCES | NOT_DUPLICATE | DATA_SACKED);
    }
}
