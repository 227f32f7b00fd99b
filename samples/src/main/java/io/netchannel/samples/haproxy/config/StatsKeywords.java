package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.List;

/** {@code stats}, of proxies and of {@code global}. */
final class StatsKeywords {

    private StatsKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("stats", StatsKeywords::stats).global("stats", StatsKeywords::global);
    }

    private static void stats(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (section.get(StatsSettings.OWNER) != section) {
            StatsSettings.ALL.forEach(section::unset);
            section.set(StatsSettings.OWNER, section);
        }
        final String word = line.word(1);
        final String value = line.word(2);
        switch (word) {
            case "enable" -> {
            }
            case "uri" -> section.set(StatsSettings.URI, needed(value, "'uri' needs an URI prefix."));
            case "realm" -> section.set(StatsSettings.REALM, needed(value, "'realm' needs an realm name."));
            case "auth" -> section.append(StatsSettings.ACCOUNTS, needed(value,
                    "'auth' needs a user:password account."));
            case "scope" -> section.append(StatsSettings.SCOPE, needed(value, "'scope' needs a proxy name."));
            case "hide-version" -> section.set(StatsSettings.HIDE_VERSION, true);
            case "show-legends" -> section.set(StatsSettings.SHOW_LEGENDS, true);
            case "show-modules" -> section.set(StatsSettings.SHOW_MODULES, true);
            case "show-node" -> node(line, section);
            case "show-desc" -> description(line, section, context);
            case "refresh" -> refresh(value, section);
            case "admin" -> admin(line, section, context);
            case "http-request" -> throw new ConfigException("'stats http-request' is not supported by this build. "
                    + "Please use 'http-request' rules and 'stats auth' or 'stats admin' instead.");
            default -> throw ConfigException.tight((word.isEmpty()
                    ? "missing keyword in 'stats'"
                    : "unknown stats parameter '" + word + "'")
                    + ", expects 'admin', 'uri', 'realm', 'auth', 'scope', 'enable', 'hide-version', 'show-node', "
                    + "'show-desc' or 'show-legends'.");
        }
        section.set(StatsSettings.ENABLED, true);
    }

    private static String needed(final String value, final String message) throws ConfigException {
        if (value.isEmpty()) {
            throw new ConfigException(message);
        }
        return value;
    }

    private static void node(final Line line, final ProxySection section) throws ConfigException {
        final String name = line.word(2);
        if (!name.isEmpty() && Names.invalidInDomain(name) >= 0) {
            throw ConfigException.tight("'stats show-node' invalid node name - should be a stringwith digits(0-9), "
                    + "letters(A-Z, a-z), hyphen(-) or underscode(_).");
        }
        section.set(StatsSettings.SHOW_NODE, name);
    }

    private static void description(final Line line, final ProxySection section, final ParseContext context) {
        if (line.size() < 3 && context.configuration().global().get(GlobalOptions.DESCRIPTION) == null) {
            context.tightWarning("'show-desc' requires a parameter or 'desc' to be set in the global section.");
        } else {
            section.set(StatsSettings.SHOW_DESCRIPTION, String.join(" ", line.words().subList(2, line.size())));
        }
    }

    private static void refresh(final String text, final ProxySection section) throws ConfigException {
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.S);
        section.set(StatsSettings.REFRESH_S, switch (parsed.verdict()) {
            case OK -> parsed.value();
            case OVERFLOW -> throw ConfigException.tight("timer overflow in argument <" + text
                    + "> to stats refresh interval, maximum value is 2147483647 s (~68 years).");
            case UNDERFLOW -> throw ConfigException.tight("timer underflow in argument <" + text
                    + "> to stats refresh interval, minimum non-null value is 1 s.");
            case UNEXPECTED -> throw ConfigException.tight("unexpected character '" + parsed.unexpected()
                    + "' in argument to stats refresh interval.");
        });
    }

    private static void admin(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (section.kind() == SectionKind.DEFAULTS) {
            throw ConfigException.tight("'stats admin' not allowed in 'defaults' section.");
        }
        if (!"if".equals(line.word(2)) && !"unless".equals(line.word(2))) {
            throw new ConfigException("'stats admin' requires either 'if' or 'unless' followed by a condition.");
        }
        section.append(StatsSettings.ADMIN, SwitchingKeywords.predicate(SwitchingKeywords.condition(line, 2, section,
                context, "a 'stats admin' rule", ProxyKeywords.requestPoints(section))));
    }

    // -- global

    private static void global(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        switch (line.word(1)) {
            case "socket" -> socket(line, global, context);
            case "timeout" -> timeout(line, global);
            case "maxconn" -> {
                final int max = (int) Units.leadingInteger(line.word(2));
                if (max <= 0) {
                    throw new ConfigException("'stats maxconn' expects a positive value");
                }
                global.set(GlobalOptions.STATS_MAX_CONNECTIONS, max);
            }
            case "bind-process" -> {
                for (int i = 2; i < line.size() && !"all".equals(line.word(i)); i++) {
                    Numbers.range(line.word(i), 1);
                }
            }
            default -> throw new ConfigException("'stats' only supports 'socket', 'maxconn', 'bind-process' and "
                    + "'timeout' (got '" + line.word(1) + "')");
        }
    }

    private static void socket(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        if (line.size() < 3) {
            throw new ConfigException("'stats socket' in global section expects an address or a path to a UNIX socket");
        }
        global.append(GlobalOptions.STATS_SOCKETS, open(line, context));
    }

    /** {@code -S ADDRESS[,OPTION…]} of the command line. */
    static void master(final String text, final ParseContext context) throws ConfigException {
        final List<String> words = new ArrayList<>(List.of("stats", "socket"));
        words.addAll(List.of(text.split(",")));
        context.configuration().global().append(GlobalOptions.MASTER_SOCKETS, open(new Line("-S", 0, words), context));
    }

    /** Of the words behind the second. */
    private static BindSettings open(final Line line, final ParseContext context) throws ConfigException {
        final BindSettings bind;
        try {
            bind = BindKeywords.open(line.word(2), line, context);
        } catch (final ConfigException e) {
            throw new ConfigException("parsing " + line.place() + " : 'stats socket' : " + e.getMessage(), e);
        }
        final BindLine options = new BindLine(new WordCursor(line, 3), null);
        while (options.words().hasNext()) {
            final String name = options.words().next();
            final KeywordParser.Bind parser = context.keywords().bind(name);
            if (parser == null) {
                final String nearest = NearestWord.of(name, context.keywords().bindNames());
                throw new ConfigException("'stats socket' : unknown keyword '" + name + (nearest == null
                        ? "'."
                        : "'. Did you mean '" + nearest + "' maybe ?"));
            }
            try {
                parser.parse(options, bind, context);
            } catch (final ConfigException e) {
                throw new ConfigException("'stats socket' : '" + e.getMessage() + "'", e);
            }
        }
        return bind;
    }

    private static void timeout(final Line line, final GlobalSettings global) throws ConfigException {
        final String text = line.word(2);
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
        if (parsed.verdict() == Units.Verdict.UNEXPECTED) {
            throw new ConfigException("'stats timeout' : unexpected character '" + parsed.unexpected() + "'");
        }
        if (!parsed.isOk()) {
            throw Numbers.overOrUnder(parsed, text, "'stats timeout'");
        }
        if (parsed.value() == 0) {
            throw new ConfigException("'stats timeout' expects a positive value");
        }
        global.set(GlobalOptions.STATS_TIMEOUT_MS, parsed.value());
    }
}
