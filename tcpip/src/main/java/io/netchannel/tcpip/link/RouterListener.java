package io.netchannel.tcpip.link;

/** Told of router advertisements. Called on the stack's thread. */
public interface RouterListener {

    /** Nobody configures anything. */
    RouterListener NONE = (icmp, lengthBytes, routerHigh, routerLow, nowNs) -> {
    };

    /**
     * @param icmp address of a message that is sound (RFC 4861, 6.1.2), options included
     * @param routerHigh with {@code routerLow} the router's link-local address
     */
    void onRouterAdvertisement(long icmp, int lengthBytes, long routerHigh, long routerLow, long nowNs);
}
