package io.netchannel.tcpip.ip;

/** What becomes of a datagram that is larger than the path takes; Linux's IP_MTU_DISCOVER. */
public enum PathMtuDiscovery {
    /** What fits is sent with DF, so that routers tell the path MTU; what doesn't is cut. Linux's default for UDP. */
    WANT,
    /** Always DF; what doesn't fit is refused. */
    DO,
    /** Never DF: routers may cut too. */
    DONT,
    /** Always DF, up to the interface's MTU whatever is known of the path: for who searches it (RFC 4821, RFC 8899). */
    PROBE;

    boolean mayFragment() {
        return this == WANT || this == DONT;
    }
}
