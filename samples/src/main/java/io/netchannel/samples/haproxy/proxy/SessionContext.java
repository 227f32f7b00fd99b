package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.ProxyFacts;
import io.netchannel.samples.haproxy.expression.StickCounters;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.rule.ErrorReplies;
import io.netchannel.samples.haproxy.rule.Reply;
import io.netchannel.samples.haproxy.rule.RuleContext;
import io.netchannel.samples.haproxy.stick.TrackedCounters;
import io.netchannel.samples.haproxy.tls.BindTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;

/** What rules see of a session that has no stream yet; a stream adds its own. */
class SessionContext implements RuleContext {

    final Session session;
    private boolean strict = true;
    private ProxyFacts facts;

    SessionContext(final Session session) {
        this.session = session;
    }

    @Override
    public InetSocketAddress source() {
        return session.source();
    }

    @Override
    public InetSocketAddress destination() {
        return session.destination();
    }

    @Override
    public InetSocketAddress connectionSource() {
        return session.peer;
    }

    @Override
    public InetSocketAddress connectionDestination() {
        return session.local;
    }

    @Override
    public boolean receivedProxyHeader() {
        return session.hadProxyHeader;
    }

    @Override
    public String proxyAuthority() {
        return session.proxyAuthority;
    }

    @Override
    public String proxyUniqueId() {
        return session.proxyUniqueId;
    }

    @Override
    public long listenerConnections() {
        return session.listener.sessions();
    }

    @Override
    public ByteBuf payload() {
        return session.client.input == null ? Unpooled.EMPTY_BUFFER : session.client.input;
    }

    @Override
    public boolean payloadComplete() {
        return session.client.isInputEnded();
    }

    @Override
    public SSLSession frontTls() {
        return tls(session.client);
    }

    @Override
    public String tlsServerName() {
        final SSLSession tls = frontTls();
        return tls == null ? null : BindTls.requestedName(tls);
    }

    @Override
    public String tlsAlpn(final boolean front) {
        final Wire wire = front ? session.client : stream() == null ? null : stream().serverConnection();
        final SslHandler handler = wire == null ? null : wire.channel().pipeline().get(SslHandler.class);
        return handler == null ? null : handler.applicationProtocol();
    }

    static SSLSession tls(final Wire wire) {
        final SslHandler handler = wire == null ? null : wire.channel().pipeline().get(SslHandler.class);
        return handler == null ? null : handler.engine().getSession();
    }

    @Override
    public Variables variables(final String scope) {
        return switch (scope) {
            case "proc" -> session.frontend.owner().variables();
            case "sess" -> session.variables;
            default -> null;
        };
    }

    @Override
    public ProxyFacts facts() {
        if (facts == null) {
            facts = ProxyView.of(session, stream());
        }
        return facts;
    }

    Stream stream() {
        return null;
    }

    @Override
    public StickCounters tracked(final int index) {
        return tracking().get(index);
    }

    @Override
    public long nowMs() {
        return session.frontend.loop().wallMs();
    }

    @Override
    public void source(final InetSocketAddress address) {
        session.source = address;
    }

    @Override
    public void destination(final InetSocketAddress address) {
        session.destination = address;
    }

    @Override
    public void logLevel(final int level) {
        // Streams have levels.
    }

    @Override
    public void priorityClass(final int value) {
        // Streams wait in queues.
    }

    @Override
    public void priorityOffset(final int value) {
        // Streams wait in queues.
    }

    @Override
    public void serverTimeout(final long timeoutMs) {
        // Streams have servers.
    }

    @Override
    public void tunnelTimeout(final long timeoutMs) {
        // Streams have servers.
    }

    @Override
    public String connectionError() {
        return session.error;
    }

    @Override
    public void tos(final int value) {
        session.client.trafficClass(value);
    }

    @Override
    public void mark(final int value) {
        session.client.mark(value);
    }

    @Override
    public void expectProxyProtocol() {
        session.client.expectProxyHeader();
    }

    @Override
    public boolean handshakeDone() {
        return session.client.isHandshakeDone();
    }

    @Override
    public long bodyBytesBuffered() {
        return 0;
    }

    @Override
    public boolean bodyComplete() {
        return true;
    }

    @Override
    public void wakeAt(final long nowMs) {
        // Only rules on content wait.
    }

    @Override
    public void sendInformational(final HttpMessage response) {
        // There is no request yet.
    }

    @Override
    public int rewriteRoomBytes() {
        return 0;
    }

    @Override
    public boolean strictRewriting() {
        return strict;
    }

    @Override
    public void strictRewriting(final boolean on) {
        strict = on;
    }

    @Override
    public void disableL7Retry() {
        // There is no request yet.
    }

    @Override
    public void rewriteFailed() {
        session.frontend.counters().failedRewrites++;
    }

    @Override
    public TrackedCounters tracking() {
        return session.tracking;
    }

    @Override
    public Reply errorReply(final int status) {
        return ErrorReplies.find(status, session.frontend.section(), null, this);
    }
}
