package io.netchannel.tcpip.script.syntax;

import io.netchannel.tcpip.script.syntax.Token.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Where the parser is, and the errors it can meet. */
final class Tokens {

    private static final BigDecimal NS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);
    /** About eleven days: what a script may span. */
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(10_000_000);

    private final String file;
    private final List<Token> tokens;
    private int position;

    Tokens(final String file, final List<Token> tokens) {
        this.file = file;
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(position);
    }

    Token peek(final int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    Token next() {
        final Token token = peek();
        if (token.kind() != Kind.END) {
            position++;
        }
        return token;
    }

    boolean at(final String symbol) {
        return peek().is(symbol);
    }

    boolean at(final Kind kind) {
        return peek().kind() == kind;
    }

    /** Takes {@code symbol} if it is next. */
    boolean accept(final String symbol) {
        if (at(symbol)) {
            position++;
            return true;
        }
        return false;
    }

    void expect(final String symbol) throws ScriptSyntaxException {
        if (!accept(symbol)) {
            throw expected("'" + symbol + "'");
        }
    }

    Token expect(final Kind kind, final String what) throws ScriptSyntaxException {
        if (!at(kind)) {
            throw expected(what);
        }
        return next();
    }

    /** A decimal number within 0..{@code max}. */
    long number(final String what, final long max) throws ScriptSyntaxException {
        final Token token = peek();
        if (token.kind() != Kind.INTEGER) {
            throw expected(what);
        }
        final long value = toLong(token);
        if (value < 0 || value > max) {
            throw error(token, what + "=" + token.text() + " is not within 0.." + max);
        }
        next();
        return value;
    }

    long hexNumber(final String what, final long max) throws ScriptSyntaxException {
        if (!at(Kind.HEX)) {
            throw expected(what + " as 0x…");
        }
        final Token token = next();
        final long value = toLong(token);
        if (value < 0 || value > max) {
            throw error(token, what + "=" + token.text() + " is not within 0..0x" + Long.toHexString(max));
        }
        return value;
    }

    long toLong(final Token token) throws ScriptSyntaxException {
        try {
            return token.kind() == Kind.HEX
                    ? Long.parseUnsignedLong(token.text(), 2, token.text().length(), 16)
                    : Long.parseLong(token.text());
        } catch (final NumberFormatException _) {
            throw error(token, token + " doesn't fit in 64 bits");
        }
    }

    boolean atTime() {
        return at(Kind.DECIMAL) || at(Kind.INTEGER);
    }

    long timeNs() throws ScriptSyntaxException {
        if (!atTime()) {
            throw expected("a time in seconds");
        }
        final Token token = next();
        final BigDecimal seconds = new BigDecimal(token.text());
        if (seconds.signum() < 0 || seconds.compareTo(MAX_SECONDS) > 0) {
            throw error(token, "time=" + token.text() + " is not within 0.." + MAX_SECONDS + " s");
        }
        return seconds.multiply(NS_PER_SECOND).setScale(0, RoundingMode.DOWN).longValueExact();
    }

    ScriptSyntaxException expected(final String what) {
        return error(peek(), "expected " + what + ", not " + peek());
    }

    ScriptSyntaxException error(final Token token, final String problem) {
        return new ScriptSyntaxException(file, token.line(), token.column(), problem);
    }
}
