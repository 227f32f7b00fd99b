package io.netchannel.tcpip.script.code;

import io.netchannel.tcpip.script.code.CodeException.Reason;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

/** Parses and evaluates expressions in one go; values are Long, Double, String, or a List for a tuple. */
final class CodeExpression {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT_CHARS = 1 << 14;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    /** Loosest first: Python's precedence, below comparisons. */
    private static final List<List<String>> OPERATORS = List.of(List.of("|"), List.of("^"), List.of("&"),
            List.of("<<", ">>"), List.of("+", "-"), List.of("*", "/", "//", "%"));

    private final List<String> words;
    private final Map<String, Object> variables;
    private int position;
    private int depth;

    CodeExpression(final List<String> words, final Map<String, Object> variables) {
        this.words = words;
        this.variables = variables;
    }

    // -- words

    String peek() {
        return words.get(position);
    }

    String peekNext() {
        return words.get(Math.min(position + 1, words.size() - 1));
    }

    String next() {
        return words.get(position++);
    }

    boolean at(final String word) {
        return peek().equals(word);
    }

    boolean accept(final String word) {
        if (at(word) && !word.equals(CodeLexer.END)) {
            position++;
            return true;
        }
        return false;
    }

    int position() {
        return position;
    }

    String textBetween(final int start, final int end) {
        return String.join(" ", words.subList(start, end));
    }

    CodeException unsupported() {
        return new CodeException(Reason.UNSUPPORTED, "code: '" + peek() + "'");
    }

    private static CodeException failed(final String message) {
        return new CodeException(Reason.FAILED, message);
    }

    // -- precedence, loosest first

    /** One expression, or several with commas between. */
    Object tuple() throws CodeException {
        final Object first = expression();
        if (!at(",")) {
            return first;
        }
        final List<Object> values = new java.util.ArrayList<>(List.of(item(first)));
        while (accept(",")) {
            if (!at(")")) {
                values.add(item(expression()));
            }
        }
        return values;
    }

    /** Tuples of tuples double with each assignment, and nobody prints one. */
    private static Object item(final Object value) throws CodeException {
        if (value instanceof List<?>) {
            throw new CodeException(Reason.UNSUPPORTED, "code: a tuple in a tuple");
        }
        return value;
    }

    Object expression() throws CodeException {
        if (++depth > MAX_DEPTH) {
            throw new CodeException(Reason.UNSUPPORTED, "code: expressions nest deeper than MAX=" + MAX_DEPTH);
        }
        Object value = conjunction();
        while (accept("or")) {
            final Object right = conjunction();
            value = isTrue(value) ? value : right;
        }
        depth--;
        return value;
    }

    private Object conjunction() throws CodeException {
        Object value = negation();
        while (accept("and")) {
            final Object right = negation();
            value = isTrue(value) ? right : value;
        }
        return value;
    }

    private Object negation() throws CodeException {
        boolean negated = false;
        boolean any = false;
        while (accept("not")) {
            negated = !negated;
            any = true;
        }
        final Object value = comparison();
        return any ? (Object) truth(isTrue(value) != negated) : value;
    }

    private Object comparison() throws CodeException {
        Object left = binary(0);
        if (!COMPARISONS.contains(peek())) {
            return left;
        }
        boolean holds = true;
        while (COMPARISONS.contains(peek())) {
            final String operator = next();
            final Object right = binary(0);
            holds &= compare(operator, left, right);
            left = right;
        }
        return truth(holds);
    }

    private static boolean compare(final String operator, final Object left, final Object right)
            throws CodeException {
        final boolean numbers = left instanceof Number && right instanceof Number;
        if (operator.equals("==") || operator.equals("!=")) {
            return (numbers ? order(left, right) == 0 : Objects.equals(left, right)) == operator.equals("==");
        }
        if (!numbers) {
            throw failed("'" + operator + "' of " + text(left) + " and " + text(right));
        }
        final int order = order(left, right);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int order(final Object left, final Object right) {
        return left instanceof final Long a && right instanceof final Long b
                ? Long.compare(a, b)
                : Double.compare(((Number) left).doubleValue(), ((Number) right).doubleValue());
    }

    private Object binary(final int level) throws CodeException {
        if (level == OPERATORS.size()) {
            return unary();
        }
        Object left = binary(level + 1);
        while (OPERATORS.get(level).contains(peek())) {
            left = arithmetic(next(), left, binary(level + 1));
        }
        return left;
    }

    Object arithmetic(final String operator, final Object left, final Object right) throws CodeException {
        if (operator.equals("%") && left instanceof final String format) {
            return bounded(format + " % " + text(right));
        }
        if (operator.equals("+") && left instanceof String && right instanceof String) {
            return bounded((String) left + right);
        }
        if (left instanceof final Long a && right instanceof final Long b && !operator.equals("/")) {
            return integers(operator, a, b);
        }
        if (!(left instanceof final Number a) || !(right instanceof final Number b)) {
            throw failed("'" + operator + "' of " + text(left) + " and " + text(right));
        }
        final double x = a.doubleValue();
        final double y = b.doubleValue();
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> {
                if (y == 0) {
                    throw failed("division by zero");
                }
                yield x / y;
            }
            default -> throw failed("'" + operator + "' of " + text(left) + " and " + text(right));
        };
    }

