package io.netchannel.tcpip.udp;

import io.netchannel.tcpip.icmp.TransportError;

/**
 * The application's side of a {@link UdpSocket}.
 *
 * <p>All methods are called on the thread of the stack, and may call any method of any socket, {@link
 * UdpSocket#close()} included.
 */
public interface UdpHandler {

    /**
     * A datagram, read in place: the bytes are valid during the call only.
     *
     * @param address of the payload, in the memory of the stack's packets
     * @param lengthBytes of the payload; may be 0
     */
    void onDatagram(UdpSocket socket, long remoteHigh, long remoteLow, int remotePort, long address, int lengthBytes);

    /**
     * An ICMP error about a datagram that was sent to this remote side, or its neighbour did not answer (RFC 1122,
     * 4.1.3.3). Anybody can forge one.
     *
     * @param mtuBytes for {@link TransportError#PACKET_TOO_BIG}; else 0
     */
    default void onError(final UdpSocket socket, final TransportError error, final long remoteHigh,
            final long remoteLow, final int remotePort, final int mtuBytes) {
    }

    /** A method of this handler threw {@code failure}; the socket stays open. */
    default void onFailure(final UdpSocket socket, final RuntimeException failure) {
        final Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
}
