package io.netchannel.samples.haproxy.log;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.HostName;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.Modifier;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Use;
import java.util.ArrayList;
import java.util.List;

/** Reads what is about logs. */
public final class LogKeywords {

    private LogKeywords() {
    }

    public static void register(final Keywords.Builder keywords) {
        keywords.global("log", LogKeywords::globalLog).global("log-tag", LogKeywords::globalTag)
                .global("log-send-hostname", LogKeywords::sendHostname);
        keywords.proxy("log", LogKeywords::log).proxy("log-tag", LogKeywords::tag)
                .proxy("log-format", LogKeywords::format).proxy("error-log-format", LogKeywords::errorFormat)
                .proxy("log-format-sd", LogKeywords::structured);
        keywords.option("httplog", LogKeywords::httpLog).option("tcplog", LogKeywords::tcpLog)
                .option("httpslog", LogKeywords::httpsLog);
        flag(keywords, "dontlognull", LogSettings.DONT_LOG_NULL);
        flag(keywords, "dontlog-normal", LogSettings.DONT_LOG_NORMAL);
        flag(keywords, "log-separate-errors", LogSettings.SEPARATE_ERRORS);
        flag(keywords, "logasap", LogSettings.AS_SOON_AS_POSSIBLE);
    }

    private static void flag(final Keywords.Builder keywords, final String name, final Setting<Boolean> setting) {
        keywords.option(name, (line, section, context) -> {
            ParseContext.noMoreThan(0, 1, line);
            if (context.modifier() == Modifier.DEFAULT) {
                section.unset(setting);
            } else if (!context.ignoredWithoutFrontend(section, line)) {
                section.set(setting, context.modifier() == Modifier.NONE);
            }
        });
    }

    private static void globalLog(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        try {
            if (context.modifier() == Modifier.NO) {
                noArguments(line);
                global.set(LogSettings.GLOBAL_SERVERS, List.of());
            } else if (isGlobal(line)) {
                throw new ConfigException("'global' is not supported for a global syslog server");
            } else {
                global.append(LogSettings.GLOBAL_SERVERS, LogServerParser.parse(expanded(line, context), false));
            }
        } catch (final ConfigException e) {
            throw new ConfigException("log : " + e.getMessage(), e);
        }
    }

    private static void log(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        try {
            if (context.modifier() == Modifier.NO) {
                noArguments(line);
                section.set(LogSettings.SERVERS, List.of());
            } else if (isGlobal(line)) {
                addGlobal(section, context.configuration().global().get(LogSettings.GLOBAL_SERVERS));
            } else {
                section.append(LogSettings.SERVERS, LogServerParser.parse(expanded(line, context), true));
            }
        } catch (final ConfigException e) {
            throw new ConfigException("log : " + e.getMessage(), e);
        }
    }

    /** Addresses may have variables outside quotes. */
    private static Line expanded(final Line line, final ParseContext context) {
        final List<String> words = new ArrayList<>(line.words());
        if (words.size() > 1) {
            words.set(1, context.expand(words.get(1)));
        }
        return new Line(line.file(), line.number(), words);
    }

    private static boolean isGlobal(final Line line) {
        return line.size() == 2 && "global".equals(line.word(1));
    }

    private static void noArguments(final Line line) throws ConfigException {
        if (line.size() > 1) {
            throw new ConfigException("'no log' does not expect arguments");
        }
    }

    /** Those that a section has from {@code global} already are not added again: the same, not an equal one. */
    private static void addGlobal(final ProxySection section, final List<LogServer> servers) {
        final List<LogServer> all = new ArrayList<>(section.get(LogSettings.SERVERS));
        for (final LogServer server : servers) {
            if (all.stream().noneMatch(there -> there == server)) {
                all.add(server);
            }
        }
        section.set(LogSettings.SERVERS, List.copyOf(all));
    }

    private static void globalTag(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        global.set(LogSettings.GLOBAL_TAG, tagWord(line));
    }

    private static void tag(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        section.set(LogSettings.TAG, tagWord(line));
    }

    private static String tagWord(final Line line) throws ConfigException {
        if (line.word(1).isEmpty()) {
            throw new ConfigException("'" + line.word(0) + "' expects a tag for use in syslog.");
        }
        return line.word(1);
    }

    private static void sendHostname(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        if (global.isSet(LogSettings.SEND_HOSTNAME)) {
            throw new ConfigException("'" + line.word(0) + "' already specified. Continuing.");
        }
        global.set(LogSettings.SEND_HOSTNAME, line.word(1).isEmpty() ? HostName.get() : line.word(1));
    }

    private static void format(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        oneArgument(line);
        overrides(section, context, "'log-format'");
        use(section, context, new LogSettings.FormatText(line.word(1), "log-format", line), "log-format");
    }

