package io.netchannel.tcpip.link;

/** Asks by the protocol of the neighbour's family. */
public final class NeighborSolicitor {

    private final Arp arp;
    private final Ndp ndp;

    public NeighborSolicitor(final Arp arp, final Ndp ndp) {
        this.arp = arp;
        this.ndp = ndp;
    }

    /** @param unicast to the known link address only */
    public void solicit(final Neighbor neighbor, final boolean unicast) {
        if (neighbor.isIpv6()) {
            ndp.solicit(neighbor, unicast);
        } else {
            arp.request(neighbor, unicast);
        }
    }
}
