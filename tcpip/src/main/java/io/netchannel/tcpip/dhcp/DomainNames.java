package io.netchannel.tcpip.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Domain names in options: as text (RFC 2132, 3.17), or in the form of DNS with compression (RFC 3397). */
final class DomainNames {

    /** RFC 1035, 2.3.4: 255 bytes on the wire. */
    private static final int MAX_NAME_CHARS = 253;
    private static final int MAX_NAMES = 16;
    private static final int POINTER = 0xC0;

    private DomainNames() {
    }

    /** @return null if it is absent or not a domain name: it comes from a stranger, and ends up in files and queries */
    static String text(final byte[] option) {
        if (option == null) {
            return null;
        }
        String text = new String(option, StandardCharsets.ISO_8859_1);
        // Some servers end it like a C string, some like a name in a zone file.
        if (text.endsWith("\0")) {
            text = text.substring(0, text.length() - 1);
        }
        if (text.endsWith(".")) {
            text = text.substring(0, text.length() - 1);
        }
        return isName(text) ? text : null;
    }

    private static boolean isName(final String text) {
        if (text.isEmpty() || text.length() > MAX_NAME_CHARS) {
            return false;
        }
        for (final String label : text.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > 63 || !label.matches("[A-Za-z0-9_-]+")) {
                return false;
            }
        }
        return true;
    }

    /** @return none if any of them is malformed (RFC 3397, 2 has no half a list) */
    static List<String> compressed(final byte[] option) {
        final List<String> names = new ArrayList<>();
        int at = 0;
        while (option != null && at < option.length && names.size() < MAX_NAMES) {
            final StringBuilder name = new StringBuilder();
            at = readName(option, at, name);
            if (at < 0 || !isName(name.toString())) {
                return List.of();
            }
            names.add(name.toString());
        }
        return names;
    }

    /** @return offset behind the name; -1 if it is malformed */
    private static int readName(final byte[] bytes, final int from, final StringBuilder name) {
        int at = from;
        int end = -1;
        int limit = bytes.length;
        while (at < limit) {
            final int length = bytes[at] & 0xFF;
            if (length == 0) {
                return end < 0 ? at + 1 : end;
            }
            if ((length & POINTER) == POINTER) {
                final int target = at + 1 < limit ? (length & ~POINTER) << 8 | bytes[at + 1] & 0xFF : limit;
                // Only backwards, and each time before the last: so there is an end.
                if (target >= at) {
                    return -1;
                }
                end = end < 0 ? at + 2 : end;
                limit = at;
                at = target;
            } else if (length > 63 || at + 1 + length > limit || name.length() + length + 1 > MAX_NAME_CHARS + 1) {
                return -1;
            } else {
                name.append(name.isEmpty() ? "" : ".")
                        .append(new String(bytes, at + 1, length, StandardCharsets.ISO_8859_1));
                at += 1 + length;
            }
        }
        return -1;
    }
}
