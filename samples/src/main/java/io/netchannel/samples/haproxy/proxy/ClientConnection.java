package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.rule.RuleCursor;
import io.netchannel.samples.haproxy.rule.Verdict;
import io.netchannel.samples.haproxy.tls.BindTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** A client's connection: what has to be settled before its first stream, then one stream after the other. */
final class ClientConnection extends Wire {

    private final Listener listener;
    private final Frontend frontend;
    private Session session;
    private Stream stream;
    private boolean proxyHeader;
    /** Null: in clear text. */
    private final BindTls tls;
    private boolean tlsPending;
    private boolean open;
    private long number;
    private final Timeout handshake = new Timeout() {
        @Override
        void expired(final long nowMs) {
            if (stream == null) {
                if (proxyHeader) {
                    failed("Timeout while waiting for PROXY protocol header", true);
                } else if (tlsPending) {
                    failed("Timeout during SSL handshake", true);
                }
                abort();
            }
        }
    };

    private final Timeout idleEnd = new Timeout() {
        @Override
        void expired(final long nowMs) {
            endIdle();
            loop.flush();
        }
    };

    ClientConnection(final Listener listener) {
        super(listener.frontend().loop(), listener.frontend().owner().bufferBytes());
        this.listener = listener;
        this.frontend = listener.frontend();
        this.tls = listener.settings().get(BindTls.SETTING);
    }

    /** The channel was accepted; nothing was read yet. */
    void start() {
        open = true;
        frontend.owner().transport().apply(listener.socketOptions(), channel());
        session = new Session(frontend, listener, this);
        session.peer = inet(channel().remoteAddress());
        session.local = inet(channel().localAddress());
        frontend.begin(listener, loop.nowMs());
        number = frontend.owner().opened(this);
        tlsPending = tls != null;
        if (tlsPending) {
            frontend.owner().tlsLimits().accepted(loop.nowMs());
        }
        final Verdict verdict = frontend.options().tcpConnection.evaluate(new ConnectionContext(session),
                new RuleCursor());
        if (!isGo(verdict)) {
            frontend.counters().deniedConnections++;
            listener.counters().deniedConnections++;
            abort();
            return;
        }
        proxyHeader |= listener.settings().get(ListenerTraffic.ACCEPT_PROXY);
        if (proxyHeader || tlsPending) {
            final long limitMs = frontend.options().clientMs;
            if (limitMs > 0) {
                loop.timers().arm(handshake, loop.nowMs() + limitMs);
            }
            if (!proxyHeader) {
                beginTls();
            }
        } else {
            established();
        }
    }

    private void beginTls() {
        if (frontend.owner().tlsLimits().begin(channel())) {
            begin(tls.handler(channel().alloc()));
        } else {
            failed("Too many SSL connections", false);
            abort();
        }
    }

    private static InetSocketAddress inet(final SocketAddress address) {
        return address instanceof final InetSocketAddress inet ? inet : null;
    }

    private static boolean isGo(final Verdict verdict) {
        return verdict == Verdict.CONTINUE || verdict == Verdict.ACCEPT;
    }

    private void established() {
        loop.timers().cancel(handshake);
        session.handshakeMs = loop.nowMs() - session.acceptMs;
        final Verdict verdict = frontend.options().tcpSession.evaluate(new SessionContext(session), new RuleCursor());
        if (!isGo(verdict)) {
            frontend.counters().deniedSessions++;
            listener.counters().deniedSessions++;
            abort();
            return;
        }
        session.tracking.countSession(loop.wallMs());
        frontend.log().connected(session.source(), session.destination(), listener.id());
        if (frontend.options().http) {
            final HttpStream first = new HttpStream(session);
            stream = first;
            first.await();
        } else {
            final TcpStream tcp = new TcpStream(session);
            stream = tcp;
            tcp.start();
        }
    }

    /** A stream takes the place of another: the next request, or a tunnel's mode. */
    void next(final Stream successor) {
        stream = successor;
    }

    /** Among all connections of the process. */
    long number() {
        return number;
    }

    Stream stream() {
        return stream;
    }

    /** An operator ends it. */
    void kill() {
        if (stream != null && !stream.isEnded()) {
            stream.terminate('K', stream.server() == null ? 'R' : 'D');
        }
        if (!isClosed()) {
            channel().close();
        }
    }

    /** The proxy stops: who waits for the next request of a client would wait for long. */
    void softStop(final long delayMs) {
        if (delayMs > 0) {
            loop.timers().arm(idleEnd, loop.nowMs() + delayMs);
        } else {
            endIdle();
        }
    }

