package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.balance.BalanceSettings;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** {@code option}, all but those of logs and checks. */
final class OptionKeywords {

    /** {@code no} isn't for them. */
    private static final Set<String> NOT_NEGATED = Set.of("httplog", "tcplog", "httpslog", "tcpka", "httpchk",
            "ssl-hello-chk", "smtpchk", "pgsql-check", "redis-check", "mysql-check", "ldap-check", "spop-check",
            "tcp-check", "external-check", "forwardfor", "originalto", "http-restrict-req-hdr-names");

    /** Flags that need mode http, for a warning after all is read. */
    record Flag(String name, Setting<Boolean> setting, boolean frontend, boolean backend, boolean needsHttp) {
    }

    static final List<Flag> FLAGS = List.of(backend("abortonclose", TrafficSettings.ABORT_ON_CLOSE),
            backend("allbackups", BalanceSettings.ALL_BACKUPS), httpBackend("checkcache", TrafficSettings.CHECK_CACHE),
            frontend("clitcpka", TrafficSettings.CLIENT_KEEP_ALIVE_PROBES),
            frontend("contstats", ProxySettings.CONTINUOUS_STATS),
            new Flag("http-buffer-request", TrafficSettings.BUFFER_REQUEST, true, true, true),
            httpFrontend("http-ignore-probes", TrafficSettings.IGNORE_PROBES),
            httpFrontend("idle-close-on-response", ProxySettings.IDLE_CLOSE_ON_RESPONSE),
            httpBackend("prefer-last-server", TrafficSettings.PREFER_LAST_SERVER),
            new Flag("nolinger", TrafficSettings.NO_LINGER, true, true, false),
            backend("persist", TrafficSettings.PERSIST), backend("srvtcpka", TrafficSettings.SERVER_KEEP_ALIVE_PROBES),
            backend("transparent", TrafficSettings.TRANSPARENT),
            httpFrontend("accept-invalid-http-request", TrafficSettings.ACCEPT_INVALID_REQUEST),
            httpBackend("accept-invalid-http-response", TrafficSettings.ACCEPT_INVALID_RESPONSE),
            backend("log-health-checks", ProxySettings.LOG_HEALTH_CHECKS),
            frontend("socket-stats", ProxySettings.SOCKET_STATS),
            frontend("tcp-smart-accept", ProxySettings.SMART_ACCEPT),
            backend("tcp-smart-connect", ProxySettings.SMART_CONNECT),
            new Flag("independent-streams", ProxySettings.INDEPENDENT_STREAMS, true, true, false),
            httpFrontend("http-use-proxy-header", ProxySettings.USE_PROXY_FIELD),
            httpBackend("http-pretend-keepalive", TrafficSettings.PRETEND_KEEP_ALIVE),
            new Flag("http-no-delay", ProxySettings.NO_DELAY, true, true, true),
            httpFrontend("h1-case-adjust-bogus-client", ProxySettings.ADJUST_CLIENT_CASE),
            httpBackend("h1-case-adjust-bogus-server", ProxySettings.ADJUST_SERVER_CASE));

    private OptionKeywords() {
    }

    private static Flag frontend(final String name, final Setting<Boolean> setting) {
        return new Flag(name, setting, true, false, false);
    }

    private static Flag backend(final String name, final Setting<Boolean> setting) {
        return new Flag(name, setting, false, true, false);
    }

    private static Flag httpFrontend(final String name, final Setting<Boolean> setting) {
        return new Flag(name, setting, true, false, true);
    }

    private static Flag httpBackend(final String name, final Setting<Boolean> setting) {
        return new Flag(name, setting, false, true, true);
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("option", OptionKeywords::option);
        for (final Flag flag : FLAGS) {
            builder.option(flag.name(), (line, section, context) -> flag(flag, line, section, context));
        }
        for (final String absent : List.of("splice-request", "splice-response", "splice-auto")) {
            builder.option(absent, (line, section, context) -> {
                if (context.modifier() != Modifier.NO) {
                    throw ConfigException.tight("option '" + absent + "' is not supported due to build options.");
                }
            });
        }
        builder.option("disable-h2-upgrade", (line, section, context) -> ParseContext.noMoreThan(0, 1, line));
        builder.option("httpclose", mode(TrafficSettings.ConnectionMode.CLOSE))
                .option("http-server-close", mode(TrafficSettings.ConnectionMode.SERVER_CLOSE))
                .option("http-keep-alive", mode(TrafficSettings.ConnectionMode.KEEP_ALIVE))
                .option("redispatch", OptionKeywords::redispatch)
                .option("tcpka", OptionKeywords::tcpKeepAlive)
                .option("forwardfor", OptionKeywords::forwardFor)
                .option("originalto", OptionKeywords::originalTo)
                .option("http-restrict-req-hdr-names", OptionKeywords::restrictNames);
        removed(builder, "forceclose",
                "any more since HAProxy 2.0, please just remove it, or use 'option httpclose' if "
                        + "absolutely needed.");
        removed(builder, "http-tunnel", "any more since HAProxy 2.1, please just remove it, it shouldn't be needed.");
        removed(builder, "http_proxy", "any more since HAProxy 2.5. This option stopped working in HAProxy 1.9 and "
                + "usually had nasty side effects. It can be more reliably implemented with combinations of "
                + "'http-request set-dst' and 'http-request set-uri', and even 'http-request do-resolve' if DNS "
                + "resolution is desired.");
    }

