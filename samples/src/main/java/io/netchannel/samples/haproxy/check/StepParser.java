package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.config.WordCursor;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads the words of {@code tcp-check} and {@code http-check} behind the keyword. */
final class StepParser {

    private final WordCursor words;
    private final ParsePlace place;
    private final String keyword;
    private final boolean http;

    /** @param from index of the word behind {@code tcp-check} or {@code http-check} */
    StepParser(final ParsePlace place, final int from, final boolean http) {
        this.words = new WordCursor(place.line(), from);
        this.place = place;
        this.http = http;
        this.keyword = http ? "http-check" : "tcp-check";
    }

    Step parse() throws ConfigException {
        final String action = words.next();
        final Step step = switch (action) {
            case "connect" -> connect();
            case "send" -> http ? request() : send(false, false);
            case "send-lf", "send-binary", "send-binary-lf" -> {
                if (http) {
                    throw unknown(action);
                }
                yield send(action.startsWith("send-binary"), action.endsWith("-lf"));
            }
            case "expect" -> new ExpectParser(words, place, http).parse();
            case "comment" -> new Step.Remark(words.next("'comment' expects a string argument."));
            default -> {
                if (action.startsWith("set-var(") || action.startsWith("set-var-fmt(")
                        || action.startsWith("unset-var(")) {
                    yield assign(action);
                }
                throw unknown(action);
            }
        };
        if (words.hasNext()) {
            throw new ConfigException(
                    "unexpected argument '" + words.peek() + "' behind '" + keyword + " " + action + "'.");
        }
        return step;
    }

    private ConfigException unknown(final String action) {
        return new ConfigException("'" + keyword + "' : unknown action '" + action
                + "', expects 'comment', 'connect', 'send', 'expect', 'set-var', 'set-var-fmt' or 'unset-var'"
                + (http ? "" : ", 'send-lf', 'send-binary', 'send-binary-lf'") + ".");
    }

    private String argument(final String name) throws ConfigException {
        return words.next("'" + name + "' expects an argument.");
    }

    LogFormat format(final String text) throws ConfigException {
        return LogFormat.parse(text, place, 0, Point.CHECK.bit());
    }

    private Step connect() throws ConfigException {
        Address address = null;
        Expression port = null;
        String comment = "";
        boolean asServer = false;
        boolean sendProxy = false;
        boolean viaSocks = false;
        while (words.hasNext()) {
            final String word = words.next();
            switch (word) {
                case "default" -> asServer = true;
                case "send-proxy" -> sendProxy = true;
                case "via-socks4" -> viaSocks = true;
                case "linger" -> {
                    // As servers are connected to anyway.
                }
                case "port" -> port = port(argument(word));
                case "addr" -> address = address(argument(word));
                case "comment" -> comment = argument(word);
                case "ssl", "sni", "alpn", "proto" ->
                    throw new ConfigException("'" + keyword
                            + " connect " + word + "' is not supported.");
                default -> throw new ConfigException("expects 'comment', 'port', 'addr', 'send-proxy', 'via-socks4', "
                        + "'linger', "
                        + "'default' but got '" + word + "' as argument.");
            }
        }
        return new Step.Connect(false, asServer, sendProxy, viaSocks, address, port, comment);
    }

    private Expression port(final String text) throws ConfigException {
        final String number = text.matches("[0-9]+") ? "int(" + text + ")" : text;
        if (text.matches("[0-9]+") && (Units.leadingInteger(text) > 65_535 || Units.leadingInteger(text) < 1)) {
            throw new ConfigException("expects a valid TCP port (from range 1 to 65535) or a sample expression, got "
                    + text + ".");
        }
        return Expression.parse(number, place);
    }

