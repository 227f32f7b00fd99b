package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.ListenerTraffic;
import java.util.ArrayList;
import java.util.List;

/** {@code bind}: where a frontend listens, and its options. */
final class BindKeywords {

    static final int MAX_THREADS = 64;
    private static final int MAX_NICE = 1024;
    private static final int MAX_SEGMENT_BYTES = 65_535;
    private static final int OCTAL = 8;

    private BindKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("bind", BindKeywords::bind)
                .bind("accept-proxy", (line, bind, context) -> bind.set(ListenerTraffic.ACCEPT_PROXY, true))
                .bind("backlog",
                        (line, bind, context) -> bind.set(ListenerTraffic.BACKLOG, number(line.words(), "> 0")))
                .bind("maxconn", (line, bind, context) -> bind.set(ListenerTraffic.MAXCONN,
                        number(line.words(), ">= 0")))
                .bind("name", (line, bind, context) -> bind.set(ListenerTraffic.NAME,
                        line.words().next("'name' : missing name")))
                .bind("id", BindKeywords::id)
                .bind("nice", BindKeywords::nice)
                .bind("process", BindKeywords::process)
                .bind("thread", (line, bind, context) -> thread(line.words().next()))
                .bind("shards", BindKeywords::shards)
                .bind("proto", (line, bind, context) -> bind.set(BindOptions.PROTOCOL, protocol(line.words())))
                .bind("defer-accept", (line, bind, context) -> bind.set(ListenerTraffic.DEFER_ACCEPT, true))
                .bind("tcp-ut", (line, bind, context) -> bind.set(BindOptions.TCP_USER_TIMEOUT_MS,
                        userTimeoutMs(line.words())))
                .bind("v4v6", (line, bind, context) -> bind.set(ListenerTraffic.V6ONLY, false))
                .bind("v6only", (line, bind, context) -> bind.set(ListenerTraffic.V6ONLY, true));
        builder.bind("interface", (line, bind, context) -> bind.set(BindOptions.INTERFACE,
                line.words().next("'interface' : missing interface name")))
                .bind("mss", BindKeywords::maxSegment)
                .bind("tfo", (line, bind, context) -> bind.set(BindOptions.FAST_OPEN, true))
                .bind("transparent", (line, bind, context) -> bind.set(BindOptions.TRANSPARENT, true));
        for (final String absent : List.of("accept-netscaler-cip", "namespace", "quic-force-retry")) {
            builder.bind(absent, (line, bind, context) -> {
                throw notImplemented(absent);
            });
        }
        builder.bind("mode", BindKeywords::mode)
                .bind("uid", (line, bind, context) -> bind.set(BindOptions.UID, value(line.words())))
                .bind("gid", (line, bind, context) -> bind.set(BindOptions.GID, value(line.words())))
                .bind("user", BindKeywords::user)
                .bind("group", BindKeywords::group)
                .bind("level", BindKeywords::level)
                .bind("severity-output", BindKeywords::severityOutput)
                .bind("expose-fd", BindKeywords::exposeFd);
    }

    static ConfigException notImplemented(final String option) {
        return new ConfigException("'" + option + "' option is not implemented in this version (check build options).");
    }

    private static void bind(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.notInDefaults(section, line);
        context.ignoredWithoutFrontend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'bind' expects {<path>|[addr1]:port1[-end1]}{,[addr]:port[-end]}... as "
                    + "arguments.");
        }
        final BindSettings bind;
        try {
            bind = open(line.word(1), line, context);
        } catch (final ConfigException e) {
            throw new ConfigException("'bind' : " + e.getMessage(), e);
        }
        if (section.hasFrontend()) {
            section.append(ProxySettings.BINDS, bind);
        }
        final BindLine options = new BindLine(new WordCursor(line, 2), section);
        final String where = "'bind " + line.word(1) + "' in section '" + context.sectionKeyword() + "'";
        while (options.words().hasNext()) {
            final String name = options.words().next();
            final KeywordParser.Bind parser = context.keywords().bind(name);
            if (parser == null) {
                final String nearest = NearestWord.of(name, context.keywords().bindNames());
                throw new ConfigException(where + ": unknown keyword '" + name + (nearest == null
                        ? "'."
                        : "'; did you mean '" + nearest + "' maybe ?"));
            }
            try {
                parser.parse(options, bind, context);
            } catch (final ConfigException e) {
                throw new ConfigException(where + " : " + e.getMessage(), e);
            }
        }
    }

    /** For a line whose word {@code text} names sockets, with commas between. */
    static BindSettings open(final String text, final Line line, final ParseContext context) throws ConfigException {
        final GlobalSettings global = context.configuration().global();
        final List<Address> addresses = new ArrayList<>();
        for (final String part : text.split(",")) {
            final AddressParser.Parsed parsed = AddressParser.parse(part, AddressParser.BIND,
                    global.get(GlobalOptions.UNIX_BIND_PREFIX), context.configuration().environment());
            if (parsed.address() instanceof final Address.Ip ip) {
                for (int port = parsed.low(); port <= parsed.high(); port++) {
                    addresses.add(new Address.Ip(ip.host(), ip.ip(), port, false));
                }
            } else {
                addresses.add(parsed.address());
            }
        }
        final BindSettings bind = new BindSettings(text, addresses, line.file(), line.number());
        bind.set(BindOptions.FILE_MODE, global.get(GlobalOptions.UNIX_BIND_MODE));
        bind.set(BindOptions.REUSE_PORT, !global.get(GlobalOptions.NO_REUSEPORT));
        bind.set(BindOptions.UID, global.get(GlobalOptions.UNIX_BIND_UID));
        bind.set(BindOptions.GID, global.get(GlobalOptions.UNIX_BIND_GID));
        return bind;
    }

    // -- options

    private static int value(final WordCursor words) throws ConfigException {
        return (int) Units.leadingInteger(words.next("'" + words.current() + "' : missing value"));
    }

    private static int number(final WordCursor words, final String range) throws ConfigException {
        final String keyword = words.current();
        final int number = value(words);
        if (number < 0) {
            throw new ConfigException("'" + keyword + "' : invalid value " + number + ", must be " + range);
        }
        return number;
    }

    private static void id(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        if (bind.addresses().size() != 1) {
            throw new ConfigException("'id' can only be used with a single socket");
        }
        final String text = line.words().next("'id' : expects an integer argument");
        final int id;
        try {
            id = Integer.parseInt(text);
        } catch (final NumberFormatException e) {
            throw new ConfigException("'id' : expects an integer argument, found '" + text + "'", e);
        }
        if (id <= 0) {
            throw new ConfigException("'id' : custom id has to be > 0");
        }
        if (line.section() != null) {
            for (final BindSettings other : line.section().get(ProxySettings.BINDS)) {
                if (other != bind && other.get(ListenerTraffic.ID) == id) {
                    throw new ConfigException("'id' : custom id " + id + " already used at " + other.file() + ":"
                            + other.line() + " ('bind " + other.addressText() + "')");
                }
            }
        }
        bind.set(ListenerTraffic.ID, id);
    }

    private static void maxSegment(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final int bytes = (int) Units.leadingInteger(line.words().next("'mss' : missing MSS value"));
        if (bytes == 0 || Math.abs(bytes) > MAX_SEGMENT_BYTES) {
            throw new ConfigException("'mss' : expects an MSS with and absolute value between 1 and 65535");
        }
        bind.set(BindOptions.MAX_SEGMENT_BYTES, bytes);
    }

    private static void nice(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final int nice = value(line.words());
        if (Math.abs(nice) > MAX_NICE) {
            throw new ConfigException("'nice' : invalid value " + nice + ", allowed range is -1024..1024");
        }
    }

    private static void process(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final String word = line.words().next();
        final int slash = word.indexOf('/');
        try {
            Numbers.range(slash < 0 ? word : word.substring(0, slash), 1);
            if (slash >= 0) {
                Numbers.range(word.substring(slash + 1), MAX_THREADS);
            }
        } catch (final ConfigException e) {
            throw new ConfigException("'process' : " + e.getMessage(), e);
        }
        context.warning("'bind " + bind.addressText() + "' in section '" + context.sectionKeyword() + "' : 'process "
                + word + "' on 'bind' lines is deprecated and will be removed in 2.7." + (slash < 0
                        ? ""
                        : " Please use 'thread " + word.substring(slash + 1) + "' instead."));
    }

    /** There is one loop: which threads it is doesn't matter, but that they could be. */
    private static void thread(final String word) throws ConfigException {
        final int slash = word.indexOf('/');
        final long group = slash < 0 ? 1 : Units.leadingInteger(word);
        if (group != 1) {
            throw new ConfigException("'" + word + "' thread-group number must be between 1 and 1 (was " + group + ")");
        }
        final String range = word.substring(slash + 1);
        try {
            Numbers.range(range, MAX_THREADS);
        } catch (final ConfigException e) {
            throw new ConfigException("'" + range + "' : " + e.getMessage(), e);
        }
    }

    private static void shards(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        if (line.words().takeIf("by-thread")) {
            return;
        }
        final int shards = value(line.words());
        if (shards < 1 || shards > MAX_THREADS) {
            throw new ConfigException("'shards' : invalid value " + shards + ", allowed range is 1.." + MAX_THREADS
                    + " or 'by-thread'");
        }
    }

    /** Of HTTP there is version 1 here. */
    static String protocol(final WordCursor words) throws ConfigException {
        final String keyword = words.current();
        final String protocol = words.next("'" + keyword + "' : missing value");
        if (!"h1".equals(protocol) && !"none".equals(protocol)) {
            throw new ConfigException("'" + keyword + "' :  unknown MUX protocol '" + protocol + "'");
        }
        return protocol;
    }

    static int userTimeoutMs(final WordCursor words) throws ConfigException {
        final String text = words.next("'tcp-ut' : missing TCP User Timeout value");
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
        return (int) switch (parsed.verdict()) {
            case OK -> parsed.value();
            case UNEXPECTED -> throw new ConfigException("'tcp-ut' : expects a positive delay in milliseconds");
            default -> throw Numbers.overOrUnder(parsed, text, "'tcp-ut'");
        };
    }

    private static void mode(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final String text = line.words().next();
        try {
            bind.set(BindOptions.FILE_MODE, Integer.parseInt(text, OCTAL));
        } catch (final NumberFormatException e) {
            throw new ConfigException("'mode' : missing or invalid mode '" + text + "' (octal integer expected)", e);
        }
    }

    private static void user(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final String name = line.words().next("'user' : missing user name");
        final int uid = Accounts.uid(name);
        if (uid < 0) {
            throw new ConfigException("'user' : unknown user name '" + name + "'");
        }
        bind.set(BindOptions.UID, uid);
    }

    private static void group(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final String name = line.words().next("'group' : missing group name");
        final int gid = Accounts.gid(name);
        if (gid < 0) {
            throw new ConfigException("'group' : unknown group name '" + name + "'");
        }
        bind.set(BindOptions.GID, gid);
    }

    private static void level(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final String level = line.words().next("'level' : missing level");
        bind.set(BindOptions.LEVEL, switch (level) {
            case "user" -> BindOptions.Level.USER;
            case "operator" -> BindOptions.Level.OPERATOR;
            case "admin" -> BindOptions.Level.ADMIN;
            default -> throw new ConfigException("'level' only supports 'user', 'operator', and 'admin' (got '" + level
                    + "')");
        });
    }

    private static void severityOutput(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final String format = line.words().next("'severity-output' : missing severity format");
        bind.set(BindOptions.SEVERITY_OUTPUT, switch (format) {
            case "none" -> BindOptions.SeverityOutput.NONE;
            case "number" -> BindOptions.SeverityOutput.NUMBER;
            case "string" -> BindOptions.SeverityOutput.STRING;
            default -> throw new ConfigException("'severity-output' only supports 'none', 'number', and 'string' (got '"
                    + format + "')");
        });
    }

    private static void exposeFd(final BindLine line, final BindSettings bind, final ParseContext context)
            throws ConfigException {
        final String what = line.words().next("'expose-fd' : missing fd type");
        if (!"listeners".equals(what)) {
            throw new ConfigException("'expose-fd' only supports 'listeners' (got '" + what + "')");
        }
    }
}
