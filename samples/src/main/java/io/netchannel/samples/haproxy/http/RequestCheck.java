package io.netchannel.samples.haproxy.http;

/** What a request's head must fulfil as a whole. */
final class RequestCheck {

    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int UNPROCESSABLE = 422;

    private RequestCheck() {
    }

    /** @return 0, or the status of the refusal */
    static int check(final HttpMessage message, final Framing framing, final HeadParser parser, final boolean lenient) {
        if (!version(message, framing, parser, lenient) || !host(message, framing, lenient)) {
            return BAD_REQUEST;
        }
        framing.resolve(message);
        if (framing.otherCoding()) {
            return framing.chunked() ? UNPROCESSABLE : BAD_REQUEST;
        }
        if (framing.transferEncoding() && !framing.chunked()) {
            return BAD_REQUEST;
        }
        if (message.isMethod("CONNECT")) {
            framing.noBody();
        }
        final boolean payload = framing.chunked() || framing.contentLength() > 0;
        if (payload && !framing.version11() && !parser.limits().payloadWithAnyMethod()
                && (message.isMethod("GET") || message.isMethod("HEAD") || message.isMethod("DELETE"))) {
            // What an old server between takes for the next request can be smuggled in such a body.
            return TOO_LARGE;
        }
        if (framing.upgrade() && payload) {
            framing.noUpgrade();
            message.removeAll("upgrade");
        }
        if (framing.upgrade() && framing.websocket() && message.find("sec-websocket-key", 0) < 0) {
            return BAD_REQUEST;
        }
        return 0;
    }

    private static boolean version(final HttpMessage message, final Framing framing, final HeadParser parser,
            final boolean lenient) {
        final int length = parser.versionLength();
        if (length == 0) {
            // HTTP/0.9 has GET and a target, and is passed on as HTTP/1.0 (RFC 1945).
            message.minorVersion(0);
            return lenient && message.isMethod("GET") && !message.uri().isEmpty();
        }
        if (!lenient && !isVersion(parser, true)) {
            return false;
        }
        framing.version11(isAtLeast11(parser));
        message.minorVersion(framing.version11() ? 1 : 0);
        return true;
    }

    static boolean isVersion(final HeadParser parser, final boolean http) {
        return parser.versionLength() == 8
                && (!http
                        || parser.versionByte(0) == 'H' && parser.versionByte(1) == 'T' && parser.versionByte(2) == 'T'
                                && parser.versionByte(3) == 'P')
                && parser.versionByte(4) == '/' && isDigit(parser.versionByte(5)) && parser.versionByte(6) == '.'
                && isDigit(parser.versionByte(7));
    }

    static boolean isAtLeast11(final HeadParser parser) {
        return parser.versionLength() == 8
                && (parser.versionByte(5) > '1' || parser.versionByte(5) == '1' && parser.versionByte(7) >= '1');
    }

    private static boolean isDigit(final byte c) {
        return c >= '0' && c <= '9';
    }

    /** RFC 9112 section 3.2.2: an absolute target's authority and Host say the same. */
    private static boolean host(final HttpMessage message, final Framing framing, final boolean lenient) {
        final int host = framing.hostIndex();
        if (message.isMethod("CONNECT")) {
            return connect(message, host) || lenient;
        }
        if (host < 0 || message.uriStartsWith('/') || message.uriStartsWith('*')) {
            return true;
        }
        final String uri = message.uri();
        final String authority = Targets.authority(uri, Targets.schemeEnd(uri) < 0);
        if (authority.isEmpty()) {
            return true;
        }
        if (!Targets.isSame(uri, authority, message.value(host)) && !lenient) {
            return false;
        }
        if (Targets.schemeEnd(uri) > 0) {
            Targets.normalize(message, host, authority);
        }
        return true;
    }

    /** RFC 9110 section 9.3.6: a host and a port, which Host may leave out if it is that of http or https. */
    private static boolean connect(final HttpMessage message, final int host) {
        final String authority = Targets.authority(message.uri(), true);
        final int colon = Targets.portColon(authority);
        if (colon < 0 || colon + 1 == authority.length() || Targets.schemeEnd(message.uri()) >= 0) {
            return false;
        }
        if (host < 0) {
            return true;
        }
        final String port = authority.substring(colon + 1);
        final boolean usual = port.equals("80") || port.equals("443");
        final String value = message.value(host);
        final int valueColon = Targets.portColon(value);
        if (valueColon >= 0 && valueColon + 1 < value.length()) {
            if (usual && value.equalsIgnoreCase(authority)) {
                message.value(host, value.substring(0, valueColon));
            }
            return value.equalsIgnoreCase(authority);
        }
        final String bare = valueColon < 0 ? value : value.substring(0, valueColon);
        return usual && bare.equalsIgnoreCase(authority.substring(0, colon));
    }
}
