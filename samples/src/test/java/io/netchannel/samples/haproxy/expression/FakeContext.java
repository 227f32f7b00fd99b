package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A stream as a test wants it. */
final class FakeContext implements SampleContext {

    final Map<String, Variables> scopes = new HashMap<>();
    final Map<String, StickLookup> tables = new HashMap<>();
    final StickCounters[] tracked = new StickCounters[3];
    final String[] requestCaptures = new String[4];
    Direction direction = Direction.REQUEST;
    InetSocketAddress source = address("127.0.0.1", 50_000);
    InetSocketAddress destination = address("127.0.0.1", 28_471);
    HttpMessage request;
    HttpMessage response;
    ByteBuf payload;
    boolean complete = true;
    LogFacts log;
    String serverName;

    FakeContext() {
        for (final String scope : new String[]{"proc", "sess", "txn", "req", "res"}) {
            scopes.put(scope, new Variables());
        }
    }

    static InetSocketAddress address(final String ip, final int port) {
        final InetAddress address = Addresses.any(ip);
        return new InetSocketAddress(address, port);
    }

    FakeContext payload(final String bytes) {
        payload = Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
        return this;
    }

    /** A request as text; its body is the payload. */
    FakeContext request(final String text) {
        final int end = text.indexOf("\n\n");
        final String[] lines = (end < 0 ? text : text.substring(0, end)).split("\n");
        final String[] words = lines[0].split(" ");
        request = HttpMessage.request(words[0], words[1], words[2].charAt(7) - '0');
        for (int i = 1; i < lines.length; i++) {
            final int colon = lines[i].indexOf(':');
            request.add(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
        }
        return payload(end < 0 ? "" : text.substring(end + 2));
    }

    @Override
    public Direction direction() {
        return direction;
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
        return scopes.get(scope);
    }

    @Override
    public String captured(final Direction captureDirection, final int index) {
        return index >= 0 && index < requestCaptures.length ? requestCaptures[index] : null;
    }

    @Override
    public boolean capture(final Direction captureDirection, final int index, final String value) {
        if (index < 0 || index >= requestCaptures.length) {
            return false;
        }
        requestCaptures[index] = value;
        return true;
    }

    @Override
    public LogFacts log() {
        return log;
    }

    @Override
    public StickCounters tracked(final int index) {
        return index >= 0 && index < tracked.length ? tracked[index] : null;
    }

    @Override
    public long nowMs() {
        return 1_466_074_440_123L;
    }

    @Override
    public ProxyFacts facts() {
        return new FakeFacts(tables, serverName);
    }
}
