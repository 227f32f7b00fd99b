package io.netchannel.tcpip.dhcp;

import java.util.random.RandomGenerator;

/** When a message is sent again: RFC 2131, 4.1 without an address, 4.4.5 with one. */
final class DhcpBackoff {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long FIRST_NS = 4 * SECOND_NS;
    private static final long MAX_NS = 64 * SECOND_NS;
    private static final long MIN_RENEWAL_NS = 60 * SECOND_NS;

    private final RandomGenerator random;
    private long nextNs = FIRST_NS;

    DhcpBackoff(final RandomGenerator random) {
        this.random = random;
    }

    void reset() {
        nextNs = FIRST_NS;
    }

    /** 4, 8, 16, 32, 64, 64… seconds, each a second more or less. */
    long nextNs() {
        final long wait = nextNs;
        nextNs = Math.min(2 * nextNs, MAX_NS);
        return wait + random.nextLong(-SECOND_NS, SECOND_NS + 1);
    }

    /** Half of what is left, but a minute at least; then the limit itself. */
    static long nextRenewalNs(final long nowNs, final long limitNs) {
        final long halfNs = (limitNs - nowNs) / 2;
        return Math.min(limitNs, nowNs + Math.max(halfNs, MIN_RENEWAL_NS));
    }
}
