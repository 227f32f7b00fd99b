package io.netchannel.node.fiber;

import io.netchannel.cpu.HostMemory;
import io.netchannel.node.fiber.FiberDatagramSocket.Source;
import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * A datagram socket's receiving. A packet's bytes are valid for the call only; so what nobody waits for is copied aside.
 *
 * <p>Threading: as {@link Operation}; {@link #dropped} any.
 */
final class DatagramInput extends Operation implements UdpHandler {

    /** Bounds the memory, with the largest datagram: 16 MiB for each socket that is flooded. */
    static final int MAX_WAITING = 256;

    // -- what is wanted, and what came
    private ByteBuffer target;
    private Source source;

    // -- of the loop
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    // One writer; orders nothing.
    private volatile long dropped;

    private record Waiting(Source source, byte[] bytes) {
    }

    DatagramInput(final SocketLoop loop) {
        super(loop);
    }

    /** Before it is performed. */
    void into(final ByteBuffer buffer) {
        target = buffer;
        source = null;
    }

    /** After that. @return null if nothing came */
    Source take() {
        target = null;
        return source;
    }

    long dropped() {
        return dropped;
    }

    @Override
    void begin() {
        final Waiting first = waiting.pollFirst();
        if (first != null) {
            target.put(first.bytes, 0, Math.min(first.bytes.length, target.remaining()));
            source = first.source;
            end(Outcome.DONE);
        }
    }

    @Override
    public void onDatagram(final UdpSocket socket, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes) {
        final boolean wanted = isUnderWay();
        if (!wanted && waiting.size() == MAX_WAITING) {
            dropped = dropped + 1;
            return;
        }
        final Source from = new Source(SocketAddresses.of(remoteHigh, remoteLow, remotePort),
                new IpAddress(socket.datagramLocalHigh(), socket.datagramLocalLow()));
        if (wanted) {
            copy(address, Math.min(lengthBytes, target.remaining()));
            source = from;
            end(Outcome.DONE);
        } else {
            final byte[] bytes = new byte[lengthBytes];
            HostMemory.INSTANCE.copyToArray(address, bytes, 0, lengthBytes);
            waiting.addLast(new Waiting(from, bytes));
        }
    }

    private void copy(final long address, final int count) {
        if (target.hasArray()) {
            HostMemory.INSTANCE.copyToArray(address, target.array(), target.arrayOffset() + target.position(), count);
        } else {
            HostMemory.INSTANCE.copy(address, MemorySegment.ofBuffer(target).address(), count);
        }
        target.position(target.position() + count);
    }
}
