package io.netchannel.tcpip.dns;

import java.net.IDN;
import java.util.Locale;

/** What a host name may look like (RFC 1123, 2.1; RFC 1035, 2.3.4); with underscores, which Linux lets pass. */
final class HostNames {

    private static final int MAX_CHARS = 253;
    private static final int MAX_LABEL_CHARS = 63;

    private HostNames() {
    }

    /** @param name absolute or relative, without a trailing dot */
    static boolean isHostName(final String name) {
        if (name.isEmpty() || name.length() > MAX_CHARS) {
            return false;
        }
        int labelChars = 0;
        for (int i = 0; i < name.length(); i++) {
            final char c = name.charAt(i);
            if (c == '.') {
                if (labelChars == 0) {
                    return false;
                }
                labelChars = 0;
            } else if (!isNameCharacter(c) || ++labelChars > MAX_LABEL_CHARS) {
                return false;
            }
        }
        return labelChars > 0;
    }

    private static boolean isNameCharacter(final char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    /**
     * Lower case, and international names in their ASCII form (RFC 3490); keeps a trailing dot.
     *
     * @return null if it is no host name
     */
    static String normalize(final String text) {
        final boolean absolute = text.endsWith(".");
        String name = withoutDot(text);
        if (!isHostName(name)) {
            try {
                name = IDN.toASCII(name);
            } catch (final IllegalArgumentException e) {
                return null;
            }
        }
        return isHostName(name) ? name.toLowerCase(Locale.ROOT) + (absolute ? "." : "") : null;
    }

    static String withoutDot(final String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** RFC 6761, 6.3: never asked of a server. */
    static boolean isLocalhost(final String name) {
        return name.equals("localhost") || name.endsWith(".localhost");
    }
}
