package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.Use;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plain keywords of proxies. */
final class ProxyKeywords {

    private static final Map<String, String> REUSES = Map.of("never", "NEVER", "safe", "SAFE", "aggressive",
            "AGGRESSIVE", "always", "ALWAYS");

    private ProxyKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("mode", ProxyKeywords::mode).proxy("id", ProxyKeywords::id)
                .proxy("description", ProxyKeywords::description)
                .proxy("disabled", (line, section, context) -> disabled(line, section, true))
                .proxy("enabled", (line, section, context) -> disabled(line, section, false))
                .proxy("bind-process", ProxyKeywords::bindProcess)
                .proxy("maxconn", ProxyKeywords::maxConnections)
                .proxy("fullconn", ProxyKeywords::fullConnections)
                .proxy("backlog", ProxyKeywords::backlog)
                .proxy("retries", ProxyKeywords::retries)
                .proxy("retry-on", ProxyKeywords::retryOn)
                .proxy("http-reuse", ProxyKeywords::reuse)
                .proxy("rate-limit", ProxyKeywords::rateLimit)
                .proxy("max-keep-alive-queue", ProxyKeywords::maxKeepAliveQueue)
                .proxy("max-session-srv-conns", ProxyKeywords::maxSessionServerConnections)
                .proxy("dispatch", ProxyKeywords::dispatch)
                .proxy("source", ProxyKeywords::source)
                .proxy("transparent", (line, section, context) -> {
                    ParseContext.noMoreThan(0, line);
                    section.set(TrafficSettings.TRANSPARENT, true);
                })
                .proxy("persist", ProxyKeywords::persist)
                .proxy("monitor-uri", ProxyKeywords::monitorUri)
                .proxy("http-send-name-header", ProxyKeywords::sendNameHeader)
                .proxy("unique-id-format", ProxyKeywords::uniqueIdFormat)
                .proxy("unique-id-header", ProxyKeywords::uniqueIdHeader)
                .proxy("load-server-state-from-file", ProxyKeywords::stateFile)
                .proxy("server-state-file-name", ProxyKeywords::stateFileName);
        probes(builder);
    }

    private static void mode(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        switch (line.word(1)) {
            case "http" -> section.set(ProxySettings.MODE, ProxySettings.Mode.HTTP);
            case "tcp" -> section.set(ProxySettings.MODE, ProxySettings.Mode.TCP);
            case "health" -> throw new ConfigException("'mode health' doesn't exist anymore. Please use "
                    + "'http-request return status 200' instead.");
            default -> throw new ConfigException("unknown proxy mode '" + line.word(1) + "'.");
        }
    }

    private static void id(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        tightNotInDefaults(line, section);
        ParseContext.noMoreThan(1, line);
        if (line.size() < 2) {
            throw ConfigException.tight("'id' expects an integer argument.");
        }
        final int id = (int) Units.leadingInteger(line.word(1));
        if (id <= 0) {
            throw ConfigException.tight("custom id has to be > 0.");
        }
        for (final ProxySection other : context.configuration().proxies()) {
            if (other.get(TrafficSettings.ID) == id) {
                throw ConfigException.tight(section.kind().text() + " " + section.name() + " reuses same custom id as "
                        + other.kind().text() + " " + other.name() + " (declared at " + other.file() + ":"
                        + other.line() + ").");
            }
        }
        section.set(TrafficSettings.ID, id);
    }

    private static void description(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        tightNotInDefaults(line, section);
        if (line.size() < 2) {
            throw ConfigException.tight("'description' expects a string argument.");
        }
        section.set(ProxySettings.DESCRIPTION, String.join(" ", line.words().subList(1, line.size())));
    }

    private static void tightNotInDefaults(final Line line, final ProxySection section) throws ConfigException {
        if (section.kind() == SectionKind.DEFAULTS) {
            throw ConfigException.tight("'" + line.word(0) + "' not allowed in 'defaults' section.");
        }
    }

    private static void disabled(final Line line, final ProxySection section, final boolean disabled)
            throws ConfigException {
        ParseContext.noMoreThan(0, line);
        section.set(TrafficSettings.DISABLED, disabled);
    }

    private static void bindProcess(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        for (int i = 1; i < line.size() && !"all".equals(line.word(i)); i++) {
            try {
                Numbers.range(line.word(i), 1);
            } catch (final ConfigException e) {
                throw new ConfigException("bind-process : " + e.getMessage(), e);
            }
        }
        context.tightWarning("'bind-process' has no effect, is deprecated, and will be removed in version 2.7.");
    }

    // -- limits

    /** @return the integer that the line must have */
    private static int integer(final Line line) throws ConfigException {
        if (line.size() < 2) {
            throw new ConfigException("'" + line.word(0) + "' expects an integer argument.");
        }
        ParseContext.noMoreThan(1, line);
        return (int) Units.leadingInteger(line.word(1));
    }

    private static void maxConnections(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (!section.hasFrontend()) {
            context.warning("'maxconn' ignored because " + section
                    + " has no frontend capability. Maybe you want 'fullconn' instead ?");
        }
        section.set(TrafficSettings.MAXCONN, integer(line));
    }

    private static void fullConnections(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (!section.hasBackend()) {
            context.warning("'fullconn' ignored because " + section
                    + " has no backend capability. Maybe you want 'maxconn' instead ?");
        }
        section.set(TrafficSettings.FULLCONN, integer(line));
    }

    private static void backlog(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutFrontend(section, line);
        section.set(TrafficSettings.BACKLOG, integer(line));
    }

    private static void retries(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        ParseContext.noMoreThan(1, line);
        if (line.size() < 2) {
            throw new ConfigException("'retries' expects an integer argument (dispatch counts for one).");
        }
        section.set(TrafficSettings.RETRIES, (int) Units.leadingInteger(line.word(1)));
    }

    private static void retryOn(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw new ConfigException("'retry-on' needs at least one keyword to specify when to retry");
        }
        if (!section.hasBackend()) {
            throw new ConfigException("'retry-on' only available in backend or listen section");
        }
        final Set<TrafficSettings.RetryOn> events = new HashSet<>();
        final Set<Integer> statuses = new HashSet<>();
        for (final String word : line.words().subList(1, line.size())) {
            switch (word) {
                case "conn-failure" -> events.add(TrafficSettings.RetryOn.CONNECTION_FAILURE);
                case "empty-response" -> events.add(TrafficSettings.RetryOn.EMPTY_RESPONSE);
                case "response-timeout" -> events.add(TrafficSettings.RetryOn.RESPONSE_TIMEOUT);
                case "junk-response" -> events.add(TrafficSettings.RetryOn.JUNK_RESPONSE);
                case "0rtt-rejected" -> events.add(TrafficSettings.RetryOn.EARLY_DATA_REJECTED);
                case "401", "403", "404", "408", "425", "500", "501", "502", "503", "504" -> statuses.add(Integer
                        .valueOf(word));
                case "all-retryable-errors" -> {
                    events.addAll(Set.of(TrafficSettings.RetryOn.values()));
                    statuses.addAll(List.of(500, 502, 503, 504));
                }
                case "none" -> {
                    if (line.size() != 2) {
                        throw new ConfigException("'retry-on' 'none' keyworld only usable alone");
                    }
                }
                default -> throw new ConfigException("'retry-on': unknown keyword '" + word + "'");
            }
        }
        section.set(TrafficSettings.RETRY_ON, Set.copyOf(events));
        section.set(TrafficSettings.RETRY_STATUSES, Set.copyOf(statuses));
    }

    private static void reuse(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        final String reuse = REUSES.get(line.word(1));
        if (reuse == null) {
            throw new ConfigException("'http-reuse' only supports 'never', 'safe', 'aggressive', 'always'.");
        }
        ParseContext.noMoreThan(0, 1, line);
        section.set(TrafficSettings.REUSE, TrafficSettings.Reuse.valueOf(reuse));
    }

    private static void rateLimit(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (!"sessions".equals(line.word(1))) {
            throw new ConfigException("'rate-limit' only supports 'sessions' (got '" + line.word(1) + "')");
        }
        final String text = line.word(2);
        if (text.isEmpty()) {
            throw new ConfigException("'rate-limit sessions' expects expects an integer value (in sessions/second)");
        }
        final int limit = (int) unsigned(text, "'rate-limit sessions'");
        if (!section.hasFrontend()) {
            context.warning("rate-limit sessions will be ignored because " + section + " has no frontend capability");
        } else if (section.defaults() != null && !section.get(TrafficSettings.RATE_LIMIT)
                .equals(section.defaults().get(TrafficSettings.RATE_LIMIT))) {
            context.warning("overwriting rate-limit sessions which was already specified");
        }
        section.set(TrafficSettings.RATE_LIMIT, limit);
    }

    /** @param what in its quotes */
    private static long unsigned(final String text, final String what) throws ConfigException {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw new ConfigException(what + " : unexpected character '" + text.charAt(i) + "' in integer value '"
                        + text + "'");
            }
        }
        return Units.leadingInteger(text);
    }

    private static void maxKeepAliveQueue(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw new ConfigException("'max-keep-alive-queue' expects expects an integer value (or -1 to disable)");
        }
        final String text = line.word(1);
        final int max = "-1".equals(text) ? -1 : (int) unsigned(text, "'max-keep-alive-queue'");
        if (!section.hasBackend()) {
            context.warning("max-keep-alive-queue will be ignored because " + section + " has no backend capability");
        }
        section.set(ProxySettings.MAX_KEEP_ALIVE_QUEUE, max);
    }

    private static void maxSessionServerConnections(final Line line, final ProxySection section,
            final ParseContext context) throws ConfigException {
        context.ignoredWithoutFrontend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'max-session-srv-conns' expects a number. Got no argument");
        }
        section.set(ProxySettings.MAX_SESSION_SERVER_CONNECTIONS, (int) Units.leadingInteger(line.word(1)));
    }

    // -- addresses

    private static void dispatch(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.notInDefaults(section, line);
        context.ignoredWithoutBackend(section, line);
        try {
            section.set(TrafficSettings.DISPATCH, AddressParser.parse(line.word(1), AddressParser.CONNECT, "", context
                    .configuration().environment()).address());
        } catch (final ConfigException e) {
            throw new ConfigException("'dispatch' : " + e.getMessage(), e);
        }
        ParseContext.noMoreThan(1, line);
    }

    private static void source(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'source' expects <addr>[:<port>], and optionally 'usesrc' <addr>, and "
                    + "'interface' <name>.");
        }
        try {
            section.set(TrafficSettings.SOURCE, AddressParser.parse(line.word(1), AddressParser.SOURCE, "", context
                    .configuration().environment()).address());
        } catch (final ConfigException e) {
            throw new ConfigException("'source " + line.word(1) + "' : " + e.getMessage(), e);
        }
        switch (line.word(2)) {
            case "" -> {
            }
            case "usesrc" -> throw new ConfigException("'usesrc' not allowed here because support for TPROXY was not "
                    + "compiled in.");
            case "interface" -> throw new ConfigException("'source' : 'interface' option not implemented.");
            default -> throw new ConfigException("'source' only supports optional keywords 'interface' and 'usesrc'.");
        }
    }

    private static void persist(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        final String method = line.word(1);
        if (method.isEmpty()) {
            throw new ConfigException("missing persist method.");
        }
        if (!method.startsWith("rdp-cookie")) {
            throw new ConfigException("unknown persist method.");
        }
        final String argument = method.substring("rdp-cookie".length());
        if (argument.isEmpty()) {
            section.set(ProxySettings.RDP_COOKIE, "msts");
            return;
        }
        ParseContext.noMoreThan(1, line);
        final int end = argument.indexOf(')');
        if (!argument.startsWith("(") || end <= 1) {
            throw new ConfigException("persist rdp-cookie(name)' requires an rdp cookie name.");
        }
        section.set(ProxySettings.RDP_COOKIE, argument.substring(1, end));
    }

    private static void monitorUri(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutFrontend(section, line);
        ParseContext.noMoreThan(1, line);
        if (line.size() < 2) {
            throw new ConfigException("'monitor-uri' expects an URI.");
        }
        section.set(TrafficSettings.MONITOR_URI, line.word(1));
    }

    private static void sendNameHeader(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'http-send-name-header' requires a header string.");
        }
        section.set(TrafficSettings.SEND_NAME_FIELD, line.word(1));
    }

    private static void uniqueIdFormat(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw new ConfigException("unique-id-format expects an argument.");
        }
        if (line.size() > 2) {
            throw new ConfigException("unique-id-format expects only one argument, don't forget to escape spaces!");
        }
        context.afterParsing(_ -> {
            for (final ProxySection proxy : context.configuration().proxies()) {
                if (proxy == section || proxy.defaults() == section && !proxy.isSet(TrafficSettings.UNIQUE_ID)) {
                    try {
                        final LogFormat format = LogFormat.parseHttp(line.word(1), new ParsePlace(line, proxy, context,
                                Use.UNIQUE_ID), requestPoints(proxy));
                        proxy.set(TrafficSettings.UNIQUE_ID, format::format);
                    } catch (final ConfigException e) {
                        throw new ConfigException("Parsing " + line.place() + ": failed to parse unique-id : "
                                + e.getMessage() + ".", e);
                    }
                }
            }
        });
    }

    private static void uniqueIdHeader(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw new ConfigException("unique-id-header expects an argument.");
        }
        section.set(TrafficSettings.UNIQUE_ID_FIELD, line.word(1));
    }

    // -- states of servers

    private static void stateFile(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        section.set(ProxySettings.STATE_FILE, switch (line.word(1)) {
            case "global" -> ProxySettings.StateFile.GLOBAL;
            case "local" -> ProxySettings.StateFile.LOCAL;
            case "none" -> ProxySettings.StateFile.NONE;
            default ->
                throw new ConfigException("'load-server-state-from-file' expects 'global', 'local' or 'none'. Got"
                        + " '" + line.word(1) + "'");
        });
    }

    private static void stateFileName(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        ParseContext.noMoreThan(1, line);
        section.set(ProxySettings.STATE_FILE_NAME, line.size() < 2 || "use-backend-name".equals(line.word(1))
                ? section.name()
                : line.word(1));
    }

    // -- TCP's keep-alive

    private static void probes(final Keywords.Builder builder) {
        probeCount(builder, "clitcpka-cnt", ProxySettings.CLIENT_PROBES);
        probeCount(builder, "srvtcpka-cnt", ProxySettings.SERVER_PROBES);
        probeTime(builder, "clitcpka-idle", ProxySettings.CLIENT_PROBE_IDLE_S);
        probeTime(builder, "srvtcpka-idle", ProxySettings.SERVER_PROBE_IDLE_S);
        probeTime(builder, "clitcpka-intvl", ProxySettings.CLIENT_PROBE_INTERVAL_S);
        probeTime(builder, "srvtcpka-intvl", ProxySettings.SERVER_PROBE_INTERVAL_S);
    }

    private static void probeCount(final Keywords.Builder builder, final String name, final Setting<Integer> setting) {
        builder.proxy(name, (line, section, context) -> {
            probeArgument(line, section, context);
            section.set(setting, (int) unsigned(line.word(1), "'" + name + "'"));
        });
    }

    private static void probeTime(final Keywords.Builder builder, final String name, final Setting<Long> setting) {
        builder.proxy(name, (line, section, context) -> {
            probeArgument(line, section, context);
            final Units.Parsed parsed = Units.time(line.word(1), Units.TimeUnit.S);
            section.set(setting, switch (parsed.verdict()) {
                case OK -> parsed.value();
                case UNEXPECTED -> throw new ConfigException("unexpected character '" + parsed.unexpected()
                        + "' in argument to <" + name + ">.");
                default -> throw Numbers.overOrUnder(parsed, line.word(1), "'" + name + "'");
            });
        });
    }

    private static void probeArgument(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        final String name = line.word(0);
        if (line.size() < 2) {
            throw new ConfigException("'" + name + "' expects an integer value");
        }
        final boolean client = name.startsWith("cli");
        if (client ? !section.hasFrontend() : !section.hasBackend()) {
            context.warning(name + " will be ignored because " + section + " has no " + (client
                    ? "frontend"
                    : "backend") + " capability");
        }
    }

    /** Where a proxy's formats are evaluated that are about a request. */
    static int requestPoints(final ProxySection section) {
        return (section.hasFrontend() ? Point.FRONTEND_HTTP_REQUEST.bit() : 0)
                | (section.hasBackend() ? Point.BACKEND_HTTP_REQUEST.bit() : 0);
    }
}
