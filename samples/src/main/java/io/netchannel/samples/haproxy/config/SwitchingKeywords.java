package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.expression.Condition;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.Use;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Which backend or server a session goes to: {@code use_backend}, {@code use-server} and their like. */
final class SwitchingKeywords {

    private SwitchingKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("default_backend", SwitchingKeywords::defaultBackend)
                .proxy("use_backend", SwitchingKeywords::useBackend)
                .proxy("use-server", SwitchingKeywords::useServer)
                .proxy("force-persist", persistence(TrafficSettings.FORCE_PERSIST))
                .proxy("ignore-persist", persistence(TrafficSettings.IGNORE_PERSIST))
                .proxy("monitor", SwitchingKeywords::monitor);
    }

    private static void defaultBackend(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutFrontend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'default_backend' expects a backend name.");
        }
        ParseContext.noMoreThan(1, line);
        section.set(TrafficSettings.DEFAULT_BACKEND, line.word(1));
    }

    private static void useBackend(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.notInDefaults(section, line);
        final boolean ignored = context.ignoredWithoutFrontend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'use_backend' expects a backend name.");
        }
        final Condition condition;
        if (line.size() == 2) {
            condition = null;
        } else if (isCondition(line.word(2))) {
            condition = condition(line, 2, section, context, "a switching rule", Point.FRONTEND_USE_BACKEND.bit());
        } else {
            throw new ConfigException("unexpected keyword '" + line.word(2)
                    + "' after switching rule, only 'if' and 'unless' are allowed.");
        }
        if (ignored) {
            return;
        }
        final Name name = new Name();
        section.append(TrafficSettings.BACKEND_RULES, new TrafficSettings.BackendRule(name, predicate(condition)));
        context.afterParsing(_ -> {
            name.format = format(line, section, context, Use.USE_BACKEND, "Parsing " + line.place()
                    + ": failed to parse use_backend rule '");
            if (name.format.isConstant()) {
                name.constant = line.word(1);
                ProxyChecks.target(context.configuration(), section, line.word(1), "use_backend",
                        "in a 'use_backend' rule");
            }
        });
    }

    private static void useServer(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.notInDefaults(section, line);
        final boolean ignored = context.ignoredWithoutBackend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'use-server' expects a server name.");
        }
        requireCondition(line, 2, "'use-server'");
        final Condition condition = condition(line, 2, section, context, "a switching rule",
                Point.BACKEND_USE_SERVER.bit());
        if (ignored) {
            return;
        }
        final Name name = new Name();
        section.append(TrafficSettings.SERVER_RULES, new TrafficSettings.ServerRule(name, predicate(condition)));
        context.afterParsing(_ -> {
            name.format = format(line, section, context, Use.USE_SERVER, "Parsing " + line.place()
                    + "; use-server rule failed to parse log-format '");
            if (name.format.isConstant()) {
                name.constant = line.word(1);
                if (section.get(ProxySettings.SERVERS).stream().noneMatch(server -> server.name().equals(line.word(
                        1)))) {
                    throw new ConfigException(section + " : unable to find server '" + line.word(1)
                            + "' referenced in a 'use-server' rule.");
                }
            }
        });
    }

    /** Of a backend or server: known when all files are read, as its expressions may ask for any proxy. */
    private static final class Name implements TrafficSettings.TargetName {

        private String constant;
        private LogFormat format;

        @Override
        public String constant() {
            return constant;
        }

        @Override
        public String apply(final SampleContext context) {
            return constant != null ? constant : format.format(context);
        }
    }

    private static LogFormat format(final Line line, final ProxySection section, final ParseContext context,
            final Use use, final String message) throws ConfigException {
        try {
            return LogFormat.parse(line.word(1), new ParsePlace(line, section, context, use), 0,
                    Point.FRONTEND_HTTP_REQUEST.bit());
        } catch (final ConfigException e) {
            throw new ConfigException(message + line.word(1) + "' : " + e.getMessage() + ".", e);
        }
    }

    private static KeywordParser persistence(final Setting<List<Predicate<SampleContext>>> setting) {
        return (line, section, context) -> {
            ParseContext.notInDefaults(section, line);
            context.ignoredWithoutBackend(section, line);
            requireCondition(line, 1, "'" + line.word(0) + "'");
            section.append(setting, predicate(condition(line, 1, section, context, "a '" + line.word(0) + "' rule",
                    Point.BACKEND_REQUEST_CONTENT.bit())));
        };
    }

    private static void monitor(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.notInDefaults(section, line);
        context.ignoredWithoutFrontend(section, line);
        if (!"fail".equals(line.word(1))) {
            throw new ConfigException("'monitor' only supports 'fail'.");
        }
        requireCondition(line, 2, "'monitor fail'");
        section.append(TrafficSettings.MONITOR_FAIL, predicate(condition(line, 2, section, context,
                "a 'monitor fail' condition", ProxyKeywords.requestPoints(section))));
    }

    private static boolean isCondition(final String word) {
        return "if".equals(word) || "unless".equals(word);
    }

    private static void requireCondition(final Line line, final int at, final String what) throws ConfigException {
        if (!isCondition(line.word(at))) {
            throw new ConfigException(what + " requires either 'if' or 'unless' followed by a condition.");
        }
    }

    static Condition condition(final Line line, final int from, final ProxySection section, final ParseContext context,
            final String what, final int points) throws ConfigException {
        final ParsePlace place = new ParsePlace(line, section, context, Use.ACL);
        final Condition condition;
        try {
            condition = Condition.parse(line.words(), from, place);
        } catch (final ConfigException e) {
            throw new ConfigException("error detected while parsing " + ("a switching rule".equals(what)
                    ? "switching rule"
                    : what) + " : " + e.getMessage() + ".", e);
        }
        condition.warnIfConflicting(points, place);
        return condition;
    }

    static Predicate<SampleContext> predicate(final Condition condition) {
        return condition == null ? null : condition::holds;
    }
}
