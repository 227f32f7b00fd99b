package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.Use;

/** Reads a redirection's options; the condition's words stay. */
final class RedirectParser {

    private Redirect.Kind kind;
    private String destination = "";
    private int code = 302;
    private boolean dropQuery;
    private boolean appendSlash;
    private boolean ignoreEmpty;
    private String cookie;

    private RedirectParser() {
    }

    /** @param formatted the destination is a log-format string, as in {@code http-request redirect}; of the old keyword it is not */
    static Redirect parse(final RuleWords words, final boolean formatted) throws ConfigException {
        return new RedirectParser().read(words, formatted);
    }

    private Redirect read(final RuleWords words, final boolean formatted) throws ConfigException {
        while (!words.endsAt(0)) {
            option(words);
        }
        if (kind == null) {
            throw new ConfigException("redirection type expected ('prefix', 'location', or 'scheme')");
        }
        if (words.kind().isResponse() && kind != Redirect.Kind.LOCATION) {
            throw new ConfigException("response only supports redirect type 'location'");
        }
        // A prefix of one slash means none: the client is sent to the same place.
        final boolean self = kind == Redirect.Kind.PREFIX && "/".equals(destination);
        return new Redirect(kind, self ? "" : destination,
                formatted && !self
                        ? LogFormat.parseHttp(destination, words.place(Use.REDIRECT),
                                words.kind().points(words.section()))
                        : null,
                code, dropQuery, appendSlash, ignoreEmpty, cookie);
    }

    private void option(final RuleWords words) throws ConfigException {
        final String word = words.next();
        switch (word) {
            case "location" -> destination(Redirect.Kind.LOCATION, words, word);
            case "prefix" -> destination(Redirect.Kind.PREFIX, words, word);
            case "scheme" -> destination(Redirect.Kind.SCHEME, words, word);
            case "set-cookie" -> cookie = argument(words, word) + "; path=/;";
            case "clear-cookie" -> cookie = argument(words, word) + "; path=/; Max-Age=0;";
            case "code" -> code(argument(words, word));
            case "drop-query" -> dropQuery = true;
            case "append-slash" -> appendSlash = true;
            case "ignore-empty" -> ignoreEmpty = true;
            default -> throw new ConfigException("expects 'code', 'prefix', 'location', 'scheme', 'set-cookie', "
                    + "'clear-cookie', 'drop-query', 'ignore-empty' or 'append-slash' (was '" + word + "')");
        }
    }

    private void destination(final Redirect.Kind newKind, final RuleWords words, final String word)
            throws ConfigException {
        destination = argument(words, word);
        kind = newKind;
    }

    private static String argument(final RuleWords words, final String word) throws ConfigException {
        return words.next("missing argument for '" + word + "'");
    }

    private void code(final String text) throws ConfigException {
        code = (int) Units.leadingInteger(text);
        if (code < 301 || code > 308 || code > 303 && code < 307) {
            throw new ConfigException("'code': unsupported HTTP code '" + text
                    + "' (must be one of 301, 302, 303, 307 or 308)");
        }
    }
}
