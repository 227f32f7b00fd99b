package io.netchannel.samples.memcached.server;

import io.netchannel.node.LoopContext;
import io.netchannel.samples.memcached.protocol.Output;
import io.netchannel.samples.memcached.protocol.Session;
import io.netchannel.samples.memcached.protocol.Worker;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import java.lang.foreign.Arena;

/**
 * A UDP port of a node.
 *
 * <p>Threading: on its loop.
 */
final class FlowDatagrams implements UdpHandler {

    private final LoopContext loop;
    private final Worker worker;
    private final Session session;
    private final long answer = Arena.global().allocate(UdpFrames.MAX_DATAGRAM_BYTES).address();

    FlowDatagrams(final MemcachedServer server, final LoopContext loop, final Worker worker) {
        this.loop = loop;
        this.worker = worker;
        this.session = worker.open(new NoConnection("udp:0.0.0.0:" + server.settings().udpPort), server.newId(), true);
    }

    @Override
    public void onDatagram(final UdpSocket socket, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes) {
        if (!UdpFrames.isRequest(address, lengthBytes)) {
            return;
        }
        final int requestId = UdpFrames.requestId(address);
        final Output output = worker.runDatagram(session, address + UdpFrames.HEADER_BYTES,
                lengthBytes - UdpFrames.HEADER_BYTES, loop.nowNs());
        final int count = UdpFrames.count(output.length());
        for (int i = 0; i < count; i++) {
            final int length = UdpFrames.make(answer, requestId, i, count, output.address(), output.length());
            // What the link doesn't take is lost, as datagrams are.
            socket.sendFrom(socket.datagramLocalHigh(), socket.datagramLocalLow(), remoteHigh, remoteLow, remotePort,
                    answer, length);
        }
    }
}
