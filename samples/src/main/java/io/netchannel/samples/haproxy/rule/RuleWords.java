package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Use;

/** The words of a rule from its action on, and where it stands. */
final class RuleWords {

    private final Line line;
    private final ProxySection section;
    private final ParseContext context;
    private final RuleKind kind;
    private int at;

    /** @param at index of the action's name */
    RuleWords(final Line line, final int at, final ProxySection section, final ParseContext context,
            final RuleKind kind) {
        this.line = line;
        this.at = at + 1;
        this.section = section;
        this.context = context;
        this.kind = kind;
        this.action = line.word(at);
    }

    private final String action;

    /** The action as it was written, with what stands in its parentheses. */
    String action() {
        return action;
    }

    Line line() {
        return line;
    }

    ProxySection section() {
        return section;
    }

    ParseContext context() {
        return context;
    }

    RuleKind kind() {
        return kind;
    }

    int position() {
        return at;
    }

    boolean hasNext() {
        return at < line.size();
    }

    /** The next word without taking it; "" after the last. */
    String peek() {
        return line.word(at);
    }

    String peek(final int ahead) {
        return line.word(at + ahead);
    }

    String next() {
        final String word = line.word(at);
        at++;
        return word;
    }

    boolean takeIf(final String word) {
        if (hasNext() && peek().equals(word)) {
            at++;
            return true;
        }
        return false;
    }

    /** Whether the rule's own part ends at the word {@code ahead} of the next. */
    boolean endsAt(final int ahead) {
        final String word = peek(ahead);
        return word.isEmpty() || "if".equals(word) || "unless".equals(word);
    }

    String next(final String missing) throws ConfigException {
        if (peek().isEmpty()) {
            throw new ConfigException(missing);
        }
        return next();
    }

    ParsePlace place() {
        return place(kind.use());
    }

    ParsePlace place(final Use use) {
        return new ParsePlace(line, section, context, use);
    }

    /** An expression whose fetch has an answer where this rule stands. */
    Expression expression() throws ConfigException {
        return expression(kind.use());
    }

    Expression expression(final Use use) throws ConfigException {
        final Expression expression = Expression.parse(line.words(), at, place(use));
        at = expression.end();
        if ((expression.points() & kind.points(section)) == 0) {
            throw new ConfigException("fetch method '" + expression.name() + "' extracts information from '"
                    + expression.originNames() + "', none of which is available here");
        }
        return expression;
    }

    LogFormat format(final String text) throws ConfigException {
        return LogFormat.parseHttp(text, place(), kind.points(section));
    }

    /** The text between parentheses behind {@code name}, or null if the action isn't {@code name(…)}. */
    String inParentheses(final String name) {
        return action.startsWith(name + "(") && action.endsWith(")")
                ? action.substring(name.length() + 1, action.length() - 1)
                : null;
    }

    /** @return milliseconds */
    static long time(final String text, final String overflow, final String underflow) throws ConfigException {
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
        return switch (parsed.verdict()) {
            case OK -> parsed.value();
            case OVERFLOW -> throw new ConfigException(overflow);
            case UNDERFLOW -> throw new ConfigException(underflow);
            case UNEXPECTED -> throw new ConfigException("unexpected character '" + parsed.unexpected() + "'");
        };
    }
}
