package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.util.List;

/**
 * One check under way: the steps of its script, told what happens on its connection. It has no clock and no socket of its own.
 * Threading: the proxy's loop.
 */
final class CheckRun {

    /** An answer isn't read beyond: as haproxy's buffers, unless tune.bufsize says otherwise. */
    private static final int BUFFER_BYTES = 16_384;
    private static final int NOT_FOUND = 404;

    /** What a check wants of its connection. */
    interface Wire {

        /** Instead of the connection there is. @param step says where to */
        void connect(Step.Connect step, int port);

        /** Each char is a byte. */
        void send(String data);
    }

    /** @param description what is said with it; "" for nothing */
    record Result(CheckStatus status, int code, String description) {
    }

    private final CheckScript script;
    private final CheckContext context;
    private final Wire wire;
    private final boolean mayBeStopping;
    private final String stateHeader;
    private final StringBuilder input = new StringBuilder();
    private int index;
    /** Index of the last step that was begun; -1 before. */
    private int current = -1;
    private boolean connected;
    private boolean connecting;
    private boolean handshaking;
    private boolean secured;
    private boolean ended;
    private boolean mustRead = true;
    private int code;
    private Result result;

    /**
     * @param up the server works as far as is known: 404 may take it out gently
     * @param stateHeader of {@code http-check send-state}; null for none
     */
    CheckRun(final CheckScript script, final CheckContext context, final Wire wire, final boolean up,
            final String stateHeader) {
        this.script = script;
        this.context = context;
        this.wire = wire;
        this.mayBeStopping = up && script.disableOn404();
        this.stateHeader = stateHeader;
    }

    /** Null while it goes on. */
    Result result() {
        return result;
    }

    boolean isConnected() {
        return connected;
    }

    void start() {
        evaluate();
    }

    /** There is a connection, and TLS begins on it. */
    void secure() {
        handshaking = true;
    }

    /** TLS came to nothing. */
    void handshakeFailed() {
        if (result == null) {
            finish(CheckStatus.L6RSP, "SSL handshake failure" + where());
        }
    }

    void connected() {
        secured = handshaking;
        handshaking = false;
        connecting = false;
        connected = true;
        index++;
        evaluate();
    }

    /** @param data each char is a byte */
    void received(final String data) {
        input.append(data);
        mustRead = false;
        evaluate();
    }

    /** The server closed. */
    void ended() {
        ended = true;
        if (!connecting) {
            evaluate();
        }
    }

    /** @param reason of the system: {@code Connection refused} */
    void failed(final String reason) {
        if (result != null) {
            return;
        }
        if (connected && !input.isEmpty() && step() instanceof Step.Expect) {
            // Often just a reset behind the last bytes of an answer.
            ended();
            if (result != null) {
                return;
            }
        }
        finish(connected ? CheckStatus.SOCKERR : CheckStatus.L4CON, reason + where());
    }

    void timedOut() {
        if (result == null) {
            CheckStatus status = connected
                    ? CheckStatus.L7TOUT
                    : handshaking ? CheckStatus.L6TOUT : CheckStatus.L4TOUT;
            if (connected && step() instanceof final Step.Expect expect && expect.timeoutStatus() != null) {
                status = expect.timeoutStatus();
            }
            finish(status, where());
        }
    }

    private Step step() {
        return current < 0 ? null : script.steps().get(current);
    }

    private void finish(final CheckStatus status, final String description) {
        if (result == null) {
            result = new Result(status, code, description);
        }
    }

    private void evaluate() {
        final List<Step> steps = script.steps();
        while (result == null && index < steps.size()) {
            final Step step = steps.get(index);
            code = 0;
            final boolean goesOn = switch (step) {
                case Step.Connect connect -> connect(connect);
                case Step.Send send -> send(send);
                case Step.SendRequest request -> request(request);
                case Step.Expect expect -> expect(expect);
                case Step.Assign assign -> assign(assign);
                case Step.Remark _ -> true;
            };
            if (!goesOn) {
                return;
            }
            index++;
        }
        if (result == null) {
            passed();
        }
    }

