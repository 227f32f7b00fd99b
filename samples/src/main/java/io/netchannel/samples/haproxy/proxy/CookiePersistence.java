package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.expression.Hashes;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** {@code cookie}: a client comes back to its server by a cookie, of the server's own or inserted here. */
final class CookiePersistence {

    private static final String COOKIE = "cookie";
    private static final String SET_COOKIE = "set-cookie";
    private static final long DAY_S = 86_400;

    private final CookieSettings settings;
    private final Backend backend;

    /**
     * The two last chars of the termination state.
     *
     * @param request N, I, D, V, E, O or U
     * @param response N, I, U, P, R or D
     * @param followed the request goes where the cookie, or a rule before it, says
     * @param lastSeenS date in the cookie, seconds; 0: it has none
     * @param firstSeenS so
     */
    record State(char request, char response, boolean followed, long lastSeenS, long firstSeenS) {

        static final State NONE = of('N');

        static State of(final char request) {
            return new State(request, 'N', false, 0, 0);
        }

        String text() {
            return "" + request + response;
        }
    }

    /** What a request's cookie says; server null: nothing that can be followed. */
    record Choice(Server server, State state) {
    }

    CookiePersistence(final CookieSettings settings, final Backend backend) {
        this.settings = settings;
        this.backend = backend;
        backend.servers().forEach(this::addressed);
    }

    /** {@code dynamic}: a server has an address, and so a value that all proxies with the same key give it. */
    void addressed(final Server server) {
        final String key = backend.section().get(TrafficSettings.DYNAMIC_COOKIE_KEY);
        if (settings.dynamic() && key != null && server.settings().get(ServerTraffic.COOKIE) == null
                && server.address() instanceof final Address.Ip ip && ip.ip() != null) {
            server.cookie(dynamic(key, ip.ip().getAddress(), ip.port()));
        }
    }

    /** haproxy's: 16 digits of XXH64 over key, address, and port in 32 bits. */
    static String dynamic(final String key, final byte[] address, final int port) {
        final byte[] secret = key.getBytes(StandardCharsets.ISO_8859_1);
        final byte[] all = ByteBuffer.allocate(secret.length + address.length + Integer.BYTES).put(secret).put(address)
                .putInt(port).array();
        return HexFormat.of().toHexDigits(Hashes.xxh64(all, 0));
    }

    /** Another way chose the server: the cookie is only noted. */
    State unused(final HttpMessage request) {
        final Choice choice = request(request, true);
        return new State(choice.state().request() == 'N' ? 'N' : 'U', 'N', true, 0, 0);
    }

    /** @param force also a server that is down */
    Choice request(final HttpMessage request, final boolean force) {
        Choice choice = new Choice(null, State.NONE);
        for (int i = request.find(COOKIE, 0); i >= 0; i = request.find(COOKIE, i + 1)) {
            final StringBuilder rest = new StringBuilder();
            boolean changed = false;
            for (final String part : request.value(i).split(";")) {
                final String pair = part.strip();
                final int equals = pair.indexOf('=');
                String kept = pair;
                if (equals > 0 && pair.substring(0, equals).strip().equals(settings.name())) {
                    final String value = pair.substring(equals + 1).strip();
                    if (settings.mode() == CookieSettings.Mode.PREFIX) {
                        final int tilde = value.indexOf('~');
                        if (tilde >= 0) {
                            choice = better(choice, choose(value.substring(0, tilde), force));
                            kept = settings.name() + "=" + value.substring(tilde + 1);
                            changed = true;
                        }
                    } else {
                        choice = better(choice, choose(value, force));
                        if (settings.mode() == CookieSettings.Mode.INSERT && settings.indirect()) {
                            kept = "";
                            changed = true;
                        }
                    }
                }
                if (!kept.isEmpty()) {
                    rest.append(rest.isEmpty() ? "" : "; ").append(kept);
                }
            }
            if (changed && rest.isEmpty()) {
                request.remove(i);
                i--;
            } else if (changed) {
                request.value(i, rest.toString());
            }
        }
        return choice;
    }

    private static Choice better(final Choice before, final Choice now) {
        return before.server() == null ? now : before;
    }

