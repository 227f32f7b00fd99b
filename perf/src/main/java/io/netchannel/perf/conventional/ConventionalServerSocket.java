package io.netchannel.perf.conventional;

import io.netchannel.tcpip.tcp.TcpListener;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A listening socket: {@link #accept} waits for a connection.
 *
 * <p>Threading: any.
 */
public final class ConventionalServerSocket {

    private final SocketShard[] shards;
    private final TcpListener[] listeners;
    private final BlockingQueue<ConventionalSocket> accepted = new LinkedBlockingQueue<>();
    // In the queue it says: closed.
    private final ConventionalSocket end;
    private volatile boolean closed;

    ConventionalServerSocket(final SocketShard[] shards, final int port, final int backlog) {
        this.shards = shards;
        this.listeners = new TcpListener[shards.length];
        this.end = new ConventionalSocket(shards[0]);
        for (int i = 0; i < shards.length; i++) {
            final SocketShard shard = shards[i];
            shard.own();
            try {
                listeners[i] = shard.stack().tcp().listen(0, 0, port, backlog, flow -> {
                    final ConventionalSocket socket = new ConventionalSocket(shard);
                    socket.accepted(flow);
                    accepted.add(socket);
                    return socket.handler();
                });
            } finally {
                shard.disown();
            }
        }
    }

    /** @throws SocketException if this is closed */
    public ConventionalSocket accept() throws SocketException {
        try {
            final ConventionalSocket next = accepted.take();
            if (next == end) {
                accepted.add(end);
                throw new SocketException("closed");
            }
            return next;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketException("interrupted", e);
        }
    }

    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int i = 0; i < shards.length; i++) {
            shards[i].own();
            listeners[i].close();
            shards[i].disown();
        }
        accepted.add(end);
    }
}
