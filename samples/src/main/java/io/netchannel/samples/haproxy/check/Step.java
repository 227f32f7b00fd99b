package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.pattern.Regex;
import java.util.List;

/** One line of {@code tcp-check} or {@code http-check}. */
sealed interface Step {

    /** Told when the check fails here; "" if there is none. */
    String comment();

    /**
     * A connection, instead of the one there is.
     *
     * @param implicit no line said it
     * @param asServer by TLS, if the server is checked so: where no line or {@code default} said it
     * @param sendProxy the PROXY protocol's header goes before the rest, whatever the server is sent
     * @param viaSocks by the server's SOCKS proxy, if it has one
     * @param address null: the server's
     * @param port null: the address's, or the server's
     */
    record Connect(boolean implicit, boolean asServer, boolean sendProxy, boolean viaSocks, Address address,
            Expression port, String comment) implements Step {

        static final Connect IMPLICIT = new Connect(true, true, false, false, null, null, "");
    }

    /** @param format made for each check; else {@code data} @param hexadecimal what the format makes are digits of bytes */
    record Send(String data, LogFormat format, boolean hexadecimal, String comment) implements Step {
    }

    /** A header field of a request. */
    record Field(String name, LogFormat value) {
    }

    /** @param uri or a format @param body or a format; null for none */
    record SendRequest(String method, String uri, LogFormat uriFormat, String version, List<Field> fields, String body,
            LogFormat bodyFormat, String comment) implements Step {
    }

    /** @param expression null: the variable is unset @param format instead of an expression */
    record Assign(String scope, String name, Expression expression, LogFormat format) implements Step {

        @Override
        public String comment() {
            return "";
        }
    }

    /** A line that does nothing but explain. */
    record Remark(String comment) implements Step {
    }

    /** What an expectation looks for. */
    enum Kind {
        STRING, STRING_REGEX, STRING_FORMAT, BINARY, BINARY_REGEX, BINARY_FORMAT, STATUS, STATUS_REGEX, HEADER, BODY, BODY_REGEX, BODY_FORMAT, CUSTOM
    }

    /** How a name or value of a field is compared. */
    enum Comparison {
        EXACT, BEGIN, END, SUB, REGEX
    }

    /** @param format null if it is {@code text} or {@code regex} */
    record Pattern(Comparison comparison, String text, Regex regex, LogFormat format) {
    }

    /** @param value null: any @param whole the value of a line as a whole, not each between commas */
    record HeaderPattern(Pattern name, Pattern value, boolean whole) {
    }

    /** A protocol's own way to read an answer. */
    @FunctionalInterface
    interface Custom {

        /** @param last nothing follows; @return null: more is needed */
        Outcome read(String data, boolean last);
    }

    /** @param status null: as expected, go on */
    record Outcome(CheckStatus status, int code, String description) {

        static final Outcome GO_ON = new Outcome(null, 0, "");
    }

    /**
     * An expectation.
     *
     * @param ranges of status codes: pairs of first and last
     * @param minReceived bytes before it is looked at; -1: it waits until it matches
     * @param okStatus null: the usual
     */
    record Expect(Kind kind, boolean inverse, String text, Regex regex, LogFormat format, int[][] ranges,
            HeaderPattern header, Custom custom, int minReceived, CheckStatus okStatus, CheckStatus errorStatus,
            CheckStatus timeoutStatus, LogFormat onSuccess, LogFormat onError, Expression statusCode, String comment)
            implements
                Step {

        boolean isHttp() {
            return kind.ordinal() >= Kind.STATUS.ordinal() && kind != Kind.CUSTOM;
        }
    }
}