    /** Servers may share a value: the first that is there gets the request. */
    private Choice choose(final String value, final boolean force) {
        final String[] parts = settings.mode() == CookieSettings.Mode.PREFIX ? new String[]{value} : value.split("\\|");
        final String name = parts.length == 0 ? "" : parts[0];
        final long lastSeenS = parts.length > 1 ? CookieDates.decode(parts[1]) : 0;
        final long firstSeenS = parts.length > 2 ? CookieDates.decode(parts[2]) : 0;
        if (isOver(firstSeenS, settings.maxLifeS())) {
            return new Choice(null, State.of('O'));
        }
        if (isOver(lastSeenS, settings.maxIdleS())) {
            return new Choice(null, State.of('E'));
        }
        boolean down = false;
        for (final Server server : backend.servers()) {
            if (!name.isEmpty() && name.equals(server.cookie())) {
                if (server.isUp() || force || backend.options().persist) {
                    return new Choice(server, new State(server.isUp() ? 'V' : 'D', 'N', true, lastSeenS, firstSeenS));
                }
                down = true;
            }
        }
        return new Choice(null, State.of(down ? 'D' : 'I'));
    }

    /** Of a date that is there and counts. One of the future is a wrong clock's: beyond a day it isn't believed. */
    private boolean isOver(final long dateS, final long limitS) {
        final long ageS = backend.loop().wallMs() / 1000 - dateS;
        return dateS > 0 && limitS > 0 && (ageS > limitS || -ageS > DAY_S);
    }

    /** @param redispatched another server than the cookie's answered */
    State response(final HttpMessage request, final HttpMessage response, final Server server, final State state,
            final boolean redispatched) {
        char done = 'N';
        for (int i = response.find(SET_COOKIE, 0); i >= 0; i = response.find(SET_COOKIE, i + 1)) {
            final String value = response.value(i);
            final int equals = value.indexOf('=');
            if (equals <= 0 || !value.substring(0, equals).strip().equals(settings.name())) {
                continue;
            }
            final int semicolon = value.indexOf(';') < 0 ? value.length() : value.indexOf(';');
            done = 'P';
            if (server == null || server.cookie() == null || settings.preserve()) {
                continue;
            }
            switch (settings.mode()) {
                case REWRITE -> {
                    response.value(i, settings.name() + "=" + server.cookie() + value.substring(semicolon));
                    done = 'R';
                }
                case PREFIX -> {
                    response.value(i, settings.name() + "=" + server.cookie() + "~" + value.substring(equals + 1));
                    done = 'R';
                }
                case INSERT -> {
                    if (settings.indirect()) {
                        response.remove(i);
                        i--;
                        done = 'D';
                    }
                }
                default -> {
                    // Passed on.
                }
            }
        }
        final boolean followed = state.followed() && !redispatched;
        if (settings.mode() == CookieSettings.Mode.INSERT && server != null && (!followed || datesDiffer(state))
                && (!settings.postOnly() || request.isMethod("POST")) && !(settings.preserve() && done == 'P')) {
            insert(response, server, state);
            done = followed && server.cookie() != null ? 'U' : 'I';
            if (settings.noCache()) {
                response.add("cache-control", "private");
            }
        }
        return new State(state.request(), done, followed, state.lastSeenS(), state.firstSeenS());
    }

    /** The client's cookie has other dates than it should: the last is one of before, or the configuration changed. */
    private boolean datesDiffer(final State state) {
        final boolean dated = settings.maxIdleS() > 0 || state.lastSeenS() > 0;
        return dated && state.lastSeenS() < backend.loop().wallMs() / 1000
                || settings.maxLifeS() > 0 != state.firstSeenS() > 0;
    }

    private void insert(final HttpMessage response, final Server server, final State state) {
        final StringBuilder value = new StringBuilder(settings.name()).append('=');
        if (server.cookie() == null) {
            // A server without a name of its own: what the client has leads nowhere.
            value.append("; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/");
        } else {
            value.append(server.cookie());
            if (settings.maxIdleS() > 0 || settings.maxLifeS() > 0) {
                final long nowS = CookieDates.roundedUp(backend.loop().wallMs() / 1000);
                value.append('|').append(CookieDates.encode(nowS));
                if (settings.maxLifeS() > 0) {
                    value.append('|').append(CookieDates.encode(state.firstSeenS() > 0 ? state.firstSeenS() : nowS));
                }
            }
            value.append("; path=/");
        }
        settings.domains().forEach(domain -> value.append("; domain=").append(domain));
        value.append(settings.httpOnly() ? "; HttpOnly" : "").append(settings.secure() ? "; Secure" : "");
        settings.attributes().forEach(attribute -> value.append("; ").append(attribute));
        response.add(SET_COOKIE, value.toString());
    }
}