    /** A line doubles a text: without a limit forty lines are all memory. */
    private static String bounded(final String text) throws CodeException {
        if (text.length() > MAX_TEXT_CHARS) {
            throw failed("text.length=" + text.length() + " > MAX=" + MAX_TEXT_CHARS);
        }
        return text;
    }

    private static Long integers(final String operator, final long a, final long b) throws CodeException {
        if (b == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw failed("division by zero");
        }
        return switch (operator) {
            case "|" -> a | b;
            case "^" -> a ^ b;
            case "&" -> a & b;
            case "<<" -> b < 0 || b > 62 ? 0 : a << b;
            case ">>" -> b < 0 || b > 63 ? a >> 63 : a >> b;
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "//" -> Math.floorDiv(a, b);
            default -> Math.floorMod(a, b);
        };
    }

    private Object unary() throws CodeException {
        if (at("-") || at("+") || at("~")) {
            final String operator = next();
            if (++depth > MAX_DEPTH) {
                throw new CodeException(Reason.UNSUPPORTED, "code: expressions nest deeper than MAX=" + MAX_DEPTH);
            }
            final Object value = unary();
            depth--;
            return operator.equals("~")
                    ? arithmetic("^", value, -1L)
                    : operator.equals("-") ? arithmetic("-", 0L, value) : value;
        }
        return operand();
    }

    private Object operand() throws CodeException {
        if (accept("(")) {
            final Object value = at(")") ? List.of() : tuple();
            if (!accept(")")) {
                throw unsupported();
            }
            return value;
        }
        final String word = peek();
        final char first = word.isEmpty() ? ';' : word.charAt(0);
        final Object value;
        if (first == '\'' || first == '"') {
            value = word.substring(1, word.length() - 1);
        } else if (Character.isDigit(first) || first == '.' && word.length() > 1) {
            value = number(word);
        } else if (Character.isJavaIdentifierStart(first)) {
            if (peekNext().equals("(")) {
                throw new CodeException(Reason.UNSUPPORTED, "code: " + word + "()");
            }
            value = variable(word);
        } else {
            throw unsupported();
        }
        next();
        if (at("(") || at(".") || at("[")) {
            throw new CodeException(Reason.UNSUPPORTED, "code: " + word + peek());
        }
        return value;
    }

    private static Object number(final String word) throws CodeException {
        try {
            return word.startsWith("0x") || word.startsWith("0X")
                    ? (Object) Long.parseLong(word, 2, word.length(), 16)
                    : word.contains(".") ? (Object) Double.parseDouble(word) : (Object) Long.parseLong(word);
        } catch (final NumberFormatException _) {
            throw new CodeException(Reason.UNSUPPORTED, "code: the number " + word);
        }
    }

    Object variable(final String name) throws CodeException {
        final Object value = switch (name) {
            case "True" -> 1L;
            case "False" -> 0L;
            case "None" -> "None";
            default -> variables.get(name);
        };
        if (value == null) {
            throw new CodeException(Reason.UNSUPPORTED, "code: the name " + name);
        }
        return value;
    }

    // -- values

    private static Long truth(final boolean holds) {
        return holds ? 1L : 0L;
    }

    static boolean isTrue(final Object value) {
        return switch (value) {
            case final Long number -> number != 0;
            case final Double number -> number != 0;
            case final String text -> !text.isEmpty();
            case final List<?> items -> !items.isEmpty();
            default -> true;
        };
    }

    static String text(final Object value) {
        if (!(value instanceof final List<?> items)) {
            return String.valueOf(value);
        }
        final StringJoiner text = new StringJoiner(", ", "(", ")");
        items.forEach(item -> text.add(text(item)));
        return text.toString();
    }
}
