package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.Acknowledgment.*;
import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.congestion.RateSample;

/**
 * Takes what is acknowledged by number off the scoreboard, and measures by it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class CumulativeAck {

    private static final long NO_RTT = RateSample.NO_RTT;

    private final Flight flight;
    private final SentSegments segments;
    private final Rack rack;
    private final DeliveryRate rate;
    // Of the acknowledgment under way.
    private long firstSentNs;
    private long lastSentNs;
    private int reorderedFrom;
    private int acked;
    private boolean cutShort;

    CumulativeAck(final Flight flight, final Rack rack, final DeliveryRate rate) {
        this.flight = flight;
        this.segments = flight.segments;
        this.rack = rack;
        this.rate = rate;
    }

    /** @param priorHighest the highest sacked before */
    void process(final Acknowledgment ack, final int priorHighest) {
        final int priorSacked = flight.sackedOut;
        firstSentNs = NO_TIME;
        lastSentNs = NO_TIME;
        reorderedFrom = flight.nxt;
        acked = 0;
        cutShort = false;
        while (!segments.isEmpty() && removeFirst(ack)) {
            // On.
        }
        ack.sample.ackedSegments = acked;
        if (!segments.isEmpty() && segments.has(segments.at(0), SACKED)) {
            ack.flags |= RENEGED;
        }
        final boolean sampled = measure(ack, priorSacked);
        if (ack.has(DATA_ACKED)) {
            ack.flags |= SET_TIMER;
            if (!flight.sack) {
                removeRenoSacks(ack);
                if (ack.has(RETRANSMITTED_ACKED)) {
                    // Without SACK none can tell whether it was the original that made progress.
                    ack.flags &= ~ORIGINAL_ARRIVED;
                }
            } else if (SeqNum.lessThan(reorderedFrom, priorHighest)) {
                flight.reordering.onReordering(reorderedFrom, false);
            }
        } else if (!segments.isEmpty() && sampled && ack.firstSackedNs != NO_TIME
                && ack.firstSackedNs < flight.segments().headSentNs()) {
            // Not for something that was sent after the head was, again: that would put the timeout off for ever.
            ack.flags |= SET_TIMER;
        }
    }

    // @return whether to go on with the next
    private boolean removeFirst(final Acknowledgment ack) {
        final int slot = segments.at(0);
        final int start = segments.sequence(slot);
        final int flags = segments.flags(slot);
        int count = segments.count(slot);
        final boolean whole = SeqNum.lessOrEqual(segments.end(slot), flight.una);
        if (!whole) {
            if (count == 1 || !SeqNum.greaterThan(flight.una, start)) {
                return false;
            }
            segments.trimFirst(flight.una);
            segments.recount(slot, segments.segmentBytes(slot));
            count -= segments.count(slot);
            cutShort = true;
            if (count == 0) {
                return false;
            }
        }
        take(ack, slot, start, flags, count);
        if (whole) {
            segments.removeFirst();
        }
        return whole;
    }

    private void take(final Acknowledgment ack, final int slot, final int start, final int flags, final int count) {
        final int end = segments.end(slot);
        if ((flags & (RETRANSMITTED | EVER_RETRANSMITTED)) != 0) {
            if ((flags & RETRANSMITTED) != 0) {
                flight.retransmittedOut -= count;
            }
            ack.flags |= RETRANSMITTED_ACKED;
        } else if ((flags & SACKED) == 0) {
            lastSentNs = segments.sentNs(slot);
            if (firstSentNs == NO_TIME) {
                firstSentNs = lastSentNs;
            }
            reorderedFrom = SeqNum.min(reorderedFrom, start);
            if (SeqNum.lessOrEqual(end, flight.highSequence)) {
                ack.flags |= ORIGINAL_ARRIVED;
            }
        }
        if ((flags & SACKED) != 0) {
            flight.sackedOut -= count;
        } else if (flight.sack) {
            flight.deliver(count, ack.has(ECN_ECHO));
            final boolean spurious = (flags & EVER_RETRANSMITTED) != 0 && ack.echoesBefore(segments.sentNs(slot));
            if (!spurious) {
                rack.onDelivered(flags, end, segments.sentNs(slot), ack.nowNs);
            }
        }
        if ((flags & LOST) != 0) {
            flight.lostOut -= count;
        }
        flight.packetsOut -= count;
        acked += count;
        rate.onDelivered(ack, slot);
        ack.flags |= DATA_ACKED;
    }

    // RFC 6298, 3 and RFC 7323, 4: by what was sent once; else by the timestamp.
    private boolean measure(final Acknowledgment ack, final int priorSacked) {
        long rttNs = NO_RTT;
        long newestNs = NO_RTT;
        if (firstSentNs != NO_TIME && !ack.has(RETRANSMITTED_ACKED)) {
            rttNs = ack.nowNs - firstSentNs;
            newestNs = ack.nowNs - lastSentNs;
            if (isMaybeDelayed(ack, priorSacked)) {
                ack.flags |= MAYBE_DELAYED;
            }
        }
        if (ack.firstSackedNs != NO_TIME) {
            newestNs = ack.nowNs - ack.lastSackedNs;
            if (rttNs == NO_RTT) {
                rttNs = ack.nowNs - ack.firstSackedNs;
            }
        }
        if (rttNs == NO_RTT && ack.hasEcho() && ack.has(DATA_ACKED)) {
            rttNs = ack.echoedRttNs();
            newestNs = rttNs;
        }
        ack.sample.rttNs = newestNs;
        if (rttNs == NO_RTT) {
            return false;
        }
        if (!ack.has(MAYBE_DELAYED) || newestNs <= flight.rtt.minimumNs()) {
            flight.rtt.onMinimum(newestNs, ack.nowNs);
        }
        flight.rtt.onSample(rttNs, flight.una, flight.nxt);
        flight.window.roundTrip(flight.rtt.smoothedNs(), flight.rtt.minimumNs());
        return true;
    }

    // A lone small segment in a round trip: the peer had nothing to make haste for.
    private boolean isMaybeDelayed(final Acknowledgment ack, final int priorSacked) {
        return acked == 1 && !cutShort && priorSacked == 0
                && SeqNum.distance(ack.priorUna, flight.una) < flight.window.mssBytes()
                && ack.priorDelivered + 1 == flight.delivered && !ack.has(DATA_SACKED | ECN_ECHO | DSACK);
    }

    // Without SACK: one of what is acknowledged filled the hole, the rest had come before, as duplicates told.
    private void removeRenoSacks(final Acknowledgment ack) {
        if (acked > 0) {
            flight.deliver(Math.max(acked - flight.sackedOut, 1), ack.has(ECN_ECHO));
            flight.sackedOut = Math.max(flight.sackedOut - (acked - 1), 0);
        }
        flight.reordering.limitRenoSacks(acked);
    }
}
