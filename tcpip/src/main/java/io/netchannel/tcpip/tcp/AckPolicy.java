package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * When to acknowledge, as Linux does it: at once, with the next data, or when a delay is over that adapts to the peer.
 *
 * <p>Two states govern the delay. <i>Quick</i>: so many acknowledgments go out at once, at the beginning, after a long
 * pause, and when something went wrong; so the peer's congestion window opens fast. <i>Dialogue</i> (Linux: pingpong):
 * this side answers what it receives, so an acknowledgment is likely to find data to go with, and waits for it.
 *
 * <p>The delay (ATO) follows the gaps between segments: twice as long as the peer takes at most, so that the second of
 * two segments comes in time. The peer's segment size is learned too, from the segments, because "two segments" means
 * the peer's.
 *
 * <p>While data is missing, each segment is acknowledged; if the peer understands SACK only the first three of a gap,
 * then one acknowledgment stands for several for a small part of the round trip.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class AckPolicy {

    /** What Linux guesses of a peer before it has seen a segment. */
    private static final int GUESSED_SEGMENT_BYTES = 536;
    private static final int MIN_SEGMENT_BYTES = 88;
    private static final int QUICK = 16;
    private static final int MAX_DUPLICATE_ACKS = 64;
    private static final int DUPLICATE_ACKS_PER_GAP = 3;
    private static final int COMPRESSION_DIVISOR = 20;
    private static final long HALF_SECOND_NS = 500_000_000;

    private final TcpConnection connection;
    private final TcpConfig config;
    private final long minDelayNs;
    private int segmentBytes = GUESSED_SEGMENT_BYTES;
    private int lastOddBytes;
    private int maxSegmentBytes = Integer.MAX_VALUE;
    private boolean owed;
    private int segments;
    private int duplicates;
    private boolean now;
    private boolean pushed;
    private boolean pushedTwice;
    private int quick;
    private boolean dialogue;
    private long delayNs;
    private boolean measured;
    private long lastDataNs;
    private long lastAckNs;
    private long deadlineNs = NO_DEADLINE;
    private int gapAt;
    private int gapAcks;
    private int compressed;
    private boolean segmentSeen;
    private long compressionDeadlineNs = NO_DEADLINE;

    AckPolicy(final TcpConnection connection) {
        this.connection = connection;
        this.config = connection.config();
        this.minDelayNs = config.get(TcpSetting.DELAYED_ACK_NS);
    }

    /** The handshake is over: segments of the peer's are at most {@code receiveBytes} long. */
    void onEstablished(final int receiveBytes, final int sendBytes, final int windowBytes, final long nowNs) {
        maxSegmentBytes = receiveBytes;
        final int guess = Math.min(Math.min(receiveBytes, sendBytes), Math.min(windowBytes / 2, GUESSED_SEGMENT_BYTES));
        segmentBytes = Math.max(guess, MIN_SEGMENT_BYTES);
        lastDataNs = nowNs;
        lastAckNs = nowNs;
    }

    /** The peer's segment size, as far as is known. */
    int segmentBytes() {
        return segmentBytes;
    }

    boolean isOwed() {
        return owed;
    }

    // -- what is received

    /** So many more acknowledgments are owed at once, for a peer that counts them. */
    void oweDuplicates(final int count) {
        owed = true;
        duplicates = Math.min(duplicates + count, MAX_DUPLICATE_ACKS);
    }

    int duplicatesOwed() {
        return duplicates;
    }

    /** An acknowledgment is owed at once. */
    void oweNow() {
        owed = true;
        now = true;
    }

    /**
     * The peer's FIN.
     *
     * @param mayAnswer data, or our FIN, may still follow, with which the acknowledgment can go (as in Linux)
     */
    void onFin(final boolean mayAnswer) {
        if (!mayAnswer || !config.is(TcpSetting.DELAYED_FIN_ACK)) {
            oweNow();
            return;
        }
        owed = true;
        dialogue = true;
    }

    /** Data in order. */
    void onData(final TcpSegment segment, final int windowBytes, final long nowNs) {
        owed = true;
        segments += segment.segmentCount();
        measure(segment);
        final long rtoNs = connection.sender().rtt().rtoNs();
        final long gapNs = nowNs - lastDataNs;
        if (!measured) {
            measured = true;
            raiseQuick(config.getInt(TcpSetting.QUICK_ACKS), windowBytes);
            delayNs = minDelayNs;
        } else if (gapNs <= minDelayNs / 2) {
            delayNs = delayNs / 2 + minDelayNs / 2;
        } else if (gapNs < delayNs) {
            delayNs = Math.min(delayNs / 2 + gapNs, rtoNs);
        } else if (gapNs > rtoNs) {
            // So long a pause that the peer has begun anew, and waits for each acknowledgment to open its window.
            raiseQuick(config.getInt(TcpSetting.QUICK_ACKS), windowBytes);
        }
        lastDataNs = nowNs;
    }

    /**
     * Learns the peer's segment size. A longer segment counts at once; a shorter one if two in a row have the same size
     * and look like full ones, since the last of a message is short too.
     */
    void measure(final TcpSegment segment) {
        final int odd = lastOddBytes;
        lastOddBytes = 0;
        final int bytes = segment.gsoSizeBytes() == 0 ? segment.payloadBytes() : segment.gsoSizeBytes();
        final boolean push = segment.has(PSH);
        if (bytes >= segmentBytes) {
            segmentBytes = Math.min(bytes, maxSegmentBytes);
            // A full segment that ends a message: the peer may wait for its acknowledgment.
            pushed |= push;
            return;
        }
        // With SACK blocks in the header the rest is shorter; without them it would have been this long.
        final int usual = MIN_HEADER_BYTES + (connection.timestamps().enabled() ? PADDED_TIMESTAMPS_BYTES : 0);
        final int whole = bytes + segment.headerBytes();
        final boolean plain = !push && !segment.has(FIN | SYN | URG);
        if (whole >= GUESSED_SEGMENT_BYTES + MIN_HEADER_BYTES
                || whole >= MIN_SEGMENT_BYTES + MIN_HEADER_BYTES && plain) {
            lastOddBytes = whole - usual;
            if (lastOddBytes == odd) {
                segmentBytes = odd;
                return;
            }
        }
        pushedTwice |= pushed;
        pushed = true;
    }

    /** The next acknowledgments go out at once, {@code most} at most, and a dialogue is over. */
    void enterQuick(final int most, final int windowBytes) {
        raiseQuick(most, windowBytes);
        dialogue = false;
        delayNs = minDelayNs;
        measured = true;
    }

    void enterQuick(final int windowBytes) {
        enterQuick(QUICK, windowBytes);
    }

    private void raiseQuick(final int most, final int windowBytes) {
        quick = Math.max(quick, Math.min(most, Math.max(2, windowBytes / (2 * segmentBytes))));
    }

    /** The window grows: the peer shall hear of it. */
    void onWindowGrowth() {
        quick |= config.getInt(TcpSetting.QUICK_ACKS) > 0 ? 1 : 0;
    }

    /** So little room is left that there is no hurry. */
    void onWindowShort() {
        quick = 0;
    }

    /** A segment came while data is missing. */
    void onSegmentInGap() {
        owed = true;
        segmentSeen = true;
    }

    /** The application asks for acknowledgments without delay, or with (Linux: TCP_QUICKACK). */
    void quickAck(final boolean on) {
        dialogue = !on;
        if (on && owed) {
            now = true;
        }
    }

    // -- what is sent

    /** Data goes out: soon after the last that came in, it is an answer. */
    void onDataSent(final long nowNs) {
        if (measured && nowNs - lastDataNs < delayNs) {
            dialogue = true;
        }
    }

    /** An acknowledgment of all went out, alone or with data. @return how many it stands for beside itself */
    int onAckSent(final boolean withData, final long nowNs) {
        if (!withData && duplicates > 0) {
            duplicates--;
        }
        if (quick > 0 && owed && --quick == 0) {
            delayNs = minDelayNs;
        }
        final int stoodFor = compressed;
        compressed = 0;
        compressionDeadlineNs = NO_DEADLINE;
        owed = duplicates > 0;
        segments = 0;
        now = false;
        pushed = false;
        pushedTwice = false;
        segmentSeen = false;
        deadlineNs = NO_DEADLINE;
        lastAckNs = nowNs;
        return stoodFor;
    }

    // -- the decision

    /**
     * Whether an acknowledgment goes out now; if not, and one is owed, arms the delay.
     *
     * @param unacknowledged numbers that were received since the last one
     * @param windowMoves whether it would move the window's edge by as much
     * @param emptied whether the application has consumed something, and nothing is left
     * @param consumed whether the application has consumed something
     */
    boolean isDue(final int unacknowledged, final boolean windowMoves, final boolean consumed,
            final boolean emptied) {
        if (!owed) {
            return false;
        }
        if (now || quick > 0 && !dialogue || unacknowledged > segmentBytes && (windowMoves || consumed)) {
            return true;
        }
        final int most = config.getInt(TcpSetting.ACK_SEGMENTS);
        if (most > 0 && segments >= most) {
            return true;
        }
        // Short segments are the end of a message: no second one will come to share an acknowledgment with.
        return emptied && (pushedTwice || pushed && !dialogue);
    }

    /** An acknowledgment is owed and not due: puts it off. @return whether the time is almost over, so that it is due */
    boolean delay(final long nowNs) {
        long ns = delayNs;
        if (ns > minDelayNs) {
            long most = dialogue || pushed ? config.get(TcpSetting.DELAYED_ACK_MAX_NS) : HALF_SECOND_NS;
            final long rttNs = connection.sender().rtt().smoothedNs();
            if (rttNs > 0) {
                most = Math.min(most, Math.max(rttNs, minDelayNs));
            }
            ns = Math.min(ns, most);
        }
        ns = Math.min(ns, config.get(TcpSetting.DELAYED_ACK_MAX_NS));
        if (deadlineNs == NO_DEADLINE) {
            deadlineNs = nowNs + ns;
            now = ns == 0;
            return now;
        }
        if (deadlineNs <= nowNs + ns / 4) {
            now = true;
            return true;
        }
        deadlineNs = Math.min(deadlineNs, nowNs + ns);
        return false;
    }

    /** Data is missing at {@code next}: whether the acknowledgment of what has come beyond it goes out at once. */
    boolean isDueInGap(final int next, final long receiveRttNs, final long nowNs) {
        if (!segmentSeen) {
            return false;
        }
        segmentSeen = false;
        if (gapAt != next) {
            gapAt = next;
            gapAcks = 0;
        }
        if (gapAcks < DUPLICATE_ACKS_PER_GAP || compressed >= config.getInt(TcpSetting.COMPRESSED_ACK_SEGMENTS)) {
            gapAcks++;
            now = true;
            return true;
        }
        final long rttNs = connection.sender().rtt().smoothedNs();
        final long shorterNs = rttNs > 0 && rttNs < receiveRttNs ? rttNs : receiveRttNs;
        final long holdNs = Math.min(config.get(TcpSetting.COMPRESSED_ACK_NS), shorterNs / COMPRESSION_DIVISOR);
        if (holdNs == 0) {
            now = true;
            return true;
        }
        compressed++;
        if (compressionDeadlineNs == NO_DEADLINE) {
            compressionDeadlineNs = nowNs + holdNs;
        }
        return false;
    }

    /** Whether acknowledgments are held back that one will stand for. */
    boolean isCompressing() {
        return compressionDeadlineNs != NO_DEADLINE;
    }

    // -- time

    long nextDeadlineNs() {
        return Math.min(deadlineNs, compressionDeadlineNs);
    }

    /** @return whether a delayed acknowledgment has become due */
    boolean onTimer(final long nowNs) {
        if (compressionDeadlineNs <= nowNs) {
            compressionDeadlineNs = NO_DEADLINE;
            if (compressed > 0) {
                // One of them goes out after all.
                compressed--;
                oweNow();
            }
        }
        if (deadlineNs > nowNs) {
            return false;
        }
        deadlineNs = NO_DEADLINE;
        if (!owed) {
            return false;
        }
        if (dialogue) {
            // No answer came in time: this is no dialogue.
            dialogue = false;
            delayNs = minDelayNs;
        } else {
            delayNs = Math.min(2 * delayNs, connection.sender().rtt().rtoNs());
        }
        now = true;
        return true;
    }

    void stop() {
        deadlineNs = NO_DEADLINE;
        compressionDeadlineNs = NO_DEADLINE;
    }

    void info(final TcpInfo into, final long nowNs) {
        into.set(TcpInfo.Field.RCV_MSS, segmentBytes);
        into.set(TcpInfo.Field.ATO, delayNs / 1_000);
        into.set(TcpInfo.Field.LAST_DATA_RECV, (nowNs - lastDataNs) / 1_000_000);
        into.set(TcpInfo.Field.LAST_ACK_SENT, (nowNs - lastAckNs) / 1_000_000);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        segmentBytes = image.of(segmentBytes);
        lastOddBytes = image.of(lastOddBytes);
        maxSegmentBytes = image.of(maxSegmentBytes);
        owed = image.of(owed);
        segments = image.of(segments);
        duplicates = image.of(duplicates);
        now = image.of(now);
        pushed = image.of(pushed);
        pushedTwice = image.of(pushedTwice);
        quick = image.of(quick);
        dialogue = image.of(dialogue);
        delayNs = image.of(delayNs);
        measured = image.of(measured);
        lastDataNs = image.of(lastDataNs);
        lastAckNs = image.of(lastAckNs);
        deadlineNs = image.of(deadlineNs);
        gapAt = image.sequence(gapAt);
        gapAcks = image.of(gapAcks);
        compressed = image.of(compressed);
        segmentSeen = image.of(segmentSeen);
        compressionDeadlineNs = image.of(compressionDeadlineNs);
    }
}
