package io.netchannel.samples.haproxy.log;

import java.util.Locale;

/** What stands before a message (configuration manual, {@code log … format}). */
enum LineFormat {
    LOCAL, RFC3164, RFC5424, PRIORITY, SHORT, TIMED, ISO, RAW;

    /** @return null if there is none of that name */
    static LineFormat of(final String name) {
        for (final LineFormat format : values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        return null;
    }
}
