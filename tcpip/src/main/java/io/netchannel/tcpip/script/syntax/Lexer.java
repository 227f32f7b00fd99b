package io.netchannel.tcpip.script.syntax;

import io.netchannel.tcpip.script.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a script into tokens.
 *
 * <p>As in packetdrill the longest match wins, whatever stands before: so {@code .1} is a number and {@code . 1} is not,
 * and {@code 1:1001} is no IPv6 address because it has no {@code ::}. Comments begin with two slashes, or with {@code #}
 * as FreeBSD's packetdrill has them.
 */
final class Lexer {

    private static final Pattern IPV4 = Pattern.compile("[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+");
    /** Loose; {@code IpAddress} judges. Needs {@code ::} or seven colons. */
    private static final Pattern IPV6 = Pattern.compile(
            "(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?::"
                    + "(?:(?:[0-9a-fA-F]{1,4}:){0,6}(?:[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|[0-9a-fA-F]{1,4}))?)");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]*[.][0-9]+");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9_]+");
    private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]+");
    private static final Pattern OPTION = Pattern.compile("--([a-zA-Z0-9_]+)");

    private static final String IF_DEFINED = "#ifdef ";
    /** Scripts tell apart what FreeBSD does and what the RFC says. */
    private static final String DEFINED = "FreeBSD";

    private final String file;
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int lineStart;

    Lexer(final String file, final String source) {
        this.file = file;
        this.source = source;
    }

    List<Token> tokens() throws ScriptSyntaxException {
        while (skipBlanks()) {
            next();
        }
        add(Kind.END, "", null, position);
        return tokens;
    }

    /** @return whether there is more */
    private boolean skipBlanks() throws ScriptSyntaxException {
        while (position < source.length()) {
            final char c = source.charAt(position);
            if (Character.isWhitespace(c)) {
                advance(1);
            } else if (source.startsWith(IF_DEFINED, position) && !definedName()) {
                advance(delimited(IF_DEFINED, "#endif", "#ifdef").length() + IF_DEFINED.length());
            } else if (c == '#' || source.startsWith("//", position)) {
                final int end = source.indexOf('\n', position);
                advance((end < 0 ? source.length() : end) - position);
            } else if (source.startsWith("/*", position)) {
                advance(delimited("/*", "*/", "comment").length() + 4);
            } else {
                return true;
            }
        }
        return false;
    }

    private boolean definedName() {
        return source.startsWith(DEFINED, position + IF_DEFINED.length());
    }

    private void next() throws ScriptSyntaxException {
        final char c = source.charAt(position);
        if (source.startsWith("...", position)) {
            take(Kind.ELLIPSIS, 3);
        } else if (c == '"' || c == '`') {
            quoted(c, c == '"' ? Kind.STRING : Kind.COMMAND);
        } else if (source.startsWith("%{", position)) {
            final String code = delimited("%{", "}%", "code");
            add(Kind.CODE, code, null, position);
            advance(code.length() + 4);
        } else if (source.startsWith("--", position) && matches(OPTION) > 0) {
            option();
        } else {
            longest();
        }
    }

    private void longest() {
        int length = 1;
        Kind kind = Kind.PUNCTUATION;
        final Pattern[] patterns = {DECIMAL, INTEGER, HEX, WORD, IPV4, IPV6};
        final Kind[] kinds = {Kind.DECIMAL, Kind.INTEGER, Kind.HEX, Kind.WORD, Kind.ADDRESS, Kind.ADDRESS};
        for (int i = 0; i < patterns.length; i++) {
            final int candidate = matches(patterns[i]);
            // Of matches of the same length the first counts; a sign alone is no number.
            if (candidate > length || candidate == length && kind == Kind.PUNCTUATION) {
                length = candidate;
                kind = kinds[i];
            }
        }
        take(kind, length);
    }

    private int matches(final Pattern pattern) {
        final Matcher matcher = pattern.matcher(source).region(position, source.length());
        return matcher.lookingAt() ? matcher.end() - position : 0;
    }

    private void option() throws ScriptSyntaxException {
        final int start = position;
        final int nameLength = matches(OPTION);
        final String name = source.substring(position + 2, position + nameLength);
        int end = position + nameLength;
        String value = null;
        if (end < source.length() && source.charAt(end) == '=') {
            final int from = ++end;
            while (end < source.length() && !Character.isWhitespace(source.charAt(end))) {
                final char c = source.charAt(end);
                if (c == '"' || c == '`') {
                    end = source.indexOf(c, end + 1);
                    if (end < 0) {
                        throw error("the value of --" + name + " has no closing " + c);
                    }
                }
                end++;
            }
            value = source.substring(from, end);
        }
        add(Kind.OPTION, name, value, start);
        advance(end - start);
    }

    private void quoted(final char quote, final Kind kind) throws ScriptSyntaxException {
        int end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw error(kind.description() + " has no closing " + quote);
        }
        add(kind, source.substring(position + 1, end), null, position);
        advance(end + 1 - position);
    }

    private String delimited(final String open, final String close, final String what) throws ScriptSyntaxException {
        final int end = source.indexOf(close, position + open.length());
        if (end < 0) {
            throw error(what + " has no closing " + close);
        }
        return source.substring(position + open.length(), end);
    }

    private void take(final Kind kind, final int length) {
        add(kind, source.substring(position, position + length), null, position);
        advance(length);
    }

    private void add(final Kind kind, final String text, final String value, final int at) {
        tokens.add(new Token(kind, text, value, line, at - lineStart + 1));
    }

    private void advance(final int characters) {
        for (int i = 0; i < characters; i++) {
            if (source.charAt(position) == '\n') {
                line++;
                lineStart = position + 1;
            }
            position++;
        }
    }

    private ScriptSyntaxException error(final String problem) {
        return new ScriptSyntaxException(file, line, position - lineStart + 1, problem);
    }
}
