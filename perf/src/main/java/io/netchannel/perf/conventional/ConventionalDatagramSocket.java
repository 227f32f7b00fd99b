package io.netchannel.perf.conventional;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;

/**
 * A blocking UDP socket that exchanges datagrams with one peer.
 *
 * <p>The soft interrupt copies a datagram into the receive buffer, a ring of bytes, and drops what doesn't fit; a reader
 * copies it out. (A kernel would keep the packet, and copy once; our UDP lends its packets for the call only. What it costs is
 * some tens of nanoseconds for a full frame.)
 *
 * <p>Threading: one reader and one writer at a time; {@link #close} any thread.
 */
public final class ConventionalDatagramSocket {

    /** Linux's rmem_default, 212,992, rounded up to a power of two. */
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int LENGTH_BYTES = Integer.BYTES;

    private final SocketShard shard;
    private final TransmitLock transmit;
    private final OrderedMemory memory;
    private final MemorySegment ring = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
    private final long buffer = ring.address();
    private final Sleeper reader = new Sleeper();
    private final UdpSocket socket;
    // Guarded by the shard's lock.
    private long head;
    private long tail;
    private long drops;
    private boolean closed;

    ConventionalDatagramSocket(final SocketShard shard, final TransmitLock transmit) {
        this.shard = shard;
        this.transmit = transmit;
        this.memory = shard.pool().packets().memory();
        shard.own();
        try {
            socket = shard.stack().udp().bind(0, 0, 0,
                    (from, high, low, port, address, lengthBytes) -> received(address, lengthBytes));
        } finally {
            shard.disown();
        }
    }

    public int localPort() {
        return socket.localPort();
    }

    /** @throws SocketException if there is no way there */
    public void connect(final IpAddress address, final int port) throws SocketException {
        shard.own();
        final boolean done = socket.connect(address.high(), address.low(), port);
        shard.disown();
        if (!done) {
            throw new SocketException("no route to " + address);
        }
    }

    /** Under the shard's lock. */
    private void received(final long address, final int lengthBytes) {
        final int record = LENGTH_BYTES + lengthBytes;
        if (tail - head + record > BUFFER_BYTES) {
            // Linux: UdpRcvbufErrors.
            drops++;
            return;
        }
        putLength(tail, lengthBytes);
        copyIn(tail + LENGTH_BYTES, address, lengthBytes);
        tail += record;
        reader.wake();
    }

    /**
     * Copies the next datagram out, waiting for it.
     *
     * @return its length; what is beyond {@code lengthBytes} is lost
     */
    public int receive(final long address, final int lengthBytes) throws SocketException {
        shard.own();
        try {
            while (head == tail) {
                checkOpen();
                reader.prepare();
                shard.disown();
                shard.beforeSleep();
                reader.sleep();
                shard.own();
                if (Thread.currentThread().isInterrupted()) {
                    throw new SocketException("interrupted");
                }
            }
            final int bytes = length(head);
            copyOut(head + LENGTH_BYTES, address, Math.min(bytes, lengthBytes));
            head += LENGTH_BYTES + bytes;
            return bytes;
        } finally {
            shard.disown();
        }
    }

    /** Sends one datagram, waiting for room in the transmit queue. */
    public void send(final long address, final int lengthBytes) throws SocketException {
        while (true) {
            shard.own();
            final int sent;
            try {
                checkOpen();
                sent = socket.send(address, lengthBytes);
            } finally {
                shard.disown();
            }
            if (sent >= 0) {
                return;
            }
            if (sent != UdpSocket.WOULD_BLOCK) {
                throw new SocketException("can't send " + lengthBytes + " bytes: " + sent);
            }
            transmit.awaitSpace();
        }
    }

    public void close() {
        shard.own();
        if (!closed) {
            closed = true;
            socket.close();
            reader.wake();
        }
        shard.disown();
    }

    /** Datagrams for which the receive buffer had no room. */
    public long drops() {
        shard.own();
        final long count = drops;
        shard.disown();
        return count;
    }

    private void checkOpen() throws SocketException {
        if (closed) {
            throw new SocketException("the socket is closed");
        }
    }

    // -- the ring; a record may go round its end

    private void putLength(final long position, final int value) {
        for (int i = 0; i < LENGTH_BYTES; i++) {
            memory.putByte(at(position + i), (byte) (value >>> 8 * i));
        }
    }

    private int length(final long position) {
        int value = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            value |= (memory.getByte(at(position + i)) & 0xFF) << 8 * i;
        }
        return value;
    }

    private void copyIn(final long position, final long source, final int bytes) {
        final int first = untilEnd(position, bytes);
        memory.copy(source, at(position), first);
        if (first < bytes) {
            memory.copy(source + first, buffer, bytes - first);
        }
    }

    private void copyOut(final long position, final long destination, final int bytes) {
        final int first = untilEnd(position, bytes);
        memory.copy(at(position), destination, first);
        if (first < bytes) {
            memory.copy(buffer, destination + first, bytes - first);
        }
    }

    private static int untilEnd(final long position, final int bytes) {
        return (int) Math.min(bytes, BUFFER_BYTES - (position & BUFFER_BYTES - 1));
    }

    private long at(final long position) {
        return buffer + (position & BUFFER_BYTES - 1);
    }
}
