package io.netchannel.samples.haproxy.proxy;

/** A client that ends its side, goes, or is too slow: what that means depends on how far its request is. */
final class HttpClientLoss {

    private final HttpStream stream;
    private final HttpExchange http;

    HttpClientLoss(final HttpStream stream, final HttpExchange http) {
        this.stream = stream;
        this.http = http;
    }

    void clientEnded() {
        switch (http.phase) {
            case HEAD -> {
                if (stream.session.requests > 0 && (!http.firstByte || !http.requestBody.parser().started())) {
                    stream.end(true);
                    return;
                }
                stream.terminate('C', 'R');
                http.status = 400;
                if (!http.firstByte) {
                    stream.end(true);
                    return;
                }
                stream.session.frontend.counters().requestErrors++;
                stream.answers().answer(stream.errorReply(400), true);
            }
            case RULES, BODY -> {
                // Who waits for the body sees that no more comes; then it is found that some is missing.
                stream.requestSide().rules();
                if (!stream.isEnded() && http.phase == HttpExchange.Phase.RULES && !http.requestBody.isDone()) {
                    abandoned('R', 0);
                }
            }
            case TARPIT -> {
                stream.terminate('C', 'T');
                stream.end(true);
            }
            case DISPATCH -> {
                if (stream.backend().options().abortOnClose || !http.requestBody.isDoneWith(stream.client)) {
                    abandoned(stream.dispatch() != null && stream.dispatch().isQueued() ? 'Q' : 'C', 0);
                }
            }
            case RESPONSE_HEAD -> {
                if (stream.backend().options().abortOnClose || !http.requestSent) {
                    abandoned(http.requestSent ? 'H' : 'D', 400);
                }
            }
            case TUNNEL -> stream.tunnel().tunnel(stream.client, stream.serverConnection());
            case RESPONSE_BODY -> {
                if (!http.requestSent) {
                    abandoned('D', 0);
                }
            }
            default -> stream.end(true);
        }
    }

    void abandoned(final char at, final int with) {
        stream.session.frontend.counters().clientAborts++;
        if (stream.backend() != null) {
            stream.backend().counters().clientAborts++;
            if (stream.server() != null) {
                stream.server().counters().clientAborts++;
            }
        }
        stream.terminate('C', at);
        leaveQueue();
        stream.dropServer();
        if (with > 0 && !http.responseWritten) {
            stream.answers().answer(stream.errorReply(with), true);
        } else {
            stream.end(true);
        }
    }

    void clientLost() {
        if (stream.isEnded()) {
            return;
        }
        if (http.phase == HttpExchange.Phase.HEAD) {
            if (stream.session.requests == 0 || http.requestBody.parser().started()) {
                stream.terminate('C', 'R');
                stream.session.frontend.counters().requestErrors += http.firstByte ? 1 : 0;
                http.status = 400;
            }
        } else if (http.phase != HttpExchange.Phase.OVER) {
            final char at = switch (http.phase) {
                case RULES, BODY -> 'R';
                case TARPIT -> 'T';
                case DISPATCH -> stream.dispatch() != null && stream.dispatch().isQueued() ? 'Q' : 'C';
                case RESPONSE_HEAD -> 'H';
                default -> 'D';
            };
            leaveQueue();
            if (http.phase != HttpExchange.Phase.TUNNEL || stream.client.isFailed()) {
                stream.terminate('C', at);
            }
            stream.session.frontend.counters().clientAborts++;
            if (stream.backend() != null) {
                stream.backend().counters().clientAborts++;
            }
        }
        stream.dropServer();
        stream.finish();
    }

    void clientTimeOver() {
        if (http.phase == HttpExchange.Phase.RULES || http.phase == HttpExchange.Phase.BODY) {
            stream.terminate('c', 'R');
            stream.answers().answer(stream.errorReply(408), true);
        } else if (http.phase == HttpExchange.Phase.RESPONSE_HEAD || http.phase == HttpExchange.Phase.DISPATCH) {
            stream.terminate('c',
                    http.phase == HttpExchange.Phase.DISPATCH
                            ? stream.dispatch().isQueued() ? 'Q' : 'C'
                            : http.requestSent ? 'H' : 'D');
            stream.dropServer();
            stream.answers().answer(stream.errorReply(408), true);
        } else {
            stream.terminate('c', 'D');
            stream.end(true);
        }
    }

    void headTimeOver() {
        if (!http.firstByte && stream.session.requests > 0) {
            stream.end(true);
            return;
        }
        stream.terminate('c', 'R');
        stream.session.frontend.counters().requestErrors++;
        if (!http.firstByte && stream.session.frontend.options().ignoreProbes) {
            stream.end(true);
        } else {
            stream.session.tracking.countError(stream.loop.wallMs());
            stream.answers().answer(stream.errorReply(408), true);
        }
    }

    /** The wait for a server is over, without one. */
    void leaveQueue() {
        if (stream.dispatch() != null && stream.dispatch().isQueued()) {
            stream.dequeued(null);
        }
    }
}
