package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.http.Targets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** {@code normalize-uri}: forms of one URI become the same (RFC 3986, 6.2.2). */
final class UriNormalizer {

    /** How much of the request target a normalizer gets. */
    private enum Scope {
        PATH, PATH_AND_QUERY, QUERY
    }

    private UriNormalizer() {
    }

    static Action parse(final RuleWords words) throws ConfigException {
        if (words.peek().isEmpty()) {
            throw new ConfigException("missing argument <normalizer>");
        }
        final String name = words.next();
        return switch (name) {
            case "path-merge-slashes" -> action(Scope.PATH, UriNormalizer::mergeSlashes);
            case "path-strip-dot" -> action(Scope.PATH, UriNormalizer::stripDot);
            case "path-strip-dotdot" -> {
                final boolean full = flag(words, name, "full");
                yield action(Scope.PATH, path -> stripDotDot(path, full));
            }
            case "query-sort-by-name" -> action(Scope.QUERY, UriNormalizer::sortQuery);
            case "percent-to-uppercase" -> {
                final boolean strict = flag(words, name, "strict");
                yield action(Scope.PATH_AND_QUERY, path -> percent(path, strict, false));
            }
            case "percent-decode-unreserved" -> {
                final boolean strict = flag(words, name, "strict");
                yield action(Scope.PATH_AND_QUERY, path -> percent(path, strict, true));
            }
            case "fragment-strip" -> action(Scope.PATH_AND_QUERY, path -> {
                final int hash = path.indexOf('#');
                return hash < 0 ? path : path.substring(0, hash);
            });
            case "fragment-encode" -> action(Scope.PATH_AND_QUERY, path -> path.replace("#", "%23"));
            default -> throw new ConfigException("unknown normalizer '" + name + "'");
        };
    }

    private static boolean flag(final RuleWords words, final String normalizer, final String name)
            throws ConfigException {
        if (words.takeIf(name)) {
            return true;
        }
        if (!words.endsAt(0)) {
            throw new ConfigException("unknown argument '" + words.peek() + "' for '" + normalizer + "' normalizer");
        }
        return false;
    }

    /** @param normalizer answers null for what it can't accept */
    private static Action action(final Scope scope, final UnaryOperator<String> normalizer) {
        return context -> {
            final String path = Targets.pathAndQuery(context.request().uri());
            if (path.isEmpty()) {
                return Verdict.CONTINUE;
            }
            final int query = path.indexOf('?');
            final String part = switch (scope) {
                case PATH -> UriActions.withoutQuery(path);
                case PATH_AND_QUERY -> path;
                case QUERY -> query < 0 ? "" : path.substring(query);
            };
            final String normal = part.isEmpty() ? part : normalizer.apply(part);
            if (normal == null) {
                return Verdict.INVALID;
            }
            if (normal.equals(part)) {
                return Verdict.CONTINUE;
            }
            return UriActions.change(context, switch (scope) {
                case PATH -> UriActions.Part.PATH;
                case PATH_AND_QUERY -> UriActions.Part.PATH_AND_QUERY;
                case QUERY -> UriActions.Part.QUERY;
            }, normal);
        };
    }

    static String mergeSlashes(final String path) {
        final StringBuilder merged = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            final char c = path.charAt(i);
            if (c != '/' || merged.isEmpty() || merged.charAt(merged.length() - 1) != '/') {
                merged.append(c);
            }
        }
        return merged.toString();
    }

    /** Segments of one dot go, with their slash. */
    static String stripDot(final String path) {
        final StringBuilder stripped = new StringBuilder(path.length());
        for (int from = 0; from < path.length();) {
            final int slash = path.indexOf('/', from);
            final int end = slash < 0 ? path.length() : slash;
            if (end - from != 1 || path.charAt(from) != '.') {
                stripped.append(path, from, Math.min(end + 1, path.length()));
            }
            from = end + 1;
        }
        return stripped.toString();
    }

    /** Each {@code /..} takes the segment before it away; those that find none stay, unless {@code full}. */
    static String stripDotDot(final String path, final boolean full) {
        final String[] segments = path.split("/", -1);
        final Deque<String> kept = new ArrayDeque<>();
        final int last = segments.length - 1;
        // From the end, as a segment is known to go when the dots behind it were seen.
        int up = 0;
        for (int i = last; i >= 1; i--) {
            if ("..".equals(segments[i])) {
                up++;
                if (i == last) {
                    kept.addFirst("");
                }
            } else if (up > 0 && i != last) {
                up--;
            } else {
                kept.addFirst(segments[i]);
            }
        }
        final StringBuilder result = new StringBuilder(path.length());
        if (!full) {
            result.append("/..".repeat(up));
        }
        for (final String segment : kept) {
            result.append('/').append(segment);
        }
        return result.toString();
    }

    /** Parameters in the order of their names; those of one name keep theirs. */
    static String sortQuery(final String query) {
        final List<String> parameters = new ArrayList<>(Arrays.asList(query.substring(1).split("&", -1)));
        parameters.sort(Comparator.comparing(UriNormalizer::name));
        return "?" + String.join("&", parameters);
    }

    private static String name(final String parameter) {
        final int equal = parameter.indexOf('=');
        return equal < 0 ? parameter : parameter.substring(0, equal);
    }

    /** @return null if {@code strict} and a percent sign has no two hexadecimal digits behind it */
    static String percent(final String text, final boolean strict, final boolean decode) {
        final StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            final boolean escape = c == '%' && i + 2 < text.length() && Character.digit(text.charAt(i + 1), 16) >= 0
                    && Character.digit(text.charAt(i + 2), 16) >= 0;
            if (!escape) {
                if (c == '%' && strict) {
                    return null;
                }
                result.append(c);
                continue;
            }
            final String digits = text.substring(i + 1, i + 3);
            final char decoded = (char) Integer.parseInt(digits, 16);
            if (decode && isUnreserved(decoded)) {
                result.append(decoded);
            } else {
                result.append('%').append(decode ? digits : digits.toUpperCase(Locale.ROOT));
            }
            i += 2;
        }
        return result.toString();
    }

    /** RFC 3986, 2.3. */
    private static boolean isUnreserved(final char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
    }
}
