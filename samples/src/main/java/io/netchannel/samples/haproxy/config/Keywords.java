package io.netchannel.samples.haproxy.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Which keywords there are, and who reads them. */
public final class Keywords {

    private final Map<String, KeywordParser.Global> global;
    private final Map<String, KeywordParser> proxy;
    private final Map<String, KeywordParser> options;
    private final Map<String, KeywordParser.Bind> bind;
    private final Map<String, KeywordParser.Server> server;
    private final Map<String, Supplier<KeywordParser.Section>> sections;

    private Keywords(final Builder builder) {
        global = builder.global;
        proxy = builder.proxy;
        options = builder.options;
        bind = builder.bind;
        server = builder.server;
        sections = builder.sections;
    }

    KeywordParser.Global global(final String name) {
        return global.get(name);
    }

    KeywordParser proxy(final String name) {
        return proxy.get(name);
    }

    /** After the word {@code option}. */
    KeywordParser option(final String name) {
        return options.get(name);
    }

    KeywordParser.Bind bind(final String name) {
        return bind.get(name);
    }

    KeywordParser.Server server(final String name) {
        return server.get(name);
    }

    /** @return a parser for one section of that name, or null */
    KeywordParser.Section section(final String name) {
        final Supplier<KeywordParser.Section> parser = sections.get(name);
        return parser == null ? null : parser.get();
    }

    Collection<String> globalNames() {
        return global.keySet();
    }

    Collection<String> proxyNames() {
        return proxy.keySet();
    }

    Collection<String> optionNames() {
        return options.keySet();
    }

    Collection<String> bindNames() {
        return bind.keySet();
    }

    Collection<String> serverNames() {
        return server.keySet();
    }

    /** Each name has one reader: a second registration is a mistake of ours. */
    public static final class Builder {

        private final Map<String, KeywordParser.Global> global = new LinkedHashMap<>();
        private final Map<String, KeywordParser> proxy = new LinkedHashMap<>();
        private final Map<String, KeywordParser> options = new LinkedHashMap<>();
        private final Map<String, KeywordParser.Bind> bind = new LinkedHashMap<>();
        private final Map<String, KeywordParser.Server> server = new LinkedHashMap<>();
        private final Map<String, Supplier<KeywordParser.Section>> sections = new LinkedHashMap<>();

        public Builder global(final String name, final KeywordParser.Global parser) {
            return put(global, name, parser);
        }

        /** In all four kinds of a proxy's section; see {@link ParseContext#ignoredWithoutBackend} and its like. */
        public Builder proxy(final String name, final KeywordParser parser) {
            return put(proxy, name, parser);
        }

        /** {@code option NAME}, also with {@code no} and {@code default} before it: see {@link ParseContext#modifier}. */
        public Builder option(final String name, final KeywordParser parser) {
            return put(options, name, parser);
        }

        public Builder bind(final String name, final KeywordParser.Bind parser) {
            return put(bind, name, parser);
        }

        public Builder server(final String name, final KeywordParser.Server parser) {
            return put(server, name, parser);
        }

        /** @param parser makes one for each section of that name */
        public Builder section(final String name, final Supplier<KeywordParser.Section> parser) {
            return put(sections, name, parser);
        }

        private <P> Builder put(final Map<String, P> table, final String name, final P parser) {
            if (table.putIfAbsent(name, parser) != null) {
                throw new IllegalStateException("keyword " + name + " is registered twice");
            }
            return this;
        }

        /** Sections that nobody reads: refused by their names. */
        private static final List<String> REFUSED = List.of("peers", "resolvers", "mailers", "cache", "program",
                "ring", "log-forward", "userlist", "http-errors");
        /** Keywords of proxies that nobody reads. */
        private static final List<String> REFUSED_KEYWORDS = List.of("use-fcgi-app", "email-alert",
                "http-check", "tcp-check", "declare");
        /** Behind {@code option}. */
        private static final List<String> REFUSED_OPTIONS = List.of("httpchk", "ssl-hello-chk", "smtpchk",
                "pgsql-check", "redis-check", "mysql-check", "ldap-check", "spop-check", "tcp-check");

        public Keywords build() {
            REFUSED_KEYWORDS.forEach(name -> proxy.putIfAbsent(name, (line, section, context) -> {
                throw new ConfigException("'" + name + "' is not supported by this build.");
            }));
            REFUSED_OPTIONS.forEach(name -> options.putIfAbsent(name, (line, section, context) -> {
                throw new ConfigException("option '" + name + "' is not supported by this build.");
            }));
            REFUSED.forEach(name -> sections.putIfAbsent(name, () -> new RefusedSection(name)));
            return new Keywords(this);
        }
    }
}
