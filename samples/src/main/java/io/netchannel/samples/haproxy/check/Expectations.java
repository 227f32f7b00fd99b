package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.http.HttpMessage;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Whether an answer is as a step expects. */
final class Expectations {

    /** What an answer is so far. {@code WAIT}: more is needed to say. */
    enum Verdict {
        WAIT, FULFILLED, FAILED
    }

    /** @param matched the pattern was found @param error what is wrong, where it isn't just that it doesn't match; or "" */
    record Result(Verdict verdict, boolean matched, CheckStatus status, String error) {

        static final Result WAIT = new Result(Verdict.WAIT, false, null, "");
    }

    private static final String EMPTY_FORMAT = "log-format string evaluated to an empty string";

    private Expectations() {
    }

    static Result ofData(final Step.Expect expect, final String data, final boolean last, final CheckContext context) {
        if (!last && (data.length() < expect.text().length() || data.length() < expect.minReceived())) {
            return Result.WAIT;
        }
        final CheckStatus status = expect.errorStatus() == null ? CheckStatus.L7RSP : expect.errorStatus();
        final boolean match;
        switch (expect.kind()) {
            case STRING, BINARY -> match = data.contains(expect.text());
            case STRING_REGEX -> match = expect.regex().matches(data);
            case BINARY_REGEX -> match = expect.regex().matches(
                    HexFormat.of().withUpperCase()
                            .formatHex(data.getBytes(StandardCharsets.ISO_8859_1)));
            default -> {
                String wanted = expect.format().format(context);
                if (wanted.isEmpty()) {
                    return new Result(Verdict.FAILED, false, CheckStatus.L7RSP, EMPTY_FORMAT);
                }
                if (expect.kind() == Step.Kind.BINARY_FORMAT) {
                    wanted = bytes(wanted);
                    if (wanted == null) {
                        return new Result(Verdict.FAILED, false, CheckStatus.L7RSP,
                                "Failed to parse hexastring resulting of eval of a log-format string");
                    }
                }
                if (data.length() < wanted.length() && !last) {
                    return Result.WAIT;
                }
                match = data.contains(wanted);
            }
        }
        return concluded(expect, match, last, status, "");
    }

    /** @return null if these are no digits */
    static String bytes(final String hexadecimal) {
        try {
            return new String(HexFormat.of().parseHex(hexadecimal), StandardCharsets.ISO_8859_1);
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    private static Result concluded(final Step.Expect expect, final boolean match, final boolean last,
            final CheckStatus status, final String error) {
        if (!match && !last && expect.minReceived() == -1) {
            return Result.WAIT;
        }
        return new Result(match != expect.inverse() ? Verdict.FULFILLED : Verdict.FAILED, match, status, error);
    }

    static Result ofResponse(final Step.Expect expect, final HttpAnswer answer, final boolean ended,
            final CheckContext context) {
        if (answer.invalid()) {
            return new Result(Verdict.FAILED, false, CheckStatus.L7RSP, "");
        }
        if (answer.head() == null) {
            return ended ? new Result(Verdict.FAILED, false, CheckStatus.L7RSP, "") : Result.WAIT;
        }
        final String reason = expect.onError() == null ? answer.head().reason() : "";
        final CheckStatus wrongStatus = expect.errorStatus() == null ? CheckStatus.L7STS : expect.errorStatus();
        return switch (expect.kind()) {
            case STATUS -> concluded(expect, inRanges(expect.ranges(), answer.head().status()), true, wrongStatus,
                    reason);
            case STATUS_REGEX -> concluded(expect,
                    expect.regex().matches(Integer.toString(answer.head().status())), true, wrongStatus, reason);
            case HEADER -> header(expect, answer.head(), wrongStatus, reason, context);
            default -> body(expect, answer, context);
        };
    }

    private static boolean inRanges(final int[][] ranges, final int status) {
        for (final int[] range : ranges) {
            if (status >= range[0] && status <= range[1]) {
                return true;
            }
        }
        return false;
    }

    private static Result body(final Step.Expect expect, final HttpAnswer answer, final CheckContext context) {
        final boolean last = answer.complete();
        final CheckStatus status = expect.errorStatus() == null ? CheckStatus.L7RSP : expect.errorStatus();
        if (answer.body().isEmpty()) {
            return last
                    ? new Result(Verdict.FAILED, false, status,
                            expect.onError() == null ? "HTTP content check could not find a response body" : "")
                    : Result.WAIT;
        }
        final String wanted = expect.kind() == Step.Kind.BODY_FORMAT ? expect.format().format(context) : expect.text();
        if (expect.kind() == Step.Kind.BODY_FORMAT && wanted.isEmpty()) {
            return new Result(Verdict.FAILED, false, CheckStatus.L7RSP, EMPTY_FORMAT);
        }
        if (!last && (answer.body().length() < wanted.length() || answer.body().length() < expect.minReceived())) {
            return Result.WAIT;
        }
        final boolean match = expect.kind() == Step.Kind.BODY_REGEX
                ? expect.regex().matches(answer.body())
                : answer.body().contains(wanted);
        final String error;
        if (expect.onError() == null) {
            error = expect.inverse() ? "HTTP check matched unwanted content" : "HTTP content check did not match";
        } else {
            error = "";
        }
        return concluded(expect, match, last, status, error);
    }

    private static Result header(final Step.Expect expect, final HttpMessage head, final CheckStatus status,
            final String reason, final CheckContext context) {
        final Step.HeaderPattern pattern = expect.header();
        final String name = text(pattern.name(), context);
        final String value = pattern.value() == null ? "" : text(pattern.value(), context);
        if (name == null || value == null) {
            return new Result(Verdict.FAILED, false, CheckStatus.L7RSP, EMPTY_FORMAT);
        }
        for (int i = 0; i < head.size(); i++) {
            if (matches(pattern.name(), name, head.name(i).toLowerCase(Locale.ROOT), true)
                    && (pattern.value() == null || valueMatches(pattern, value, head.value(i)))) {
                return concluded(expect, true, true, status, reason);
            }
        }
        return concluded(expect, false, true, status, reason);
    }

    private static boolean valueMatches(final Step.HeaderPattern pattern, final String wanted, final String value) {
        if (pattern.whole()) {
            return matches(pattern.value(), wanted, value, false);
        }
        for (final String one : value.split(",", -1)) {
            if (matches(pattern.value(), wanted, one.strip(), false)) {
                return true;
            }
        }
        return false;
    }

    /** @return "" of a regular expression; null of a format that came to nothing */
    private static String text(final Step.Pattern pattern, final CheckContext context) {
        if (pattern.format() == null) {
            return pattern.text();
        }
        final String text = pattern.format().format(context);
        return text.isEmpty() ? null : text;
    }

    private static boolean matches(final Step.Pattern pattern, final String wanted, final String text,
            final boolean ignoreCase) {
        final String w = ignoreCase ? wanted.toLowerCase(Locale.ROOT) : wanted;
        return switch (pattern.comparison()) {
            case EXACT -> text.equals(w);
            case BEGIN -> text.startsWith(w);
            case END -> text.endsWith(w);
            case SUB -> text.contains(w);
            case REGEX -> pattern.regex().matches(text);
        };
    }
}
