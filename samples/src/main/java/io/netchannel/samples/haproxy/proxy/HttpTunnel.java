package io.netchannel.samples.haproxy.proxy;

/** After 101 or CONNECT: bytes both ways, whatever they mean. */
final class HttpTunnel {

    private final HttpStream stream;
    private final HttpExchange http;

    HttpTunnel(final HttpStream stream, final HttpExchange http) {
        this.stream = stream;
        this.http = http;
    }

    void startTunnel() {
        http.phase = HttpExchange.Phase.TUNNEL;
        http.requestSent = true;
        stream.client.hold(false);
        stream.clientWithin(stream.tunnelMs() > 0 ? stream.tunnelMs() : stream.session.frontend.options().clientMs);
        tunnel(stream.serverConnection(), stream.client);
        if (!stream.isEnded()) {
            tunnel(stream.client, stream.serverConnection());
        }
    }

    void tunnel(final Wire from, final Wire to) {
        if (from.input != null && from.input.isReadable()) {
            to.send(from.input.readRetainedSlice(from.portion(from.input.readableBytes())));
        }
        final boolean full = !to.takesMore();
        from.hold(full);
        final long idleMs = stream.tunnelMs();
        final ProxyOptions front = stream.session.frontend.options();
        if (from == stream.client || !front.independentStreams) {
            stream.clientWithin(idleMs > 0 ? idleMs : front.clientMs);
        }
        if (from != stream.client || !stream.backend().options().independentStreams) {
            stream.serverWithin(idleMs > 0 ? idleMs : stream.serverMs());
        }
        if (from.isInputEnded() && from.available() == 0) {
            to.endOutput();
            if (to.isInputEnded()) {
                stream.end(true);
            }
        }
    }
}
