package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.Targets;

/**
 * {@code redirect}: an answer that sends the client elsewhere.
 *
 * @param text where to if {@code format} is null
 * @param cookie whole value of Set-Cookie, or null
 * @param ignoreEmpty a location that turns out empty is no redirection
 */
record Redirect(Kind kind, String text, LogFormat format, int code, boolean dropQuery, boolean appendSlash,
        boolean ignoreEmpty, String cookie) implements Action {

    /** What the destination is. */
    enum Kind {
        LOCATION, PREFIX, SCHEME
    }

    private static final int SEE_OTHER = 303;
    private static final int FOUND = 302;
    private static final int TEMPORARY = 307;

    @Override
    public Verdict apply(final RuleContext context) {
        final String location = location(context);
        if (location.isEmpty() && ignoreEmpty && kind == Kind.LOCATION) {
            return Verdict.CONTINUE;
        }
        final HttpMessage head = HttpMessage.response(code, code == FOUND ? "Found" : Reasons.of(code), 1);
        // What is left of the request's body would be taken for the next request.
        final boolean close = context.request() != null && context.response() == null && !context.bodyComplete();
        if (close) {
            head.add("Connection", "close");
        }
        head.add("Content-length", "0");
        head.add("Location", location);
        if (code == FOUND || code == SEE_OTHER || code == TEMPORARY) {
            head.add("Cache-Control", "no-cache");
        }
        if (cookie != null) {
            head.add("Set-Cookie", cookie);
        }
        return new Verdict.Respond(Reply.of(head, !close), false);
    }

    private String location(final RuleContext context) {
        final String destination = format == null ? text : format.format(context);
        if (kind == Kind.LOCATION) {
            return destination;
        }
        String path = Targets.pathAndQuery(context.request().uri());
        if (path.isEmpty()) {
            path = "/";
        } else if (dropQuery && path.indexOf('?') >= 0) {
            path = path.substring(0, path.indexOf('?'));
        }
        final String host = context.request().first("Host");
        final String whole = kind == Kind.SCHEME
                ? destination + "://" + (host == null ? "" : host) + path
                : destination + path;
        return appendSlash && !whole.endsWith("/") ? whole + "/" : whole;
    }

    @Override
    public boolean isFinal() {
        return !ignoreEmpty;
    }
}
