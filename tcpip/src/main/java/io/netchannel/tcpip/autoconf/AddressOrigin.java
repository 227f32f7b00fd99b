package io.netchannel.tcpip.autoconf;

/** Where an address comes from. */
public enum AddressOrigin {
    /** Configured by hand, or the link-local one that comes with it. */
    STATIC,
    /** The owner has added it while the stack runs: a DHCP client, say. */
    OWNER,
    /** Formed at the start, for the link only (RFC 4862, 5.3). */
    LINK_LOCAL,
    /** Formed from an advertised prefix (RFC 4862, 5.5). */
    SLAAC,
    /** Formed from an advertised prefix, for a while only (RFC 8981). */
    TEMPORARY
}
