package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.expression.format.FormatOptions;
import io.netchannel.samples.haproxy.expression.format.Variable;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code text %variable %{+Q}variable %[expression]}. */
final class LogFormatParser {

    private final String text;
    private final ParsePlace place;
    private final int points;
    private final List<LogFormat.Node> nodes = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int options;
    private int at;

    LogFormatParser(final String text, final ParsePlace place, final int options, final int points) {
        this.text = text;
        this.place = place;
        this.options = options;
        this.points = points;
    }

    LogFormat parse() throws ConfigException {
        while (at < text.length()) {
            final char c = text.charAt(at);
            if (c == '%') {
                at++;
                reference();
            } else if (c == ' ' && (options & FormatOptions.MERGE_SPACES) != 0) {
                flush();
                if (nodes.isEmpty() || !(nodes.getLast() instanceof LogFormat.Separator)) {
                    nodes.add(new LogFormat.Separator());
                }
                at++;
            } else {
                literal.append(c);
                at++;
            }
        }
        flush();
        return new LogFormat(nodes);
    }

    private void flush() {
        if (!literal.isEmpty()) {
            nodes.add(new LogFormat.Text(literal.toString()));
            literal.setLength(0);
        }
    }

    /** Behind a percent sign. */
    private void reference() throws ConfigException {
        if (at == text.length()) {
            throw new ConfigException("truncated line after '%'");
        }
        final char c = text.charAt(at);
        if (c == '{') {
            final int end = text.indexOf('}', at);
            if (end < 0) {
                throw new ConfigException("truncated line after '" + text.substring(at + 1) + "'");
            }
            final String args = text.substring(at + 1, end);
            at = end + 1;
            if (at < text.length() && text.charAt(at) == '[') {
                expression(args);
            } else if (at < text.length() && isWordChar(text.charAt(at))) {
                variable(args);
            } else {
                throw new ConfigException("parse argument modifier without variable name near '%{" + args + "}'");
            }
        } else if (c == '[') {
            expression("");
        } else if (c < 128 && Character.isLetter(c)) {
            variable("");
        } else if (Numbers.isDigit(c) || c == ' ' || c == '\t') {
            throw new ConfigException("unexpected variable name near '" + c + "' at position " + at + " line : '" + text
                    + "'. Maybe you want to write a single '%', use the syntax '%%'");
        } else {
            // A percent sign before anything else goes; two are one.
            literal.append(c);
            at++;
        }
    }

    private static boolean isWordChar(final char c) {
        return c < 128 && Character.isLetterOrDigit(c);
    }

    private void variable(final String args) throws ConfigException {
        final int from = at;
        while (at < text.length() && isWordChar(text.charAt(at))) {
            at++;
        }
        final String name = text.substring(from, at);
        if (name.equals("o")) {
            options = FormatOptions.apply(args, options);
            return;
        }
        final Variable variable = Variable.named(name);
        if (variable == null) {
            throw new ConfigException("no such format variable '" + name
                    + "'. If you wanted to emit the '%' character verbatim, you need to use '%%'");
        }
        if (variable.httpOnly() && place.proxy() != null
                && place.proxy().get(ProxySettings.MODE) != ProxySettings.Mode.HTTP) {
            throw new ConfigException("format variable '" + name + "' is reserved for HTTP mode");
        }
        flush();
        nodes.add(new LogFormat.Named(variable, FormatOptions.apply(args, options)));
    }

    private void expression(final String args) throws ConfigException {
        final String rest = text.substring(at + 1);
        final Expression expression;
        try {
            expression = Expression.prefix(text, at + 1, place);
        } catch (ConfigException e) {
            throw new ConfigException("failed to parse sample expression <" + rest + "> : " + e.getMessage(), e);
        }
        if ((expression.points() & points) == 0) {
            throw new ConfigException("sample fetch <" + rest + "> may not be reliably used here because it needs '"
                    + expression.originNames() + "' which is not available here");
        }
        if ((options & FormatOptions.HTTP) != 0
                && (expression.origins() & Origin.mask(Origin.REQUEST_BUFFER, Origin.RESPONSE_BUFFER)) != 0) {
            place.bareWarning("parsing " + place.line().place() + " : L6 sample fetch <" + rest
                    + "> ignored in HTTP log-format string.");
        }
        final int end = expression.end();
        final String before = text.substring(at + 1, end);
        if (end >= text.length()) {
            throw new ConfigException("missing ']' after '" + before + "'");
        }
        final char c = text.charAt(end);
        if (c != ']') {
            throw new ConfigException(c >= 32 && c < 127
                    ? "expected ']' after '" + before + "', but found '" + c + "'"
                    : "missing ']' after '" + before + "'");
        }
        at = end + 1;
        flush();
        final int usable = expression.points() & points;
        nodes.add(new LogFormat.Sampled(expression, FormatOptions.apply(args, options), (usable & Point.REQUEST) != 0,
                (usable & Point.RESPONSE) != 0));
    }
}
