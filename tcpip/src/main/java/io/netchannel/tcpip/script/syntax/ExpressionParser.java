package io.netchannel.tcpip.script.syntax;

import io.netchannel.tcpip.script.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses the arguments and results of calls. */
final class ExpressionParser {

    private static final int MAX_DEPTH = 64;
    /** Loosest first, as in C. */
    private static final List<List<String>> OPERATORS = List.of(List.of("|"), List.of("^"), List.of("&"),
            List.of("<<", ">>"), List.of("+", "-"), List.of("*", "/"));

    private final Tokens tokens;
    private int depth;
    private int openBrackets;

    ExpressionParser(final Tokens tokens) {
        this.tokens = tokens;
    }

    /** Up to and with {@code close}, whose opening counterpart has been taken. */
    List<Expression> list(final String close) throws ScriptSyntaxException {
        final List<Expression> items = new ArrayList<>();
        if (tokens.accept(close)) {
            return List.of();
        }
        openBrackets++;
        do {
            items.add(expression());
        } while (tokens.accept(","));
        openBrackets--;
        tokens.expect(close);
        return List.copyOf(items);
    }

    Expression expression() throws ScriptSyntaxException {
        if (++depth > MAX_DEPTH) {
            throw tokens.error(tokens.peek(), "expressions nest deeper than MAX=" + MAX_DEPTH);
        }
        try {
            return binary(0);
        } finally {
            depth--;
        }
    }

    private Expression binary(final int level) throws ScriptSyntaxException {
        if (level == OPERATORS.size()) {
            return operand();
        }
        Expression left = binary(level + 1);
        for (String operator = operator(level); operator != null; operator = operator(level)) {
            left = new Expression.Binary(operator, left, binary(level + 1));
        }
        return left;
    }

    private String operator(final int level) {
        for (final String operator : OPERATORS.get(level)) {
            if (operator.length() == 2 && tokens.at(operator.substring(1))
                    && tokens.peek(1).is(operator.substring(1))) {
                tokens.next();
                tokens.next();
                return operator;
            }
            // A sign before a time begins the next event.
            if (operator.length() == 1 && tokens.at(operator) && !startsEvent()) {
                tokens.next();
                return operator;
            }
        }
        return null;
    }

    /** Whether the sign that is next stands behind a complete call: no bracket is open. */
    private boolean startsEvent() {
        return openBrackets == 0 && (tokens.at("+") || tokens.at("*"));
    }

    private Expression operand() throws ScriptSyntaxException {
        final Token token = tokens.peek();
        switch (token.kind()) {
            case ELLIPSIS -> {
                tokens.next();
                return new Expression.Any();
            }
            case INTEGER, HEX -> {
                tokens.next();
                return new Expression.Int(tokens.toLong(token));
            }
            case STRING -> {
                return text();
            }
            case WORD -> {
                tokens.next();
                return tokens.accept("(")
                        ? new Expression.Apply(token.text(), list(")"))
                        : tokens.at("=") && openBrackets > 0 && !tokens.peek(1).is("=")
                                ? assignment(token.text())
                                : new Expression.Word(token.text());
            }
            default -> {
                return punctuated(token);
            }
        }
    }

    private Expression punctuated(final Token token) throws ScriptSyntaxException {
        if (tokens.accept("[")) {
            return new Expression.Items(list("]"));
        }
        if (tokens.accept("{")) {
            return struct();
        }
        if (tokens.accept("(")) {
            openBrackets++;
            final Expression inner = expression();
            openBrackets--;
            tokens.expect(")");
            return inner;
        }
        if (token.is("-") && tokens.peek(1).kind() == Kind.WORD) {
            tokens.next();
            return new Expression.Negated(operand());
        }
        throw tokens.expected("a value: number, symbol, string, [list], {struct} or ...");
    }

    /** {@code name = value} among the items of a list: packetdrill's struct without braces. */
    private Expression assignment(final String name) throws ScriptSyntaxException {
        tokens.expect("=");
        return new Expression.Struct(List.of(new Expression.Field(name, null, expression())));
    }

    private Expression text() throws ScriptSyntaxException {
        final StringBuilder text = new StringBuilder();
        while (tokens.at(Kind.STRING)) {
            text.append(unescaped(tokens.next()));
        }
        tokens.accept("...");
        return new Expression.Text(text.toString());
    }

    private String unescaped(final Token token) throws ScriptSyntaxException {
        final String raw = token.text();
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) != '\\') {
                text.append(raw.charAt(i));
                continue;
            }
            i++;
            final char c = i < raw.length() ? raw.charAt(i) : '\\';
            switch (c) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case '0' -> text.append('\0');
                case 'x' -> {
                    if (i + 3 > raw.length() || !raw.substring(i + 1, i + 3).matches(
                            "[0-9a-fA-F]{2}")) {
                        throw tokens.error(token, "expected two hexadecimal digits after \\x");
                    }
                    text.append((char) Integer.parseInt(raw, i + 1, i + 3, 16));
                    i += 2;
                }
                default -> text.append(c);
            }
        }
        return text.toString();
    }

    private Expression struct() throws ScriptSyntaxException {
        if (tokens.at("flags") || tokens.at("Flags") || tokens.at("(")) {
            return tunnelHeader();
        }
        openBrackets++;
        final List<Expression.Field> fields = new ArrayList<>();
        do {
            if (!tokens.at("}")) {
                fields.add(field());
            }
        } while (tokens.accept(","));
        openBrackets--;
        tokens.expect("}");
        return new Expression.Struct(List.copyOf(fields));
    }

    private Expression.Field field() throws ScriptSyntaxException {
        final boolean named = tokens.at(Kind.WORD) && (tokens.peek(1).is("=") || tokens.peek(1).is("("));
        if (!named || tokens.peek(1).is("(") && !countedName()) {
            return new Expression.Field("", null, expression());
        }
        final String name = tokens.next().text();
        Expression count = null;
        if (tokens.accept("(")) {
            count = expression();
            tokens.expect(")");
        }
        tokens.expect("=");
        return new Expression.Field(name, count, expression());
    }

    /** {@code name(count)=}, as against {@code function(argument)}. */
    private boolean countedName() {
        return tokens.peek(3).is(")") && tokens.peek(4).is("=");
    }

    private Expression tunnelHeader() throws ScriptSyntaxException {
        final String what = tokens.at("(") ? "an MPLS label stack" : "a GRE header";
        for (int open = 1; open > 0;) {
            if (tokens.at(Kind.END)) {
                throw tokens.expected("'}'");
            }
            open += tokens.at("{") ? 1 : tokens.at("}") ? -1 : 0;
            tokens.next();
        }
        return new Expression.Unsupported(what);
    }
}
