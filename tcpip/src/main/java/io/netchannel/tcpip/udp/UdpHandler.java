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
     * Datagrams that the link has coalesced, one after the other, for a socket that asked for it by {@link
     * UdpSocket#coalescing}; otherwise each comes by itself. As {@link #onDatagram}.
     *
     * @param lengthBytes of all payloads
     * @param segmentBytes of each but the last, which may be shorter
     */
    default void onCoalesced(final UdpSocket socket, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes, final int segmentBytes) {
        for (int at = 0; at < lengthBytes && socket.isOpen(); at += segmentBytes) {
            onDatagram(socket, remoteHigh, remoteLow, remotePort, address + at, Math.min(segmentBytes, lengthBytes
                    - at));
        }
    }

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
