package io.netchannel.tcpip.ip;

import java.util.random.RandomGenerator;

/**
 * Identifications of datagrams that are cut, or may be (RFC 6864, 4.3; RFC 7739, 5). Those of IPv4 are counted for groups
 * of destinations by a secret hash, so that they come again as late as 16 bits allow and tell nobody how much is sent to
 * others; those of IPv6 are random.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Identifications {

    private static final int COUNTERS = 1024;
    private static final long HASH_MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final RandomGenerator random;
    private final long secret;
    private final short[] next = new short[COUNTERS];

    Identifications(final RandomGenerator random) {
        this.random = random;
        this.secret = random.nextLong();
        for (int i = 0; i < COUNTERS; i++) {
            next[i] = (short) random.nextInt();
        }
    }

    int ofIpv4(final long localLow, final long remoteLow) {
        final long mixed = ((localLow ^ secret) * HASH_MULTIPLIER ^ remoteLow) * HASH_MULTIPLIER;
        return next[(int) (mixed >>> 40) & COUNTERS - 1]++ & 0xFFFF;
    }

    int ofIpv6() {
        return random.nextInt();
    }
}
