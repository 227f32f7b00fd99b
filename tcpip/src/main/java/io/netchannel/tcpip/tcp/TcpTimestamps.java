package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.congestion.RateSample;

/**
 * Timestamps of one connection (RFC 7323): a clock of 1 ms with a secret offset, TS.Recent, and PAWS.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpTimestamps {

    /** {@link #elapsedTicks}: not an echo of ours. */
    static final int UNSENT = -1;

    private static final int MAX_ELAPSED_TICKS = 86_400_000;
    static final long TICK_NS = 1_000_000;
    private static final int REORDERING_TICKS = 1;
    /** RFC 7323, 5.5: after 24 days of silence the peer's clock may have gone half way round. */
    private static final long MAX_RECENT_AGE_NS = 24L * 86_400 * 1_000_000_000;

    private final int offset;
    private boolean enabled;
    private int recent;
    private long recentAtNs;

    /** @param offset secret, so that the clock doesn't tell how long the host has been up */
    TcpTimestamps(final int offset) {
        this.offset = offset;
    }

    /** Both sides have offered timestamps in their SYNs. */
    void enable(final int peerValue, final long nowNs) {
        enabled = true;
        recent = peerValue;
        recentAtNs = nowNs;
    }

    /** What they take of each header. */
    int optionBytes() {
        return enabled ? TcpHeaderLayout.PADDED_TIMESTAMPS_BYTES : 0;
    }

    boolean enabled() {
        return enabled;
    }

    int value(final long nowNs) {
        return (int) (nowNs / TICK_NS) + offset;
    }

    /** TS.Recent: what is echoed. */
    int recent() {
        return recent;
    }

    /** When TS.Recent was taken over. */
    long recentAtNs() {
        return recentAtNs;
    }

    /**
     * PAWS (RFC 7323, 5.3, R1): whether a segment with this TSval is from an earlier time, by more than the tick that
     * reordering may cost (as Linux has it). A peer whose SYN said 0 has not said anything yet.
     */
    boolean isOld(final int peerValue, final long nowNs) {
        return SeqNum.distance(peerValue, recent) > REORDERING_TICKS && recent != 0 && !isRecentStale(nowNs);
    }

    private boolean isRecentStale(final long nowNs) {
        return nowNs - recentAtNs >= MAX_RECENT_AGE_NS;
    }

    /** R3 of RFC 7323, 5.3 and 4.3 (2): the segment spans the last acknowledgment sent. */
    void update(final int peerValue, final int sequence, final int lastAckSent, final long nowNs) {
        if (SeqNum.lessOrEqual(sequence, lastAckSent)
                && (SeqNum.greaterOrEqual(peerValue, recent) || recent == 0 || isRecentStale(nowNs))) {
            recent = peerValue;
            recentAtNs = nowNs;
        }
    }

    /**
     * The time since this side sent {@code echo}, to a tick; {@link RateSample#NO_RTT} if it can't have sent it.
     *
     * <p>A peer may echo what it likes, so more than a day counts for nothing.
     */
    long elapsedNs(final int echo, final long nowNs) {
        final int ticks = elapsedTicks(echo, nowNs);
        return ticks == UNSENT ? RateSample.NO_RTT : Math.max(ticks, 1) * TICK_NS;
    }

    /** Likewise, in whole ticks; {@link #UNSENT} if it can't have sent it. */
    int elapsedTicks(final int echo, final long nowNs) {
        final int ticks = SeqNum.distance(echo, value(nowNs));
        return echo == 0 || ticks < 0 || ticks > MAX_ELAPSED_TICKS ? UNSENT : ticks;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        enabled = image.of(enabled);
        recent = image.of(recent);
        recentAtNs = image.of(recentAtNs);
    }
}
