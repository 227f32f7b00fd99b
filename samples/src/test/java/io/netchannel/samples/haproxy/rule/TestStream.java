package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.expression.ProxyFacts;
import io.netchannel.samples.haproxy.expression.StickCounters;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.stick.TrackedCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A stream that remembers what rules did to it. */
final class TestStream implements RuleContext {

    final HttpMessage request;
    HttpMessage response;
    final Map<String, Variables> variables = new HashMap<>();
    final List<String> calls = new ArrayList<>();
    final List<HttpMessage> informational = new ArrayList<>();
    final TrackedCounters session = TrackedCounters.ofSession();
    final TrackedCounters stream = session.forStream();
    final String[] captures = new String[4];
    InetSocketAddress source = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1234);
    InetSocketAddress destination = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 80);
    boolean strict = true;
    boolean complete = true;
    boolean bodyComplete = true;
    boolean bodyInvalid;
    long bodyBytes;
    int room = 1_000;
    ByteBuf payload = Unpooled.EMPTY_BUFFER;
    long now = 1_700_000_000_000L;

    TestStream(final String method, final String uri) {
        this(HttpMessage.request(method, uri, 1));
    }

    private TestStream(final HttpMessage request) {
        this.request = request;
        for (final String scope : List.of("proc", "sess", "txn", "req", "res")) {
            variables.put(scope, new Variables());
        }
    }

    /** Without a request, as in mode tcp. */
    static TestStream ofBytes() {
        return new TestStream((HttpMessage) null);
    }

    @Override
    public Direction direction() {
        return response == null ? Direction.REQUEST : Direction.RESPONSE;
    }

    @Override
    public InetSocketAddress source() {
        return source;
    }

    @Override
    public InetSocketAddress destination() {
        return destination;
    }

    @Override
    public HttpMessage request() {
        return request;
    }

    @Override
    public HttpMessage response() {
        return response;
    }

    @Override
    public ByteBuf payload() {
        return payload;
    }

    @Override
    public boolean payloadComplete() {
        return complete;
    }

    @Override
    public Variables variables(final String scope) {
        return variables.get(scope);
    }

    @Override
    public String captured(final Direction direction, final int index) {
        return captures[index];
    }

    /** All facts are null, 0 or false. */
    @Override
    public ProxyFacts facts() {
        return (ProxyFacts) Proxy.newProxyInstance(ProxyFacts.class.getClassLoader(), new Class<?>[]{ProxyFacts.class},
                (_, method, _) -> method.getReturnType() == int.class
                        ? (Object) 0
                        : method.getReturnType() == long.class
                                ? (Object) 0L
                                : method.getReturnType() == boolean.class ? (Object) false : null);
    }

    @Override
    public StickCounters tracked(final int index) {
        return stream.get(index);
    }

    @Override
    public long nowMs() {
        return now;
    }

    @Override
    public void source(final InetSocketAddress address) {
        source = address;
    }

    @Override
    public void destination(final InetSocketAddress address) {
        destination = address;
    }

    @Override
    public boolean capture(final Direction direction, final int index, final String value) {
        captures[index] = value;
        return true;
    }

    @Override
    public void logLevel(final int level) {
        calls.add("log " + level);
    }

    @Override
    public void priorityClass(final int value) {
        calls.add("class " + value);
    }

    @Override
    public void priorityOffset(final int value) {
        calls.add("offset " + value);
    }

    @Override
    public void serverTimeout(final long timeoutMs) {
        calls.add("server " + timeoutMs);
    }

    @Override
    public void tunnelTimeout(final long timeoutMs) {
        calls.add("tunnel " + timeoutMs);
    }

    @Override
    public void tos(final int value) {
        calls.add("tos " + value);
    }

    @Override
    public void mark(final int value) {
        calls.add("mark " + value);
    }

    @Override
    public void expectProxyProtocol() {
        calls.add("expect-proxy");
    }

    @Override
    public boolean handshakeDone() {
        return complete;
    }

    @Override
    public long bodyBytesBuffered() {
        return bodyBytes;
    }

    @Override
    public boolean bodyComplete() {
        return bodyComplete;
    }

    @Override
    public boolean bodyInvalid() {
        return bodyInvalid;
    }

    @Override
    public void wakeAt(final long nowMs) {
        calls.add("wake " + (nowMs - now));
    }

    @Override
    public void sendInformational(final HttpMessage hints) {
        informational.add(hints);
    }

    @Override
    public int rewriteRoomBytes() {
        return room;
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
        calls.add("no retry");
    }

    @Override
    public void rewriteFailed() {
        calls.add("rewrite failed");
    }

    @Override
    public TrackedCounters tracking() {
        return stream;
    }

    @Override
    public Reply errorReply(final int status) {
        return ErrorReplies.own(status);
    }
}
