package io.netchannel.perf.netserver;

import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;

/**
 * The data socket of a UDP test: counts datagrams, or answers each. An empty one is the client's last.
 *
 * <p>Threading: on its loop.
 */
final class Datagrams implements UdpHandler {

    private final TestShare share;
    private final TestRequest request;

    Datagrams(final TestShare share) {
        this.share = share;
        this.request = share.test().request();
    }

    @Override
    public void onDatagram(final UdpSocket socket, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes) {
        share.receivedBytes += lengthBytes;
        if (lengthBytes == 0 || request.endsAtOtherLength() && lengthBytes != request.requestBytes()) {
            share.test().dataEnded();
            return;
        }
        share.receives++;
        if (request.receives() && request.transmits()) {
            share.transactions++;
            final int sent = socket.sendFrom(socket.datagramLocalHigh(), socket.datagramLocalLow(), remoteHigh,
                    remoteLow, remotePort, share.payload(), request.responseBytes());
            if (sent < 0) {
                share.failedSends++;
            } else {
                share.sentBytes += sent;
                share.sends++;
            }
        }
    }

    @Override
    public void onCoalesced(final UdpSocket socket, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes, final int segmentBytes) {
        if (request.transmits() || request.endsAtOtherLength()) {
            UdpHandler.super.onCoalesced(socket, remoteHigh, remoteLow, remotePort, address, lengthBytes,
                    segmentBytes);
        } else {
            share.receivedBytes += lengthBytes;
            share.receives += (lengthBytes + segmentBytes - 1) / segmentBytes;
        }
    }
}
