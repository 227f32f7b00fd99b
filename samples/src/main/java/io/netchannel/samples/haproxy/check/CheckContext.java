package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.expression.ProxyFacts;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What expressions of checks see: the answer so far, and variables of the check and the process. */
final class CheckContext implements SampleContext {

    private final ProxyFacts facts;
    private final Map<String, Variables> scopes;
    private final long nowMs;
    private String data = "";
    private HttpMessage response;

    /** @param process variables of the process */
    CheckContext(final ProxyFacts facts, final Variables process, final long nowMs) {
        this.facts = facts;
        this.scopes = Map.of("check", new Variables(), "proc", process, "sess", new Variables());
        this.nowMs = nowMs;
    }

    void answer(final String newData, final HttpMessage newResponse) {
        data = newData;
        response = newResponse;
    }

    @Override
    public Direction direction() {
        return Direction.RESPONSE;
    }

    @Override
    public HttpMessage response() {
        return response;
    }

    @Override
    public ByteBuf payload() {
        return Unpooled.wrappedBuffer(data.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public Variables variables(final String scope) {
        return scopes.get(scope);
    }

    @Override
    public ProxyFacts facts() {
        return facts;
    }

    @Override
    public long nowMs() {
        return nowMs;
    }
}
