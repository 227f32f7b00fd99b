package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.config.WordCursor;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.pattern.Regex;

/** Reads the words behind {@code tcp-check expect} and {@code http-check expect}. */
final class ExpectParser {

    private static final int MAX_STATUS = 999;

    private final WordCursor words;
    private final ParsePlace place;
    private final boolean http;
    private Step.Kind kind;
    private boolean inverse;
    private String text = "";
    private Regex regex;
    private LogFormat format;
    private int[][] ranges;
    private Step.HeaderPattern header;
    private int minReceived = -1;
    private CheckStatus okStatus;
    private CheckStatus errorStatus;
    private CheckStatus timeoutStatus;
    private LogFormat onSuccess;
    private LogFormat onError;
    private Expression statusCode;
    private String comment = "";

    ExpectParser(final WordCursor words, final ParsePlace place, final boolean http) {
        this.words = words;
        this.place = place;
        this.http = http;
    }

    Step.Expect parse() throws ConfigException {
        while (words.hasNext()) {
            String word = words.next();
            if (word.startsWith("!")) {
                if (inverse) {
                    throw new ConfigException("multiple negations are not permitted.");
                }
                inverse = true;
                if (word.length() == 1) {
                    continue;
                }
                word = word.substring(1);
            }
            if (!pattern(word)) {
                option(word);
            }
        }
        if (kind == null) {
            throw new ConfigException("only support patterns 'string', 'rstring', 'string-lf', " + (http
                    ? "'status', 'rstatus', 'hdr' and 'fhdr'"
                    : "'binary', 'rbinary' and 'binary-lf'") + ", or none was given.");
        }
        return new Step.Expect(kind, inverse, text, regex, format, ranges, header, null, minReceived, okStatus,
                errorStatus, timeoutStatus, onSuccess, onError, statusCode, comment);
    }

    /** A protocol's own, with the words' other options. */
    Step.Expect parse(final Step.Custom custom) throws ConfigException {
        while (words.hasNext()) {
            option(words.next());
        }
        return new Step.Expect(Step.Kind.CUSTOM, false, "", null, null, null, null, custom, minReceived, okStatus,
                errorStatus, timeoutStatus, onSuccess, onError, statusCode, comment);
    }

    private String argument(final String name) throws ConfigException {
        return words.next("'" + name + "' expects an argument.");
    }

    private void kind(final Step.Kind newKind) throws ConfigException {
        if (kind != null) {
            throw new ConfigException("only one pattern expected.");
        }
        kind = newKind;
    }

    private LogFormat format(final String string) throws ConfigException {
        return LogFormat.parse(string, place, 0, Point.CHECK.bit());
    }

