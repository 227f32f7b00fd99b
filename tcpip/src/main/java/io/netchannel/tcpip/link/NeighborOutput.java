package io.netchannel.tcpip.link;

/** What a {@link NeighborCache} has done for it. Called on the stack's thread. */
public interface NeighborOutput {

    /**
     * Sends an ARP request or a Neighbor Solicitation.
     *
     * @param unicast to the known link address; otherwise to all, or to the solicited-node group
     */
    void solicit(Neighbor neighbor, boolean unicast, long nowNs);

    /** Takes over a packet that waited, whose Ethernet destination is still to be filled in. */
    void transmitResolved(Neighbor neighbor, long packet);

    /** The neighbour did not answer. */
    void failed(Neighbor neighbor, long nowNs);

    /** The neighbour answers, having not been known to. */
    void reachable(Neighbor neighbor);

    /** The neighbour did not answer; takes over a packet that waited for it. */
    void unreachable(Neighbor neighbor, long packet, long nowNs);
}
