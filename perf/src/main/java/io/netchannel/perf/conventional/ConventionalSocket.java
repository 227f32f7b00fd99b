package io.netchannel.perf.conventional;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.io.IOException;
import java.net.SocketException;

/**
 * A blocking TCP socket: each call locks it, copies between the application's memory and the socket's buffers, and sleeps
 * where a system call would.
 *
 * <p>Threading: one reader and one writer at a time; {@link #close} any thread.
 */
public final class ConventionalSocket {

    private final SocketShard shard;
    private final OrderedMemory memory;
    private final Sleeper reader = new Sleeper();
    private final Sleeper writer = new Sleeper();
    // Guarded by the shard's lock, all of these.
    private TcpFlow flow;
    private boolean connected;
    private boolean peerFinished;
    private boolean readable;
    private TcpCloseReason closed;
    private long target;
    private int targetBytes;
    private int copiedBytes;

    ConventionalSocket(final SocketShard shard) {
        this.shard = shard;
        this.memory = shard.pool().packets().memory();
    }

    TcpHandler handler() {
        return new Engine();
    }

    /** Under the shard's lock. */
    void accepted(final TcpFlow accepted) {
        flow = accepted;
        connected = true;
        flow.noDelay(true);
    }

    /** connect(2): under ownership; returns when the handshake is over, and lets go. */
    void awaitConnected(final TcpFlow opened) throws IOException {
        flow = opened;
        flow.noDelay(true);
        try {
            while (!connected && closed == null) {
                sleepOn(writer);
            }
            if (closed != null) {
                throw new SocketException("can't connect: " + closed);
            }
        } finally {
            shard.disown();
        }
    }

    /**
     * Copies what has been received, waiting for the first byte.
     *
     * @return bytes, at least 1; -1 when the peer has finished
     * @throws IOException if the connection was reset
     */
    public int read(final long address, final int lengthBytes) throws IOException {
        shard.own();
        try {
            while (true) {
                if (readable) {
                    final int copied = copyTo(address, lengthBytes);
                    if (copied > 0) {
                        return copied;
                    }
                }
                if (peerFinished) {
                    return -1;
                }
                checkOpen();
                sleepOn(reader);
            }
        } finally {
            // Acknowledges, and updates the window: tcp_cleanup_rbuf.
            shard.disown();
        }
    }

    private int copyTo(final long address, final int lengthBytes) {
        target = address;
        targetBytes = lengthBytes;
        copiedBytes = 0;
        readable = false;
        flow.resumeReceive();
        shard.push();
        target = 0;
        readable |= flow.isOpen() && flow.unreadBytes() > 0;
        return copiedBytes;
    }

    /**
     * Copies all into the socket's send buffer, waiting for room where there is none, and has it sent.
     *
     * @throws IOException if the connection is closed
     */
    public void write(final long address, final int lengthBytes) throws IOException {
        shard.own();
        try {
            int done = 0;
            while (true) {
                checkOpen();
                done += flow.write(address + done, lengthBytes - done);
                if (done == lengthBytes) {
                    return;
                }
                sleepOn(writer);
            }
        } finally {
            shard.disown();
        }
    }

    /** FIN follows what was written. */
    public void shutdownOutput() {
        shard.own();
        if (closed == null) {
            flow.shutdownOutput();
        }
        shard.disown();
    }

    /** Finishes both sides; whoever sleeps in a call wakes. */
    public void close() {
        shard.own();
        if (closed == null && flow != null) {
            flow.close();
        }
        closed = closed == null ? TcpCloseReason.FINISHED : closed;
        reader.wake();
        writer.wake();
        shard.disown();
    }

    /** Resets the connection. */
    public void abort() {
        shard.own();
        if (closed == null && flow != null) {
            flow.abort();
        }
        shard.disown();
    }

    private void checkOpen() throws SocketException {
        if (closed != null) {
            throw new SocketException("the connection is closed: " + closed);
        }
    }

    /** As the owner: lets go, sleeps until woken, owns again. */
    private void sleepOn(final Sleeper sleeper) throws SocketException {
        sleeper.prepare();
        shard.disown();
        shard.beforeSleep();
        sleeper.sleep();
        shard.own();
        if (Thread.currentThread().isInterrupted()) {
            throw new SocketException("interrupted");
        }
    }

    /** What the protocol engine tells, under the shard's lock: on the soft interrupt, or on an owner's thread. */
    private final class Engine implements TcpHandler {

        @Override
        public void onConnected(final TcpFlow of) {
            connected = true;
            writer.wake();
        }

        @Override
        public int onReceive(final TcpFlow of, final long address, final int lengthBytes) {
            if (target == 0) {
                // Stays in the socket's receive queue: sk_data_ready.
                readable = true;
                reader.wake();
                return 0;
            }
            final int bytes = Math.min(lengthBytes, targetBytes - copiedBytes);
            memory.copy(address, target + copiedBytes, bytes);
            copiedBytes += bytes;
            return bytes;
        }

        @Override
        public void onWritable(final TcpFlow of) {
            // sk_write_space
            writer.wake();
        }

        @Override
        public void onPeerFinished(final TcpFlow of) {
            peerFinished = true;
            reader.wake();
        }

        @Override
        public void onClosed(final TcpFlow of, final TcpCloseReason reason) {
            closed = reason;
            reader.wake();
            writer.wake();
        }
    }
}
