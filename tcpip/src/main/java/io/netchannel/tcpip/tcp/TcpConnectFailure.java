package io.netchannel.tcpip.tcp;

/** Why {@link TcpStack#connect} has made no flow. */
public enum TcpConnectFailure {
    NONE,
    /** No route to the peer, or no local address of its family. */
    NO_ROUTE,
    /** All source ports for this peer that lead to this loop are taken. */
    NO_PORT,
    /** The flow exists, in TIME-WAIT perhaps. */
    ADDRESS_IN_USE,
    /** As many flows as the configuration or the flow table allows. */
    TOO_MANY_CONNECTIONS, STACK_CLOSED
}
