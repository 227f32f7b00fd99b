package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;

/**
 * Loss by time (RFC 8985): a segment is lost if one that was sent well after it has arrived.
 *
 * <pre>
 *   sent:     S1 ........ S2 ............... S3 arrived: its round trip took rtt
 *   now  &gt;=  sent + rtt + reordering window  ⇒  lost        else: look again when that time has come
 * </pre>
 * The reordering window is 0 as long as the path was never seen to reorder and loss is likely, else a quarter of the
 * least round-trip time; it grows by such quarters with each round in which the peer reports a superfluous
 * retransmission, and sinks again after 16 recoveries without.
 *
 * <p>With {@link TcpSetting#RACK} off: loss by counting (RFC 6675, 4).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Rack {

    private static final int RECOVERIES_TO_FORGET = 16;
    private static final int MAX_STEPS = 255;
    private static final long NEVER = 0;

    private final Flight flight;
    private final boolean byTime;
    // The last sent of what has arrived.
    private long sentNs;
    private int end;
    private long rttNs;
    private boolean advanced;
    private int steps = 1;
    private int persist;
    private boolean dsackSeen;
    private int lastDelivered;

    Rack(final Flight flight, final TcpConfig config) {
        this.flight = flight;
        this.byTime = config.is(TcpSetting.RACK);
    }

    /** RFC 8985, 6.2, steps 2 and 3: {@code slot} has arrived. */
    void onDelivered(final int flags, final int segmentEnd, final long segmentSentNs, final long nowNs) {
        final long tripNs = nowNs - segmentSentNs;
        if ((flags & (RETRANSMITTED | EVER_RETRANSMITTED)) != 0 && tripNs < flight.rtt.minimumNs()) {
            // Too early for the retransmission: it was the original that arrived.
            return;
        }
        advanced = true;
        rttNs = tripNs;
        if (sentAfter(segmentSentNs, sentNs, segmentEnd, end)) {
            sentNs = segmentSentNs;
            end = segmentEnd;
        }
    }

    static boolean sentAfter(final long aNs, final long bNs, final int endA, final int endB) {
        return aNs > bNs || aNs == bNs && SeqNum.greaterThan(endA, endB);
    }

    /** A superfluous retransmission was reported that may stem from here. */
    void onDsack() {
        dsackSeen = true;
    }

    /** All segments are to be looked at again. */
    void again() {
        advanced = true;
    }

    /** RFC 8985, 6.2, step 4: the window follows what was reported. */
    void adapt(final Acknowledgment ack) {
        if (!ack.hasPrior) {
            return;
        }
        if (SeqNum.lessThan(ack.priorDelivered, lastDelivered)) {
            // Of the round in which the window was raised.
            dsackSeen = false;
        }
        if (dsackSeen) {
            steps = Math.min(steps + 1, MAX_STEPS);
            dsackSeen = false;
            lastDelivered = flight.delivered;
            persist = RECOVERIES_TO_FORGET;
        } else if (persist == 0) {
            steps = 1;
        }
    }

    /** A recovery has ended. */
    void onRecovered() {
        if (persist > 0) {
            persist--;
        }
    }

    /** A recovery turned out to have been superfluous, as DSACKs say. */
    void onUndone() {
        persist = Math.min(RECOVERIES_TO_FORGET, persist + 1);
    }

    private long reorderingWindowNs() {
        if (flight.reordering.seen() == 0
                && (!flight.state.isBelow(CaState.RECOVERY) || flight.sackedOut >= flight.reordering.segments())) {
            return 0;
        }
        final long leastNs = flight.rtt.minimumNs();
        return Math.min((leastNs == Long.MAX_VALUE ? 0 : leastNs >> 2) * steps, flight.rtt.smoothedNs());
    }

    /** How much longer a segment may still take; 0 or less: it is lost. */
    long remainingNs(final int slot, final long windowNs, final long nowNs) {
        return rttNs + windowNs - (nowNs - flight.segments.sentNs(slot));
    }

    /**
     * After an acknowledgment: marks what is lost.
     *
     * @return how long until more may be lost, or 0
     */
    long detect(final long nowNs) {
        if (!byTime) {
            detectByCount();
            return NEVER;
        }
        if (!advanced) {
            return NEVER;
        }
        advanced = false;
        return detectByTime(nowNs);
    }

    /** The reordering timer has expired. */
    long detectByTime(final long nowNs) {
        final SentSegments segments = flight.segments;
        final long windowNs = reorderingWindowNs();
        long waitNs = NEVER;
        int next;
        for (int slot = segments.oldest(); slot != NONE; slot = next) {
            next = segments.newer(slot);
            if (flight.segments().awaitsRetransmission(slot)) {
                continue;
            }
            if (!sentAfter(sentNs, segments.sentNs(slot), end, segments.end(slot))) {
                break;
            }
            final long remainingNs = remainingNs(slot, windowNs, nowNs);
            if (remainingNs <= 0) {
                flight.markLost(slot);
                segments.unlink(slot);
            } else {
                waitNs = Math.max(waitNs, remainingNs);
            }
        }
        return waitNs;
    }

    // RFC 6675, 4: lost is what DupThresh segments above it have overtaken.
    private void detectByCount() {
        final SentSegments segments = flight.segments;
        int above = flight.sackedOut;
        for (int i = 0; i < segments.size() && above >= flight.reordering.segments(); i++) {
            final int slot = segments.at(i);
            if (segments.has(slot, SACKED)) {
                above -= segments.count(slot);
            } else if (!segments.has(slot, LOST)) {
                flight.markLost(slot);
            }
        }
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        sentNs = image.of(sentNs);
        end = image.sequence(end);
        rttNs = image.of(rttNs);
        advanced = image.of(advanced);
        steps = image.of(steps);
        persist = image.of(persist);
        dsackSeen = image.of(dsackSeen);
        lastDelivered = image.of(lastDelivered);
    }
}
