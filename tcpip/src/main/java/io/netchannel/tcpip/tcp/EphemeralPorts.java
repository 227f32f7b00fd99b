package io.netchannel.tcpip.tcp;

/**
 * Source ports of connections that this loop opens: random (RFC 6056, 3.3.1), free, and such that the answers come to
 * this loop.
 *
 * <p>The hash that spreads received packets over loops covers the ports; so with n loops every n-th port or so will do.
 * The search starts at a random port and goes through the range once.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class EphemeralPorts {

    /** No port is left for this peer. */
    static final int NONE = -1;

    private final FlowMap flows;
    private final IsnGenerator random;
    private final int first;
    private final int count;

    EphemeralPorts(final FlowMap flows, final IsnGenerator random, final int first, final int last) {
        this.flows = flows;
        this.random = random;
        this.first = first;
        this.count = last - first + 1;
    }

    int choose(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow,
            final int remotePort) {
        final int start = random.nextRandom(count);
        for (int i = 0; i < count; i++) {
            final int port = first + (start + i) % count;
            if (flows.isOurs(localHigh, localLow, port, remoteHigh, remoteLow, remotePort)
                    && flows.find(localHigh, localLow, port, remoteHigh, remoteLow, remotePort) == null) {
                return port;
            }
        }
        return NONE;
    }
}
