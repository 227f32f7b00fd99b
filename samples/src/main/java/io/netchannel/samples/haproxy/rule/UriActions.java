package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.pattern.Regex;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.Targets;
import java.util.Set;

/** Actions that change the request line. */
final class UriActions {

    private UriActions() {
    }

    /** Which part of the request line. */
    enum Part {
        METHOD, PATH, PATH_AND_QUERY, QUERY, URI
    }

    static void register(final ActionTable table) {
        final Set<RuleKind> request = ActionTable.HTTP_REQUEST;
        table.add(request, "set-method", words -> set(words, Part.METHOD));
        table.add(request, "set-path", words -> set(words, Part.PATH));
        table.add(request, "set-pathq", words -> set(words, Part.PATH_AND_QUERY));
        table.add(request, "set-query", words -> set(words, Part.QUERY));
        table.add(request, "set-uri", words -> set(words, Part.URI));
        table.add(request, "replace-path", words -> replace(words, Part.PATH));
        table.add(request, "replace-pathq", words -> replace(words, Part.PATH_AND_QUERY));
        table.add(request, "replace-uri", words -> replace(words, Part.URI));
        table.add(request, "normalize-uri", UriNormalizer::parse);
    }

    private static Action set(final RuleWords words, final Part part) throws ConfigException {
        if (words.peek().isEmpty() || !words.endsAt(1)) {
            throw new ConfigException("expects exactly 1 argument <format>");
        }
        final LogFormat format = words.format(words.next());
        return context -> change(context, part, (part == Part.QUERY ? "?" : "") + format.format(context));
    }

    private static Action replace(final RuleWords words, final Part part) throws ConfigException {
        if (words.peek().isEmpty() || words.peek(1).isEmpty() || !words.endsAt(2)) {
            throw new ConfigException("expects exactly 2 arguments <match-regex> and <replace-format>");
        }
        final Regex regex;
        try {
            regex = Regex.compile(words.next(), false);
        } catch (final ConfigException e) {
            throw new ConfigException("failed to parse the regex : " + e.getMessage(), e);
        }
        final LogFormat format = words.format(words.next());
        return context -> {
            final String old = part(context.request().uri(), part);
            if (old.isEmpty()) {
                return Verdict.CONTINUE;
            }
            final String template = format.format(context);
            if (!regex.matches(old)) {
                return Verdict.CONTINUE;
            }
            final String replaced = regex.expand(template);
            return replaced == null ? Rewriting.failed(context) : change(context, part, replaced);
        };
    }

    private static String part(final String uri, final Part part) {
        if (part == Part.URI) {
            return uri;
        }
        final String path = Targets.pathAndQuery(uri);
        return part == Part.PATH ? withoutQuery(path) : path;
    }

    static String withoutQuery(final String path) {
        final int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** @param value of the part; of a query with its question mark */
    static Verdict change(final RuleContext context, final Part part, final String value) {
        final HttpMessage request = context.request();
        final String old = part == Part.METHOD ? request.method() : request.uri();
        final String changed = switch (part) {
            case METHOD, URI -> value;
            case PATH, PATH_AND_QUERY -> withPath(old, value, part == Part.PATH);
            case QUERY -> withQuery(old, value);
        };
        if (!Rewriting.fits(context, changed.length() - old.length())) {
            return Rewriting.failed(context);
        }
        if (part == Part.METHOD) {
            request.method(changed);
        } else {
            request.uri(changed);
        }
        if (part == Part.URI) {
            followAuthority(request);
        }
        return Verdict.CONTINUE;
    }

    /** Where there is no path ({@code *}, an authority), the whole target is replaced. */
    private static String withPath(final String uri, final String path, final boolean keepQuery) {
        final String old = Targets.pathAndQuery(uri);
        final String replaced = old.isEmpty() ? uri : old;
        final int query = keepQuery ? replaced.indexOf('?') : -1;
        return uri.substring(0, uri.length() - replaced.length()) + path
                + (query < 0 ? "" : replaced.substring(query));
    }

    private static String withQuery(final String uri, final String query) {
        final int mark = uri.indexOf('?');
        if (mark >= 0) {
            return uri.substring(0, mark + 1) + query.substring(Math.min(1, query.length()));
        }
        return query.length() > 1 ? uri + query : uri;
    }

    /** RFC 9112, 3.2.2: Host follows the authority of an absolute target. */
    private static void followAuthority(final HttpMessage request) {
        final String authority = Targets.authority(request.uri(), false);
        final int host = request.find("Host", 0);
        if (!authority.isEmpty() && host >= 0 && !authority.equals(request.value(host))) {
            request.value(host, authority);
        }
    }
}
