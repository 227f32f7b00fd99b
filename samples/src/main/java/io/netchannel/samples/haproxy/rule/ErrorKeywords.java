package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.KeywordParser;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.http.ErrorMessages;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code errorfile}, {@code errorloc}, {@code errorfiles}, {@code http-error} and {@code http-errors} sections. */
final class ErrorKeywords {

    /** What one line gives: an answer for a status, or those of a section. Later lines win. */
    private sealed interface Source {
    }

    private record One(int status, ReplyTemplate template) implements Source {
    }

    /** @param statuses empty: all that the section has */
    private record FromSection(String name, List<Integer> statuses, Line line) implements Source {
    }

    private static final Setting<List<Source>> SOURCES = Setting.list("error answers");
    private static final Setting<Boolean> RESOLVED_LATER = Setting.of("error answers are looked up", false);

    private ErrorKeywords() {
    }

    static void register(final Keywords.Builder keywords) {
        keywords.proxy("errorfile", (line, section, context) -> add(section, context, file(line)));
        keywords.proxy("errorloc", (line, section, context) -> add(section, context, location(line)));
        keywords.proxy("errorloc302", (line, section, context) -> add(section, context, location(line)));
        keywords.proxy("errorloc303", (line, section, context) -> add(section, context, location(line)));
        keywords.proxy("errorfiles", (line, section, context) -> add(section, context, files(line)));
        keywords.proxy("http-error", (line, section, context) -> add(section, context,
                described(line, section, context)));
        keywords.section("http-errors", Section::new);
    }

    private static void add(final ProxySection section, final ParseContext context, final Source source) {
        section.append(SOURCES, source);
        final GlobalSettings global = context.configuration().global();
        if (!global.get(RESOLVED_LATER)) {
            global.set(RESOLVED_LATER, true);
            context.afterParsing(ErrorKeywords::resolve);
        }
    }

    private static int status(final Line line) throws ConfigException {
        final int status = (int) Units.leadingInteger(line.word(1));
        if (!ErrorMessages.isKnown(status)) {
            throw new ConfigException(line.word(0) + " : status code '" + status + "' not handled.");
        }
        return status;
    }

    private static Source file(final Line line) throws ConfigException {
        if (line.word(1).isEmpty() || line.word(2).isEmpty()) {
            throw new ConfigException("errorfile : expects <status_code> and <file> as arguments.");
        }
        try {
            return new One(status(line), ReplyTemplate.OfFile.of(status(line),
                    ErrorFile.load(line.word(2), ReplyParser.BUFFER_BYTES)));
        } catch (final ConfigException e) {
            throw e.getMessage().startsWith("errorfile :")
                    ? e
                    : new ConfigException("errorfile : " + e.getMessage(), e);
        }
    }

    private static Source location(final Line line) throws ConfigException {
        if (line.word(1).isEmpty() || line.word(2).isEmpty()) {
            throw new ConfigException(line.word(0) + " : expects <status_code> and <url> as arguments.");
        }
        final boolean seeOther = "errorloc303".equals(line.word(0));
        final HttpMessage head = HttpMessage.response(seeOther ? 303 : 302, seeOther ? "See Other" : "Found", 1);
        head.add("Cache-Control", "no-cache");
        head.add("Content-length", "0");
        head.add("Location", line.word(2));
        final int status = status(line);
        return new One(status, new ReplyTemplate.OfFile(status, Reply.of(head, true)));
    }

    private static Source files(final Line line) throws ConfigException {
        if (line.word(1).isEmpty()) {
            throw new ConfigException("errorfiles : expects <name> as argument.");
        }
        final List<Integer> statuses = new ArrayList<>();
        for (int i = 2; i < line.size(); i++) {
            final int status = (int) Units.leadingInteger(line.word(i));
            if (!ErrorMessages.isKnown(status)) {
                throw new ConfigException("errorfiles : status code '" + status + "' not handled.");
            }
            statuses.add(status);
        }
        return new FromSection(line.word(1), List.copyOf(statuses), line);
    }

