package io.netchannel.tcpip.tcp;

/** Why a flow ended. */
public enum TcpCloseReason {
    /**
     * Both sides have sent FIN and both were acknowledged; or this side had closed and the wait for the peer's is over.
     */
    FINISHED,
    /** The peer reset the connection. */
    RESET,
    /** The peer answered the SYN with RST, or an ICMP error said that its port is closed. */
    REFUSED,
    /** Retransmissions, probes or keepalives went unanswered. */
    TIMED_OUT,
    /** An ICMP error said so before the connection was established. */
    UNREACHABLE,
    /** This side aborted: {@link TcpFlow#abort()}, or {@link TcpFlow#close()} with received data unread. */
    ABORTED,
    /** A callback threw an exception. */
    HANDLER_FAILED,
    /** The stack was closed. */
    STACK_CLOSED
}
