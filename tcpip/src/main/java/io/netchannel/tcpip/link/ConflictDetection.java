package io.netchannel.tcpip.link;

/** What is done about others who have an address of ours. */
public enum ConflictDetection {
    /** The link is not asked. An address is defended for ever (RFC 5227, 2.4 (c)). */
    OFF,
    /**
     * An address is used at once, and IPv6 addresses are probed meanwhile (after RFC 4429; as Linux, IPv4 is only
     * announced): a duplicate is given up. Later on it is defended for ever, as with {@link #OFF}.
     */
    OPTIMISTIC,
    /**
     * An address is probed, and used once nobody has objected (RFC 5227, 2.1; RFC 4862, 5.4). An IPv4 address is defended
     * once and given up at the next conflict within ten seconds (RFC 5227, 2.4 (b)).
     */
    FULL
}
