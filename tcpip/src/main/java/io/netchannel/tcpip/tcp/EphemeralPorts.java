package io.netchannel.tcpip.tcp;

/**
 * Source ports of connections that this loop opens: by the double hash of RFC 6056, 3.3.4, free, and such that the
 * answers come to this loop.
 *
 * <p>Where the search begins is a keyed hash of addresses and remote port, which nobody can guess, and a counter that
 * many share, so that the ports towards one peer follow each other at random distances and come back late.
 *
 * <p>The hash that spreads received packets over loops covers the ports; so with n loops every n-th port or so will do.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class EphemeralPorts {

    /** No port is left for this peer. */
    static final int NONE = -1;

    private static final int COUNTERS = 256;
    // What one connection moves the counter on by, at most: more makes guessing harder, and ports come back sooner.
    private static final int MAX_STEP = 8;

    private final FlowMap flows;
    private final IsnGenerator random;
    private final int first;
    private final int count;
    private final int[] counters = new int[COUNTERS];

    EphemeralPorts(final FlowMap flows, final IsnGenerator random, final int first, final int last) {
        this.flows = flows;
        this.random = random;
        this.first = first;
        this.count = last - first + 1;
        for (int i = 0; i < COUNTERS; i++) {
            counters[i] = random.nextRandom(count);
        }
    }

    int choose(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow,
            final int remotePort, final long nowNs) {
        final long hash = random.portHash(localHigh, localLow, remoteHigh, remoteLow, remotePort);
        final int index = (int) (hash >>> 32) & COUNTERS - 1;
        final int start = Integer.remainderUnsigned((int) hash + counters[index], count);
        for (int i = 0; i < count; i++) {
            final int port = first + (start + i) % count;
            if (flows.isOurs(localHigh, localLow, port, remoteHigh, remoteLow, remotePort) && isFree(
                    flows.find(localHigh, localLow, port, remoteHigh, remoteLow, remotePort), nowNs)) {
                counters[index] += i + 1 + random.nextRandom(MAX_STEP);
                return port;
            }
        }
        return NONE;
    }

    /** Whether a new connection can have the four-tuple that {@code present} has. */
    static boolean isFree(final TcpEndpoint present, final long nowNs) {
        return present == null || present instanceof final TimeWait old && old.isReusable(nowNs);
    }
}