    private static Source described(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        final RuleWords words = new RuleWords(line, 0, section, context, RuleKind.HTTP_REQUEST);
        final ReplyParser parser = new ReplyParser(words, 0);
        final ReplyTemplate template;
        try {
            template = parser.parse();
        } catch (final ConfigException e) {
            throw new ConfigException("http-error : " + e.getMessage(), e);
        }
        if (parser.status() == 0) {
            throw new ConfigException("http-error : expects at least a <status> as arguments.");
        }
        if (!ErrorMessages.isKnown(parser.status())) {
            throw new ConfigException("http-error: status code '" + parser.status() + "' not handled.");
        }
        if (words.hasNext()) {
            throw new ConfigException("http-error : unknown keyword '" + words.peek() + "'.");
        }
        if (template instanceof ReplyTemplate.OfProxy) {
            // default-errorfiles: this is what the proxy's is, so it can only be haproxy's own.
            return new One(parser.status(), new ReplyTemplate.BuiltIn(parser.status()));
        }
        return parser.section() == null
                ? new One(parser.status(), template)
                : new FromSection(parser.section(), List.of(parser.status()), line);
    }

    /** When all sections are known: what each proxy answers. */
    private static void resolve(final ParseContext context) throws ConfigException {
        final Map<String, HttpErrors> sections = context.configuration().global().get(RuleSettings.SECTIONS);
        for (final ProxySection proxy : context.configuration().proxies()) {
            final Map<Integer, ReplyTemplate> replies = new HashMap<>();
            for (final Source source : proxy.get(SOURCES)) {
                switch (source) {
                    case One(int status, ReplyTemplate template) -> replies.put(status, template);
                    case FromSection from -> take(proxy, from, sections.get(from.name), replies, context);
                }
            }
            proxy.set(RuleSettings.ERROR_REPLIES, Map.copyOf(replies));
        }
    }

    private static void take(final ProxySection proxy, final FromSection from, final HttpErrors errors,
            final Map<Integer, ReplyTemplate> replies, final ParseContext context) throws ConfigException {
        final String where = " (at " + from.line.file() + ":" + from.line.number() + ").";
        if (errors == null) {
            throw new ConfigException("proxy '" + proxy.name() + "': unable to find http-errors section '" + from.name
                    + "'" + where);
        }
        final Iterable<Integer> statuses = from.statuses.isEmpty() ? errors.statuses() : from.statuses;
        for (final int status : statuses) {
            if (errors.get(status) == null) {
                context.warning("config: proxy '" + proxy.name() + "' : status '" + status
                        + "' not declared in http-errors section '" + from.name + "'" + where);
            } else {
                replies.put(status, new ReplyTemplate.OfSection(status, errors));
            }
        }
    }

    /** {@code http-errors NAME}. */
    private static final class Section implements KeywordParser.Section {

        private HttpErrors errors;

        @Override
        public void begin(final Line line, final ParseContext context) throws ConfigException {
            final String name = line.word(1);
            if (name.isEmpty()) {
                throw new ConfigException("missing name for http-errors section.");
            }
            final GlobalSettings global = context.configuration().global();
            final HttpErrors other = global.get(RuleSettings.SECTIONS).get(name);
            if (other != null) {
                context.tightAlert(
                        "http-errors section '" + name + "' already exists (declared at " + other.declaredAt()
                                + ").");
            }
            errors = new HttpErrors(name, line.file(), line.number());
            final Map<String, HttpErrors> all = new HashMap<>(global.get(RuleSettings.SECTIONS));
            all.put(name, errors);
            global.set(RuleSettings.SECTIONS, Map.copyOf(all));
        }

        @Override
        public void line(final Line line, final ParseContext context) throws ConfigException {
            if (!"errorfile".equals(line.word(0))) {
                throw new ConfigException("unknown keyword '" + line.word(0) + "' in 'http-errors' section");
            }
            if (line.word(1).isEmpty() || line.word(2).isEmpty()) {
                throw new ConfigException("errorfile: expects <status_code> and <file> as arguments.");
            }
            if (file(line) instanceof One(int status, ReplyTemplate.OfFile template)) {
                errors.put(status, template.reply());
            }
        }

        @Override
        public void end(final ParseContext context) {
            // Each line is complete.
        }
    }
}