    private static void errorFormat(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        oneArgument(line);
        if (section.kind() == SectionKind.DEFAULTS && section.isSet(LogSettings.ERROR_FORMAT_TEXT)) {
            context.tightWarning("'error-log-format' overrides previous 'error-log-format' in 'defaults' section.");
        }
        section.set(LogSettings.ERROR_FORMAT_TEXT, new LogSettings.FormatText(line.word(1), "error-log-format", line));
        compileLater(section, context);
        ignoredInBackends(section, context, "error-log-format");
    }

    private static void structured(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        oneArgument(line);
        section.set(LogSettings.STRUCTURED_TEXT, new LogSettings.FormatText(line.word(1), "log-format-sd", line));
        compileLater(section, context);
        ignoredInBackends(section, context, "log-format-sd");
    }

    private static void oneArgument(final Line line) throws ConfigException {
        if (line.word(1).isEmpty()) {
            throw new ConfigException(line.word(0) + " expects an argument.");
        }
        if (line.size() > 2) {
            throw new ConfigException(line.word(0)
                    + " expects only one argument, don't forget to escape spaces!");
        }
    }

    private static void httpLog(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (removed(section, context)) {
            return;
        }
        final boolean clf = "clf".equals(line.word(2));
        if (line.size() > 2 && !clf) {
            throw new ConfigException("keyword 'httplog' only supports option 'clf'.");
        }
        ParseContext.noMoreThan(1, 1, line);
        final String name = clf ? "option httplog clf" : "option httplog";
        overrides(section, context, "'" + name + "'");
        use(section, context, new LogSettings.FormatText(clf ? LogFormat.COMMON : LogFormat.HTTP, name, line),
                "option httplog");
    }

    private static void tcpLog(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (removed(section, context)) {
            return;
        }
        overrides(section, context, "'option tcplog'");
        ParseContext.noMoreThan(0, 1, line);
        use(section, context, new LogSettings.FormatText(LogFormat.TCP, "option tcplog", line), "option tcplog");
    }

    private static void httpsLog(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (removed(section, context)) {
            return;
        }
        overrides(section, context, "'option httplog'");
        use(section, context, new LogSettings.FormatText(LogFormat.HTTPS, "option httpslog", line), "option httpslog");
    }

    /** {@code no option httplog}. */
    private static boolean removed(final ProxySection section, final ParseContext context) {
        if (context.modifier() == Modifier.NONE) {
            return false;
        }
        section.unset(LogSettings.FORMAT_TEXT);
        section.unset(LogSettings.FORMAT);
        return true;
    }

    private static void overrides(final ProxySection section, final ParseContext context, final String what) {
        final LogSettings.FormatText old = section.get(LogSettings.FORMAT_TEXT);
        if (old != null && section.kind() == SectionKind.DEFAULTS) {
            context.tightWarning(what + " overrides previous '" + old.origin() + "' in 'defaults' section.");
        }
    }

    private static void use(final ProxySection section, final ParseContext context,
            final LogSettings.FormatText format, final String name) {
        section.set(LogSettings.FORMAT_TEXT, format);
        compileLater(section, context);
        ignoredInBackends(section, context, name);
    }

    private static void ignoredInBackends(final ProxySection section, final ParseContext context, final String name) {
        if (!section.hasFrontend()) {
            context.warning("backend '" + section.name() + "' : '" + name + "' directive is ignored in backends.");
        }
    }

    /** For all proxies, also those that inherit: their mode decides which variables there are. */
    private static void compileLater(final ProxySection section, final ParseContext context) {
        context.afterParsing(_ -> {
            for (final ProxySection proxy : context.configuration().proxies()) {
                if (proxy.hasFrontend() && (proxy == section || proxy.defaults() == section)) {
                    compile(proxy, context, proxy.get(LogSettings.FORMAT_TEXT), LogSettings.FORMAT, Use.LOG);
                    compile(proxy, context, proxy.get(LogSettings.ERROR_FORMAT_TEXT), LogSettings.ERROR_FORMAT,
                            Use.LOG);
                    compile(proxy, context, proxy.get(LogSettings.STRUCTURED_TEXT), LogSettings.STRUCTURED, Use.LOG_SD);
                }
            }
        });
    }

    private static void compile(final ProxySection proxy, final ParseContext context,
            final LogSettings.FormatText format, final Setting<LogFormat> compiled, final Use use)
            throws ConfigException {
        if (format == null || proxy.get(compiled) != null) {
            return;
        }
        try {
            proxy.set(compiled, LogFormat.parseLog(format.text(), new ParsePlace(format.line(), proxy, context, use)));
        } catch (final ConfigException e) {
            throw new ConfigException(
                    "Parsing " + format.line().place() + ": failed to parse " + format.origin() + " : " + e.getMessage()
                            + ".",
                    e);
        }
    }
}