    private boolean pattern(final String word) throws ConfigException {
        switch (word) {
            case "string" -> {
                kind(http ? Step.Kind.BODY : Step.Kind.STRING);
                text = words.next("'" + word + "' expects a <pattern> argument.");
            }
            case "rstring" -> {
                kind(http ? Step.Kind.BODY_REGEX : Step.Kind.STRING_REGEX);
                regex = Regex.compile(argument(word), false);
            }
            case "string-lf" -> {
                kind(http ? Step.Kind.BODY_FORMAT : Step.Kind.STRING_FORMAT);
                format = format(argument(word));
            }
            case "binary", "rbinary", "binary-lf" -> {
                if (http) {
                    return false;
                }
                binary(word);
            }
            case "status", "rstatus", "hdr", "fhdr" -> {
                if (!http) {
                    return false;
                }
                ofHttp(word);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void binary(final String word) throws ConfigException {
        switch (word) {
            case "binary" -> {
                kind(Step.Kind.BINARY);
                text = StepParser.binary(argument(word), word);
            }
            case "rbinary" -> {
                kind(Step.Kind.BINARY_REGEX);
                regex = Regex.compile(argument(word), false);
            }
            default -> {
                kind(Step.Kind.BINARY_FORMAT);
                format = format(argument(word));
            }
        }
    }

    private void ofHttp(final String word) throws ConfigException {
        switch (word) {
            case "status" -> {
                kind(Step.Kind.STATUS);
                ranges = ranges(argument(word));
            }
            case "rstatus" -> {
                kind(Step.Kind.STATUS_REGEX);
                regex = Regex.compile(argument(word), false);
            }
            default -> {
                kind(Step.Kind.HEADER);
                header = header("fhdr".equals(word));
            }
        }
    }

    private static int[][] ranges(final String list) throws ConfigException {
        final String[] parts = list.split(",");
        final int[][] ranges = new int[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            final String[] ends = parts[i].split("-", 2);
            final long first = Units.leadingInteger(ends[0]);
            final long last = ends.length == 1 ? first : Units.leadingInteger(ends[1]);
            if (first < 0 || last > MAX_STATUS || first > last || !parts[i].matches("[0-9]+(-[0-9]+)?")) {
                throw new ConfigException("invalid status code '" + parts[i] + "'.");
            }
            ranges[i] = new int[]{(int) first, (int) last};
        }
        return ranges;
    }

    private Step.HeaderPattern header(final boolean whole) throws ConfigException {
        final String name = words.next();
        if (!"name".equals(name) && !"name-lf".equals(name)) {
            throw new ConfigException("'hdr' expects at the keyword name or name-lf as first argument.");
        }
        final Step.Pattern namePattern = headerPattern("name-lf".equals(name), true);
        Step.Pattern value = null;
        if ("value".equals(words.peek()) || "value-lf".equals(words.peek())) {
            value = headerPattern("value-lf".equals(words.next()), false);
        }
        return new Step.HeaderPattern(namePattern, value, whole || value == null);
    }

    private Step.Pattern headerPattern(final boolean formatted, final boolean ignoreCase) throws ConfigException {
        Step.Comparison comparison = Step.Comparison.EXACT;
        if (words.takeIf("-m")) {
            final String method = words.next();
            comparison = switch (method) {
                case "str" -> Step.Comparison.EXACT;
                case "beg" -> Step.Comparison.BEGIN;
                case "end" -> Step.Comparison.END;
                case "sub" -> Step.Comparison.SUB;
                case "reg" -> Step.Comparison.REGEX;
                default -> throw new ConfigException("'-m' : unknown match method '" + method + "'.");
            };
        }
        final String pattern = words.next("'hdr' expects a <pattern> argument.");
        if (comparison == Step.Comparison.REGEX) {
            if (formatted) {
                throw new ConfigException("log-format strings can't be regular expressions.");
            }
            return new Step.Pattern(comparison, "", Regex.compile(pattern, ignoreCase), null);
        }
        return new Step.Pattern(comparison, pattern, null, formatted ? format(pattern) : null);
    }

    private void option(final String word) throws ConfigException {
        switch (word) {
            case "min-recv" -> {
                final String number = argument(word);
                final long bytes = Units.leadingInteger(number);
                if (bytes < -1 || bytes > Integer.MAX_VALUE) {
                    throw new ConfigException("'min-recv' expects -1 or an integer from 0 to INT_MAX (got '" + number
                            + "').");
                }
                minReceived = (int) bytes;
            }
            case "comment" -> comment = argument(word);
            case "on-success" -> onSuccess = format(argument(word));
            case "on-error" -> onError = format(argument(word));
            case "status-code" -> statusCode = Expression.parse(argument(word), place);
            case "ok-status" -> okStatus = status(word);
            case "error-status" -> errorStatus = status(word);
            case "tout-status" -> timeoutStatus = status(word);
            default -> throw new ConfigException("'" + (http ? "http-check" : "tcp-check")
                    + " expect' : unknown argument '" + word + "'.");
        }
    }

    private CheckStatus status(final String word) throws ConfigException {
        final String name = argument(word);
        final CheckStatus status = CheckStatus.named(name);
        if (status == null) {
            throw new ConfigException("'" + word + "' expects a status of a check, got '" + name + "'.");
        }
        return status;
    }
}
