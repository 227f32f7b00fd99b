package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.Cacheability;
import io.netchannel.samples.haproxy.http.HeadParser;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.log.Syslog;
import io.netchannel.samples.haproxy.rule.RuleContext;
import io.netchannel.samples.haproxy.rule.Verdict;

/** The server's answer on its way to the client, or that there is none. */
final class HttpResponseSide {

    private final HttpStream stream;
    private final HttpExchange http;

    HttpResponseSide(final HttpStream stream, final HttpExchange http) {
        this.stream = stream;
        this.http = http;
    }

    void readResponse() {
        final ServerConnection connection = stream.serverConnection();
        while (http.phase == HttpExchange.Phase.RESPONSE_HEAD && connection.input != null
                && connection.input.isReadable()) {
            if (http.response != null && http.direction == SampleContext.Direction.RESPONSE) {
                responseRules();
                return;
            }
            stream.serverWithin(stream.serverMs());
            final HeadParser.Progress progress = http.responseBody.parser().feed(connection.input);
            if (progress == HeadParser.Progress.MORE) {
                return;
            }
            if (progress == HeadParser.Progress.INVALID) {
                InvalidMessage.ofResponse(stream, http.responseBody.parser().bytesRead(), http.responseBody.parser()
                        .errorPosition());
                badResponse();
                return;
            }
            final HttpMessage head = http.responseBody.parser().message();
            if (head.status() < 200 && head.status() != HttpExchange.SWITCHING) {
                // RFC 9110 section 15.2: any number of them, passed on to who can understand them.
                if (http.request.minorVersion() > 0) {
                    HttpHeads.writePlain(head, stream.client.out());
                    http.informational |= head.status() == HttpExchange.CONTINUE;
                }
                http.responseBody.start(false, stream.backend().options().acceptInvalidResponse);
                continue;
            }
            http.response = head;
            answered();
        }
    }

    void badResponse() {
        if (mayRetry(TrafficSettings.RetryOn.JUNK_RESPONSE, -1)) {
            return;
        }
        responseFailed();
        stream.terminate('P', 'H');
        stream.dropServer();
        stream.answers().answer(stream.errorReply(502), true);
    }

    /** The final response's head is there. */
    void answered() {
        stream.times().dataMs = stream.elapsedMs();
        http.status = http.response.status();
        if (mayRetry(null, http.status)) {
            return;
        }
        final Server server = stream.server();
        stream.backend().counters().response(http.status);
        stream.backend().counters().requests++;
        if (server != null) {
            server.counters().response(http.status);
            server.counters().requests++;
            stream.backend().owner().observer().answered(server, http.status);
        }
        if (http.status >= 500 && http.status != 501 && http.status != 505) {
            stream.counted().countFailure(stream.loop.wallMs());
        } else if (http.status >= 400 && http.status < 500) {
            stream.counted().countError(stream.loop.wallMs());
        }
        http.responseBody.startBody(http.response, http.request.isMethod("HEAD"), http.request.isMethod("CONNECT"));
        http.direction = SampleContext.Direction.RESPONSE;
        http.heads.captureResponse(http.response);
        if (stream.session.frontend.options().captureCookie != null) {
            http.responseCookie = CookieCapture.response(http.response,
                    stream.session.frontend.options().captureCookie);
        }
        if (http.compression != null) {
            http.compression.answered(http.response, http.responseBody);
        }
        responseRules();
    }

