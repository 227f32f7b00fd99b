package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.congestion.RateSample;

/**
 * How fast the network delivers: for each acknowledgment, what was delivered since its newest segment was sent, over
 * the longer of the times that sending and acknowledging took (draft-ietf-ccwg-bbr, 4.1; Linux's tcp_rate).
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class DeliveryRate {

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Flight flight;
    // The last sample that was not limited by the application, or the fastest that was.
    private int segments;
    private long intervalNs;
    private boolean applicationLimited;
    private int roundEnd;

    public DeliveryRate(final Flight flight) {
        this.flight = flight;
    }

    /** {@code slot} has arrived. */
    void onDelivered(final Acknowledgment ack, final int slot) {
        final SentSegments sent = flight.segments;
        final long deliveredAtNs = sent.deliveredAtNs(slot);
        if (deliveredAtNs == NO_TIME) {
            return;
        }
        final long sentNs = sent.sentNs(slot);
        if (!ack.hasPrior || Rack.sentAfter(sentNs, flight.flightStartNs, sent.end(slot), ack.priorEnd)) {
            ack.hasPrior = true;
            ack.priorDelivered = sent.delivered(slot);
            ack.priorDeliveredAtNs = deliveredAtNs;
            ack.priorEnd = sent.end(slot);
            ack.priorRetransmitted = sent.has(slot, EVER_RETRANSMITTED);
            ack.sample.applicationLimited = sent.has(slot, APPLICATION_LIMITED);
            ack.sample.intervalNs = sentNs - sent.flightStartNs(slot);
            flight.flightStartNs = sentNs;
        }
    }

    /** All of the acknowledgment is known. */
    void finish(final Acknowledgment ack, final int priorDelivered, final boolean reneged) {
        final RateSample sample = ack.sample;
        if (flight.applicationLimitedUntil != 0
                && SeqNum.greaterThan(flight.delivered, flight.applicationLimitedUntil)) {
            flight.applicationLimitedUntil = 0;
        }
        sample.deliveredSegments = flight.delivered - priorDelivered;
        sample.deliveredTotalSegments = Integer.toUnsignedLong(flight.delivered);
        if (sample.deliveredSegments > 0) {
            flight.deliveredAtNs = ack.nowNs;
        }
        if (!ack.hasPrior || reneged) {
            sample.intervalNs = 0;
            return;
        }
        if (SeqNum.greaterOrEqual(ack.priorDelivered, roundEnd)) {
            roundEnd = flight.delivered;
            sample.roundStart = true;
        }
        sample.intervalSegments = flight.delivered - ack.priorDelivered;
        sample.intervalNs = Math.max(sample.intervalNs, ack.nowNs - ack.priorDeliveredAtNs);
        if (sample.intervalNs < flight.rtt.minimumNs()) {
            // Faster than the path is: a retransmission's original.
            sample.intervalNs = 0;
            return;
        }
        remember(sample);
    }

    private void remember(final RateSample sample) {
        final boolean faster = (double) sample.intervalSegments * intervalNs >= (double) segments * sample.intervalNs;
        if (!sample.applicationLimited || faster) {
            segments = sample.intervalSegments;
            intervalNs = sample.intervalNs;
            applicationLimited = sample.applicationLimited;
        }
    }

    /** Nothing more is to be sent, though it might be: samples of what is in flight now don't tell what the path can. */
    public void onApplicationLimited() {
        final int until = flight.delivered + flight.inFlight();
        flight.applicationLimitedUntil = until == 0 ? 1 : until;
    }

    /** 0 before the first sample. */
    public long bytesPerSecond(final int mssBytes) {
        return intervalNs <= 0 ? 0 : (long) ((double) segments * mssBytes * NS_PER_SECOND / intervalNs);
    }

    public boolean applicationLimited() {
        return applicationLimited;
    }

    /** See {@link ConnectionImage}. */
    public void keep(final ConnectionImage image) {
        segments = image.of(segments);
        intervalNs = image.of(intervalNs);
        applicationLimited = image.of(applicationLimited);
        roundEnd = image.sequence(roundEnd);
    }
}
