package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.rule.ErrorReplies;
import io.netchannel.samples.haproxy.rule.Reply;
import io.netchannel.samples.haproxy.rule.Verdict;

/** Answers of the proxy's own: what rules decide, and errors. */
final class HttpAnswers {

    private final HttpStream stream;
    private final HttpExchange http;

    HttpAnswers(final HttpStream stream, final HttpExchange http) {
        this.stream = stream;
        this.http = http;
    }

    void conclude(final Verdict verdict) {
        if (verdict instanceof final Verdict.Respond respond) {
            if (respond.denied()) {
                deny();
                stream.terminate('P', http.direction == SampleContext.Direction.REQUEST ? 'R' : 'H');
            } else {
                stream.terminate('L', http.direction == SampleContext.Direction.REQUEST ? 'R' : 'H');
            }
            answer(respond.reply(), respond.denied());
        } else if (verdict instanceof final Verdict.Tarpit held) {
            deny();
            http.phase = HttpExchange.Phase.TARPIT;
            http.tarpit = held.reply();
            stream.client.hold(false);
            stream.stepUntil(stream.loop.nowMs() + Math.max(1,
                    (stream.backend() == null
                            ? stream.session.frontend.options()
                            : stream.backend()
                                    .options()).tarpitMs));
        } else if (verdict == Verdict.FAILED) {
            stream.session.frontend.counters().internalErrors++;
            stream.terminate('P', http.direction == SampleContext.Direction.REQUEST ? 'R' : 'H');
            answer(stream.errorReply(500), true);
        } else if (verdict == Verdict.TIME_OVER) {
            stream.session.frontend.counters().requestErrors += http.direction == SampleContext.Direction.REQUEST
                    ? 1
                    : 0;
            stream.terminate(http.direction == SampleContext.Direction.REQUEST ? 'c' : 's', 'D');
            answer(stream.errorReply(http.direction == SampleContext.Direction.REQUEST ? 408 : 504), true);
        } else if (verdict == Verdict.INVALID) {
            stream.session.frontend.counters().requestErrors++;
            stream.terminate('P', http.direction == SampleContext.Direction.REQUEST ? 'R' : 'H');
            answer(stream.errorReply(http.direction == SampleContext.Direction.REQUEST ? 400 : 502), true);
        } else {
            deny();
            stream.terminate('P', http.direction == SampleContext.Direction.REQUEST ? 'R' : 'H');
            stream.end(true);
        }
    }

    void deny() {
        if (http.direction == SampleContext.Direction.REQUEST) {
            stream.captureCookie();
            stream.session.frontend.counters().deniedRequests++;
            stream.session.listener.counters().deniedRequests++;
            if (stream.backend() != null && !stream.backend().name().equals(stream.session.frontend.name())) {
                stream.backend().counters().deniedRequests++;
            }
        } else {
            stream.session.frontend.counters().deniedResponses++;
            if (stream.backend() != null) {
                stream.backend().counters().deniedResponses++;
            }
        }
        stream.counted().countError(stream.loop.wallMs());
    }

    /** @param close whatever the reply says of the connection */
    void answer(final Reply reply, final boolean failed) {
        stream.step(0);
        if (reply.isSilent()) {
            http.status = reply.head().status();
            stream.dropServer();
            stream.end(true);
            return;
        }
        HttpMessage head = reply.head();
        http.response = head;
        http.direction = SampleContext.Direction.RESPONSE;
        http.status = head.status();
        if (http.request != null) {
            final Verdict after = http.steps.runAfterResponse(stream);
            if (after == Verdict.FAILED) {
                final Reply own = ErrorReplies.own(500);
                head = own.head();
                http.response = head;
                http.status = 500;
            }
        }
        stream.session.frontend.counters().response(http.status);
        if (!failed) {
            stream.session.frontend.counters().intercepted++;
        }
        stream.dropServer();
        final boolean close = http.heads.writeReply(head, reply, stream.client.out(),
                http.requestBody.isDone() && http.request != null);
        if (http.request == null || !http.request.isMethod("HEAD")) {
            stream.client.send(reply.body());
        }
        stream.end(close);
    }
}
