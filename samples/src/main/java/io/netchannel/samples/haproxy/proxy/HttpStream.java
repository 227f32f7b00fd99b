package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.rule.CaptureKeywords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * One request, and the answer to it: what happens on either side is given to who handles it, by how far the exchange is.
 *
 * <p>The order of things: {@link HttpRequestSide} reads the head and asks the rules, {@link HttpServerChoice} says where it goes,
 * {@link Dispatch} brings it there, {@link HttpRequestSide} sends it, {@link HttpResponseSide} brings the answer back, or
 * {@link HttpTunnel} whatever comes. {@link HttpAnswers} has those of the proxy's own; {@link HttpClientLoss} what a client does
 * that doesn't wait for them.
 */
final class HttpStream extends Stream {

    private final HttpExchange http;
    private final HttpRequestSide requestSide;
    private final HttpServerChoice choice;
    private final HttpResponseSide responseSide;
    private final HttpTunnel tunnel;
    private final HttpAnswers answers;
    private final HttpClientLoss clientLoss;

    HttpStream(final Session session) {
        super(session);
        http = new HttpExchange(this, session);
        requestSide = new HttpRequestSide(this, http);
        choice = new HttpServerChoice(this, http);
        responseSide = new HttpResponseSide(this, http);
        tunnel = new HttpTunnel(this, http);
        answers = new HttpAnswers(this, http);
        clientLoss = new HttpClientLoss(this, http);
    }

    /** Before the first byte. */
    void await() {
        final ProxyOptions options = session.frontend.options();
        if (session.requests > 0) {
            times().acceptMs = loop.nowMs();
            times().acceptWallMs = loop.wallMs();
            times().handshakeMs = 0;
            step(options.keepAliveMs);
        } else {
            step(options.requestMs);
        }
    }

    @Override
    void clientReceived() {
        switch (http.phase) {
            case HEAD -> requestSide.readHead();
            case RULES, BODY -> requestSide.rules();
            case DISPATCH -> {
                // Stays in the input, within its limit, until there is a server.
            }
            case RESPONSE_HEAD, RESPONSE_BODY, OVER -> requestSide.forwardRequest();
            case TUNNEL -> tunnel.tunnel(client, serverConnection());
            default -> client.input.skipBytes(client.input.readableBytes());
        }
    }

    @Override
    public void sendInformational(final HttpMessage early) {
        HttpHeads.writePlain(early, client.out());
    }

    @Override
    ByteBuf bufferedBody() {
        buffered();
        return http.requestBody.held() == null ? Unpooled.EMPTY_BUFFER : http.requestBody.held();
    }

    @Override
    public long bodyBytesBuffered() {
        return (http.direction == Direction.REQUEST ? http.requestBody : http.responseBody).heldBytes();
    }

    @Override
    public boolean bodyComplete() {
        final HttpBody body = http.direction == Direction.REQUEST ? http.requestBody : http.responseBody;
        final int limit = bodyRoom(body);
        if (http.direction == Direction.REQUEST) {
            body.pull(client, limit);
        } else if (serverConnection() != null) {
            body.pull(serverConnection(), limit);
        }
        return body.isDone() || body.heldBytes() >= limit;
    }

    @Override
    public boolean bodyInvalid() {
        return (http.direction == Direction.REQUEST ? http.requestBody : http.responseBody).isInvalid();
    }

    /** What a buffer holds of a body: the head is in it too, and room that rewriting may need. */
    int bodyRoom(final HttpBody body) {
        final ProxyServer owner = session.frontend.owner();
        return Math.max(0, owner.bufferBytes() - owner.rewriteBytes() - body.parser().lengthBytes());
    }

    @Override
    public ByteBuf payload() {
        final ByteBuf held = (http.direction == Direction.REQUEST ? http.requestBody : http.responseBody).held();
        return held == null ? Unpooled.EMPTY_BUFFER : held;
    }

    @Override
    public boolean payloadComplete() {
        return http.direction == Direction.REQUEST
                ? http.requestBody.isDone() || client.isInputEnded()
                : http.responseBody.isDone() || serverConnection() == null || serverConnection().isInputEnded();
    }

    @Override
    boolean mustStayWithServer() {
        return session.own != null && !session.own.isClosed() && session.own.isPrivate();
    }

    @Override
    void serverReceived() {
        switch (http.phase) {
            case RESPONSE_HEAD -> responseSide.readResponse();
            case RESPONSE_BODY -> responseSide.forwardResponse();
            case TUNNEL -> tunnel.tunnel(serverConnection(), client);
            default -> {
                // Nothing is asked of it.
            }
        }
    }

    void dropServer() {
        final ServerConnection connection = giveUpConnection();
        if (connection != null) {
            connection.abort();
        }
        serverWithin(0);
    }

    @Override
    void dispatchFailed(final Failure failure) {
        terminate(failure.cause(), failure.phase());
        if (server() == null) {
            backend().counters().connectionErrors += failure == Failure.NO_SERVER ? 1 : 0;
        }
        counted().countFailure(loop.wallMs());
        answers.answer(errorReply(503), true);
    }

    @Override
    void stepOver() {
        switch (http.phase) {
            case HEAD -> clientLoss.headTimeOver();
            case TARPIT -> {
                terminate('P', 'T');
                times().queueMs = elapsedMs();
                answers.answer(http.tarpit, true);
            }
            case RULES, BODY -> {
                http.steps.timeOver();
                requestSide.rules();
            }
            case RESPONSE_HEAD -> responseSide.responseRules();
            default -> {
                // No step has a time of its own.
            }
        }
    }

