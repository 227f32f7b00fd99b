package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import javax.net.ssl.SSLException;

/** A connection to a server: being made, serving a stream, or waiting for the next. */
final class ServerConnection extends Wire {

    /** Null: of {@code dispatch}, or where the client wanted to go. */
    private final Server server;
    private final Address address;
    private Stream stream;
    private Transport transport;
    private boolean connected;
    private boolean privately;
    private Session owner;
    private int requests;
    private long idleSinceMs;
    private boolean headerSent;
    /** The SOCKS proxy has not answered yet. */
    private boolean socksPending;
    /** That the server was asked for by SNI; null: none. */
    private String serverName;

    ServerConnection(final ProxyLoop loop, final Server server, final Address address, final int inputLimitBytes) {
        super(loop, inputLimitBytes);
        this.server = server;
        this.address = address;
    }

    /** @param result what {@link Stream#connected} or {@link Stream#connectFailed} is told */
    void connect(final Transport over, final InetSocketAddress source, final Stream forStream) {
        transport = over;
        stream = forStream;
        requests = 1;
        final Address via = server == null ? null : server.settings().get(ServerTraffic.SOCKS4);
        final ChannelFuture future = transport.connect(via == null ? address : via, source, this);
        // The loop connects in its next turn only.
        transport.apply(server == null ? forStream.backend().socketOptions() : server.socketOptions(),
                future.channel());
        future.addListener(done -> {
            if (stream != null) {
                if (done.isSuccess() && via != null) {
                    beginSocks();
                } else if (done.isSuccess()) {
                    reached();
                } else {
                    failed(done.cause());
                }
                loop.flush();
            } else if (done.isSuccess()) {
                future.channel().close();
            }
        });
    }

    private void reached() {
        if (tls() != null) {
            beginTls(stream);
        } else {
            connected = true;
            stream.connected(this);
        }
    }

    private void failed(final Throwable cause) {
        final Stream waiting = stream;
        stream = null;
        waiting.connectFailed(cause);
    }

    private void beginSocks() {
        final ByteBuf request = Socks4.request(address);
        if (request == null) {
            failed(new IOException("SOCKS 4 has no addresses like " + address));
            abort();
            return;
        }
        socksPending = true;
        send(request);
    }

    private void socksAnswered() {
        if (available() >= Socks4.REPLY_BYTES) {
            socksPending = false;
            if (Socks4.isGranted(input)) {
                reached();
            } else {
                failed(new IOException("the SOCKS proxy denies it"));
                abort();
            }
        }
    }

    private ServerTls tls() {
        return server == null ? null : server.tls();
    }

    /** The PROXY header goes before it, in clear text (doc/proxy-protocol.txt, 2). */
    private void beginTls(final Stream waiting) {
        ProxyHeaderWriter.write(this, waiting);
        headerSent = true;
        flushNow();
        if (tls().namesDiffer()) {
            setPrivate();
        }
        serverName = tls().serverName(waiting);
        if (!server.backend().owner().tlsLimits().begin(channel())) {
            tlsDone(new SSLException("maxsslconn is reached"));
            return;
        }
        try {
            begin(tls().handler(channel().alloc(), serverName));
        } catch (final SSLException e) {
            tlsDone(e);
        }
    }

    @Override
    void tlsDone(final Throwable failure) {
        if (stream == null || connected) {
            return;
        }
        final Stream waiting = stream;
        if (failure == null) {
            connected = true;
            waiting.connected(this);
        } else {
            stream = null;
            // The handler still has an alert to send, and closes behind it.
            loop.executor().execute(this::abort);
            waiting.connectFailed(failure);
        }
    }

    boolean isHeaderSent() {
        return headerSent;
    }

    /** Whether the server was asked for the name that this request is for. */
    boolean isFor(final Stream next) {
        return tls() == null || !tls().namesDiffer() || Objects.equals(serverName, tls().serverName(next));
    }

    Server server() {
        return server;
    }

    Address address() {
        return address;
    }

    int requests() {
        return requests;
    }

    boolean isConnected() {
        return connected;
    }

    /** Whether the next request may go there. */
    boolean isReusable() {
        return !isClosed() && !transport.isEnded(channel());
    }

    /** For one session only: after authentication of the connection, or with the client's address in its PROXY header. */
    boolean isPrivate() {
        return privately;
    }

    void setPrivate() {
        privately = true;
    }

    /** The session that keeps it open; null: the server's pool does, or a stream. */
    void owner(final Session session) {
        owner = session;
    }

    long idleSinceMs() {
        return idleSinceMs;
    }

    void idleSinceMs(final long nowMs) {
        idleSinceMs = nowMs;
    }

    /** The next request. */
    void attach(final Stream next) {
        stream = next;
        owner = null;
        requests++;
    }

    /** Its stream is over. */
    void detach() {
        stream = null;
        hold(false);
    }

    /** Gives up while it connects. */
    void cancel() {
        stream = null;
        if (channel() != null) {
            abort();
        }
    }

    InetSocketAddress localAddress() {
        final SocketAddress local = channel() == null ? null : channel().localAddress();
        return local instanceof final InetSocketAddress inet ? inet : null;
    }

    @Override
    long lingerMs() {
        return server == null ? 0 : server.backend().options().serverMs;
    }

    @Override
    void received() {
        if (stream == null) {
            // A server that speaks unasked: what it says belongs to nobody's request.
            gone();
            abort();
        } else if (socksPending) {
            socksAnswered();
        } else {
            stream.serverReceived();
        }
    }

    @Override
    void ended() {
        if (stream == null) {
            gone();
            abort();
        } else if (socksPending) {
            failed(new IOException("the SOCKS proxy closed"));
            abort();
        } else if (!connected) {
            tlsDone(new SSLException("the server closed during the handshake"));
        } else {
            stream.serverEnded();
        }
    }

    @Override
    void lost() {
        if (stream == null) {
            gone();
        } else if (socksPending) {
            failed(new IOException("the SOCKS proxy is gone"));
        } else if (connected) {
            stream.serverLost();
        }
    }

    @Override
    void writable() {
        if (stream != null) {
            stream.serverWritable();
        }
    }

    private void gone() {
        if (owner != null) {
            owner.own = null;
            owner = null;
        } else if (server != null) {
            server.idle().remove(this);
        }
    }
}
