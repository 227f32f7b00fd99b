package io.netchannel.tcpip.dns;

/** Why a name has no addresses. */
public enum DnsFailure {
    /** Not a host name. */
    BAD_NAME,
    /** NXDOMAIN: neither this name nor one with the search list's domains exists. */
    NO_SUCH_NAME,
    /** The name exists, without an address of the family. */
    NO_ADDRESS,
    /** No server answered in time. */
    TIMED_OUT,
    /** Every server failed or refused, or none is configured. */
    SERVERS_FAILED,
    /** Too many names are being resolved. */
    TOO_MANY_REQUESTS,
    /** The resolver was closed. */
    CLOSED
}