    private boolean connect(final Step.Connect connect) {
        if (connecting) {
            return false;
        }
        current = index;
        connecting = true;
        connected = false;
        handshaking = false;
        ended = false;
        mustRead = true;
        input.setLength(0);
        final Long port = connect.port() == null ? null : Casts.number(connect.port().evaluate(context));
        wire.connect(connect, port == null ? 0 : port.intValue());
        return false;
    }

    private boolean send(final Step.Send send) {
        current = index;
        String data = send.format() == null ? send.data() : send.format().format(context);
        if (send.format() != null && data.isEmpty()) {
            finish(CheckStatus.L7RSP, "TCPCHK log-format string evaluated to an empty string at step " + number());
            return false;
        }
        if (send.format() != null && send.hexadecimal()) {
            data = Expectations.bytes(data);
            if (data == null) {
                finish(CheckStatus.L7RSP, "TCPCHK failed to parse hexastring resulting of eval of a log-format string"
                        + " at step " + number());
                return false;
            }
        }
        return sent(data);
    }

    private boolean request(final Step.SendRequest request) {
        current = index;
        return sent(CheckRequest.text(request, context, stateHeader));
    }

    /** What came before is no answer to it. */
    private boolean sent(final String data) {
        input.setLength(0);
        wire.send(data);
        mustRead = true;
        return true;
    }

    private boolean assign(final Step.Assign assign) {
        final Variables variables = context.variables(assign.scope());
        if (variables != null) {
            answer();
            final Value value;
            if (assign.format() != null) {
                value = new Value.Str(assign.format().format(context));
            } else {
                value = assign.expression() == null ? null : assign.expression().evaluate(context);
            }
            if (value != null || assign.expression() == null) {
                variables.set(assign.name(), value);
            }
        }
        return true;
    }

    /** Nothing more will come, or no more has room: what there is must do. */
    private boolean isWhole() {
        return ended || input.length() >= BUFFER_BYTES;
    }

    private HttpAnswer answer() {
        final String data = input.toString();
        final HttpAnswer answer = script.protocol() == CheckScript.Protocol.HTTP && !data.isEmpty()
                ? HttpAnswer.parse(data, isWhole())
                : null;
        context.answer(data, answer == null ? null : answer.head());
        return answer;
    }

    private boolean expect(final Step.Expect expect) {
        current = index;
        if (mustRead && !ended) {
            return false;
        }
        if (input.isEmpty() && ended) {
            finish(expect.errorStatus() == null ? CheckStatus.L7RSP : expect.errorStatus(),
                    "TCPCHK got an empty response at step " + number()
                            + (expect.comment().isEmpty() ? "" : " comment: '" + expect.comment() + "'"));
            return false;
        }
        final boolean last = isWhole();
        final HttpAnswer answer = answer();
        if (expect.kind() == Step.Kind.CUSTOM) {
            return custom(expect, last);
        }
        if (answer != null && answer.head() != null) {
            final HttpMessage head = answer.head();
            code = head.status();
            if (mayBeStopping && code == NOT_FOUND) {
                return true;
            }
        }
        final Expectations.Result outcome = expect.isHttp()
                ? Expectations.ofResponse(expect, answer, last, context)
                : Expectations.ofData(expect, input.toString(), last, context);
        return switch (outcome.verdict()) {
            case FULFILLED -> true;
            case WAIT -> again();
            case FAILED -> {
                final String description = errorText(expect, outcome);
                statusCode(expect);
                finish(outcome.status(), description);
                yield false;
            }
        };
    }

