package io.netchannel.samples.haproxy.http;

import java.nio.charset.StandardCharsets;

/**
 * What a head says about where its message ends and what becomes of the connection: Content-Length, Transfer-Encoding,
 * Connection and Upgrade (RFC 9112 sections 6 and 9, RFC 9110 section 7.8).
 */
public final class Framing {

    /** No Content-Length was given. */
    public static final long UNKNOWN = -1;

    private long contentLength;
    private boolean transferEncoding;
    private boolean chunked;
    private boolean chunkedSeen;
    private boolean otherCoding;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean websocket;
    private boolean version11;
    private int hostIndex;
    /** Of the list that is being read: where {@link #element} goes on, and what it found. */
    private int nextElement;
    private int elementStart;
    private int elementEnd;

    void clear() {
        contentLength = UNKNOWN;
        transferEncoding = false;
        chunked = false;
        chunkedSeen = false;
        otherCoding = false;
        close = false;
        keepAlive = false;
        upgrade = false;
        websocket = false;
        version11 = false;
        hostIndex = -1;
    }

    /** Bytes of the body, or {@link #UNKNOWN}. */
    public long contentLength() {
        return contentLength;
    }

    public boolean chunked() {
        return chunked;
    }

    /** Whether Connection says close, or the framing is such that nothing may follow on this connection. */
    public boolean close() {
        return close;
    }

    /** Whether Connection says keep-alive. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Whether Connection names Upgrade. */
    public boolean upgrade() {
        return upgrade;
    }

    public boolean websocket() {
        return websocket;
    }

    /** HTTP/1.1 or later. */
    public boolean version11() {
        return version11;
    }

    boolean otherCoding() {
        return otherCoding;
    }

    boolean transferEncoding() {
        return transferEncoding;
    }

    void version11(final boolean is) {
        version11 = is;
    }

    void noUpgrade() {
        upgrade = false;
    }

    void noBody() {
        contentLength = UNKNOWN;
        chunked = false;
    }

    /** RFC 9112 section 6.3: a Content-Length beside Transfer-Encoding is dropped, and the connection ends after. */
    void resolve(final HttpMessage message) {
        if (transferEncoding) {
            if (contentLength != UNKNOWN) {
                close = true;
                contentLength = UNKNOWN;
                message.removeAll("content-length");
            } else if (!version11) {
                close = true;
            }
        }
    }

    /** Takes a field of a head; adds it to the message but where it repeats what is known. @return false: to be refused */
    boolean field(final HttpMessage message, final byte[] head, final int name, final int nameEnd, final int from,
            final int to, final boolean request, final boolean lenient) {
        // Most names are none of ours: the length and the first letter tell.
        switch (nameEnd - name) {
            case 4 :
                if (request && Characters.matches(head, name, nameEnd, "host")) {
                    return host(message, head, name, nameEnd, from, to);
                }
                break;
            case 7 :
                if (Characters.matches(head, name, nameEnd, "upgrade")) {
                    websocket = listHas(head, from, to, "websocket");
                }
                break;
            case 10 :
                if (Characters.matches(head, name, nameEnd, "connection")) {
                    connection(message, head, name, nameEnd, from, to);
                    return true;
                }
                break;
            case 14 :
                if (Characters.matches(head, name, nameEnd, "content-length")) {
                    return contentLength(message, head, name, nameEnd, from, to);
                }
                break;
            case 17 :
                if (Characters.matches(head, name, nameEnd, "transfer-encoding") && !coding(head, from, to, request)) {
                    return false;
                }
                break;
            default :
                break;
        }
        message.addField(name, nameEnd, from, to);
        return true;
    }

    /** Whether a field rules framing or routing, and so has no place in a trailer section (RFC 9110 section 6.5.1). */
    static boolean isFraming(final byte[] head, final int name, final int nameEnd) {
        return switch (nameEnd - name) {
            case 2 -> Characters.matches(head, name, nameEnd, "te");
            case 4 -> Characters.matches(head, name, nameEnd, "host");
            case 7 -> Characters.matches(head, name, nameEnd, "upgrade");
            case 10 -> Characters.matches(head, name, nameEnd, "connection");
            case 14 -> Characters.matches(head, name, nameEnd, "content-length");
            case 17 -> Characters.matches(head, name, nameEnd, "transfer-encoding");
            default -> false;
        };
    }

    /** A second Host is dropped if it is the same, and refused if not (RFC 9112 section 3.2). */
    private boolean host(final HttpMessage message, final byte[] head, final int name, final int nameEnd,
            final int from, final int to) {
        if (hostIndex >= 0) {
            return message.parsedValueEquals(hostIndex, head, from, to);
        }
        hostIndex = message.size();
        message.addField(name, nameEnd, from, to);
        return true;
    }

