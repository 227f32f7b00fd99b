package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.expression.LogFacts;
import io.netchannel.samples.haproxy.expression.SampleContext;
import java.net.InetSocketAddress;

/** What logs show of a stream. */
final class StreamLogFacts implements LogFacts {

    private final Stream stream;

    StreamLogFacts(final Stream stream) {
        this.stream = stream;
    }

    @Override
    public long acceptMs() {
        return stream.times().acceptWallMs;
    }

    @Override
    public long requestMs() {
        return stream.times().requestWallMs;
    }

    @Override
    public long timer(final String name) {
        if (!stream.isEnded()) {
            stream.times().closeMs = stream.elapsedMs();
        }
        final Backend backend = stream.backend();
        return stream.times().timer(name, backend == null
                ? stream.session.frontend.options().http
                : backend.options().http);
    }

    @Override
    public String terminationState(final boolean http) {
        final String state = "" + stream.termination().cause() + stream.termination().phase();
        return http ? state + stream.cookieState() : state;
    }

    @Override
    public int status() {
        return stream.status();
    }

    @Override
    public long bytesToClient() {
        return stream.hasRequest() ? stream.bytesToClient() : 0;
    }

    @Override
    public long bytesFromClient() {
        return stream.bytesFromClient();
    }

    @Override
    public long count(final String name) {
        final Backend backend = stream.backend();
        final Server server = stream.server();
        return switch (name) {
            case "ac" -> stream.session.frontend.owner().connections();
            case "fc" -> stream.session.frontend.sessions();
            case "bc" -> backend == null ? 0 : backend.sessions();
            case "sc" -> server == null ? 0 : server.sessions();
            case "sq" -> stream.serverQueuePosition();
            case "bq" -> stream.backendQueuePosition();
            case "rc" -> stream.dispatch() == null ? 0 : stream.dispatch().attemptsRepeated();
            default -> 0;
        };
    }

    @Override
    public boolean redispatched() {
        return stream.dispatch() != null && stream.dispatch().isRedispatched();
    }

    @Override
    public InetSocketAddress backendSource() {
        return stream.serverConnection() == null ? null : stream.serverConnection().localAddress();
    }

    @Override
    public InetSocketAddress serverAddress() {
        return stream.serverConnection() != null
                && stream.serverConnection().address() instanceof final Address.Ip ip && ip.ip() != null
                        ? new InetSocketAddress(ip.ip(), ip.port())
                        : null;
    }

    @Override
    public String[] captured(final SampleContext.Direction direction) {
        return stream.captures(direction);
    }

    @Override
    public String capturedCookie(final SampleContext.Direction direction) {
        return stream.capturedCookie(direction);
    }

    @Override
    public boolean beforeEnd() {
        return stream.session.frontend.options().logAsSoonAsPossible;
    }

    @Override
    public String requestLine() {
        return stream.requestLine();
    }

    @Override
    public boolean firstRequest() {
        return stream.isFirstOfSession();
    }

    @Override
    public String uniqueId() {
        return stream.uniqueId();
    }

    @Override
    public long requestCounter() {
        return stream.number();
    }

    @Override
    public long logCounter() {
        return stream.session.frontend.log().count();
    }
}
