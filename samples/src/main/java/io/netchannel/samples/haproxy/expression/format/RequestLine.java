package io.netchannel.samples.haproxy.expression.format;

/** The parts of a request line as logs show them; what isn't there is {@code <BADREQ>}. */
final class RequestLine {

    static final String BAD = "<BADREQ>";

    private final String line;
    private final int methodEnd;
    private final int uriStart;
    private final int uriEnd;

    RequestLine(final String line) {
        this.line = line == null ? BAD : line;
        this.methodEnd = word(0);
        this.uriStart = blanks(methodEnd);
        this.uriEnd = word(uriStart);
    }

    private int word(final int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) != ' ' && line.charAt(at) != '\t') {
            at++;
        }
        return at;
    }

    private int blanks(final int from) {
        int at = from;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private boolean hasUri() {
        return uriStart > methodEnd;
    }

    String method() {
        return methodEnd == line.length() ? BAD : line.substring(0, methodEnd);
    }

    String uri() {
        return hasUri() ? line.substring(uriStart, uriEnd) : BAD;
    }

    /** The URI up to its query. */
    String path() {
        final String uri = uri();
        final int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** Without scheme and authority. */
    String pathOnly() {
        final String path = path();
        if (path.equals(BAD) || path.startsWith("/")) {
            return path;
        }
        final int authority = path.indexOf("://");
        final int slash = authority < 0 ? -1 : path.indexOf('/', authority + 3);
        return slash < 0 ? "" : path.substring(slash);
    }

    /** With its question mark; empty if there is none. */
    String query() {
        final int mark = line.indexOf('?');
        if (line.equals(BAD)) {
            return BAD;
        }
        return mark < 0 ? "" : line.substring(mark, word(mark));
    }

    String version() {
        if (!hasUri()) {
            return BAD;
        }
        final int start = blanks(uriEnd);
        return start == line.length() ? "HTTP/0.9" : line.substring(start);
    }
}
