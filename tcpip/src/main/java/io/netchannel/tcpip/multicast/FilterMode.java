package io.netchannel.tcpip.multicast;

/** How a list of sources is meant (RFC 3376, 2). */
public enum FilterMode {
    /** Only from these. */
    INCLUDE,
    /** From all but these. */
    EXCLUDE
}
