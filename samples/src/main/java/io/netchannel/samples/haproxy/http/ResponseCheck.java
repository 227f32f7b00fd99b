package io.netchannel.samples.haproxy.http;

/** What a response's head must fulfil as a whole. */
final class ResponseCheck {

    private static final int BAD_GATEWAY = 502;
    private static final int SWITCHING = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private ResponseCheck() {
    }

    /** @return 0, or 502 */
    static int check(final HttpMessage message, final Framing framing, final HeadParser parser, final boolean lenient) {
        if (!lenient && !RequestCheck.isVersion(parser, false)) {
            return BAD_GATEWAY;
        }
        framing.version11(RequestCheck.isAtLeast11(parser));
        message.minorVersion(framing.version11() ? 1 : 0);
        framing.resolve(message);
        if (framing.otherCoding() || message.status() < 100) {
            return BAD_GATEWAY;
        }
        return 0;
    }

    /** Whether a response ends with its head, whatever its fields say (RFC 9112 section 6.3). */
    static boolean isBodiless(final int status, final boolean head, final boolean connect) {
        return head || status < 200 || status == NO_CONTENT || status == NOT_MODIFIED
                || connect && status < 300 || status == SWITCHING;
    }
}
