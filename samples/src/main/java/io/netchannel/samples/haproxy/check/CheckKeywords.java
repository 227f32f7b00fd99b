package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.Modifier;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.Use;
import java.util.ArrayList;
import java.util.List;

/** Reads what a backend says of checks: options, {@code tcp-check} and {@code http-check}. */
public final class CheckKeywords {

    private static final String HTTP_1_0 = "HTTP/1.0";

    private CheckKeywords() {
    }

    public static void register(final Keywords.Builder keywords) {
        keywords.proxy("tcp-check", CheckKeywords::tcpCheck).proxy("http-check", CheckKeywords::httpCheck);
        keywords.option("httpchk", CheckKeywords::httpchk).option("tcp-check", CheckKeywords::optionTcpCheck);
        option(keywords, "redis-check", (line, place) -> {
            ParseContext.noMoreThan(0, 1, line);
            return ProtocolChecks.redis(place);
        });
        option(keywords, "smtpchk", CheckKeywords::smtp);
        option(keywords, "ssl-hello-chk", (line, place) -> {
            ParseContext.noMoreThan(0, 1, line);
            return ProtocolChecks.sslHello(place);
        });
        option(keywords, "ldap-check", (line, place) -> {
            ParseContext.noMoreThan(0, 1, line);
            return ProtocolChecks.ldap(place);
        });
        option(keywords, "pgsql-check", CheckKeywords::pgsql);
        option(keywords, "mysql-check", CheckKeywords::mysql);
        option(keywords, "spop-check", (line, place) -> {
            ParseContext.noMoreThan(0, 1, line);
            return ProtocolChecks.spop(place);
        });
        keywords.option("external-check", (line, section, context) -> {
            ParseContext.noMoreThan(0, 1, line);
            reset(section);
            section.set(CheckSettings.EXTERNAL, true);
            later(section, context);
        });
        ExternalKeywords.register(keywords);
    }

    @FunctionalInterface
    private interface ScriptParser {

        CheckScript parse(Line line, ParsePlace place) throws ConfigException;
    }

    private static void option(final Keywords.Builder keywords, final String name, final ScriptParser parser) {
        keywords.option(name, (line, section, context) -> {
            reset(section);
            if (context.modifier() == Modifier.NONE) {
                section.set(CheckSettings.OPTION, parser.parse(line, place(line, section, context)));
            }
            later(section, context);
        });
    }

    /** A section's own lines, or its own option, come instead of those of its defaults. */
    private static void dropInherited(final ProxySection section, final Setting<List<Step>> steps) {
        if (section.defaults() != null && section.get(steps) == section.defaults().get(steps)) {
            section.unset(steps);
        }
    }

    /** With lines of its own, the request of its defaults' option isn't this section's. */
    private static void dropInheritedRequest(final ProxySection section) {
        final Step.SendRequest request = section.get(CheckSettings.HTTPCHK);
        if (request != null && section.defaults() != null
                && request == section.defaults().get(CheckSettings.HTTPCHK)) {
            section.set(CheckSettings.HTTPCHK, HttpScript.NONE);
        }
    }

    /** The last option wins. */
    private static void reset(final ProxySection section) {
        section.unset(CheckSettings.OPTION);
        section.unset(CheckSettings.EXTERNAL);
        section.unset(CheckSettings.HTTPCHK);
        section.unset(CheckSettings.TCP_CHECK);
    }

    private static ParsePlace place(final Line line, final ProxySection section, final ParseContext context) {
        return new ParsePlace(line, section, context, Use.TCP_CHECK);
    }

    private static CheckScript smtp(final Line line, final ParsePlace place) throws ConfigException {
        ParseContext.noMoreThan(2, 1, line);
        final boolean given = !line.word(3).isEmpty() && ("EHLO".equals(line.word(2)) || "HELO".equals(line.word(2)));
        return ProtocolChecks.smtp(place, given ? line.word(2) + " " + line.word(3) : "HELO localhost");
    }

    private static CheckScript pgsql(final Line line, final ParsePlace place) throws ConfigException {
        ParseContext.noMoreThan(2, 1, line);
        if (line.word(2).isEmpty() || line.word(3).isEmpty()) {
            throw new ConfigException("'option pgsql-check' expects 'user <username>' as argument.");
        }
        if (!"user".equals(line.word(2))) {
            throw new ConfigException("'option pgsql-check' only supports optional values: 'user'.");
        }
        return ProtocolChecks.pgsql(place, line.word(3));
    }

    private static CheckScript mysql(final Line line, final ParsePlace place) throws ConfigException {
        ParseContext.noMoreThan(3, 1, line);
        if (line.word(2).isEmpty()) {
            return ProtocolChecks.mysql(place, null, false);
        }
        if (!"user".equals(line.word(2))) {
            throw new ConfigException("'option mysql-check' only supports optional values: 'user' (got '" + line.word(2)
                    + "').");
        }
        if (line.word(3).isEmpty()) {
            throw new ConfigException("'option mysql-check user' expects <username> as argument.");
        }
        final String version = line.word(4);
        if (!version.isEmpty() && !"post-41".equals(version) && !"pre-41".equals(version)) {
            throw new ConfigException("keyword 'post-41' and 'pre-41' are the only ones that 'option mysql-check user' "
                    + "takes (got '" + version + "').");
        }
        return ProtocolChecks.mysql(place, line.word(3), "pre-41".equals(version));
    }

