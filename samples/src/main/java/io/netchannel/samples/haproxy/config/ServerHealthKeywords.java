package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.ServerTraffic;

/** Options of servers about their checks. */
final class ServerHealthKeywords {

    private ServerHealthKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.server("check", (line, server, context) -> server.set(ServerOptions.CHECK, true))
                .server("no-check", (line, server, context) -> server.set(ServerOptions.CHECK, false))
                .server("check-send-proxy", (line, server, context) -> server.set(ServerOptions.CHECK_SEND_PROXY, true))
                .server("no-check-send-proxy", (line, server, context) -> server.set(ServerOptions.CHECK_SEND_PROXY,
                        false))
                .server("check-proto", (line, server, context) -> server.set(ServerOptions.CHECK_PROTOCOL,
                        BindKeywords.protocol(line.words())))
                .server("inter", delay(ServerOptions.INTER_MS))
                .server("fastinter", delay(ServerOptions.FAST_INTER_MS))
                .server("downinter", delay(ServerOptions.DOWN_INTER_MS))
                .server("agent-inter", delay(ServerOptions.AGENT_INTER_MS))
                .server("rise", count(ServerOptions.RISE))
                .server("fall", count(ServerOptions.FALL))
                .server("port", port(ServerOptions.CHECK_PORT))
                .server("agent-port", port(ServerOptions.AGENT_PORT))
                .server("addr", ServerHealthKeywords::address)
                .server("agent-addr", ServerHealthKeywords::agentAddress)
                .server("agent-check", (line, server, context) -> server.set(ServerOptions.AGENT_CHECK, true))
                .server("no-agent-check", (line, server, context) -> server.set(ServerOptions.AGENT_CHECK, false))
                .server("agent-send", (line, server, context) -> server.set(ServerOptions.AGENT_SEND,
                        line.words().next("'agent-send' expects a string as argument.")))
                .server("observe", ServerHealthKeywords::observe)
                .server("on-error", ServerHealthKeywords::onError)
                .server("error-limit", ServerHealthKeywords::errorLimit)
                .server("on-marked-down", flag(ServerOptions.SHUTDOWN_SESSIONS, "shutdown-sessions"))
                .server("on-marked-up", flag(ServerOptions.SHUTDOWN_BACKUP_SESSIONS, "shutdown-backup-sessions"))
                .server("track", (line, server, context) -> server.set(ServerTraffic.TRACK,
                        line.words().next("'track' expects [<proxy>/]<server> as argument.")));
        builder.server("check-via-socks4", (line, server, context) -> server.set(ServerOptions.CHECK_VIA_SOCKS4, true));
    }

    private static KeywordParser.Server delay(final Setting<Long> setting) {
        return (line, server, context) -> {
            final String text = line.words().next("'" + setting + "' expects a delay as argument.");
            final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
            switch (parsed.verdict()) {
                case OVERFLOW -> throw new ConfigException("timer overflow in argument <" + text + "> to <" + setting
                        + "> of server " + server.name() + ", maximum value is 2147483647 ms (~24.8 days).");
                case UNDERFLOW -> throw new ConfigException("timer underflow in argument <" + text + "> to <" + setting
                        + "> of server " + server.name() + ", minimum non-null value is 1 ms.");
                // All four have this name in haproxy's message.
                case UNEXPECTED -> throw new ConfigException("unexpected character '" + parsed.unexpected()
                        + "' in 'agent-inter' argument of server " + server.name() + ".");
                case OK -> {
                    if (parsed.value() == 0) {
                        throw new ConfigException("invalid value 0 for argument '" + setting + "' of server "
                                + server.name() + ".");
                    }
                    server.set(setting, parsed.value());
                }
            }
        };
    }

    private static KeywordParser.Server count(final Setting<Integer> setting) {
        return (line, server, context) -> {
            final int count = (int) Units.leadingInteger(line.words().next("'" + setting
                    + "' expects an integer argument."));
            if (count <= 0) {
                throw new ConfigException("'" + setting + "' has to be > 0.");
            }
            server.set(setting, count);
        };
    }

    private static KeywordParser.Server port(final Setting<Integer> setting) {
        return (line, server, context) -> server.set(setting, (int) Units.leadingInteger(line.words().next("'"
                + setting + "' expects a port number as argument.")));
    }

    private static KeywordParser.Server flag(final Setting<Boolean> setting, final String value) {
        return (line, server, context) -> {
            final String keyword = line.words().current();
            final String word = line.words().next();
            if (!value.equals(word)) {
                throw new ConfigException("'" + keyword + "' expects '" + value + "' but got '" + word + "'");
            }
            server.set(setting, true);
        };
    }

    private static void address(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String text = line.words().next("'addr' expects <ipv4|ipv6> as argument.");
        try {
            server.set(ServerOptions.CHECK_ADDRESS, AddressParser.parse(text, AddressParser.SOURCE, "",
                    context.configuration().environment()).address());
        } catch (final ConfigException e) {
            throw new ConfigException("'addr' : " + e.getMessage(), e);
        }
    }

    private static void agentAddress(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String text = line.words().next("'agent-addr' expects an address as argument.");
        java.net.InetAddress ip = AddressParser.literal(context.expand(text), false);
        if (ip == null) {
            ip = AddressParser.resolve(context.expand(text), false);
        }
        if (ip == null) {
            throw new ConfigException("parsing agent-addr failed. Check if '" + text + "' is correct address.");
        }
        server.set(ServerOptions.AGENT_ADDRESS, new Address.Ip(text, ip, 0, false));
    }

    private static void observe(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String mode = line.words().next("'observe' expects <mode> as argument.");
        switch (mode) {
            case "none" -> server.set(ServerOptions.OBSERVE, ServerOptions.Observe.NONE);
            case "layer4" -> server.set(ServerOptions.OBSERVE, ServerOptions.Observe.LAYER4);
            case "layer7" -> {
                if (line.section().get(ProxySettings.MODE) == ProxySettings.Mode.HTTP) {
                    server.set(ServerOptions.OBSERVE, ServerOptions.Observe.LAYER7);
                } else {
                    context.diagnostics().addHarmless(Diagnostics.Severity.ALERT, ServerKeywords.describe(
                            line.section(), server) + "'layer7' can only be used in http proxies.");
                }
            }
            default -> throw new ConfigException("'observe' expects one of 'none', 'layer4', 'layer7' but got '" + mode
                    + "'");
        }
    }

    private static void onError(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String action = line.words().next();
        server.set(ServerOptions.ON_ERROR, switch (action) {
            case "fastinter" -> ServerOptions.OnError.FASTINTER;
            case "fail-check" -> ServerOptions.OnError.FAIL_CHECK;
            case "sudden-death" -> ServerOptions.OnError.SUDDEN_DEATH;
            case "mark-down" -> ServerOptions.OnError.MARK_DOWN;
            default -> throw new ConfigException("'on-error' expects one of 'fastinter', 'fail-check', 'sudden-death' "
                    + "or 'mark-down' but got '" + action + "'");
        });
    }

    private static void errorLimit(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final int limit = (int) Units.leadingInteger(line.words().next("'error-limit' expects an integer argument."));
        if (limit <= 0) {
            throw new ConfigException("error-limit has to be > 0.");
        }
        server.set(ServerOptions.ERROR_LIMIT, limit);
    }
}
