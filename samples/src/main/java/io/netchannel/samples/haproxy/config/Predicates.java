package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Expressions of {@code .if}, {@code .elif} and {@code -cc}. */
public final class Predicates {

    private static final int MAX_DEPTH = 1024;

    /** Each with how many arguments it takes. */
    private static final Map<String, Integer> ARGUMENTS = Map.of("defined", 1, "feature", 1, "streq", 2, "strneq", 2,
            "version_atleast", 1, "version_before", 1, "openssl_version_atleast", 1, "openssl_version_before", 1,
            "ssllib_name_startswith", 1);

    private final UnaryOperator<String> environment;
    private String text;
    private int at;

    public Predicates(final UnaryOperator<String> environment) {
        this.environment = environment;
    }

    /**
     * As {@code -cc} has it: the text is split into words first, with quotes and variables.
     *
     * @throws LexerException whose message is to be shown
     */
    public static boolean evaluate(final String text, final UnaryOperator<String> environment) throws LexerException {
        final List<String> words;
        try {
            words = Lexer.splitCondition(text, environment);
        } catch (final LexerException e) {
            throw new LexerException(switch (e.getMessage()) {
                case "unmatched quote" -> "Syntax Error in condition: Unmatched quote.";
                case "truncated or invalid hexadecimal sequence" -> "Syntax Error in condition: Truncated or invalid "
                        + "hexadecimal sequence.";
                default -> "Unhandled error in condition, please report this to the developers.";
            }, e.position());
        }
        try {
            return new Predicates(environment).holds(String.join(" ", words));
        } catch (final LexerException e) {
            throw new LexerException("Failed to evaluate condition: " + e.getMessage(), e.position());
        }
    }

    /** @param expression empty is false */
    public boolean holds(final String expression) throws LexerException {
        if (expression.isEmpty()) {
            return false;
        }
        text = expression;
        at = 0;
        final boolean result = either(MAX_DEPTH);
        skipSpace();
        if (at < text.length()) {
            throw new LexerException("unexpected character '" + text.charAt(at)
                    + "' at the end of conditional expression '" + text + "'", at);
        }
        return result;
    }

    private boolean either(final int depth) throws LexerException {
        boolean result = both(depth - 1);
        skipSpace();
        while (text.startsWith("||", at)) {
            at += 2;
            skipSpace();
            result |= both(depth - 1);
            skipSpace();
        }
        return result;
    }

    private boolean both(final int depth) throws LexerException {
        boolean result = term(depth - 1);
        skipSpace();
        while (text.startsWith("&&", at)) {
            at += 2;
            skipSpace();
            result &= term(depth - 1);
            skipSpace();
        }
        return result;
    }

    private boolean term(final int depth) throws LexerException {
        final int from = at;
        skipSpace();
        if (at == text.length() || depth <= 0) {
            throw new LexerException("unparsable conditional sub-expression '" + text.substring(from) + "'", from);
        }
        boolean negated = false;
        while (charAt(at) == '!') {
            negated = !negated;
            at++;
            skipSpace();
        }
        final boolean result;
        if (charAt(at) >= '0' && charAt(at) <= '9' || charAt(at) == '-') {
            result = number(from);
        } else if (charAt(at) == '(') {
            at++;
            skipSpace();
            result = either(depth - 1);
            skipSpace();
            if (charAt(at) != ')') {
                throw new LexerException("expected ')' after conditional expression '" + text.substring(from) + "'",
                        from);
            }
            at++;
        } else {
            result = predicate(from);
        }
        return result != negated;
    }

    private boolean number(final int from) throws LexerException {
        final int start = at;
        boolean zero = true;
        if (charAt(at) == '-') {
            at++;
        }
        while (charAt(at) >= '0' && charAt(at) <= '9') {
            zero &= charAt(at) == '0';
            at++;
        }
        if (at == start + 1 && charAt(start) == '-') {
            throw unparsable(from);
        }
        return !zero;
    }

    private boolean predicate(final int from) throws LexerException {
        int end = at;
        while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != '(') {
            end++;
        }
        final String name = text.substring(at, end);
        final Integer count = ARGUMENTS.get(name);
        if (count == null) {
            throw unparsable(from);
        }
        at = end;
        final List<String> arguments = arguments(name, count);
        return switch (name) {
            case "defined" -> environment.apply(arguments.getFirst()) != null;
            case "feature" -> Version.FEATURES.contains(arguments.getFirst());
            case "streq" -> arguments.get(0).equals(arguments.get(1));
            case "strneq" -> !arguments.get(0).equals(arguments.get(1));
            case "version_atleast" -> Version.compareTo(arguments.getFirst()) >= 0;
            case "version_before" -> Version.compareTo(arguments.getFirst()) < 0;
            // There is no such library here.
            default -> false;
        };
    }

    private LexerException unparsable(final int from) {
        return new LexerException("unparsable conditional expression '" + text.substring(from) + "'", from);
    }

    /** In parentheses, with quotes and backslashes as arguments of fetches have them. */
    private List<String> arguments(final String name, final int count) throws LexerException {
        final List<String> arguments = new ArrayList<>();
        if (charAt(at) != '(') {
            throw new LexerException("missing arguments (got 0/" + count + "), type 'string' expected in argument 0 of "
                    + "predicate '" + name + "' used in conditional expression", at);
        }
        at++;
        final StringBuilder argument = new StringBuilder();
        char quote = 0;
        while (true) {
            final char c = charAt(at);
            if (c == 0) {
                throw new LexerException("expected ')' in argument " + (arguments.size() + (argument.isEmpty()
                        ? 0
                        : 1)) + " of predicate '" + name
                        + "' used in conditional expression", at);
            } else if (quote == 0 && (c == ')' || c == ',')) {
                arguments.add(argument.toString());
                argument.setLength(0);
                at++;
                if (c == ')') {
                    break;
                }
            } else if (c == quote) {
                quote = 0;
                at++;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                at++;
            } else {
                if (c == '\\' && quote != '\'' && at + 1 < text.length()) {
                    at++;
                }
                argument.append(text.charAt(at));
                at++;
            }
        }
        if (arguments.size() != count) {
            throw new LexerException((arguments.size() < count
                    ? "missing arguments (got " + arguments.size() + "/"
                            + count + "), type 'string' expected"
                    : "end of arguments expected at position " + (count + 1)
                            + ", but got '" + arguments.get(count) + "'")
                    + " in argument " + Math.min(arguments.size(), count) + " of predicate '" + name
                    + "' used in conditional expression", at);
        }
        return arguments;
    }

    private void skipSpace() {
        while (charAt(at) == ' ' || charAt(at) == '\t') {
            at++;
        }
    }

    private char charAt(final int index) {
        return index < text.length() ? text.charAt(index) : 0;
    }
}
