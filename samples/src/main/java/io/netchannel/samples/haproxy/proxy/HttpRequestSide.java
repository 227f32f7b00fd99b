package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.http.HeadParser;
import io.netchannel.samples.haproxy.http.Targets;
import io.netchannel.samples.haproxy.rule.RuleContext;
import io.netchannel.samples.haproxy.rule.Verdict;
import io.netty.buffer.ByteBuf;

/** The request on its way: its head is read, the rules see it, and when there is a server it is forwarded. */
final class HttpRequestSide {

    private final HttpStream stream;
    private final HttpExchange http;

    HttpRequestSide(final HttpStream stream, final HttpExchange http) {
        this.stream = stream;
        this.http = http;
    }

    void readHead() {
        if (!http.firstByte) {
            http.firstByte = true;
            stream.times().idleMs = stream.elapsedMs() - stream.times().handshakeMs;
            stream.times().requestWallMs = stream.loop.wallMs();
            stream.step(stream.session.frontend.options().requestMs);
        }
        final HeadParser.Progress progress = http.requestBody.parser().feed(stream.client.input);
        if (progress == HeadParser.Progress.MORE) {
            return;
        }
        stream.session.requests++;
        http.firstOfSession = stream.session.requests == 1;
        stream.session.frontend.counters().requests++;
        stream.session.frontend.counters().requestRate.add(stream.loop.nowMs(), 1);
        if (progress == HeadParser.Progress.INVALID) {
            InvalidMessage.ofRequest(stream, http.requestBody.parser().bytesRead(), http.requestBody.parser()
                    .errorPosition());
            refuse(http.requestBody.parser().errorStatus());
            return;
        }
        stream.step(0);
        http.request = http.requestBody.parser().message();
        http.requestBody.startBody(null, false, false);
        stream.times().requestMs = stream.elapsedMs();
        stream.session.tracking.countRequest(stream.loop.wallMs());
        if (stream.session.frontend.monitorUri() != null && monitored()) {
            return;
        }
        http.phase = HttpExchange.Phase.RULES;
        http.heads.received();
        rules();
    }

    /** A request that can't be read. */
    void refuse(final int with) {
        stream.session.frontend.counters().requestErrors++;
        stream.session.tracking.countError(stream.loop.wallMs());
        stream.terminate('P', 'R');
        stream.step(0);
        stream.answers().answer(stream.errorReply(with), true);
    }

    boolean monitored() {
        final String monitor = stream.session.frontend.monitorUri();
        final String asked = monitor.startsWith("/") ? Targets.pathAndQuery(http.request.uri()) : http.request.uri();
        if (!asked.equals(monitor)) {
            return false;
        }
        final boolean failing = stream.session.frontend.section().get(TrafficSettings.MONITOR_FAIL).stream()
                .anyMatch(condition -> condition.test(stream));
        stream.logLevel(RuleContext.SILENT);
        stream.terminate('L', 'R');
        stream.answers().answer(stream.errorReply(failing ? 503 : 200), false);
        return true;
    }

    void rules() {
        final Verdict verdict = http.steps.run();
        if (verdict == Verdict.WAIT) {
            if (!http.steps.isInspecting()) {
                hold();
            }
            return;
        }
        stream.step(0);
        if (verdict == Verdict.CONTINUE) {
            stream.choice().toServer();
        } else {
            stream.answers().conclude(verdict);
        }
    }

    /** A rule waits for the body: as much as fits is read. */
    void hold() {
        http.requestBody.pull(stream.client, stream.bodyRoom(http.requestBody));
        stream.clientWithin(stream.session.frontend.options().clientMs);
    }

    /** {@code option http-buffer-request}: called by the steps. @return whether what is needed is there */
    boolean buffered() {
        return stream.bodyComplete() || stream.client.isInputEnded();
    }

    void ready() {
        http.phase = HttpExchange.Phase.RESPONSE_HEAD;
        final ServerConnection connection = stream.serverConnection();
        final ByteBuf out = connection.out();
        http.heads.writeRequest(out);
        http.responseBody.start(false, stream.backend().options().acceptInvalidResponse);
        http.replayable = stream.backend().options().retriesAnswers() && http.requestBody.isDone()
                && http.requestBody.heldBytes() == 0;
        http.requestSent = http.requestBody.isDone() && http.requestBody.heldBytes() == 0
                && !http.requestBody.isChunked();
        if (http.requestSent) {
            afterRequest();
        } else {
            forwardRequest();
        }
        if (connection.isInputEnded() && !connection.isClosed()) {
            stream.responseSide().serverEnded();
        }
    }

    void forwardRequest() {
        final ServerConnection connection = stream.serverConnection();
        if (http.requestSent || connection == null) {
            return;
        }
        final HttpBody.Moved moved = http.requestBody.forward(stream.client, connection);
        if (moved == HttpBody.Moved.INVALID) {
            InvalidMessage.ofRequest(stream, InvalidMessage.rest(stream.client.input), 0);
            stream.session.frontend.counters().requestErrors++;
            if (http.responseWritten) {
                stream.terminate('C', 'D');
                stream.end(true);
            } else {
                stream.terminate('P', 'D');
                stream.answers().answer(stream.errorReply(400), true);
            }
        } else if (moved == HttpBody.Moved.DONE) {
            http.requestSent = true;
            stream.client.hold(false);
            afterRequest();
        } else {
            stream.client.hold(moved == HttpBody.Moved.FULL);
            stream.clientWithin(stream.session.frontend.options().clientMs);
            stream.serverWithin(moved == HttpBody.Moved.FULL ? stream.serverMs() : 0);
        }
    }

    void afterRequest() {
        if (http.phase == HttpExchange.Phase.RESPONSE_HEAD) {
            stream.clientWithin(0);
            stream.serverWithin(stream.serverMs());
        } else if (http.phase == HttpExchange.Phase.OVER) {
            stream.end(true);
        }
    }
}
