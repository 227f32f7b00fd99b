package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.TimeoutSettings;
import java.util.Map;

/** {@code timeout}. */
final class TimeoutKeywords {

    /** Which side it is of. */
    private enum Side {
        FRONTEND, BACKEND, BOTH
    }

    private record Kind(Setting<Long> setting, Side side) {
    }

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("client", new Kind(TimeoutSettings.CLIENT, Side.FRONTEND)),
            Map.entry("client-fin", new Kind(TimeoutSettings.CLIENT_FIN, Side.FRONTEND)),
            Map.entry("server", new Kind(TimeoutSettings.SERVER, Side.BACKEND)),
            Map.entry("server-fin", new Kind(TimeoutSettings.SERVER_FIN, Side.BACKEND)),
            Map.entry("connect", new Kind(TimeoutSettings.CONNECT, Side.BACKEND)),
            Map.entry("check", new Kind(TimeoutSettings.CHECK, Side.BACKEND)),
            Map.entry("queue", new Kind(TimeoutSettings.QUEUE, Side.BACKEND)),
            Map.entry("tunnel", new Kind(TimeoutSettings.TUNNEL, Side.BACKEND)),
            Map.entry("tarpit", new Kind(TimeoutSettings.TARPIT, Side.BOTH)),
            Map.entry("http-request", new Kind(TimeoutSettings.HTTP_REQUEST, Side.BOTH)),
            Map.entry("http-keep-alive", new Kind(TimeoutSettings.HTTP_KEEP_ALIVE, Side.BOTH)));

    private TimeoutKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("timeout", TimeoutKeywords::timeout);
        Map.of("clitimeout", "client", "srvtimeout", "server", "contimeout", "connect").forEach((old, name) -> builder
                .proxy(old, (line, section, context) -> {
                    throw new ConfigException("the '" + old + "' directive is not supported anymore since HAProxy 2.1. "
                            + "Use 'timeout " + name + "'.");
                }));
    }

    private static void timeout(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        final String name = line.word(1);
        final Kind kind = KINDS.get(name);
        if (kind == null) {
            throw new ConfigException("'timeout' supports 'client', 'server', 'connect', 'check', 'queue', "
                    + "'http-keep-alive', 'http-request', 'tunnel', 'tarpit', 'client-fin' and 'server-fin' (got '"
                    + name + "')");
        }
        final String text = line.word(2);
        if (text.isEmpty()) {
            throw new ConfigException("'timeout " + name + "' expects an integer value (in milliseconds)");
        }
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
        if (parsed.verdict() == Units.Verdict.UNEXPECTED) {
            throw new ConfigException("unexpected character '" + parsed.unexpected() + "' in 'timeout " + name + "'");
        }
        if (!parsed.isOk()) {
            throw Numbers.overOrUnder(parsed, text, "'timeout " + name + "'");
        }
        if (line.size() > 3) {
            throw new ConfigException("'timeout " + name + "' : unexpected extra argument '" + line.word(3)
                    + "' after value '" + text + "'.");
        }
        if (kind.side() == Side.FRONTEND && !section.hasFrontend()
                || kind.side() == Side.BACKEND && !section.hasBackend()) {
            context.warning("'timeout " + name + "' will be ignored because " + section + " has no "
                    + (kind.side() == Side.BACKEND ? "backend" : "frontend") + " capability");
        } else if (section.defaults() != null
                && !section.get(kind.setting()).equals(section.defaults().get(kind.setting()))) {
            context.warning("overwriting 'timeout " + name + "' which was already specified");
        }
        section.set(kind.setting(), parsed.value());
    }
}
