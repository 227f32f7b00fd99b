package io.netchannel.samples.haproxy.http;

/** Parts of a request target (RFC 9112 section 3.2). */
public final class Targets {

    private Targets() {
    }

    /** @return host and port of an absolute target, or of CONNECT's, without user information; "" if there is none */
    public static String authority(final String uri, final boolean connect) {
        final int start = authorityStart(uri, connect);
        return start < 0 ? "" : uri.substring(start, authorityEnd(uri, start));
    }

    /** @return the target with another authority in the place of the one that it has */
    public static String withAuthority(final String uri, final boolean connect, final String authority) {
        final int start = authorityStart(uri, connect);
        return start < 0 ? uri : uri.substring(0, start) + authority + uri.substring(authorityEnd(uri, start));
    }

    private static int authorityStart(final String uri, final boolean connect) {
        int from = 0;
        if (!connect) {
            final int scheme = schemeEnd(uri);
            if (scheme < 0) {
                return -1;
            }
            from = scheme + 3;
        }
        final int user = uri.lastIndexOf('@', authorityEnd(uri, from) - 1);
        return user >= from ? user + 1 : from;
    }

    /** A path begins with a slash, here as in {@link #pathAndQuery}: a query behind an authority alone belongs to it. */
    private static int authorityEnd(final String uri, final int from) {
        final int slash = uri.indexOf('/', from);
        return slash < 0 ? uri.length() : slash;
    }

    /** @return index of the colon and slashes behind an absolute target's scheme; -1 of another target */
    static int schemeEnd(final String uri) {
        for (int i = 0; i < uri.length(); i++) {
            final char c = uri.charAt(i);
            if (c == ':') {
                return i > 0 && uri.startsWith("://", i) ? i : -1;
            }
            final boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || (c < '0' || c > '9') && "+-.".indexOf(c) < 0)) {
                return -1;
            }
        }
        return -1;
    }

    /** @return index of the colon before an authority's port, which is none within an IPv6 address's brackets; or -1 */
    public static int portColon(final String authority) {
        final int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }

    /** Whether Host names what an absolute target does: one may have, and the other lack, the port that is usual. */
    static boolean isSame(final String uri, final String authority, final String host) {
        if (authority.equalsIgnoreCase(host)) {
            return true;
        }
        final int port = portColon(authority);
        final int hostPort = portColon(host);
        if (schemeEnd(uri) < 0 || !isUsual(uri, authority, port) || !isUsual(uri, host, hostPort)) {
            return false;
        }
        final int length = port < 0 ? authority.length() : port;
        return length == (hostPort < 0 ? host.length() : hostPort) && authority.regionMatches(true, 0, host, 0, length);
    }

    /** @param colon before the port; -1: there is none */
    private static boolean isUsual(final String uri, final String authority, final int colon) {
        final String port = colon < 0 ? "" : authority.substring(colon + 1);
        final int scheme = schemeEnd(uri);
        return port.isEmpty() || port.equals("80") && "http".regionMatches(true, 0, uri, 0, Math.max(4, scheme))
                || port.equals("443") && "https".regionMatches(true, 0, uri, 0, Math.max(5, scheme));
    }

    /** @return the target from its path on, with the query; {@code *} and a CONNECT's authority give "" */
    public static String pathAndQuery(final String uri) {
        if (uri.isEmpty() || uri.charAt(0) == '/') {
            return uri;
        }
        final int scheme = schemeEnd(uri);
        if (scheme < 0) {
            return "";
        }
        final int slash = uri.indexOf('/', scheme + 3);
        return slash < 0 ? "" : uri.substring(slash);
    }

    /** RFC 3986 section 6.2.3: a scheme's default port says nothing; dropped from the target and from Host. */
    static void normalize(final HttpMessage message, final int host, final String authority) {
        final int colon = portColon(authority);
        if (colon >= 0 && isUsual(message.uri(), authority, colon)) {
            final String bare = authority.substring(0, colon);
            message.normalizedUri(withAuthority(message.uri(), false, bare));
            message.value(host, bare);
        }
    }
}
