package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.rule.Reply;
import io.netchannel.samples.haproxy.stick.Sticking;

/** How far a request and its answer are: what the parts of an {@link HttpStream} share. */
final class HttpExchange {

    static final int CONTINUE = 100;
    static final int SWITCHING = 101;

    /** How far the request is. */
    enum Phase {
        HEAD, RULES, BODY, TARPIT, DISPATCH, RESPONSE_HEAD, RESPONSE_BODY, TUNNEL, OVER
    }

    final HttpBody requestBody;
    final HttpBody responseBody;
    final HttpHeads heads;
    final RequestSteps steps;
    private Sticking sticking;
    Phase phase = Phase.HEAD;
    HttpMessage request;
    HttpMessage response;
    /** Of the rules that run, and of what they see. */
    SampleContext.Direction direction = SampleContext.Direction.REQUEST;
    boolean firstByte;
    boolean firstOfSession;
    boolean informational;
    /** Whether the request could be sent once more: nothing of its body is gone. */
    boolean replayable;
    boolean requestSent;
    boolean responseWritten;
    int status = -1;
    CookiePersistence.State cookie = CookiePersistence.State.NONE;
    Reply tarpit;
    StreamCompression compression;
    String requestCookie;
    String responseCookie;

    HttpExchange(final HttpStream stream, final Session session) {
        final Frontend frontend = session.frontend;
        if (session.requestBody == null) {
            session.requestBody = new HttpBody(frontend.headLimits());
            session.responseBody = new HttpBody(frontend.headLimits());
        }
        requestBody = session.requestBody;
        responseBody = session.responseBody;
        heads = new HttpHeads(stream);
        steps = new RequestSteps(stream);
        requestBody.start(true, frontend.options().acceptInvalidRequest);
        responseBody.start(false, false);
    }

    /** Made for the first rule that sticks something. */
    Sticking sticking() {
        if (sticking == null) {
            sticking = new Sticking();
        }
        return sticking;
    }
}
