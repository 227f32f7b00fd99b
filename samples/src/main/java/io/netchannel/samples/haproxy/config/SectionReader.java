package io.netchannel.samples.haproxy.config;

import java.util.Map;

/** Gives each line to who reads it: knows in which section it stands. */
final class SectionReader {

    private static final String GLOBAL = "global";
    private static final Map<String, SectionKind> PROXIES = Map.of("defaults", SectionKind.DEFAULTS, "frontend",
            SectionKind.FRONTEND, "backend", SectionKind.BACKEND, "listen", SectionKind.LISTEN);

    private final ParseContext context;
    private final Keywords keywords;
    private final ProxyOpener opener;
    /** The keyword that opened the section, "" for none. */
    private String keyword = "";
    private String name = "";
    private ProxySection proxy;
    private KeywordParser.Section other;

    SectionReader(final ParseContext context) {
        this.context = context;
        this.keywords = context.keywords();
        this.opener = new ProxyOpener(context);
    }

    /** The name of the section, or its keyword if it has none: {@code ${.SECTION}}. */
    String section() {
        return name;
    }

    void line(final Line line) throws ConfigException {
        final String word = line.word(0);
        final SectionKind kind = PROXIES.get(word);
        final KeywordParser.Section parser = kind == null ? keywords.section(word) : null;
        if (kind != null || parser != null || GLOBAL.equals(word)) {
            end();
            leave();
            keyword = word;
            name = line.size() > 1 ? line.word(1) : word;
            context.enterSection(word);
            if (kind != null) {
                proxy = opener.open(kind, line);
            } else if (parser != null) {
                other = parser;
                parser.begin(line, context);
            } else {
                ParseContext.noMoreThan(0, line);
            }
        } else if (PROXIES.containsKey(keyword)) {
            proxyLine(line);
        } else if (other != null) {
            other.line(line, context);
        } else if (GLOBAL.equals(keyword)) {
            globalLine(line);
        } else {
            throw ConfigException.tight("unknown keyword '" + word + "' out of section.");
        }
    }

    /** A section doesn't go on in the next file. */
    void leave() {
        keyword = "";
        name = "";
        proxy = null;
        other = null;
    }

    /** Nothing follows in this section. */
    void end() throws ConfigException {
        final KeywordParser.Section ended = other;
        other = null;
        if (ended != null) {
            ended.end(context);
        }
    }

    private void proxyLine(final Line line) throws ConfigException {
        if (proxy == null) {
            // Its opening line was wrong: that was said, and haproxy goes on so.
            throw new ConfigException("'listen' or 'defaults' expected.");
        }
        final KeywordParser parser = keywords.proxy(line.word(0));
        if (parser == null) {
            throw unknown(line.word(0), keywords.proxyNames());
        }
        parser.parse(line, proxy, context);
    }

    private void globalLine(final Line line) throws ConfigException {
        final KeywordParser.Global parser = keywords.global(line.word(0));
        if (parser == null) {
            throw unknown(line.word(0), keywords.globalNames());
        }
        parser.parse(line, context.configuration().global(), context);
    }

    private ConfigException unknown(final String word, final Iterable<String> known) {
        final String nearest = NearestWord.of(word, known);
        return new ConfigException("unknown keyword '" + word + "' in '" + keyword + "' section"
                + (nearest == null ? "" : "; did you mean '" + nearest + "' maybe ?"));
    }
}
