package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.pattern.Ascii;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;

/** Fetches of header fields. */
final class HeaderFetches {

    /** How far back from the last occurrence can be asked. */
    private static final int MAX_HISTORY = 10;
    private static final Signature NAME_AND_OCCURRENCE = Signature.of(0, ArgType.STR, ArgType.SINT);

    private HeaderFetches() {
    }

    static void addTo(final FetchTable table) {
        final int request = Origin.REQUEST_HEADERS.bit();
        final int response = Origin.RESPONSE_HEADERS.bit();
        group(table, "req.", Messages.REQUEST, request);
        group(table, "res.", Messages.RESPONSE, response);
        final Fetch.Binder either = (args, place) -> header(args, Messages.EITHER, false);
        table.add("hdr", NAME_AND_OCCURRENCE, Type.STR, request | response, either);
        values(table, "hdr", Messages.REQUEST, request);
        table.add("shdr", NAME_AND_OCCURRENCE, Type.STR, response,
                (args, place) -> header(args, Messages.RESPONSE, false));
        values(table, "shdr", Messages.RESPONSE, response);
    }

    private static void group(final FetchTable table, final String prefix, final Messages.Side side,
            final int origins) {
        table.add(prefix + "hdr", NAME_AND_OCCURRENCE, Type.STR, origins, (args, place) -> header(args, side, false));
        values(table, prefix + "hdr", side, origins);
        table.add(prefix + "fhdr", NAME_AND_OCCURRENCE, Type.STR, origins, (args, place) -> header(args, side, true));
        table.add(prefix + "fhdr_cnt", FetchTable.OPTIONAL_STRING, Type.SINT, origins,
                (args, place) -> count(args, side, true));
        table.add(prefix + "hdr_names", FetchTable.OPTIONAL_STRING, Type.STR, origins, (args, place) -> {
            final String delimiter = args.text(0).isEmpty() ? "," : args.text(0).substring(0, 1);
            return evaluation -> names(side.of(evaluation), delimiter);
        });
        table.add(prefix + "hdrs", Signature.NONE, Type.BIN, origins,
                (args, place) -> evaluation -> lines(side.of(evaluation)));
        table.add(prefix + "hdrs_bin", Signature.NONE, Type.BIN, origins,
                (args, place) -> evaluation -> binary(side.of(evaluation)));
    }

    private static void values(final FetchTable table, final String name, final Messages.Side side, final int origins) {
        table.add(name + "_cnt", FetchTable.OPTIONAL_STRING, Type.SINT, origins,
                (args, place) -> count(args, side, false));
        table.add(name + "_val", NAME_AND_OCCURRENCE, Type.SINT, origins, (args, place) -> {
            final Fetch.Sampler header = header(args, side, false);
            return evaluation -> header.sample(evaluation) instanceof Value.Str(String text)
                    ? new Value.Int(Numbers.leading(text))
                    : null;
        });
        table.add(name + "_ip", NAME_AND_OCCURRENCE, Type.IPV4, origins, (args, place) -> address(args, side));
    }

    private static Fetch.Sampler header(final Args args, final Messages.Side side, final boolean wholeLines)
            throws ConfigException {
        final String name = args.text(0);
        final long occurrence = args.number(1);
        if (occurrence < -MAX_HISTORY) {
            throw new ConfigException("header occurrence must be >= " + -MAX_HISTORY);
        }
        if (!args.has(0)) {
            return _ -> null;
        }
        final HeaderCursor cursor = new HeaderCursor();
        return evaluation -> {
            final HttpMessage message = side.of(evaluation);
            if (message == null) {
                return null;
            }
            if (occurrence == 0 && evaluation.iterating()) {
                if (!cursor.resume(evaluation).next(message, name, wholeLines)) {
                    return null;
                }
                cursor.suspend(evaluation);
                return new Value.Str(cursor.value());
            }
            final String value = occurrence > 0
                    ? nth(cursor.start(), message, name, wholeLines, occurrence)
                    : fromLast(cursor, message, name, wholeLines, occurrence == 0 ? 1 : -occurrence);
            return value == null ? null : new Value.Str(value);
        };
    }

    private static String nth(final HeaderCursor cursor, final HttpMessage message, final String name,
            final boolean wholeLines, final long occurrence) {
        for (long i = 0; i < occurrence; i++) {
            if (!cursor.next(message, name, wholeLines)) {
                return null;
            }
        }
        return cursor.value();
    }

