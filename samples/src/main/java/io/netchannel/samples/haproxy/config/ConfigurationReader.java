package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the files of one configuration, then checks what they say together.
 *
 * <p>Text is ISO 8859-1: each char is a byte of the file.
 */
public final class ConfigurationReader {

    private static final int MAX_WORDS = 64;
    private static final int MAX_ERRORS = 50;
    private static final int MAX_SHOWN = 80;

    /** What may stand behind {@code no} or {@code default}. */
    private static final Set<String> MODIFIABLE = Set.of("option", "log", "busy-polling", "set-dumpable",
            "strict-limits", "insecure-fork-wanted", "numa-cpu-mapping");

    private final Configuration configuration;
    private final ParseContext context;
    private final SectionReader sections;
    private String file;
    private int number;
    private int errors;

    public ConfigurationReader(final Configuration configuration, final Keywords keywords,
            final Diagnostics diagnostics) {
        this.configuration = configuration;
        this.context = new ParseContext(configuration, keywords, diagnostics);
        this.sections = new SectionReader(context);
    }

    /**
     * Reads one file's text; what is wrong with it is in the diagnostics.
     *
     * @return false if it is so wrong that nothing more is to be read
     */
    public boolean read(final String name, final String text) {
        file = name;
        number = 0;
        errors = 0;
        sections.leave();
        final Preprocessor preprocessor = new Preprocessor(context);
        try {
            lines(text, preprocessor);
            context.enter(new Line(file, number, List.of()), Modifier.NONE);
            sections.end();
            if (preprocessor.isOpen()) {
                throw ConfigException.tight("non-terminated '.if' block.").aborting();
            }
        } catch (final ConfigException e) {
            context.alert(e);
            return !e.isAborting();
        }
        return true;
    }

    /** {@code -S} of the command line. */
    public void masterSocket(final String text) {
        try {
            StatsKeywords.master(text, context);
        } catch (final ConfigException e) {
            context.alert(e);
        }
    }

    /** After the last file. */
    public Configuration finish() {
        context.checkFirst(check -> new ProxyChecks(check).run());
        context.runChecks();
        return configuration;
    }

    private void lines(final String text, final Preprocessor preprocessor) throws ConfigException {
        int from = 0;
        while (from < text.length() && !preprocessor.isStopped()) {
            final int feed = text.indexOf('\n', from);
            final int end = feed < 0 ? text.length() : feed;
            final String line = text.substring(from, end);
            number++;
            final int zero = line.indexOf('\0');
            context.enter(new Line(file, number, List.of(line)), Modifier.NONE);
            if (errors >= MAX_ERRORS) {
                context.tightAlert("too many fatal errors (" + errors + "), stopping now.");
                return;
            }
            line(zero < 0 ? line : line.substring(0, zero), preprocessor);
            if (zero >= 0) {
                context.enter(new Line(file, number, List.of()), Modifier.NONE);
                throw ConfigException.tight("Stray NUL character at position " + (zero + 1) + ".");
            }
            if (feed < 0) {
                context.enter(new Line(file, number, List.of()), Modifier.NONE);
                context.tightAlert("Missing LF on last line, file might have been truncated at position "
                        + (line.length() + 1) + ".");
            }
            from = end + 1;
        }
    }

    private void line(final String text, final Preprocessor preprocessor) throws ConfigException {
        try {
            final List<String> words = words(text);
            if (words.isEmpty() || preprocessor.line(words)) {
                return;
            }
            keywords(words);
        } catch (final ConfigException e) {
            if (e.isAborting()) {
                throw e;
            }
            context.alert(e);
            errors++;
        }
    }

    private void keywords(final List<String> words) throws ConfigException {
        Modifier modifier = Modifier.NONE;
        if ("no".equals(words.getFirst()) || "default".equals(words.getFirst())) {
            modifier = "no".equals(words.removeFirst()) ? Modifier.NO : Modifier.DEFAULT;
        }
        final Line line = new Line(file, number, words);
        context.enter(line, modifier);
        if (modifier != Modifier.NONE && !MODIFIABLE.contains(line.word(0))) {
            context.tightAlert("negation/default currently supported only for options, log, busy-polling, set-dumpable,"
                    + " strict-limits, insecure-fork-wanted and numa-cpu-mapping.");
        }
        sections.line(line);
    }

    /** Of a line; none if it is empty. */
    private List<String> words(final String text) throws ConfigException {
        int indent = 0;
        while (indent < text.length() && Lexer.isSpace(text.charAt(indent))) {
            indent++;
        }
        final String line = text.substring(indent);
        final List<String> words;
        try {
            words = new ArrayList<>(Lexer.split(line, this::variable));
        } catch (final LexerException e) {
            final Printable shown = Printable.around(line, e.position(), MAX_SHOWN);
            throw ConfigException.tight(e.getMessage() + " at position " + (indent + e.position() + 1) + ":\n  "
                    + shown.text() + "\n  " + " ".repeat(shown.position()) + "^");
        }
        if (words.size() > MAX_WORDS) {
            final int position = words.subList(0, MAX_WORDS - 1).stream().mapToInt(word -> word.length() + 1).sum();
            throw ConfigException.tight("too many words, truncating after word " + MAX_WORDS + ", position "
                    + (position + 1) + ": <" + words.get(MAX_WORDS - 1) + ">.");
        }
        // White space at the end made an empty word; for haproxy's parsers an empty one is the end anyway.
        while (!words.isEmpty() && words.getLast().isEmpty()) {
            words.removeLast();
        }
        return words.isEmpty() || words.getFirst().isEmpty() ? List.of() : words;
    }

    private String variable(final String name) {
        return switch (name) {
            case ".FILE" -> file;
            case ".LINE" -> Integer.toString(number);
            case ".SECTION" -> sections.section();
            default -> name.startsWith(".") ? null : configuration.environment().get(name);
        };
    }
}
