package io.netchannel.tcpip.tcp;

/**
 * At most so many in a second, counted from the first.
 *
 * <p>The limit of a second varies at random by a half, as in Linux: with a known limit on challenge ACKs an off-path
 * attacker can count how many his probes have used up, and so find connections (CVE-2016-5696).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class RateLimit {

    private static final long SECOND_NS = 1_000_000_000L;

    private final IsnGenerator random;
    private final int perSecond;
    private long secondStartNs;
    private int left;
    private boolean started;

    RateLimit(final IsnGenerator random, final int perSecond) {
        this.random = random;
        this.perSecond = perSecond;
    }

    boolean tryTake(final long nowNs) {
        if (!started || nowNs - secondStartNs >= SECOND_NS) {
            started = true;
            secondStartNs = nowNs;
            final int half = (perSecond + 1) / 2;
            left = half + random.nextRandom(perSecond);
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