    private static void optionTcpCheck(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(0, 1, line);
        reset(section);
        dropInherited(section, CheckSettings.TCP_STEPS);
        section.set(CheckSettings.TCP_CHECK, context.modifier() == Modifier.NONE);
        later(section, context);
    }

    private static void httpchk(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(3, 1, line);
        reset(section);
        dropInherited(section, CheckSettings.HTTP_STEPS);
        if (context.modifier() == Modifier.NONE) {
            section.set(CheckSettings.HTTPCHK, request(line, place(line, section, context)));
        }
        later(section, context);
    }

    /** {@code [METHOD] URI [VERSION]}; behind the version, lines of fields may stand, which is deprecated. */
    private static Step.SendRequest request(final Line line, final ParsePlace place) throws ConfigException {
        final boolean onlyUri = line.size() == 3;
        final String method = line.size() < 3 || onlyUri ? "OPTIONS" : line.word(2);
        final String uri = line.size() < 3 ? "/" : onlyUri ? line.word(2) : line.word(3);
        String version = line.word(4).isEmpty() ? HTTP_1_0 : line.word(4);
        final List<Step.Field> fields = new ArrayList<>();
        final int end = version.indexOf("\r\n");
        if (end >= 0) {
            place.context().warning("'option httpchk' : hiding headers or body at the end of the version string is "
                    + "deprecated. Please, consider to use 'http-check send' directive instead.");
            for (final String field : version.substring(end + 2).split("\r\n")) {
                final int colon = field.indexOf(':');
                if (colon > 0) {
                    fields.add(new Step.Field(field.substring(0, colon),
                            LogFormat.parse(field.substring(colon + 1).strip().replace("%", "%%"), place, 0,
                                    Point.CHECK.bit())));
                }
            }
            version = version.substring(0, end);
        }
        return new Step.SendRequest(method, uri, null, version, fields, null, null, "");
    }

    private static void tcpCheck(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (context.ignoredWithoutBackend(section, line)) {
            return;
        }
        final Step step = step(line, section, context, false);
        dropInherited(section, CheckSettings.TCP_STEPS);
        section.append(CheckSettings.TCP_STEPS, step);
        later(section, context);
    }

    private static Step step(final Line line, final ProxySection section, final ParseContext context,
            final boolean http) throws ConfigException {
        try {
            return new StepParser(place(line, section, context), 1, http).parse();
        } catch (final ConfigException e) {
            throw new ConfigException("'" + line.word(0) + " " + line.word(1) + "' : " + e.getMessage(), e);
        }
    }

    private static void httpCheck(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (context.ignoredWithoutBackend(section, line)) {
            return;
        }
        switch (line.word(1)) {
            case "disable-on-404" -> flag(line, section, CheckSettings.DISABLE_ON_404);
            case "send-state" -> flag(line, section, CheckSettings.SEND_STATE);
            default -> {
                final Step step = step(line, section, context, true);
                dropInherited(section, CheckSettings.HTTP_STEPS);
                dropInheritedRequest(section);
                section.append(CheckSettings.HTTP_STEPS, step);
            }
        }
        later(section, context);
    }

    private static void flag(final Line line, final ProxySection section, final Setting<Boolean> setting)
            throws ConfigException {
        ParseContext.noMoreThan(0, 1, line);
        section.set(setting, true);
    }

    /** For all proxies, also those that inherit. */
    private static void later(final ProxySection section, final ParseContext context) {
        context.afterParsing(_ -> {
            for (final ProxySection proxy : context.configuration().proxies()) {
                if (proxy.hasBackend() && (proxy == section || proxy.defaults() == section)) {
                    ExternalKeywords.check(proxy, context);
                    proxy.set(CheckSettings.SCRIPT, script(proxy));
                }
            }
        });
    }

    /** Whether servers of the proxy are checked by HTTP. */
    public static boolean isHttp(final ProxySection proxy) {
        return proxy.get(CheckSettings.OPTION) == null && proxy.get(CheckSettings.HTTPCHK) != null;
    }

    private static CheckScript script(final ProxySection proxy) {
        if (proxy.get(CheckSettings.OPTION) != null) {
            return proxy.get(CheckSettings.OPTION);
        }
        if (proxy.get(CheckSettings.HTTPCHK) != null) {
            return HttpScript.create(proxy.get(CheckSettings.HTTPCHK), proxy.get(CheckSettings.HTTP_STEPS),
                    proxy.get(CheckSettings.DISABLE_ON_404), proxy.get(CheckSettings.SEND_STATE));
        }
        return proxy.get(CheckSettings.TCP_CHECK)
                ? new CheckScript(CheckScript.Protocol.TCP, proxy.get(CheckSettings.TCP_STEPS), false, false)
                : CheckScript.CONNECT;
    }
}