    private static String fromLast(final HeaderCursor cursor, final HttpMessage message, final String name,
            final boolean wholeLines, final long back) {
        long count = 0;
        String last = null;
        cursor.start();
        while (cursor.next(message, name, wholeLines)) {
            count++;
            last = cursor.value();
        }
        return back > count
                ? null
                : back == 1 ? last : nth(cursor.start(), message, name, wholeLines, count - back + 1);
    }

    private static Fetch.Sampler count(final Args args, final Messages.Side side, final boolean wholeLines) {
        final String name = args.text(0);
        final HeaderCursor cursor = new HeaderCursor();
        return evaluation -> {
            final HttpMessage message = side.of(evaluation);
            if (message == null) {
                return null;
            }
            long count = 0;
            cursor.start();
            while (cursor.next(message, name, wholeLines)) {
                count++;
            }
            return new Value.Int(count);
        };
    }

    /** Values that are no address are passed over while there are others to look at. */
    private static Fetch.Sampler address(final Args args, final Messages.Side side) throws ConfigException {
        final Fetch.Sampler header = header(args, side, false);
        final long occurrence = args.number(1);
        final HeaderCursor cursor = new HeaderCursor();
        final String name = args.text(0);
        return evaluation -> {
            if (occurrence != 0 || !evaluation.iterating()) {
                return header.sample(evaluation) instanceof Value.Str(String text) ? ip(text) : null;
            }
            final HttpMessage message = side.of(evaluation);
            if (message == null) {
                return null;
            }
            cursor.resume(evaluation);
            while (cursor.next(message, name, false)) {
                final Value ip = ip(cursor.value());
                if (ip != null) {
                    cursor.suspend(evaluation);
                    return ip;
                }
            }
            return null;
        };
    }

    /** An IPv4 address, perhaps with a port behind it, or an IPv6 one. */
    private static Value ip(final String text) {
        int end = 0;
        while (end < text.length() && (Numbers.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        final InetAddress v4 = Addresses.leadingV4(text);
        if (v4 != null && (end == text.length() || text.charAt(end) == ':' && isPort(text.substring(end + 1)))) {
            return new Value.Ip(v4);
        }
        final InetAddress v6 = Addresses.v6(text);
        return v6 == null ? null : new Value.Ip(v6);
    }

    private static boolean isPort(final String text) {
        final Long port = Numbers.strict(text);
        return port != null && port >= 0 && port <= 65_535;
    }

    private static Value names(final HttpMessage message, final String delimiter) {
        if (message == null) {
            return null;
        }
        final StringBuilder names = new StringBuilder();
        for (int i = 0; i < message.size(); i++) {
            names.append(names.isEmpty() ? "" : delimiter).append(Ascii.lower(message.name(i)));
        }
        return new Value.Str(names.toString());
    }

    /** As HTTP/1 lines, names in lower case as haproxy keeps them. */
    private static Value lines(final HttpMessage message) {
        if (message == null) {
            return null;
        }
        final StringBuilder lines = new StringBuilder(512);
        for (int i = 0; i < message.size(); i++) {
            lines.append(Ascii.lower(message.name(i))).append(": ").append(message.value(i)).append("\r\n");
        }
        return new Value.Str(lines.append("\r\n").toString());
    }

    /** Each name and each value behind its length as SPOP's variable-length integer; two zeros end it. */
    private static Value binary(final HttpMessage message) {
        if (message == null) {
            return null;
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        for (int i = 0; i < message.size(); i++) {
            prefixed(out, Ascii.lower(message.name(i)));
            prefixed(out, message.value(i));
        }
        out.write(0);
        out.write(0);
        return new Value.Bin(out.toByteArray());
    }

    private static void prefixed(final ByteArrayOutputStream out, final String text) {
        int length = text.length();
        if (length < 240) {
            out.write(length);
        } else {
            out.write(length & 255 | 240);
            length = length - 240 >> 4;
            while (length >= 128) {
                out.write(length & 255 | 128);
                length = length - 128 >> 7;
            }
            out.write(length);
        }
        for (int i = 0; i < text.length(); i++) {
            out.write(text.charAt(i));
        }
    }

    /** The first value of a field, or null: for fetches that want one field. */
    static String first(final HttpMessage message, final String name) {
        final HeaderCursor cursor = new HeaderCursor();
        return cursor.start().next(message, name, false) ? cursor.value() : null;
    }
}
