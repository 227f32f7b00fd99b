package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.ListText;

/**
 * Walks over the values of a header field: each line is one, or each part of it between commas that aren't quoted.
 *
 * <p>Threading: the proxy's loop; reused from evaluation to evaluation.
 */
final class HeaderCursor {

    private int field;
    private int position;
    private String value;

    HeaderCursor start() {
        field = 0;
        position = 0;
        return this;
    }

    /** Goes on where {@link #suspend} left it. */
    HeaderCursor resume(final Evaluation evaluation) {
        field = evaluation.field();
        position = evaluation.position();
        return this;
    }

    void suspend(final Evaluation evaluation) {
        evaluation.continueAt(field, position);
    }

    String value() {
        return value;
    }

    /** @param name "": any */
    boolean next(final HttpMessage message, final String name, final boolean wholeLines) {
        final int found = name.isEmpty() ? field : message.find(name, field);
        if (found < 0 || found >= message.size()) {
            return false;
        }
        if (found != field) {
            field = found;
            position = 0;
        }
        final String line = message.value(found);
        final int end = wholeLines ? line.length() : ListText.elementEnd(line, position, ",");
        value = trimmed(line, position, end);
        position = end + 1;
        if (end >= line.length()) {
            field++;
            position = 0;
        }
        return true;
    }

    private static String trimmed(final String line, final int from, final int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(line.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(start, end);
    }

    private static boolean isSpace(final char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
