package io.netchannel.samples.haproxy.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes what stands before a message, in each of the formats. The texts of a second are kept. Threading: the proxy's loop. */
final class LineHeader {

    private static final DateTimeFormatter LEGACY = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss ", Locale.ROOT);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx ",
            Locale.ROOT);

    private final ZoneId zone;
    private final String host;
    private final long pid;
    private long legacySecond = Long.MIN_VALUE;
    private String legacy = "";

    /** @param host of log-send-hostname, or null */
    LineHeader(final ZoneId zone, final String host, final long pid) {
        this.zone = zone;
        this.host = host;
        this.pid = pid;
    }

    /** @param structuredData of RFC 5424, or "" */
    void append(final StringBuilder line, final LineFormat configured, final int facility, final int level,
            final String tag, final String structuredData, final Instant now) {
        final LineFormat format;
        if (configured == null) {
            format = host == null ? LineFormat.LOCAL : LineFormat.RFC3164;
        } else {
            format = configured;
        }
        switch (format) {
            case LOCAL -> {
                priority(line, facility * 8 + level).append(legacy(now));
                tagged(line, tag);
            }
            case RFC3164 -> {
                priority(line, facility * 8 + level).append(legacy(now)).append(host == null ? "localhost" : host)
                        .append(' ');
                tagged(line, tag);
            }
            case RFC5424 -> {
                priority(line, facility * 8 + level).append("1 ").append(iso(now));
                line.append(host == null ? "-" : host).append(' ').append(tag).append(' ').append(pid).append(" - ")
                        .append(structuredData.isBlank() ? "-" : structuredData.stripTrailing()).append(' ');
            }
            case PRIORITY -> priority(line, facility * 8 + level);
            case SHORT -> priority(line, level);
            case TIMED -> priority(line, level).append(iso(now));
            case ISO -> line.append(iso(now));
            case RAW -> {
            }
        }
    }

    private static StringBuilder priority(final StringBuilder line, final int priority) {
        return line.append('<').append(priority).append('>');
    }

    private void tagged(final StringBuilder line, final String tag) {
        line.append(tag).append('[').append(pid).append("]: ");
    }

    /** {@code Jan  1 00:00:00} of RFC 3164, 4.1.2. */
    private String legacy(final Instant now) {
        if (now.getEpochSecond() != legacySecond) {
            legacySecond = now.getEpochSecond();
            legacy = LEGACY.format(ZonedDateTime.ofInstant(now, zone));
        }
        return legacy;
    }

    private String iso(final Instant now) {
        return ISO.format(ZonedDateTime.ofInstant(now, zone));
    }
}
