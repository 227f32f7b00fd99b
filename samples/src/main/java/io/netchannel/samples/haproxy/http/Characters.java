package io.netchannel.samples.haproxy.http;

/** Classes of bytes of HTTP/1 (RFC 9110 section 5.6.2, RFC 9112), as one table. */
final class Characters {

    private static final int TOKEN = 1;
    private static final int URI = 2;
    private static final int VERSION = 4;

    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = '!'; c <= '~'; c++) {
            CLASS[c] |= URI;
            final boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                CLASS[c] |= TOKEN;
            }
            if (alphanumeric && c <= 'Z' || c == '/' || c == '.') {
                CLASS[c] |= VERSION;
            }
        }
    }

    private Characters() {
    }

    static boolean isToken(final byte c) {
        return (CLASS[c & 0xff] & TOKEN) != 0;
    }

    /** Visible ASCII: what a request target may hold. */
    static boolean isUri(final byte c) {
        return (CLASS[c & 0xff] & URI) != 0;
    }

    static boolean isVersion(final byte c) {
        return (CLASS[c & 0xff] & VERSION) != 0;
    }

    static boolean isBlank(final byte c) {
        return c == ' ' || c == '\t';
    }

    static boolean isLineEnd(final byte c) {
        return c == '\r' || c == '\n';
    }

    static byte lower(final byte c) {
        return c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
    }

    /** @return 0 to 15, or -1 */
    static int hex(final byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        final int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** Whether bytes are the ASCII text {@code lowerCase}, without regard to case. */
    static boolean matches(final byte[] bytes, final int from, final int to, final String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if (lower(bytes[from + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