    private boolean custom(final Step.Expect expect, final boolean last) {
        final Step.Outcome outcome = expect.custom().read(input.toString(), last);
        if (outcome == null) {
            return again();
        }
        if (outcome.status() == null) {
            return true;
        }
        code = outcome.code();
        finish(outcome.status(), outcome.description()
                + (expect.comment().isEmpty() ? "" : " comment: " + expect.comment()));
        return false;
    }

    /** More bytes are looked at by all expectations that stand together, from the first. */
    private boolean again() {
        while (index > 0 && script.steps().get(index - 1) instanceof Step.Expect) {
            index--;
        }
        mustRead = true;
        return false;
    }

    private String errorText(final Step.Expect expect, final Expectations.Result outcome) {
        final StringBuilder text = new StringBuilder();
        if (!outcome.error().isEmpty()) {
            text.append(outcome.error());
        } else if (expect.onError() != null) {
            expect.onError().append(text, context);
        } else if (script.protocol() == CheckScript.Protocol.TCP) {
            text.append(outcome.matched() ? "TCPCHK matched unwanted content" : "TCPCHK did not match content");
            text.append(switch (expect.kind()) {
                case STRING -> " '" + expect.text() + "'";
                case BINARY -> " (binary)";
                case STRING_REGEX -> " (regex)";
                case BINARY_REGEX -> " (binary regex)";
                case STRING_FORMAT -> " (log-format string)";
                default -> " (log-format binary)";
            }).append(" at step ").append(number());
        }
        if (!expect.comment().isEmpty()) {
            text.append(" comment: ").append(expect.comment());
        }
        return text.toString();
    }

    private void statusCode(final Step.Expect expect) {
        if (expect.statusCode() != null) {
            // By way of text: bytes of an answer are no number at once.
            final String text = expect.statusCode().evaluateText(context);
            final Long number = text == null ? null : Casts.number(new Value.Str(text));
            code = number == null ? code : number.intValue();
        }
    }

    private int number() {
        return script.number(current);
    }

    /** Which step it was, for messages about the connection; only of tcp-check. */
    private String where() {
        if (script.protocol() != CheckScript.Protocol.TCP || current < 0) {
            return "";
        }
        final int number = number();
        if (number == 0) {
            return script.steps().size() == 1 ? "" : " at initial connection step of tcp-check";
        }
        final Step step = step();
        final String what = switch (step) {
            case Step.Connect connect -> connect.port() == null
                    ? " (connect)"
                    : " (connect port " + Casts.number(connect.port().evaluate(context)) + ")";
            case Step.Send _ -> " (send)";
            case Step.Expect expect -> switch (expect.kind()) {
                case STRING -> " (expect string '" + expect.text() + "')";
                case BINARY -> " (expect binary '" + expect.text() + "')";
                case STRING_REGEX -> " (expect regex)";
                case BINARY_REGEX -> " (expect binary regex)";
                case STRING_FORMAT -> " (expect log-format string)";
                case BINARY_FORMAT -> " (expect log-format binary)";
                default -> "";
            };
            default -> "";
        };
        return " at step " + number + " of tcp-check" + what
                + (step.comment().isEmpty() ? "" : " comment: '" + step.comment() + "'");
    }

    private void passed() {
        final String plain = script.protocol() == CheckScript.Protocol.TCP ? "(tcp-check)" : "";
        switch (step()) {
            case Step.Expect expect -> {
                answer();
                if (mayBeStopping && code == NOT_FOUND) {
                    finish(CheckStatus.L7OKC, "");
                    return;
                }
                final String text = expect.onSuccess() == null ? plain : expect.onSuccess().format(context);
                statusCode(expect);
                finish(expect.okStatus() == null ? CheckStatus.L7OK : expect.okStatus(), text);
            }
            case Step.Connect connect ->
                finish(secured ? CheckStatus.L6OK : CheckStatus.L4OK, connect.implicit() ? "" : plain);
            case null, default -> finish(CheckStatus.L7OK, "(tcp-check)");
        }
    }
}
