package io.netchannel.samples.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one range of a Range header (RFC 9110, 14.1.2), within a file.
 *
 * @param lengthBytes 0: no byte of the file is in it
 */
record ByteRange(long offset, long lengthBytes) {

    /** Fifteen digits: more than any file has, and no overflow. */
    private static final Pattern SYNTAX = Pattern.compile("bytes=[ \t]*(\\d{0,15})-(\\d{0,15})[ \t]*",
            Pattern.CASE_INSENSITIVE);

    /** @return null for what a server may ignore: other units, several ranges, what is no range */
    static ByteRange parse(final String header, final long sizeBytes) {
        final Matcher range = SYNTAX.matcher(header);
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return null;
        }
        if (range.group(1).isEmpty()) {
            final long suffix = Math.min(Long.parseLong(range.group(2)), sizeBytes);
            return new ByteRange(sizeBytes - suffix, suffix);
        }
        final long first = Long.parseLong(range.group(1));
        final long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        if (last < first) {
            return null;
        }
        return first >= sizeBytes
                ? new ByteRange(0, 0)
                : new ByteRange(first, Math.min(last, sizeBytes - 1) - first + 1);
    }
}