    private void endIdle() {
        if (stream != null && !isClosed() && stream.isBetweenRequests() && !frontend.section().get(
                ProxySettings.IDLE_CLOSE_ON_RESPONSE)) {
            stream.clientEnded();
        }
    }

    Session session() {
        return session;
    }

    void expectProxyHeader() {
        proxyHeader = true;
    }

    boolean isHandshakeDone() {
        return !tlsPending;
    }

    /** DSCP and ECN bits of what goes to the client. */
    void trafficClass(final int value) {
        channel().config().setOption(ChannelOption.IP_TOS, value);
    }

    /** {@code set-mark} */
    void mark(final int value) {
        frontend.owner().transport().mark(channel(), value);
    }

    @Override
    long lingerMs() {
        return frontend.options().clientMs;
    }

    @Override
    void tlsDone(final Throwable failure) {
        tlsPending = false;
        if (failure != null) {
            if (open && !isClosed()) {
                if (failure instanceof ClosedChannelException) {
                    failed(tlsEnd(), true);
                } else {
                    failed("SSL handshake failure", false);
                }
                // The handler still has an alert to send, and closes behind it.
                loop.executor().execute(this::abort);
            }
        } else if (stream == null && !proxyHeader && !isClosed()) {
            established();
        }
    }

    /** A client that goes before it said anything is no failure of the handshake. */
    private String tlsEnd() {
        final SslHandler handler = channel().pipeline().get(SslHandler.class);
        return handler == null || handler.engine().getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                ? "Connection closed during SSL handshake"
                : "SSL handshake failure";
    }

    private void failed(final String reason, final boolean nothingCame) {
        frontend.counters().requestErrors++;
        listener.counters().requestErrors++;
        session.error = reason;
        frontend.log().failedHandshake(new SessionContext(session), session.source(), listener.name() == null
                ? Integer.toString(listener.id())
                : listener.name(), session.acceptWallMs, reason, nothingCame && !reason.startsWith("SSL"));
    }

    @Override
    void received() {
        if (stream != null) {
            stream.clientReceived();
        } else if (proxyHeader) {
            header();
        }
    }

    private void header() {
        final ProxyHeaderReader reader = new ProxyHeaderReader();
        final ProxyHeaderReader.Outcome outcome = reader.read(input, frontend.owner().bufferBytes());
        if (outcome == ProxyHeaderReader.Outcome.INVALID || outcome == ProxyHeaderReader.Outcome.NONE) {
            failed(outcome == ProxyHeaderReader.Outcome.INVALID
                    ? "Received an invalid PROXY protocol header"
                    : "Received something which does not look like a PROXY protocol header", false);
            abort();
        } else if (outcome == ProxyHeaderReader.Outcome.DONE) {
            proxyHeader = false;
            session.received(reader.header());
            if (tlsPending) {
                beginTls();
            } else {
                established();
                if (available() > 0 && stream != null && !isClosed()) {
                    stream.clientReceived();
                }
            }
        }
    }

    @Override
    void ended() {
        if (stream == null) {
            if (proxyHeader) {
                failed("Connection closed while waiting for PROXY protocol header", true);
            } else if (tlsPending) {
                failed(tlsEnd(), true);
            }
            abort();
        } else {
            stream.clientEnded();
        }
    }

    @Override
    void lost() {
        if (stream != null) {
            stream.clientLost();
        }
        gone();
    }

    @Override
    void writable() {
        if (stream != null) {
            stream.clientWritable();
        }
    }

    @Override
    void close() {
        super.close();
        gone();
    }

    @Override
    void abort() {
        super.abort();
        gone();
    }

    /** The session is over: what it had is given back. */
    private void gone() {
        if (!open) {
            return;
        }
        open = false;
        loop.timers().cancel(handshake);
        session.deadlines.sessionEnded();
        loop.timers().cancel(idleEnd);
        if (session.own != null) {
            final ServerConnection own = session.own;
            session.own = null;
            own.owner(null);
            own.abort();
        }
        session.tracking.release(loop.wallMs());
        frontend.end(listener);
        frontend.owner().closed(this);
    }

    static void accept(final Channel channel, final Listener listener) {
        final ClientConnection connection = new ClientConnection(listener);
        channel.pipeline().addLast(connection);
        connection.start();
        listener.frontend().loop().flush();
    }
}
