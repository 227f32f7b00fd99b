package io.netchannel.tcpip.link;

/**
 * Limits and times of a neighbour cache; the defaults are the constants of RFC 4861, 10.
 *
 * @param capacity neighbours that are remembered
 * @param maxPendingPerNeighbor packets that wait for one link address
 * @param maxPending packets that wait for any; a stack takes no more than an eighth of its pool's buffers
 * @param retransmitNs between solicitations
 * @param maxMulticastSolicits before resolution fails
 * @param maxUnicastSolicits before a neighbour that was known counts as gone
 * @param baseReachableNs mean time for which a confirmation holds; each entry draws 0.5 to 1.5 of it
 * @param delayFirstProbeNs for a transport to confirm before a probe is sent
 */
public record NeighborConfig(int capacity, int maxPendingPerNeighbor, int maxPending, long retransmitNs,
        int maxMulticastSolicits, int maxUnicastSolicits, long baseReachableNs, long delayFirstProbeNs) {

    private static final long SECOND_NS = 1_000_000_000L;

    public static final NeighborConfig DEFAULT = new NeighborConfig(1024, 16, 256, SECOND_NS, 3, 3, 30 * SECOND_NS,
            5 * SECOND_NS);

    public NeighborConfig {
        requirePositive("capacity", capacity);
        requirePositive("maxPendingPerNeighbor", maxPendingPerNeighbor);
        requirePositive("maxPending", maxPending);
        requirePositive("retransmitNs", retransmitNs);
        requirePositive("maxMulticastSolicits", maxMulticastSolicits);
        requirePositive("maxUnicastSolicits", maxUnicastSolicits);
        requirePositive("baseReachableNs", baseReachableNs);
        requirePositive("delayFirstProbeNs", delayFirstProbeNs);
    }

    /** With {@code maxPending} reduced to an eighth of a pool, so that neighbours that don't answer can't empty it. */
    public NeighborConfig boundedBy(final int poolBuffers) {
        return new NeighborConfig(capacity, maxPendingPerNeighbor, Math.clamp(poolBuffers / 8, 1, maxPending),
                retransmitNs, maxMulticastSolicits, maxUnicastSolicits, baseReachableNs, delayFirstProbeNs);
    }

    private static void requirePositive(final String name, final long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + "=" + value + " is not positive");
        }
    }
}