    @Override
    void clientWritable() {
        final ServerConnection connection = serverConnection();
        if (connection != null && connection.isHeld()) {
            if (http.phase == HttpExchange.Phase.RESPONSE_BODY) {
                responseSide.forwardResponse();
                if (!isEnded() && connection.isInputEnded()) {
                    responseSide.serverEnded();
                }
            } else if (http.phase == HttpExchange.Phase.TUNNEL) {
                tunnel.tunnel(connection, client);
            }
            if (serverConnection() != null) {
                serverConnection().used();
            }
        }
    }

    @Override
    void serverWritable() {
        if (http.phase == HttpExchange.Phase.TUNNEL) {
            tunnel.tunnel(client, serverConnection());
        } else {
            requestSide.forwardRequest();
        }
        if (!client.isClosed()) {
            client.used();
        }
    }

    void end(final boolean close) {
        if (isEnded()) {
            return;
        }
        final ServerConnection connection = giveUpConnection();
        if (connection != null) {
            choice.keepOrClose(connection);
        }
        final boolean closing = close || client.isInputEnded() || session.frontend.isStopping()
                && !session.frontend.owner().spreadsCloses();
        finish();
        http.phase = HttpExchange.Phase.OVER;
        if (closing) {
            client.close();
            return;
        }
        client.hold(false);
        final HttpStream next = new HttpStream(session);
        client.next(next);
        next.await();
        if (client.available() > 0) {
            // Pipelined: from the loop's own turn, or a long row of requests would be as deep as it is long.
            client.resume();
        }
    }

    @Override
    void released() {
        http.requestBody.release();
        http.responseBody.release();
        if (http.compression != null) {
            http.compression.release();
        }
    }

    @Override
    public HttpMessage request() {
        return http.request;
    }

    @Override
    public HttpMessage response() {
        return http.direction == Direction.RESPONSE ? http.response : null;
    }

    @Override
    public Direction direction() {
        return http.direction;
    }

    @Override
    int status() {
        return http.status;
    }

    @Override
    boolean isBetweenRequests() {
        return http.phase == HttpExchange.Phase.HEAD && !http.firstByte && session.requests > 0
                && client.available() == 0;
    }

    @Override
    boolean isFirstOfSession() {
        return http.firstOfSession;
    }

    @Override
    String requestLine() {
        if (http.request == null) {
            return null;
        }
        final String line = http.request.receivedLine();
        return line.substring(0, Math.min(line.length(), session.frontend.owner().logUriBytes()));
    }

    @Override
    public boolean usesProxyFields() {
        return http.heads.usesProxyFields();
    }

    HttpBody requestBody() {
        return http.requestBody;
    }

    boolean hasSentContinue() {
        return http.informational;
    }

    @Override
    String cookieState() {
        return backend() == null || backend().persistence() == null ? "--" : http.cookie.text();
    }

    @Override
    boolean isLogged() {
        final ProxyOptions options = session.frontend.options();
        return http.firstByte || session.requests == 0 && termination().isSet() && !options.ignoreProbes
                && !options.dontLogNull;
    }

    @Override
    boolean hasRequest() {
        return http.request != null;
    }

    @Override
    String capturedCookie(final Direction of) {
        return of == Direction.REQUEST ? http.requestCookie : http.responseCookie;
    }

    void captureCookie() {
        final CaptureKeywords.Cookie wanted = session.frontend.options().captureCookie;
        if (wanted != null && http.requestCookie == null) {
            http.requestCookie = CookieCapture.request(http.request, wanted);
        }
    }

    @Override
    public String compression() {
        return http.compression == null || http.direction == Direction.REQUEST ? null : http.compression.algorithm();
    }

    @Override
    public int rewriteRoomBytes() {
        final boolean ofRequest = http.direction == Direction.REQUEST;
        final HttpMessage message = ofRequest ? http.request : http.response;
        if (message == null) {
            return 0;
        }
        final HttpBody body = ofRequest ? http.requestBody : http.responseBody;
        final Wire from = ofRequest ? client : serverConnection();
        final int came = body.heldBytes() + (from == null || body.isDone() ? 0 : from.available());
        return session.frontend.owner().bufferBytes() - message.lengthBytes() - Math.min(came, bodyRoom(body));
    }

    @Override
    public void disableL7Retry() {
        http.steps.disableRetry();
    }

    // -- what others do

    @Override
    void ready() {
        requestSide.ready();
    }

    @Override
    void serverEnded() {
        responseSide.serverEnded();
    }

    @Override
    void serverLost() {
        responseSide.serverLost();
    }

    @Override
    void serverTimeOver() {
        responseSide.serverTimeOver();
    }

    @Override
    void clientEnded() {
        clientLoss.clientEnded();
    }

    @Override
    void clientLost() {
        clientLoss.clientLost();
    }

    @Override
    void clientTimeOver() {
        clientLoss.clientTimeOver();
    }

    @Override
    ServerConnection reusable(final Server server) {
        return choice.reusable(server);
    }

    @Override
    ServerConnection reusable(final Address address) {
        return choice.reusable(address);
    }

    /** {@code option http-buffer-request}: called by the steps. @return whether what is needed is there */
    boolean buffered() {
        return requestSide.buffered();
    }

    HttpRequestSide requestSide() {
        return requestSide;
    }

    HttpResponseSide responseSide() {
        return responseSide;
    }

    HttpServerChoice choice() {
        return choice;
    }

    HttpTunnel tunnel() {
        return tunnel;
    }

    HttpAnswers answers() {
        return answers;
    }

    HttpClientLoss clientLoss() {
        return clientLoss;
    }
}
