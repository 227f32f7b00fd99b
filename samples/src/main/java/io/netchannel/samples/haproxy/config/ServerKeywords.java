package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import java.util.List;

/** {@code server}, {@code default-server} and {@code server-template}: the lines as a whole. */
final class ServerKeywords {

    /** Of options with a value that make no sense in default-server. */
    private static final String ID = "id";

    private static final String NOT_IMPLEMENTED = "' option is not implemented in this version (check build options)";

    private ServerKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("server", ServerKeywords::server).proxy("default-server", ServerKeywords::defaultServer)
                .proxy("server-template", ServerKeywords::template);
        ServerTrafficKeywords.register(builder);
        ServerHealthKeywords.register(builder);
    }

    static ConfigException notImplemented(final String option) {
        return new ConfigException("'" + option + NOT_IMPLEMENTED);
    }

    private static void server(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        mayHaveServers(line, section);
        if (line.size() < 3) {
            throw at(line, "'server' expects <name> and <addr>[:<port>] as arguments.");
        }
        final String name = line.word(1);
        final int invalid = Names.invalid(name);
        if (invalid >= 0) {
            throw at(line, "character '" + Names.charAt(name, invalid) + "' is not permitted in server name '" + name
                    + "'.");
        }
        section.append(ProxySettings.SERVERS, read(name, line, 2, section, context));
    }

    private static ServerSettings read(final String name, final Line line, final int addressAt,
            final ProxySection section, final ParseContext context) throws ConfigException {
        final ServerSettings server = new ServerSettings(name, line.file(), line.number(),
                section.get(ProxySettings.DEFAULT_SERVER));
        final String place = "'server " + section.name() + "/" + name + "' : ";
        try {
            server.set(ServerOptions.ADDRESS, AddressParser.parse(line.word(addressAt), AddressParser.SERVER, "",
                    context.configuration().environment()).address());
        } catch (final ConfigException e) {
            throw at(line, place + e.getMessage());
        }
        options(new ServerLine(new WordCursor(line, addressAt + 1), section, false), server, place, context);
        if (server.get(ServerOptions.CHECK) && server.get(ServerTraffic.TRACK) != null) {
            throw at(line, place + "unable to enable checks and tracking at the same time!");
        }
        if (server.get(ServerOptions.AGENT_CHECK) && server.get(ServerOptions.AGENT_PORT) == 0
                && server.get(ServerOptions.CHECK_PORT) == 0) {
            throw at(line, place + "server " + name
                    + " does not have agent port. Agent check has been disabled.");
        }
        return server;
    }

    private static void defaultServer(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        mayHaveBackend(line, section);
        final ServerSettings server = new ServerSettings("", line.file(), line.number(),
                section.get(ProxySettings.DEFAULT_SERVER));
        options(new ServerLine(new WordCursor(line, 1), section, true), server, "", context);
        section.set(ProxySettings.DEFAULT_SERVER, server);
    }

    private static void template(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        mayHaveServers(line, section);
        if (line.size() < 4) {
            throw at(line, "'server-template' expects <prefix> <nb | range> <addr>[:<port>] as arguments.");
        }
        final String prefix = line.word(1);
        final int invalid = Names.invalidInDomain(prefix);
        if (invalid >= 0) {
            throw at(line, "character '" + Names.charAt(prefix, invalid)
                    + "' is not permitted in server-template prefix '" + prefix + "'.");
        }
        final String range = line.word(2);
        final int dash = range.indexOf('-');
        final long low = dash < 0 ? 1 : Units.leadingInteger(range);
        final long high = Units.leadingInteger(range.substring(dash + 1));
        if (low < 0 || high < low || high > 0xffff) {
            throw at(line, "Wrong server-template number or range arg '" + range + "'.");
        }
        final ServerSettings first = read(prefix + low, line, 3, section, context);
        for (long i = low; i <= high; i++) {
            section.append(ProxySettings.SERVERS, new ServerSettings(prefix + i, line.file(), line.number(), first));
        }
    }

    private static void options(final ServerLine line, final ServerSettings server, final String place,
            final ParseContext context) throws ConfigException {
        while (line.words().hasNext()) {
            final String name = line.words().next();
            final KeywordParser.Server parser = context.keywords().server(name);
            if (parser == null) {
                final String nearest = NearestWord.of(name, context.keywords().serverNames());
                throw at(line.words().line(), place + "unknown keyword '" + name + (nearest == null
                        ? "'."
                        : "'; did you mean '" + nearest + "' maybe ?")
                        + (line.isDefault() ? " Hint: no address was expected for this server." : ""));
            }
            if (line.isDefault() && ID.equals(name)) {
                context.diagnostics().addHarmless(Diagnostics.Severity.ALERT, line.words().line().place()
                        + " : 'id' option is not accepted in default-server sections");
                line.words().next();
                continue;
            }
            try {
                parser.parse(line, server, context);
            } catch (final ConfigException e) {
                final String message = e.getMessage();
                // So haproxy ends them: with a dot of its own.
                throw at(line.words().line(), place + message + (message.endsWith(NOT_IMPLEMENTED) ? "" : "."));
            }
        }
    }

    private static void mayHaveServers(final Line line, final ProxySection section) throws ConfigException {
        if (section.kind() == SectionKind.DEFAULTS) {
            throw at(line, "'" + line.word(0) + "' not allowed in 'defaults' section.");
        }
        mayHaveBackend(line, section);
    }

    private static void mayHaveBackend(final Line line, final ProxySection section) throws ConfigException {
        if (!section.hasBackend()) {
            throw at(line, "parsing " + line.place() + " : '" + line.word(0) + "' not allowed because " + section
                    + " has no backend capability.");
        }
    }

    /** As messages about servers name the place: without "parsing". */
    private static ConfigException at(final Line line, final String message) {
        return ConfigException.whole(line.place() + " : " + message);
    }

    /** Place and name of a server, before a message about it. */
    static String describe(final ProxySection section, final ServerSettings server) {
        return "[" + server.file() + ":" + server.line() + "] : 'server " + section.name() + "/" + server.name()
                + "' : ";
    }

    /** The servers of the sections, for a check of all. */
    static List<ServerSettings> of(final ProxySection section) {
        return section.get(ProxySettings.SERVERS);
    }
}
