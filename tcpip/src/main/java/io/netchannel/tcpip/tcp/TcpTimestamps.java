package io.netchannel.tcpip.tcp;

/**
 * Timestamps of one connection (RFC 7323): a clock of 1 ms with a secret offset, TS.Recent, and PAWS.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpTimestamps {

    private static final long TICK_NS = 1_000_000;
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

    /** PAWS (RFC 7323, 5.3, R1): whether a segment with this TSval is from an earlier time. */
    boolean isOld(final int peerValue, final long nowNs) {
        return SeqNum.lessThan(peerValue, recent) && nowNs - recentAtNs <= MAX_RECENT_AGE_NS;
    }

    /** R3 of RFC 7323, 5.3 and 4.3 (2): the segment spans the last acknowledgment sent. */
    void update(final int peerValue, final int sequence, final int lastAckSent, final long nowNs) {
        if (SeqNum.lessOrEqual(sequence, lastAckSent)
                && (SeqNum.greaterOrEqual(peerValue, recent) || nowNs - recentAtNs > MAX_RECENT_AGE_NS)) {
            recent = peerValue;
            recentAtNs = nowNs;
        }
    }

    /**
     * The time since this side sent {@code echo}, to a tick; {@link AckSample#NO_RTT} if it can't have sent it.
     *
     * <p>A peer may echo what it likes, so more than a day counts for nothing.
     */
    long elapsedNs(final int echo, final long nowNs) {
        final int ticks = SeqNum.distance(echo, value(nowNs));
        return echo == 0 || ticks < 0 || ticks > 86_400_000 ? AckSample.NO_RTT : Math.max(ticks, 1) * TICK_NS;
    }
}
