package io.netchannel.tcpip.icmp;

/** A transport, as the receiver of errors about what it sent. Called on the stack's thread. */
@FunctionalInterface
public interface TransportErrorHandler {

    /**
     * An error about a packet that was sent from {@code local} to {@code remote}. The addresses are ours and plausible,
     * but anybody may have sent it: a transport checks the rest (RFC 5927, 4).
     *
     * @param sequence the 32 bits behind the ports: TCP's sequence number
     * @param mtuBytes for {@link TransportError#PACKET_TOO_BIG}, not below what the family's links must carry; else 0
     * @return whether there is a flow that may have sent it
     */
    boolean onTransportError(TransportError error, long localHigh, long localLow, int localPort, long remoteHigh,
            long remoteLow, int remotePort, int sequence, int mtuBytes, long nowNs);
}
