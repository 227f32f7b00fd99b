package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.proxy.ServerTraffic.ProxyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Options of servers about connections to them. */
final class ServerTrafficKeywords {

    private static final Map<String, ProxyOption> PROXY_OPTIONS = Arrays.stream(ProxyOption.values()).collect(Collectors
            .toUnmodifiableMap(ProxyOption::word, Function.identity()));
    private static final long MILLIS_PER_SECOND = 1_000;

    private ServerTrafficKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.server("backup", (line, server, context) -> server.set(ServerTraffic.BACKUP, true))
                .server("no-backup", (line, server, context) -> server.set(ServerTraffic.BACKUP, false))
                .server("disabled", (line, server, context) -> server.set(ServerTraffic.DISABLED, true))
                .server("enabled", (line, server, context) -> server.set(ServerTraffic.DISABLED, false))
                .server("non-stick", (line, server, context) -> server.set(ServerOptions.NON_STICK, true))
                .server("stick", (line, server, context) -> server.set(ServerOptions.NON_STICK, false))
                .server("cookie", (line, server, context) -> server.set(ServerTraffic.COOKIE,
                        value(line.words(), "<value>")))
                .server("redir", (line, server, context) -> server.set(ServerTraffic.REDIRECT,
                        value(line.words(), "<prefix>")))
                .server("id", ServerTrafficKeywords::id)
                .server("weight", ServerTrafficKeywords::weight)
                .server("slowstart", ServerTrafficKeywords::slowStart)
                .server("source", ServerTrafficKeywords::source)
                .server("socks4", ServerTrafficKeywords::socks4)
                .server("init-addr", ServerTrafficKeywords::initAddress)
                .server("usesrc", (line, server, context) -> {
                    throw new ConfigException("'usesrc' only allowed after a 'source' statement.");
                });
        limits(builder);
        sendProxy(builder);
        names(builder);
        builder.server("proto", (line, server, context) -> server.set(ServerOptions.PROTOCOL,
                BindKeywords.protocol(line.words())))
                .server("tcp-ut", (line, server, context) -> server.set(ServerOptions.TCP_USER_TIMEOUT_MS,
                        BindKeywords.userTimeoutMs(line.words())))
                .server("ws", ServerTrafficKeywords::webSocket)
                .server("log-proto", ServerTrafficKeywords::logProtocol)
                .server("tfo", (line, server, context) -> server.set(ServerOptions.FAST_OPEN, true))
                .server("no-tfo", (line, server, context) -> server.set(ServerOptions.FAST_OPEN, false))
                .server("namespace", (line, server, context) -> {
                    throw ServerKeywords.notImplemented("namespace");
                });
    }

    private static void limits(final Keywords.Builder builder) {
        builder.server("maxconn", (line, server, context) -> server.set(ServerTraffic.MAXCONN,
                number(line.words())))
                .server("minconn", (line, server, context) -> server.set(ServerTraffic.MINCONN,
                        number(line.words())))
                .server("maxqueue", (line, server, context) -> server.set(ServerTraffic.MAXQUEUE,
                        number(line.words())))
                .server("max-reuse", (line, server, context) -> given(line.words()))
                .server("pool-low-conn", (line, server, context) -> server.set(ServerOptions.POOL_LOW_CONNECTIONS,
                        given(line.words())))
                .server("pool-max-conn", (line, server, context) -> {
                    final int max = given(line.words());
                    if (max < -1) {
                        throw new ConfigException("'pool-max-conn' must be >= -1");
                    }
                    server.set(ServerTraffic.POOL_MAX, max);
                })
                .server("pool-purge-delay", (line, server, context) -> {
                    final String text = value(line.words(), "<value>");
                    final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
                    server.set(ServerTraffic.POOL_PURGE_MS, switch (parsed.verdict()) {
                        case OK -> parsed.value();
                        case UNEXPECTED -> throw new ConfigException("unexpected character '" + parsed.unexpected()
                                + "' in argument to <pool-purge-delay>.");
                        default -> throw Numbers.overOrUnder(parsed, text, "'pool-purge-delay'");
                    });
                });
    }

    private static void sendProxy(final Keywords.Builder builder) {
        builder.server("send-proxy", (line, server, context) -> server.set(ServerTraffic.PROXY_HEADER,
                ServerTraffic.ProxyHeader.V1))
                .server("send-proxy-v2", (line, server, context) -> server.set(ServerTraffic.PROXY_HEADER,
                        ServerTraffic.ProxyHeader.V2))
                .server("send-proxy-v2-ssl", (line, server, context) -> proxyV2(server, Set.of(ProxyOption.SSL)))
                .server("send-proxy-v2-ssl-cn", (line, server, context) -> proxyV2(server, Set.of(ProxyOption.SSL,
                        ProxyOption.CERT_CN)))
                .server("proxy-v2-options", ServerTrafficKeywords::proxyV2Options);
        for (final String not : List.of("no-send-proxy", "no-send-proxy-v2", "no-send-proxy-v2-ssl",
                "no-send-proxy-v2-ssl-cn")) {
            final ServerTraffic.ProxyHeader version = "no-send-proxy".equals(not)
                    ? ServerTraffic.ProxyHeader.V1
                    : ServerTraffic.ProxyHeader.V2;
            builder.server(not, (line, server, context) -> {
                if (server.get(ServerTraffic.PROXY_HEADER) == version) {
                    server.set(ServerTraffic.PROXY_HEADER, ServerTraffic.ProxyHeader.NONE);
                }
            });
        }
    }

    private static void names(final Keywords.Builder builder) {
        builder.server("resolvers", (line, server, context) -> server.set(ServerOptions.RESOLVERS, line.words().next()))
                .server("resolve-opts", (line, server, context) -> {
                    for (final String option : line.words().next().split(",")) {
                        if (!Set.of("allow-dup-ip", "ignore-weight", "prevent-dup-ip").contains(option)) {
                            throw new ConfigException("'resolve-opts' : unknown resolve-opts option '" + option
                                    + "', supported methods are 'allow-dup-ip', 'ignore-weight', and "
                                    + "'prevent-dup-ip'.");
                        }
                    }
                })
                .server("resolve-prefer", (line, server, context) -> {
                    final String family = line.words().next();
                    if (!"ipv4".equals(family) && !"ipv6".equals(family)) {
                        throw new ConfigException("'resolve-prefer' expects either ipv4 or ipv6 as argument.");
                    }
                })
                .server("resolve-net", (line, server, context) -> line.words().next(
                        "'resolve-net' expects a list of networks."));
    }

    private static String value(final WordCursor words, final String what) throws ConfigException {
        return words.next("'" + words.current() + "' expects " + what + " as argument.");
    }

    private static int given(final WordCursor words) throws ConfigException {
        return (int) Units.leadingInteger(value(words, "<value>"));
    }

    private static int number(final WordCursor words) {
        return (int) Units.leadingInteger(words.next());
    }

    private static void id(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final int id = (int) Units.leadingInteger(line.words().next("'id' : expects an integer argument"));
        if (id <= 0) {
            throw new ConfigException("'id' : custom id has to be > 0");
        }
        for (final ServerSettings other : ServerKeywords.of(line.section())) {
            if (other.get(ServerTraffic.ID) == id) {
                throw new ConfigException("'id' : custom id " + id + " already used at " + other.file() + ":"
                        + other.line() + " ('server " + other.name() + "')");
            }
        }
        server.set(ServerTraffic.ID, id);
    }

    private static void weight(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final long weight = Units.leadingInteger(line.words().next());
        if (weight < 0 || weight > ServerTraffic.MAX_WEIGHT) {
            throw new ConfigException(
                    "weight of server " + server.name() + " is not within 0 and " + ServerTraffic.MAX_WEIGHT + " ("
                            + weight + ").");
        }
        server.set(ServerTraffic.WEIGHT, (int) weight);
    }

    private static void slowStart(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String text = line.words().next();
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
        if (parsed.verdict() == Units.Verdict.OVERFLOW) {
            throw new ConfigException("overflow in argument <" + text + "> to <slowstart> of server " + server.name()
                    + ", maximum value is 2147483647 ms (~24.8 days).");
        }
        if (!parsed.isOk()) {
            throw new ConfigException("unexpected character '" + parsed.unexpected()
                    + "' in 'slowstart' argument of server " + server.name() + ".");
        }
        // As haproxy does, which counts it in seconds.
        server.set(ServerTraffic.SLOW_START_MS, Math.ceilDiv(parsed.value(), MILLIS_PER_SECOND) * MILLIS_PER_SECOND);
    }

    private static void source(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String text = line.words().next("'source' expects <addr>[:<port>[-<port>]], and optionally 'usesrc' "
                + "<addr>, and 'interface' <name> as argument.");
        final AddressParser.Parsed parsed;
        try {
            parsed = AddressParser.parse(text, AddressParser.SOURCE_RANGE, "", context.configuration().environment());
        } catch (final ConfigException e) {
            throw new ConfigException("'source " + text + "' : " + e.getMessage(), e);
        }
        if ("usesrc".equals(line.words().peek())) {
            throw new ConfigException("'usesrc' not allowed here because support for TPROXY was not compiled in.");
        }
        if ("interface".equals(line.words().peek())) {
            throw new ConfigException("'server' : 'interface' option not implemented.");
        }
        if (!(parsed.address() instanceof final Address.Ip ip)) {
            throw new ConfigException("'source " + text + "' : an IP address is needed here");
        }
        if (parsed.low() != parsed.high()) {
            throw new ConfigException("'source " + text + "' : a range of ports is not supported here, only one port");
        }
        server.set(ServerTraffic.SOURCE, ip);
    }

    private static void socks4(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String text = line.words().next("'socks4' expects <addr>:<port> as argument.");
        final AddressParser.Parsed parsed;
        try {
            parsed = AddressParser.parse(text, AddressParser.CONNECT, "", context.configuration().environment());
        } catch (final ConfigException e) {
            throw new ConfigException("'socks4 " + text + "' : " + e.getMessage(), e);
        }
        if (!(parsed.address() instanceof final Address.Ip ip)) {
            throw new ConfigException("'socks4 " + text + "' : an IP address is needed here");
        }
        server.set(ServerTraffic.SOCKS4, ip);
    }

    private static void initAddress(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final List<String> methods = new ArrayList<>();
        boolean addressGiven = false;
        for (final String method : line.words().next().split(",")) {
            if (!"libc".equals(method) && !"last".equals(method) && !"none".equals(method)) {
                if (AddressParser.literal(method, false) == null) {
                    throw new ConfigException("'init-addr' : unknown init-addr method '" + method
                            + "', supported methods are 'libc', 'last', 'none'.");
                }
                if (addressGiven) {
                    throw new ConfigException("'init-addr' : initial address already specified, cannot add '" + method
                            + "'.");
                }
                addressGiven = true;
            }
            methods.add(method);
        }
        server.set(ServerOptions.INIT_ADDRESS, List.copyOf(methods));
    }

    private static void proxyV2(final ServerSettings server, final Set<ProxyOption> options) {
        server.set(ServerTraffic.PROXY_HEADER, ServerTraffic.ProxyHeader.V2);
        addProxyOptions(server, options);
    }

    private static void addProxyOptions(final ServerSettings server, final Set<ProxyOption> options) {
        final Set<ProxyOption> all = EnumSet.copyOf(options);
        all.addAll(server.get(ServerTraffic.PROXY_HEADER_OPTIONS));
        server.set(ServerTraffic.PROXY_HEADER_OPTIONS, Collections.unmodifiableSet(all));
    }

    private static void proxyV2Options(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final Set<ProxyOption> options = EnumSet.noneOf(ProxyOption.class);
        for (final String name : line.words().next().split(",", -1)) {
            final ProxyOption option = PROXY_OPTIONS.get(name);
            if (option == null) {
                throw new ConfigException("'" + name + "' : proxy v2 option not implemented");
            }
            options.add(option);
            if (option.isOfTls()) {
                options.add(ProxyOption.SSL);
            }
        }
        addProxyOptions(server, options);
    }

    /** Of HTTP there is version 1 here: that's what WebSocket goes over, whatever is said of it. */
    private static void webSocket(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        switch (line.words().next()) {
            case "auto", "h1" -> {
            }
            case "h2" -> throw ServerKeywords.notImplemented("ws h2");
            default -> throw new ConfigException("'ws' has to be 'auto', 'h1' or 'h2'");
        }
    }

    private static void logProtocol(final ServerLine line, final ServerSettings server, final ParseContext context)
            throws ConfigException {
        final String protocol = line.words().next();
        if (!"legacy".equals(protocol) && !"octet-count".equals(protocol)) {
            throw new ConfigException(
                    "'log-proto' expects one of 'legacy' or 'octet-count' but got '" + protocol + "'");
        }
    }
}