    private static Address address(final String text) throws ConfigException {
        final int colon = text.lastIndexOf(':');
        final boolean hasPort = colon >= 0 && (text.indexOf(':') == colon || text.contains("]:"));
        final String host = (hasPort ? text.substring(0, colon) : text).replace("[", "").replace("]", "");
        final long port = hasPort ? Units.leadingInteger(text.substring(colon + 1)) : 0;
        try {
            return new Address.Ip(host, InetAddress.ofLiteral(host), (int) port,
                    false);
        } catch (final IllegalArgumentException e) {
            throw new ConfigException("'" + text + "' is no address.", e);
        }
    }

    private Step send(final boolean binary, final boolean formatted) throws ConfigException {
        final String action = words.current();
        final String data = words
                .next("'" + action + "' expects a " + (binary ? "BINARY" : "STRING") + " as argument.");
        final String comment = words.takeIf("comment") ? argument("comment") : "";
        if (formatted) {
            return new Step.Send("", format(data), binary, comment);
        }
        return new Step.Send(binary ? binary(data, action) : data, null, false, comment);
    }

    static String binary(final String digits, final String what) throws ConfigException {
        final String bytes = Expectations.bytes(digits);
        if (bytes == null) {
            throw new ConfigException("'" + what + "' invalid binary string (" + digits + ").");
        }
        return bytes;
    }

    private Step request() throws ConfigException {
        String method = null;
        String uri = null;
        LogFormat uriFormat = null;
        String version = null;
        String body = null;
        LogFormat bodyFormat = null;
        String comment = "";
        final List<Step.Field> fields = new ArrayList<>();
        while (words.hasNext()) {
            final String word = words.next();
            switch (word) {
                case "meth" -> method = argument(word);
                case "uri" -> uri = argument(word);
                case "uri-lf" -> uriFormat = format(argument(word));
                case "ver" -> version = argument(word);
                case "body" -> body = argument(word);
                case "body-lf" -> bodyFormat = format(argument(word));
                case "comment" -> comment = argument(word);
                case "hdr" -> {
                    final String name = words.next("'hdr' expects <name> and <value> as arguments");
                    final String value = words.next("'hdr' expects <name> and <value> as arguments");
                    if (!"host".equalsIgnoreCase(name) || !fields.isEmpty()) {
                        check(name);
                    }
                    fields.add(new Step.Field(name, format(value)));
                }
                default -> throw new ConfigException("expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' "
                        + "or 'body-lf' but got '" + word + "' as argument.");
            }
        }
        return new Step.SendRequest(method, uri, uriFormat, version, fields, body, bodyFormat, comment);
    }

    private static void check(final String name) throws ConfigException {
        if ("content-length".equalsIgnoreCase(name) || "transfer-encoding".equalsIgnoreCase(name)) {
            throw new ConfigException("'hdr " + name + "' is not permitted: the body decides.");
        }
    }

    private Step assign(final String action) throws ConfigException {
        final int open = action.indexOf('(');
        if (!action.endsWith(")")) {
            throw new ConfigException(
                    "incomplete argument after action '" + action + "'. Expects 'set-var(<var-name>)', "
                            + "'set-var-fmt(<var-name>)' or 'unset-var(<var-name>)'");
        }
        final String variable = action.substring(open + 1, action.length() - 1);
        final int dot = variable.indexOf('.');
        if (dot <= 0 || dot == variable.length() - 1) {
            throw new ConfigException("invalid variable name '" + variable
                    + "'. A variable name must be start by its scope. The scope can be 'proc', 'sess', 'txn', 'req', "
                    + "'res' or 'check'");
        }
        final String scope = variable.substring(0, dot);
        final String name = variable.substring(dot + 1);
        return switch (action.substring(0, open)) {
            case "unset-var" -> new Step.Assign(scope, name, null, null);
            case "set-var-fmt" -> new Step.Assign(scope, name, null, format(argument(action)));
            default -> {
                final Expression expression = Expression.parse(place.line().words(), words.position(), place);
                while (words.position() < expression.end()) {
                    words.next();
                }
                yield new Step.Assign(scope, name, expression, null);
            }
        };
    }
}
