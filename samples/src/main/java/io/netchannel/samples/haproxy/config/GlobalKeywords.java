package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.GlobalTraffic;

/** {@code global}: the process, its limits and its surroundings. */
final class GlobalKeywords {

    private static final int MAX_SPREAD = 50;
    private static final int MAX_LEVEL = 9;
    private static final int BYTES_PER_KILOBYTE = 1024;
    private static final int OCTAL = 8;

    private GlobalKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        flag(builder, "daemon", GlobalOptions.DAEMON);
        flag(builder, "quiet", GlobalOptions.QUIET);
        flag(builder, "zero-warning", GlobalOptions.ZERO_WARNING);
        flag(builder, "pp2-never-send-local", GlobalOptions.NEVER_SEND_LOCAL);
        flag(builder, "h1-accept-payload-with-any-method", GlobalOptions.PAYLOAD_WITH_ANY_METHOD);
        flag(builder, "noreuseport", GlobalOptions.NO_REUSEPORT);
        flag(builder, "external-check", GlobalOptions.EXTERNAL_CHECK);
        flag(builder, "insecure-fork-wanted", GlobalOptions.FORK_WANTED);
        builder.global("master-worker", GlobalKeywords::masterWorker)
                .global("nbproc", (line, global, context) -> {
                    throw new ConfigException("nbproc is not supported any more since HAProxy 2.5. Threads will "
                            + "automatically be used on multi-processor machines if available.");
                })
                .global("nbthread", GlobalKeywords::threads)
                .global("description", GlobalKeywords::description)
                .global("node", GlobalKeywords::node)
                .global("hard-stop-after", time(GlobalOptions.HARD_STOP_AFTER_MS))
                .global("grace", time(GlobalOptions.GRACE_MS))
                .global("close-spread-time", GlobalKeywords::closeSpread)
                .global("unix-bind", GlobalKeywords::unixBind)
                .global("spread-checks", GlobalKeywords::spreadChecks)
                .global("max-spread-checks", GlobalKeywords::maxSpreadChecks)
                .global("localpeer", GlobalKeywords::localPeer);
        account(builder);
        limits(builder);
        text(builder, "pidfile", GlobalOptions.PID_FILE, "a file name as an argument");
        text(builder, "chroot", GlobalOptions.CHROOT, "a directory as an argument");
        text(builder, "server-state-base", GlobalOptions.SERVER_STATE_BASE, "one argument: a directory path");
        text(builder, "server-state-file", GlobalOptions.SERVER_STATE_FILE, "one argument: a file path");
    }

    private static void flag(final Keywords.Builder builder, final String name, final Setting<Boolean> setting) {
        builder.global(name, (line, global, context) -> {
            ParseContext.noMoreThan(0, line);
            global.set(setting, context.modifier() != Modifier.NO);
        });
    }

    private static void limits(final Keywords.Builder builder) {
        once(builder, "maxconn", GlobalTraffic.MAXCONN);
        once(builder, "maxconnrate", GlobalOptions.MAX_CONNECTION_RATE);
        once(builder, "maxsessrate", GlobalOptions.MAX_SESSION_RATE);
        once(builder, "maxsslrate", GlobalOptions.MAX_TLS_RATE);
        once(builder, "maxsslconn", GlobalOptions.MAX_TLS_CONNECTIONS);
        once(builder, "ulimit-n", GlobalOptions.OPEN_FILES);
        once(builder, "tune.maxaccept", GlobalOptions.MAX_ACCEPT);
        once(builder, "tune.rcvbuf.client", GlobalOptions.CLIENT_RECEIVE_BUFFER);
        once(builder, "tune.rcvbuf.server", GlobalOptions.SERVER_RECEIVE_BUFFER);
        once(builder, "tune.sndbuf.client", GlobalOptions.CLIENT_SEND_BUFFER);
        once(builder, "tune.sndbuf.server", GlobalOptions.SERVER_SEND_BUFFER);
        builder.global("maxcomprate", (line, global, context) -> global.set(GlobalOptions.MAX_COMPRESSION_RATE,
                (long) integer(line, "an integer argument in kb/s.") * BYTES_PER_KILOBYTE));
        builder.global("maxcompcpuusage", (line, global, context) -> global.set(GlobalOptions.MAX_COMPRESSION_CPU,
                ranged(line, 0, 100, "an integer argument between 0 and 100.")));
        builder.global("tune.bufsize", GlobalKeywords::bufferSize)
                .global("tune.maxrewrite", (line, global, context) -> {
                    final int bytes = integer(line, "an integer argument.");
                    if (bytes < 0) {
                        throw new ConfigException("'tune.maxrewrite' expects a positive integer argument.");
                    }
                    global.set(GlobalTraffic.REWRITE_BYTES, bytes);
                })
                .global("tune.chksize", (line, global, context) -> {
                    throw ConfigException.tight("option 'tune.chksize' is not supported any more (tune.bufsize is used "
                            + "instead).");
                })
                .global("tune.http.cookielen", (line, global, context) -> global.set(GlobalOptions.COOKIE_BYTES,
                        integer(line, "an integer argument.")))
                .global("tune.http.logurilen", (line, global, context) -> global.set(GlobalOptions.LOG_URI_BYTES,
                        integer(line, "an integer argument.")))
                .global("tune.http.maxhdr", (line, global, context) -> {
                    integer(line, "an integer argument.");
                    global.set(GlobalTraffic.MAX_FIELDS, ranged(line, 1, Short.MAX_VALUE,
                            "a numeric value between 1 and 32767"));
                })
                .global("tune.comp.maxlevel", (line, global, context) -> global.set(GlobalOptions.COMPRESSION_LEVEL,
                        ranged(line, 1, MAX_LEVEL, "a numeric value between 1 and 9")))
                .global("tune.pattern.cache-size", (line, global, context) -> ranged(line, 0,
                        Integer.MAX_VALUE, "a positive numeric value"));
    }

    /** Given twice is said, and the first one stays. */
    private static void once(final Keywords.Builder builder, final String name, final Setting<Integer> setting) {
        builder.global(name, (line, global, context) -> {
            ParseContext.noMoreThan(1, line);
            if (isRepeated(line, global, setting, context)) {
                return;
            }
            global.set(setting, integer(line, "an integer argument."));
        });
    }

    private static boolean isRepeated(final Line line, final GlobalSettings global, final Setting<?> setting,
            final ParseContext context) {
        if (!global.isSet(setting)) {
            return false;
        }
        context.harmlessAlert("'" + line.word(0) + "' already specified. Continuing.");
        return true;
    }

    private static void text(final Keywords.Builder builder, final String name, final Setting<String> setting,
            final String what) {
        builder.global(name, (line, global, context) -> {
            ParseContext.noMoreThan(1, line);
            if (isRepeated(line, global, setting, context)) {
                return;
            }
            if (line.size() < 2) {
                throw new ConfigException("'" + name + "' expects " + what + ".");
            }
            global.set(setting, line.word(1));
        });
    }

    static int integer(final Line line, final String what) throws ConfigException {
        ParseContext.noMoreThan(1, line);
        if (line.size() < 2) {
            throw new ConfigException("'" + line.word(0) + "' expects " + what);
        }
        return (int) Units.leadingInteger(line.word(1));
    }

    static int ranged(final Line line, final int min, final int max, final String what) throws ConfigException {
        final int value = integer(line, what);
        if (value < min || value > max) {
            throw new ConfigException("'" + line.word(0) + "' expects " + what);
        }
        return value;
    }

    private static KeywordParser.Global time(final Setting<Long> setting) {
        return (line, global, context) -> {
            final String name = line.word(0);
            final String text = line.word(1);
            if (text.isEmpty()) {
                throw new ConfigException("'" + name + "' expects <time> as argument.");
            }
            final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
            global.set(setting, switch (parsed.verdict()) {
                case OK -> parsed.value();
                case UNEXPECTED -> throw new ConfigException("unexpected character '" + parsed.unexpected()
                        + "' in argument to <" + name + ">.");
                default -> throw Numbers.overOrUnder(parsed, text, "'" + name + "'");
            });
        };
    }

    private static void closeSpread(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        if ("infinite".equals(line.word(1))) {
            global.set(GlobalOptions.CLOSE_SPREAD_MS, (long) Integer.MAX_VALUE);
        } else {
            time(GlobalOptions.CLOSE_SPREAD_MS).parse(line, global, context);
        }
    }

    private static void bufferSize(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        final int bytes = integer(line, "an integer argument.");
        if (bytes <= 0) {
            throw new ConfigException("'tune.bufsize' expects a positive integer argument.");
        }
        // As haproxy rounds it: two of its pointers.
        global.set(GlobalTraffic.BUFFER_BYTES, Math.ceilDiv(bytes, 16) * 16);
    }

    // -- the process

    private static void masterWorker(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        if (line.size() > 1 && !"no-exit-on-failure".equals(line.word(1))) {
            throw new ConfigException("'master-worker' only supports 'no-exit-on-failure' option.");
        }
        global.set(GlobalOptions.MASTER_WORKER, true);
    }

    private static void threads(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        final int threads;
        try {
            threads = Integer.parseInt(line.word(1));
        } catch (final NumberFormatException e) {
            throw new ConfigException("'nbthread' passed a missing or unparsable integer value in '" + line.word(1)
                    + "'", e);
        }
        if (threads < 1 || threads > BindKeywords.MAX_THREADS) {
            throw new ConfigException("'nbthread' value must be between 1 and " + BindKeywords.MAX_THREADS + " (was "
                    + threads + ")");
        }
    }

    private static void description(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw ConfigException.tight("'description' expects a string argument.");
        }
        global.set(GlobalOptions.DESCRIPTION, String.join(" ", line.words().subList(1, line.size())));
    }

    private static void node(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        if (Names.invalidInDomain(line.word(1)) >= 0) {
            throw ConfigException.tight("'node' requires valid node name - non-empty string with digits(0-9), "
                    + "letters(A-Z, a-z), dot(.), hyphen(-) or underscode(_).");
        }
        global.set(GlobalOptions.NODE, line.word(1));
    }

    private static void account(final Keywords.Builder builder) {
        builder.global("uid", (line, global, context) -> id(line, global, GlobalOptions.UID, context))
                .global("gid", (line, global, context) -> id(line, global, GlobalOptions.GID, context))
                .global("user", (line, global, context) -> named(line, global, GlobalOptions.UID, context))
                .global("group", (line, global, context) -> named(line, global, GlobalOptions.GID, context));
    }

    private static void id(final Line line, final GlobalSettings global, final Setting<Integer> setting,
            final ParseContext context) throws ConfigException {
        ParseContext.noMoreThan(1, line);
        final boolean user = setting == GlobalOptions.UID;
        if (global.isSet(setting)) {
            context.harmlessAlert((user ? "user/uid" : "group/gid") + " already specified. Continuing.");
            return;
        }
        if (line.size() < 2) {
            throw new ConfigException("'" + line.word(0) + "' expects an integer argument.");
        }
        try {
            global.set(setting, Integer.parseInt(line.word(1)));
        } catch (final NumberFormatException e) {
            context.warning(" " + line.word(0) + ": string '" + line.word(1) + "' is not a number.\n"
                    + "   | You might want to use the '" + (user ? "user" : "group") + "' parameter to use a system "
                    + (user ? "user" : "group") + " name.");
        }
    }

    private static void named(final Line line, final GlobalSettings global, final Setting<Integer> setting,
            final ParseContext context) throws ConfigException {
        ParseContext.noMoreThan(1, line);
        final boolean user = setting == GlobalOptions.UID;
        if (global.isSet(setting)) {
            context.harmlessAlert(user
                    ? "user/uid already specified. Continuing."
                    : "gid/group was already specified. Continuing.");
            return;
        }
        final int id = user ? Accounts.uid(line.word(1)) : Accounts.gid(line.word(1));
        if (id < 0) {
            throw new ConfigException("cannot find " + line.word(0) + " id for '" + line.word(1) + "' (0:Success)");
        }
        global.set(setting, id);
    }

    private static void unixBind(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        final WordCursor words = new WordCursor(line, 1);
        while (words.hasNext()) {
            switch (words.next()) {
                case "prefix" -> {
                    if (global.isSet(GlobalOptions.UNIX_BIND_PREFIX)) {
                        context.harmlessAlert("unix-bind 'prefix' already specified. Continuing.");
                        words.next();
                    } else {
                        global.set(GlobalOptions.UNIX_BIND_PREFIX, words.next(
                                "unix_bind 'prefix' expects a path as an argument."));
                    }
                }
                case "mode" -> global.set(GlobalOptions.UNIX_BIND_MODE, octal(words.next()));
                case "uid" -> global.set(GlobalOptions.UNIX_BIND_UID, (int) Units.leadingInteger(words.next()));
                case "gid" -> global.set(GlobalOptions.UNIX_BIND_GID, (int) Units.leadingInteger(words.next()));
                case "user" -> global.set(GlobalOptions.UNIX_BIND_UID, known(Accounts.uid(words.peek()), words.next(),
                        "user"));
                case "group" -> global.set(GlobalOptions.UNIX_BIND_GID, known(Accounts.gid(words.peek()), words.next(),
                        "group"));
                default -> throw new ConfigException("'unix-bind' only supports the 'prefix', 'mode', 'uid', 'gid', "
                        + "'user' and 'group' options.");
            }
        }
    }

    private static int octal(final String text) throws ConfigException {
        try {
            return Integer.parseInt(text, OCTAL);
        } catch (final NumberFormatException e) {
            throw new ConfigException("'unix-bind' : invalid mode '" + text + "' (octal integer expected)", e);
        }
    }

    private static int known(final int id, final String name, final String kind) throws ConfigException {
        if (id < 0) {
            throw new ConfigException("'unix-bind' : '" + name + "' unknown " + kind + ".");
        }
        return id;
    }

    private static void spreadChecks(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        if (global.isSet(GlobalOptions.SPREAD_CHECKS)) {
            context.harmlessAlert("spread-checks already specified. Continuing.");
            return;
        }
        if (line.size() < 2) {
            throw ConfigException.tight("'spread-checks' expects an integer argument (0..50).");
        }
        final long percent = Units.leadingInteger(line.word(1));
        if (percent < 0 || percent > MAX_SPREAD) {
            throw ConfigException.tight("'spread-checks' needs a positive value in range 0..50.");
        }
        global.set(GlobalOptions.SPREAD_CHECKS, (int) percent);
    }

    private static void maxSpreadChecks(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        final Units.Parsed parsed = Units.time(line.word(1), Units.TimeUnit.MS);
        if (line.size() < 2) {
            throw ConfigException.tight("'max-spread-checks' expects an integer argument (0..50).");
        }
        if (parsed.verdict() == Units.Verdict.UNEXPECTED) {
            throw ConfigException.tight("unsupported character '" + parsed.unexpected()
                    + "' in 'max-spread-checks' (wants an integer delay).");
        }
        if (!parsed.isOk()) {
            throw ConfigException.tight("timer overflow in argument <" + line.word(1)
                    + "> to <max-spread-checks>, maximum value is 2147483647 ms (~24.8 days).");
        }
        global.set(GlobalOptions.MAX_SPREAD_CHECKS_MS, parsed.value());
    }

    private static void localPeer(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        if (line.size() < 2) {
            throw new ConfigException("'localpeer' expects a name as an argument.");
        }
        if (global.isSet(GlobalOptions.LOCAL_PEER)) {
            context.warning("'localpeer' ignored since it is already set by using the '-L' command line argument.");
            return;
        }
        global.set(GlobalOptions.LOCAL_PEER, line.word(1));
        context.configuration().environment().set("HAPROXY_LOCALPEER", line.word(1));
    }
}