    int hostIndex() {
        return hostIndex;
    }

    private boolean contentLength(final HttpMessage message, final byte[] head, final int name, final int nameEnd,
            final int from, final int to) {
        int at = from;
        int wordStart = from;
        int wordEnd = from;
        final boolean first = contentLength == UNKNOWN;
        boolean complete = false;
        while (at < to) {
            if (Characters.isBlank(head[at])) {
                at++;
                continue;
            }
            wordStart = at;
            long value = 0;
            while (at < to && head[at] >= '0' && head[at] <= '9') {
                final int digit = head[at] - '0';
                if (value > (Long.MAX_VALUE - digit) / 10) {
                    return false;
                }
                value = value * 10 + digit;
                at++;
            }
            wordEnd = at;
            while (at < to && Characters.isBlank(head[at])) {
                at++;
            }
            if (wordEnd == wordStart || at < to && head[at] != ','
                    || contentLength != UNKNOWN && contentLength != value) {
                return false;
            }
            contentLength = value;
            // Behind a comma comes the next number; an empty element is none.
            complete = at == to;
            at++;
        }
        // An empty one can be read as no length or as none at all: refused.
        if (!complete) {
            return false;
        }
        if (first) {
            message.addField(name, nameEnd, wordStart, wordEnd);
        }
        return true;
    }

    /** RFC 9112 section 6.1: chunked once, and last in a request. */
    private boolean coding(final byte[] head, final int from, final int to, final boolean request) {
        transferEncoding = true;
        nextElement = from;
        while (element(head, to)) {
            chunked = isElement(head, "chunked");
            if (chunked ? chunkedSeen : chunkedSeen && request) {
                return false;
            }
            chunkedSeen |= chunked;
            // An empty element is none that we know: other readers may take the list otherwise.
            otherCoding |= !chunked;
        }
        return true;
    }

    /** close and keep-alive are for this hop: noted, and not passed on; the others stay as they came, or joined by commas. */
    private void connection(final HttpMessage message, final byte[] head, final int name, final int nameEnd,
            final int from, final int to) {
        // Up to there the value stays as it is.
        int end = from;
        // What is left of it; null until something is dropped.
        StringBuilder rest = null;
        nextElement = from;
        while (element(head, to)) {
            final boolean closes = isElement(head, "close");
            if (closes || isElement(head, "keep-alive")) {
                close |= closes;
                keepAlive |= !closes;
                if (rest == null) {
                    rest = new StringBuilder(text(head, from, end));
                }
                continue;
            }
            upgrade |= isElement(head, "upgrade");
            if (rest == null) {
                end = nextElement - 1;
            } else {
                rest.append(rest.isEmpty() ? "" : ",").append(text(head, elementStart, elementEnd));
            }
        }
        if (rest == null ? end > from : !rest.isEmpty()) {
            message.addField(name, nameEnd, from, end);
            if (rest != null) {
                message.value(message.size() - 1, rest.toString());
            }
        }
    }

    private static String text(final byte[] head, final int from, final int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private boolean listHas(final byte[] head, final int from, final int to, final String lowerCase) {
        nextElement = from;
        while (element(head, to)) {
            if (isElement(head, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    /** Steps to a list's next element (RFC 9110 section 5.6.1), without the blanks around it; empty only before a comma. */
    private boolean element(final byte[] head, final int to) {
        elementStart = skipBlanks(head, nextElement, to);
        if (elementStart >= to) {
            return false;
        }
        final int comma = wordEnd(head, elementStart, to);
        elementEnd = trim(head, elementStart, comma);
        nextElement = comma + 1;
        return true;
    }

    private boolean isElement(final byte[] head, final String lowerCase) {
        return Characters.matches(head, elementStart, elementEnd, lowerCase);
    }

    private static int wordEnd(final byte[] head, final int from, final int to) {
        boolean quoted = false;
        for (int at = from; at < to; at++) {
            if (head[at] == '"') {
                quoted = !quoted;
            } else if (quoted && head[at] == '\\') {
                at++;
            } else if (!quoted && head[at] == ',') {
                return at;
            }
        }
        return to;
    }

    private static int skipBlanks(final byte[] head, final int from, final int to) {
        int at = from;
        while (at < to && Characters.isBlank(head[at])) {
            at++;
        }
        return at;
    }

    private static int trim(final byte[] head, final int from, final int to) {
        int end = to;
        while (end > from && Characters.isBlank(head[end - 1])) {
            end--;
        }
        return end;
    }
}
