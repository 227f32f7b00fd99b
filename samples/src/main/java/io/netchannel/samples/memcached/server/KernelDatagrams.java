package io.netchannel.samples.memcached.server;

import io.netchannel.samples.memcached.protocol.Output;
import io.netchannel.samples.memcached.protocol.Session;
import io.netchannel.samples.memcached.protocol.Worker;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * A UDP port of the kernel's.
 *
 * <p>Threading: on its loop.
 */
final class KernelDatagrams {

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_PER_TURN = 64;

    private final Worker worker;
    private final DatagramChannel channel;
    private final Session session;
    private final ByteBuffer request = ByteBuffer.allocateDirect(MAX_BYTES);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(UdpFrames.MAX_DATAGRAM_BYTES);
    private final long answerAddress = MemorySegment.ofBuffer(answer).address();

    KernelDatagrams(final Worker worker, final DatagramChannel channel, final int id) throws IOException {
        this.worker = worker;
        this.channel = channel;
        this.session = worker.open(new NoConnection(Names.of("udp", channel.getLocalAddress())), id, true);
    }

    void ready(final long nowNs) throws IOException {
        for (int i = 0; i < MAX_PER_TURN; i++) {
            final SocketAddress from = channel.receive(request.clear());
            if (from == null) {
                return;
            }
            final int length = request.position();
            final long address = MemorySegment.ofBuffer(request.flip()).address();
            if (UdpFrames.isRequest(address, length)) {
                final Output output = worker.runDatagram(session, address + UdpFrames.HEADER_BYTES,
                        length - UdpFrames.HEADER_BYTES, nowNs);
                send(from, UdpFrames.requestId(address), output);
            }
        }
    }

    private void send(final SocketAddress to, final int requestId, final Output output) throws IOException {
        final int count = UdpFrames.count(output.length());
        for (int i = 0; i < count; i++) {
            final int length = UdpFrames.make(answerAddress, requestId, i, count, output.address(), output.length());
            // What the socket doesn't take is lost, as datagrams are.
            channel.send(answer.clear().limit(length), to);
        }
    }
}
