package io.netchannel.tcpip.icmp;

/** What an ICMP error, or a neighbour that doesn't answer, says of a flow. */
public enum TransportError {
    /** A router has no way; may pass (RFC 1122, 4.2.3.9: a soft error). */
    NET_UNREACHABLE(101),
    /** The last router, or our own address resolution, had no answer; may pass. */
    HOST_UNREACHABLE(113), PROTOCOL_UNREACHABLE(92), PORT_UNREACHABLE(111),
    /** Larger than some link on the way; the handler is told the MTU. */
    PACKET_TOO_BIG(90),
    /** A filter refused it. */
    PROHIBITED(13),
    /** Hop limit or reassembly time. */
    TIME_EXCEEDED(113), PARAMETER_PROBLEM(71);

    private final int errno;

    TransportError(final int errno) {
        this.errno = errno;
    }

    /** The number by which Linux would report it to a socket: ECONNREFUSED for a closed port, and so on. */
    public int errno() {
        return errno;
    }
}
