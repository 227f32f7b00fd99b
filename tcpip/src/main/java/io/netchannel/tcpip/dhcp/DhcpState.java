package io.netchannel.tcpip.dhcp;

/** States of a client (RFC 2131, 4.4, figure 5). */
public enum DhcpState {
    /** Waits to begin: after a refusal, a conflict, or before it is started. */
    INIT, SELECTING, REQUESTING,
    /** Asks for the address of an earlier lease. */
    REBOOTING,
    /** Waits to hear whether somebody else has the address. */
    CHECKING, BOUND, RENEWING, REBINDING,
    /** Closed. */
    STOPPED
}