    void responseRules() {
        final Verdict verdict = http.steps.runResponse();
        if (verdict == Verdict.WAIT) {
            http.responseBody.pull(stream.serverConnection(), stream.bodyRoom(http.responseBody));
            return;
        }
        stream.step(0);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.ACCEPT) {
            stream.dropServer();
            stream.answers().conclude(verdict);
            return;
        }
        final ProxyOptions options = stream.backend().options();
        if (!options.stickResponse.isEmpty() || !options.stickRequest.isEmpty()) {
            http.sticking().response(options.stickResponse, stream, stream.backend().stuck(stream.server()));
        }
        if (stream.backend().persistence() != null) {
            http.cookie = stream.backend().persistence().response(http.request, http.response, stream.server(),
                    http.cookie, stream.dispatch().isRedispatched());
        }
        if (stream.backend().options().checkCache && Cacheability.leaksCookie(http.request.method(), http.response)) {
            blockCookie();
            return;
        }
        final Verdict after = http.steps.runAfterResponse(stream);
        if (after != Verdict.CONTINUE && after != Verdict.ACCEPT) {
            stream.dropServer();
            stream.answers().conclude(after);
            return;
        }
        stream.session.frontend.counters().response(http.response.status());
        http.status = http.response.status();
        http.responseWritten = true;
        if (http.compression != null && http.compression.begin(http.response)) {
            http.responseBody.compress(http.compression);
        }
        http.heads.writeResponse(http.response, stream.client.out(), http.responseBody, http.requestBody.isDone());
        if (stream.session.frontend.options().logAsSoonAsPossible) {
            stream.writeLog();
        }
        final boolean connect = http.request.isMethod("CONNECT") && http.status < 300;
        if (http.status == HttpExchange.SWITCHING || connect) {
            stream.tunnel().startTunnel();
            return;
        }
        http.phase = HttpExchange.Phase.RESPONSE_BODY;
        forwardResponse();
    }

    /** {@code option checkcache}: a cache would give one client's cookie to others. */
    private void blockCookie() {
        stream.session.frontend.owner().logs().send(stream.backend().section(), Syslog.ALERT,
                "Blocking cacheable cookie in response from instance " + stream.backend().name() + ", server "
                        + (stream.server() == null ? "<dispatch>" : stream.server().name()) + ".\n");
        stream.answers().deny();
        stream.terminate('P', 'H');
        stream.dropServer();
        stream.answers().answer(stream.errorReply(502), true);
    }

    void forwardResponse() {
        final ServerConnection connection = stream.serverConnection();
        final HttpBody.Moved moved = http.responseBody.forward(connection, stream.client);
        if (moved == HttpBody.Moved.DONE) {
            finished();
        } else if (moved == HttpBody.Moved.INVALID) {
            InvalidMessage.ofResponse(stream, InvalidMessage.rest(connection.input), 0);
            stream.backend().counters().responseErrors++;
            stream.terminate('S', 'D');
            stream.end(true);
        } else {
            connection.hold(moved == HttpBody.Moved.FULL);
            if (moved == HttpBody.Moved.FULL) {
                stream.serverWithin(0);
                stream.clientWithin(stream.session.frontend.options().clientMs);
            } else {
                stream.serverWithin(stream.serverMs());
                stream.clientWithin(stream.client.unsentBytes() > 0 ? stream.session.frontend.options().clientMs : 0);
            }
        }
    }

    void finished() {
        if (!http.requestSent) {
            // The answer came before all of the request: the rest is still taken, or the client would lose the answer.
            http.phase = HttpExchange.Phase.OVER;
            stream.serverWithin(stream.serverMs());
            if (stream.serverConnection().isInputEnded() || stream.serverConnection().isClosed()) {
                stream.end(true);
            } else {
                stream.requestSide().forwardRequest();
            }
            return;
        }
        stream.end(http.heads.closesClient());
    }

    boolean mayRetry(final TrafficSettings.RetryOn event, final int withStatus) {
        final ProxyOptions options = stream.backend().options();
        if (!http.replayable || http.steps.isRetryDisabled() || !stream.dispatch().hasAttemptsLeft()
                || (event == null ? !options.retryStatuses.contains(withStatus) : !options.retryOn.contains(event))) {
            return false;
        }
        stream.dropServer();
        http.response = null;
        http.status = -1;
        stream.times().dataMs = -1;
        http.direction = SampleContext.Direction.REQUEST;
        http.phase = HttpExchange.Phase.DISPATCH;
        stream.dispatch().again();
        return true;
    }

    /** The server went before all of its answer came. */
    void cutShort() {
        stream.backend().counters().serverAborts++;
        stream.session.frontend.counters().serverAborts++;
        if (stream.server() != null) {
            stream.server().counters().serverAborts++;
        }
        stream.terminate('S', 'D');
        stream.end(true);
    }

    void noResponse() {
        // Also if a part of the head came: it is of no use to anybody.
        if (mayRetry(TrafficSettings.RetryOn.EMPTY_RESPONSE, -1)) {
            return;
        }
        if (stream.session.requests > 1) {
            // The client repeats what it may, as with any connection that is closed between requests (RFC 9112 section
            // 9.3.1): to it and to the log nothing happened.
            stream.logLevel(RuleContext.SILENT);
            stream.dropServer();
            stream.end(true);
            return;
        }
        unanswered('S', 502);
    }

    private void unanswered(final char cause, final int with) {
        responseFailed();
        stream.terminate(cause, 'H');
        stream.counted().countFailure(stream.loop.wallMs());
        stream.dropServer();
        stream.answers().answer(stream.errorReply(with), true);
    }

    private void responseFailed() {
        stream.backend().counters().responseErrors++;
        final Server server = stream.server();
        if (server != null) {
            server.counters().responseErrors++;
            stream.backend().owner().observer().answered(server, -1);
        }
    }

    void serverEnded() {
        final ServerConnection connection = stream.serverConnection();
        if (http.phase == HttpExchange.Phase.TUNNEL) {
            stream.tunnel().tunnel(connection, stream.client);
        } else if (http.phase == HttpExchange.Phase.RESPONSE_HEAD) {
            noResponse();
        } else if (http.phase == HttpExchange.Phase.RESPONSE_BODY) {
            if (connection.available() > 0) {
                forwardResponse();
            }
            if (!stream.isEnded() && http.phase == HttpExchange.Phase.RESPONSE_BODY && connection.available() == 0) {
                if (http.responseBody.ended()) {
                    finished();
                } else {
                    cutShort();
                }
            }
        } else if (http.phase == HttpExchange.Phase.OVER) {
            stream.end(true);
        }
    }

    void serverLost() {
        if (http.phase == HttpExchange.Phase.RESPONSE_BODY && stream.serverConnection().available() == 0
                && !stream.serverConnection().isFailed()
                && http.responseBody.ended()) {
            finished();
        } else if (http.phase == HttpExchange.Phase.RESPONSE_HEAD) {
            noResponse();
        } else if (http.phase == HttpExchange.Phase.TUNNEL) {
            stream.terminate(stream.serverConnection().isFailed() ? 'S' : '-',
                    stream.serverConnection().isFailed() ? 'D' : '-');
            stream.end(true);
        } else if (http.phase == HttpExchange.Phase.RESPONSE_BODY) {
            cutShort();
        } else if (http.phase == HttpExchange.Phase.OVER) {
            stream.end(true);
        }
    }

    void serverTimeOver() {
        if (http.phase == HttpExchange.Phase.RESPONSE_HEAD) {
            if (mayRetry(TrafficSettings.RetryOn.RESPONSE_TIMEOUT, -1)) {
                return;
            }
            unanswered('s', 504);
        } else {
            stream.terminate('s', 'D');
            stream.end(true);
        }
    }
}
