package io.netchannel.tcpip.tcp.congestion;

/** Why the window must shrink. */
public enum CongestionEvent {
    /** Loss was found; recovery begins. */
    LOSS,
    /** The retransmission timer expired. */
    TIMEOUT,
    /** The peer has echoed a router's mark (RFC 3168). */
    ECN
}
