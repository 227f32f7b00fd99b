package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.List;

/** What parsers of lines share: the configuration so far, what there is to say, and what is to be looked at in the end. */
public final class ParseContext {

    /** Looks at something when all files are read. */
    @FunctionalInterface
    public interface Check {

        /** @throws ConfigException an alert, by its whole text */
        void check(ParseContext context) throws ConfigException;
    }

    private final Configuration configuration;
    private final Keywords keywords;
    private final Diagnostics diagnostics;
    private final List<Check> checks = new ArrayList<>();
    private Line line;
    private String sectionKeyword = "";
    private Modifier modifier = Modifier.NONE;

    public ParseContext(final Configuration configuration, final Keywords keywords, final Diagnostics diagnostics) {
        this.configuration = configuration;
        this.keywords = keywords;
        this.diagnostics = diagnostics;
    }

    public Configuration configuration() {
        return configuration;
    }

    public Diagnostics diagnostics() {
        return diagnostics;
    }

    Keywords keywords() {
        return keywords;
    }

    /** {@code parsing [file:line]} of the current line, for messages of later. */
    public String place() {
        return line.place();
    }

    /** For {@code ${NAME}} outside quotes, which addresses and paths of logs may have: unset is empty. */
    public String expand(final String text) {
        return configuration.environment().expand(text);
    }

    void enter(final Line newLine, final Modifier newModifier) {
        line = newLine;
        modifier = newModifier;
    }

    void enterSection(final String keyword) {
        sectionKeyword = keyword;
    }

    /** The keyword that opened the section of the current line. */
    String sectionKeyword() {
        return sectionKeyword;
    }

    /** {@code no} or {@code default} before the keyword; only {@code option}, {@code log} and few others can have it. */
    public Modifier modifier() {
        return modifier;
    }

    /** Behind the place of the current line, if there is one. */
    public void warning(final String text) {
        diagnostics.add(Diagnostics.Severity.WARNING, placed(text));
    }

    /** Goes on, but the configuration fails. */
    public void alert(final String text) {
        diagnostics.add(Diagnostics.Severity.ALERT, placed(text));
    }

    /** An alert that doesn't make the configuration fail: haproxy has some. */
    public void harmlessAlert(final String text) {
        diagnostics.addHarmless(Diagnostics.Severity.ALERT, placed(text));
    }

    /** By its own style. */
    void alert(final ConfigException e) {
        switch (e.style()) {
            case PLACED -> alert(e.getMessage());
            case TIGHT -> tightAlert(e.getMessage());
            case WHOLE -> diagnostics.add(Diagnostics.Severity.ALERT, e.getMessage());
        }
    }

    /** With the place inside it, or none. */
    public void wholeWarning(final String text) {
        diagnostics.add(Diagnostics.Severity.WARNING, text);
    }

    /** Some of haproxy's messages have no space before the colon. */
    public void tightWarning(final String text) {
        tight(Diagnostics.Severity.WARNING, text);
    }

    public void tightAlert(final String text) {
        tight(Diagnostics.Severity.ALERT, text);
    }

    void tight(final Diagnostics.Severity severity, final String text) {
        diagnostics.add(severity, "parsing " + line.place() + ": " + text);
    }

    private String placed(final String text) {
        return line == null ? text : "parsing " + line.place() + " : " + text;
    }

    /** In the order in which they were asked for. */
    public void afterParsing(final Check check) {
        checks.add(check);
    }

    void checkFirst(final Check check) {
        checks.addFirst(check);
    }

    /** Runs the checks, also those that checks ask for. */
    void runChecks() {
        line = null;
        for (int i = 0; i < checks.size(); i++) {
            try {
                checks.get(i).check(this);
            } catch (final ConfigException e) {
                diagnostics.add(Diagnostics.Severity.ALERT, e.getMessage());
            }
        }
        checks.clear();
    }

    // -- what several parsers check

    /** @return whether the section has no frontend: it warned then, and the line is of no effect */
    public boolean ignoredWithoutFrontend(final ProxySection section, final Line keyword) {
        if (section.hasFrontend()) {
            return false;
        }
        warning("'" + named(keyword) + "' ignored because " + section + " has no frontend capability.");
        return true;
    }

    /** @return whether the section has no backend: it warned then, and the line is of no effect */
    public boolean ignoredWithoutBackend(final ProxySection section, final Line keyword) {
        if (section.hasBackend()) {
            return false;
        }
        warning("'" + named(keyword) + "' ignored because " + section + " has no backend capability.");
        return true;
    }

    private static String named(final Line line) {
        return line.word("option".equals(line.word(0)) ? 1 : 0);
    }

    /** @throws ConfigException if the line has more than {@code max} words behind the first {@code 1 + index} */
    public static void noMoreThan(final int max, final int index, final Line line) throws ConfigException {
        if (line.size() > index + max + 1) {
            throw new ConfigException("'" + String.join(" ", line.words().subList(0, index + 1))
                    + "' cannot handle unexpected argument '" + line.word(index + max + 1) + "'.");
        }
    }

    /** @throws ConfigException if the line has more than {@code max} words behind the first */
    public static void noMoreThan(final int max, final Line line) throws ConfigException {
        noMoreThan(max, 0, line);
    }

    /** @throws ConfigException in a defaults section */
    public static void notInDefaults(final ProxySection section, final Line line) throws ConfigException {
        if (section.kind() == SectionKind.DEFAULTS) {
            throw new ConfigException("'" + line.word(0) + "' not allowed in 'defaults' section.");
        }
    }

    /**
     * A time as options of servers and binds, and most keywords, take it.
     *
     * @param what as the message has it: {@code <inter> of server}
     * @return of {@code unit}
     */
    public static long time(final String text, final Units.TimeUnit unit, final String what) throws ConfigException {
        final Units.Parsed parsed = Units.time(text, unit);
        return switch (parsed.verdict()) {
            case OK -> parsed.value();
            case OVERFLOW -> throw new ConfigException("timer overflow in argument <" + text + "> to " + what
                    + ", maximum value is 2147483647 ms (~24.8 days).");
            case UNDERFLOW -> throw new ConfigException("timer underflow in argument <" + text + "> to " + what
                    + ", minimum non-null value is 1 ms.");
            case UNEXPECTED -> throw new ConfigException("unexpected character '" + parsed.unexpected()
                    + "' in argument to " + what + ".");
        };
    }

    /** @throws ConfigException naming the range */
    public static long integer(final String text, final long min, final long max, final String what)
            throws ConfigException {
        final long value;
        try {
            value = Long.parseLong(text);
        } catch (final NumberFormatException e) {
            throw new ConfigException("'" + what + "' expects an integer argument, got '" + text + "'.", e);
        }
        if (value < min || value > max) {
            throw new ConfigException("'" + what + "' expects a value between " + min + " and " + max + ", got '" + text
                    + "'.");
        }
        return value;
    }
}
