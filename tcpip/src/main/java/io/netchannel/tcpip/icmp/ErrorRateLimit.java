package io.netchannel.tcpip.icmp;

/**
 * How many errors may be sent (RFC 1812, 4.3.2.8; RFC 4443, 2.4 (f)), with Linux's numbers: altogether
 * icmp_msgs_per_sec and icmp_msgs_burst; to one host, icmp_ratelimit: one a second after a burst of six. All errors that
 * we send are in Linux's icmp_ratemask; echo replies are not, and never come here.
 *
 * <p>Hosts share a table of fixed size by a secret hash. One that takes another's place begins with a full burst, so the
 * limit for a host is only as good as its place is free; the limit for all holds regardless.
 *
 * <p>Threading: confined to one thread.
 */
final class ErrorRateLimit {

    static final int ERRORS_PER_SECOND = 1000;
    static final int ERRORS_BURST = 50;
    static final int HOST_BURST = 6;

    private static final long HOST_INTERVAL_NS = 1_000_000_000L;
    private static final int HOSTS = 1024;
    private static final long HASH_MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    /** Which limit was met. */
    enum Limit {
        NONE, GLOBAL, HOST
    }

    private final TokenBucket global;
    private final long hashSecret;
    private final long[] high = new long[HOSTS];
    private final long[] low = new long[HOSTS];
    /** The host's bucket is full when this is a burst behind the time; each token moves it on by an interval. */
    private final long[] emptyAtNs = new long[HOSTS];

    ErrorRateLimit(final long hashSecret, final long startNs) {
        this.global = new TokenBucket(ERRORS_PER_SECOND, ERRORS_BURST, startNs);
        this.hashSecret = hashSecret;
    }

    Limit take(final long hostHigh, final long hostLow, final long nowNs) {
        final long mixed = ((hostHigh ^ hashSecret) * HASH_MULTIPLIER ^ hostLow) * HASH_MULTIPLIER;
        final int slot = (int) (mixed >>> 40) & HOSTS - 1;
        final long fullNs = nowNs - HOST_BURST * HOST_INTERVAL_NS;
        if (low[slot] != hostLow || high[slot] != hostHigh || emptyAtNs[slot] - fullNs < 0) {
            emptyAtNs[slot] = fullNs;
        }
        high[slot] = hostHigh;
        low[slot] = hostLow;
        // The host first: what it is denied must not cost the others.
        if (nowNs - emptyAtNs[slot] < HOST_INTERVAL_NS) {
            return Limit.HOST;
        }
        if (!global.take(nowNs)) {
            return Limit.GLOBAL;
        }
        emptyAtNs[slot] += HOST_INTERVAL_NS;
        return Limit.NONE;
    }
}
