package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.Targets;
import io.netchannel.samples.haproxy.rule.Reply;
import io.netchannel.samples.haproxy.stick.StickRule;
import java.util.List;

/** Which server a request goes to, and over which connection: cookies, tables, rules, and what is open already. */
final class HttpServerChoice {

    private final HttpStream stream;
    private final HttpExchange http;

    HttpServerChoice(final HttpStream stream, final HttpExchange http) {
        this.stream = stream;
        this.http = http;
    }

    void toServer() {
        if (stream.backend() == null) {
            stream.terminate('S', 'C');
            stream.answers().answer(stream.errorReply(503), true);
            return;
        }
        if (stream.client.isInputEnded() && !http.requestBody.isDoneWith(stream.client)) {
            stream.clientLoss().abandoned('R', 0);
            return;
        }
        stream.captureCookie();
        http.heads.prepareRequest();
        http.compression = StreamCompression.ofRequest(stream);
        Server direct = http.steps.ruledServer();
        boolean forced = http.steps.forcesPersistence();
        if (direct == null && stream.backend().persistence() != null && !http.steps.ignoresPersistence()) {
            final CookiePersistence.Choice choice = stream.backend().persistence().request(http.request, forced);
            http.cookie = choice.state();
            direct = choice.server();
            forced |= direct != null && stream.backend().options().persist;
        } else if (stream.backend().persistence() != null && direct != null) {
            http.cookie = stream.backend().persistence().unused(http.request);
        }
        direct = stick(direct);
        final Server redirecting = direct;
        http.phase = HttpExchange.Phase.DISPATCH;
        if (redirecting != null && redirecting.redirect() != null
                && (http.request.isMethod("GET") || http.request.isMethod(
                        "HEAD"))) {
            redirectTo(redirecting);
            return;
        }
        if (!http.requestBody.isDone()) {
            stream.clientWithin(stream.session.frontend.options().clientMs);
        } else if (stream.client.isInputEnded() && stream.backend().options().abortOnClose) {
            stream.clientLoss().clientEnded();
            return;
        }
        stream.dispatch(direct, forced);
    }

    Server stick(final Server direct) {
        final List<StickRule> rules = stream.backend().options().stickRequest;
        if (rules.isEmpty()) {
            return direct;
        }
        final Server[] found = {direct};
        http.sticking().request(rules, stream, direct != null, (key, id) -> {
            final Server stuck = stream.backend().stuck(key, id);
            if (stuck == null || !stuck.isUsable() && !(stream.backend().options().persist && stuck.isUp())) {
                return false;
            }
            found[0] = stuck;
            return true;
        });
        return found[0];
    }

    /** {@code redir}: the client is to ask the server itself. */
    private void redirectTo(final Server server) {
        final HttpMessage head = HttpMessage.response(302, "Found", 1);
        head.add("Cache-Control", "no-cache");
        head.add("Content-length", "0");
        head.add("Location", server.redirect() + Targets.pathAndQuery(http.request.uri()));
        stream.terminate('L', 'R');
        server.counters().intercepted++;
        stream.answers().answer(Reply.of(head, false), true);
    }

    ServerConnection reusable(final Server server) {
        final ServerConnection own = stream.session.own;
        if (own != null && own.server() == server && own.isReusable() && !ProxyHeaderWriter.isOfOneRequest(server)) {
            stream.session.own = null;
            return own;
        }
        if (server.proxyHeader() != ServerTraffic.ProxyHeader.NONE) {
            return null;
        }
        final boolean first = stream.session.requests <= 1;
        final TrafficSettings.Reuse reuse = stream.backend().options().reuse;
        return switch (reuse) {
            case NEVER -> null;
            case SAFE -> first ? null : usable(server, false);
            case AGGRESSIVE -> usable(server, first);
            case ALWAYS -> usable(server, false);
        };
    }

    ServerConnection reusable(final Address address) {
        final ServerConnection own = stream.session.own;
        if (own == null || !own.isReusable() || !own.address().equals(address)) {
            return null;
        }
        stream.session.own = null;
        return own;
    }

    static ServerConnection usable(final Server server, final boolean onlySafe) {
        ServerConnection idle = server.idle().take(onlySafe);
        while (idle != null && !idle.isReusable()) {
            idle = server.idle().take(onlySafe);
        }
        return idle;
    }

    void keepOrClose(final ServerConnection connection) {
        final boolean reusable = http.responseBody.isDone() && http.requestSent
                && http.phase != HttpExchange.Phase.TUNNEL && !connection.isClosed()
                && !connection.isInputEnded() && connection.available() == 0
                && http.heads.keepsServer(http.responseBody);
        if (!reusable) {
            connection.close();
        } else if (stream.backend().options().reuse == TrafficSettings.Reuse.NEVER || connection.isPrivate()
                || connection.server() == null) {
            if (stream.session.own != null) {
                stream.session.own.abort();
            }
            if (stream.session.frontend.section().get(ProxySettings.MAX_SESSION_SERVER_CONNECTIONS) <= 0) {
                stream.session.own = null;
                connection.close();
                return;
            }
            stream.session.own = connection;
            connection.owner(stream.session);
        } else if (!connection.server().idle().offer(connection)) {
            connection.close();
        }
    }
}
