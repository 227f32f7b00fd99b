package io.netchannel.tcpip.dhcp;

/** What a client counts. */
public enum DhcpCounter {
    OUT_DISCOVERS, OUT_REQUESTS, OUT_DECLINES, OUT_RELEASES, IN_OFFERS, IN_ACKS, IN_NAKS,
    /** Not a well-formed reply, or no lease that can be used. */
    IN_ERRORS,
    /** Well-formed, but of another transaction, station, client identifier or server, or not of this state. */
    IN_UNEXPECTED,
    /** Addresses that another station has. */
    CONFLICTS,
    /** Leases that ended without a renewal. */
    EXPIRIES
}
