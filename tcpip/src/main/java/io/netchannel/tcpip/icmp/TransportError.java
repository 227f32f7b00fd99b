package io.netchannel.tcpip.icmp;

/** What an ICMP error, or a neighbour that doesn't answer, says of a flow. */
public enum TransportError {
    /** A router has no way; may pass (RFC 1122, 4.2.3.9: a soft error). */
    NET_UNREACHABLE,
    /** The last router, or our own address resolution, had no answer; may pass. */
    HOST_UNREACHABLE, PROTOCOL_UNREACHABLE, PORT_UNREACHABLE,
    /** Larger than some link on the way; the handler is told the MTU. */
    PACKET_TOO_BIG,
    /** A filter refused it. */
    PROHIBITED,
    /** Hop limit or reassembly time. */
    TIME_EXCEEDED, PARAMETER_PROBLEM
}
