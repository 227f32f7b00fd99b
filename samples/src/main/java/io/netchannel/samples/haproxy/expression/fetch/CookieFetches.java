package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.ListText;

/** Fetches of cookies: of {@code Cookie} in requests, of {@code Set-Cookie} in responses. */
final class CookieFetches {

    private CookieFetches() {
    }

    static void addTo(final FetchTable table) {
        final int request = Origin.REQUEST_HEADERS.bit();
        final int response = Origin.RESPONSE_HEADERS.bit();
        group(table, "cook", Messages.REQUEST, request);
        group(table, "req.cook", Messages.REQUEST, request);
        group(table, "scook", Messages.RESPONSE, response);
        group(table, "res.cook", Messages.RESPONSE, response);
        table.add("cookie", FetchTable.OPTIONAL_STRING, Type.STR, request | response,
                (args, place) -> cookie(args, Messages.EITHER));
    }

    private static void group(final FetchTable table, final String name, final Messages.Side side, final int origins) {
        table.add(name, FetchTable.OPTIONAL_STRING, Type.STR, origins, (args, place) -> cookie(args, side));
        table.add(name + "_val", FetchTable.OPTIONAL_STRING, Type.SINT, origins, (args, place) -> {
            final Fetch.Sampler cookie = cookie(args, side);
            return evaluation -> cookie.sample(evaluation) instanceof Value.Str(String text)
                    ? new Value.Int(Numbers.leading(text))
                    : null;
        });
        table.add(name + "_cnt", FetchTable.OPTIONAL_STRING, Type.SINT, origins, (args, place) -> {
            final String wanted = args.text(0);
            return evaluation -> {
                final HttpMessage message = side.of(evaluation);
                if (message == null) {
                    return null;
                }
                final Scan scan = new Scan(message, wanted, 0, 0);
                long count = 0;
                while (scan.next()) {
                    count++;
                }
                return new Value.Int(count);
            };
        });
    }

    /** The last one of the name, or without a name the first; an ACL looks at all. */
    private static Fetch.Sampler cookie(final Args args, final Messages.Side side) {
        final String wanted = args.text(0);
        return evaluation -> {
            final HttpMessage message = side.of(evaluation);
            return message == null ? null : find(message, wanted, evaluation);
        };
    }

    private static Value find(final HttpMessage message, final String wanted, final Evaluation evaluation) {
        final Scan scan = new Scan(message, wanted, evaluation.field(), evaluation.position());
        if (!scan.next()) {
            return null;
        }
        if (evaluation.iterating()) {
            evaluation.continueAt(scan.field, scan.position);
            return new Value.Str(scan.value);
        }
        String value = scan.value;
        while (!wanted.isEmpty() && scan.next()) {
            value = scan.value;
        }
        return new Value.Str(value);
    }

    /** Goes over the cookies of a message, all or those of a name. */
    private static final class Scan {

        private final HttpMessage message;
        private final String wanted;
        private final String header;
        private int field;
        private int position;
        private String value;

        Scan(final HttpMessage message, final String wanted, final int field, final int position) {
            this.message = message;
            this.wanted = wanted;
            this.header = message.isRequest() ? "cookie" : "set-cookie";
            this.field = field;
            this.position = position;
        }

        boolean next() {
            for (int at = message.find(header, field); at >= 0; at = message.find(header, field)) {
                position = at == field ? position : 0;
                field = at;
                if (inLine(message.value(at))) {
                    return true;
                }
                field = at + 1;
                position = 0;
            }
            return false;
        }

        private boolean inLine(final String line) {
            // Only the first pair of a Set-Cookie is a cookie; what follows are its attributes, up to a comma.
            int at = position;
            while (at + wanted.length() + 1 < line.length()) {
                final int start = skipSpaces(line, at);
                int equal = start;
                int nameEnd = start;
                while (equal < line.length() && "=;,".indexOf(line.charAt(equal)) < 0) {
                    equal++;
                    if (!isSpace(line.charAt(equal - 1))) {
                        nameEnd = equal;
                    }
                }
                if (equal >= line.length() || line.charAt(equal) != '=') {
                    at = message.isRequest() ? equal + 1 : afterComma(line, equal);
                    continue;
                }
                final int from = skipSpaces(line, equal + 1);
                final int end = ListText.elementEnd(line, from, ",;");
                if (line.charAt(start) != '$'
                        && (wanted.isEmpty() || line.substring(start, nameEnd).equals(wanted))) {
                    value = trimmed(line, Math.min(from, end), end);
                    position = message.isRequest() ? end + 1 : afterComma(line, end);
                    return true;
                }
                at = message.isRequest() ? end + 1 : afterComma(line, end);
            }
            return false;
        }

        /** Behind the comma that ends a Set-Cookie's value, of which several may share a line. */
        private static int afterComma(final String line, final int from) {
            return ListText.elementEnd(line, from, ",") + 1;
        }

        private static int skipSpaces(final String line, final int from) {
            int at = from;
            while (at < line.length() && isSpace(line.charAt(at))) {
                at++;
            }
            return at;
        }

        private static String trimmed(final String line, final int from, final int to) {
            int end = to;
            while (end > from && isSpace(line.charAt(end - 1))) {
                end--;
            }
            return line.substring(from, end);
        }

        private static boolean isSpace(final char c) {
            return c == ' ' || c == '\t';
        }
    }
}
