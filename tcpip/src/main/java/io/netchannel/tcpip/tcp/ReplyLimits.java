package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.SYN;

/**
 * How often segments that deserve no answer get one all the same: often enough for a true peer to find out where it
 * stands, and too seldom for two confused ends to answer each other for ever, or for an attacker to learn from it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ReplyLimits {

    private final TcpCounters counters;
    private final RateLimit challenges;
    private final RateLimit resets;
    private final long intervalNs;

    ReplyLimits(final TcpConfig config, final TcpCounters counters, final IsnGenerator random) {
        this.counters = counters;
        this.challenges = new RateLimit(random, config.getInt(TcpSetting.CHALLENGE_ACKS_PER_SECOND));
        this.resets = new RateLimit(random, config.getInt(TcpSetting.RESETS_PER_SECOND));
        this.intervalNs = config.get(TcpSetting.INVALID_REPLY_INTERVAL_NS);
    }

    /** A segment of no connection may be answered by a RST. */
    boolean mayReset(final long nowNs) {
        final boolean may = resets.tryTake(nowNs);
        if (!may) {
            counters.increment(TcpCounter.RESETS_LIMITED);
        }
        return may;
    }

    /**
     * A segment outside the window may be answered by an ACK.
     *
     * @param skipped counted if not
     */
    boolean mayReply(final TcpEndpoint flow, final TcpSegment segment, final TcpCounter skipped, final long nowNs) {
        // Acknowledgments can make a loop; data can't.
        return segment.sequenceLength() > 0 && !segment.has(SYN) || isRested(flow, skipped, nowNs);
    }

    /** RFC 5961, 7: a challenge ACK may be sent, by the flow's own limit and by that of all flows. */
    boolean mayChallenge(final TcpEndpoint flow, final long nowNs) {
        if (!isRested(flow, TcpCounter.CHALLENGE_ACKS_LIMITED, nowNs)) {
            return false;
        }
        final boolean may = challenges.tryTake(nowNs);
        counters.increment(may ? TcpCounter.CHALLENGE_ACKS : TcpCounter.CHALLENGE_ACKS_LIMITED);
        return may;
    }

    private boolean isRested(final TcpEndpoint flow, final TcpCounter skipped, final long nowNs) {
        if (flow.replied && nowNs - flow.lastReplyNs < intervalNs) {
            counters.increment(skipped);
            return false;
        }
        flow.replied = true;
        flow.lastReplyNs = nowNs;
        return true;
    }
}