    private static void removed(final Keywords.Builder builder, final String name, final String since) {
        builder.option(name, (line, section, context) -> {
            throw ConfigException.tight("option '" + name + "' is not supported " + since);
        });
    }

    private static void option(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        final String name = line.word(1);
        if (name.isEmpty()) {
            throw ConfigException.tight("'option' expects an option name.");
        }
        final KeywordParser parser = context.keywords().option(name);
        if (context.modifier() != Modifier.NONE && (parser == null || NOT_NEGATED.contains(name))) {
            throw ConfigException.tight("negation/default is not supported for option '" + name + "'.");
        }
        if (parser == null) {
            final String nearest = NearestWord.of(name, context.keywords().optionNames());
            throw new ConfigException("unknown option '" + name + (nearest == null
                    ? "'."
                    : "'; did you mean '" + nearest + "' maybe ?"));
        }
        parser.parse(line, section, context);
    }

    private static void flag(final Flag flag, final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(0, 1, line);
        if (!flag.backend() && context.ignoredWithoutFrontend(section, line)
                || !flag.frontend() && context.ignoredWithoutBackend(section, line)) {
            return;
        }
        if (context.modifier() == Modifier.DEFAULT) {
            section.unset(flag.setting());
        } else {
            section.set(flag.setting(), context.modifier() == Modifier.NONE);
        }
    }

    /** The modes exclude each other; {@code no} only takes one's own back. */
    private static KeywordParser mode(final TrafficSettings.ConnectionMode mode) {
        return (line, section, context) -> {
            ParseContext.noMoreThan(0, 1, line);
            switch (context.modifier()) {
                case NONE -> section.set(TrafficSettings.CONNECTION_MODE, mode);
                case NO -> {
                    if (section.get(TrafficSettings.CONNECTION_MODE) == mode) {
                        section.unset(TrafficSettings.CONNECTION_MODE);
                    }
                }
                case DEFAULT -> throw ConfigException.tight("negation/default is not supported for option '"
                        + line.word(1) + "'.");
            }
        };
    }

    private static void redispatch(final Line line, final ProxySection section, final ParseContext context) {
        if (context.ignoredWithoutBackend(section, line)) {
            return;
        }
        if (context.modifier() == Modifier.NONE) {
            section.set(TrafficSettings.REDISPATCH, line.size() > 2 ? (int) Units.leadingInteger(line.word(2)) : -1);
        } else {
            section.unset(TrafficSettings.REDISPATCH);
        }
    }

    private static void tcpKeepAlive(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(0, 1, line);
        if (section.hasFrontend()) {
            section.set(TrafficSettings.CLIENT_KEEP_ALIVE_PROBES, true);
        }
        if (section.hasBackend()) {
            section.set(TrafficSettings.SERVER_KEEP_ALIVE_PROBES, true);
        }
    }

    private static void forwardFor(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        section.set(TrafficSettings.FORWARD_FOR, addressField(line, "X-Forwarded-For", true));
    }

    private static void originalTo(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        section.set(TrafficSettings.ORIGINAL_TO, addressField(line, "X-Original-To", false));
    }

    private static TrafficSettings.AddressField addressField(final Line line, final String defaultField,
            final boolean withIfNone) throws ConfigException {
        final String what = "'option " + line.word(1);
        final WordCursor words = new WordCursor(line, 2);
        String field = defaultField;
        Predicate<InetAddress> except = null;
        boolean ifNone = false;
        while (words.hasNext()) {
            switch (words.next()) {
                case "except" -> {
                    final String network = words.next(what + " except' expects <address>[/mask] as argument.");
                    except = Network.parse(network);
                    if (except == null) {
                        throw new ConfigException(what + " except' expects <address>[/mask] as argument.");
                    }
                }
                case "header" -> field = words.next(what + " header' expects <header_name> as argument.");
                case "if-none" -> {
                    if (!withIfNone) {
                        throw new ConfigException(what + "' only supports optional values: 'except' and 'header'.");
                    }
                    ifNone = true;
                }
                default -> throw new ConfigException(what + "' only supports optional values: " + (withIfNone
                        ? "'except', 'header' and 'if-none'."
                        : "'except' and 'header'."));
            }
        }
        return new TrafficSettings.AddressField(field, except, ifNone);
    }

    private static void restrictNames(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(2, line);
        final List<String> actions = new ArrayList<>(List.of("preserve", "reject", "delete"));
        if (line.size() < 3) {
            throw new ConfigException("missing parameter. option '" + line.word(1)
                    + "' expects 'preserve', 'reject' or 'delete' option.");
        }
        if (!actions.contains(line.word(2))) {
            throw new ConfigException("invalid parameter '" + line.word(2) + "'. option '" + line.word(1)
                    + "' expects 'preserve', 'reject' or 'delete' option.");
        }
        section.set(TrafficSettings.RESTRICT_NAMES, line.word(2));
    }
}
