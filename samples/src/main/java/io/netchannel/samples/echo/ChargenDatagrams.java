package io.netchannel.samples.echo;

import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * RFC 864 over UDP: answers each datagram with one of a random length from 0 to 512.
 *
 * <p>Threading: on its loop.
 */
final class ChargenDatagrams implements UdpHandler {

    static final int MAX_BYTES = 512;

    private final MemorySegment pattern = Arena.ofAuto().allocate(ChargenPattern.PERIOD_BYTES)
            .copyFrom(MemorySegment.ofArray(ChargenPattern.bytes(1)));
    private final SplittableRandom random = new SplittableRandom();

    @Override
    public void onDatagram(final UdpSocket socket, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes) {
        final int length = random.nextInt(MAX_BYTES + 1);
        socket.sendFrom(socket.datagramLocalHigh(), socket.datagramLocalLow(), remoteHigh, remoteLow, remotePort,
                pattern.address(), length);
    }
}
