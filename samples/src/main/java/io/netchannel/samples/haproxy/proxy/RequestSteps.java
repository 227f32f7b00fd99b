package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.rule.RuleSet;
import io.netchannel.samples.haproxy.rule.Verdict;
import java.util.List;
import java.util.function.Predicate;

/** The rules that a request meets, frontend's and backend's in haproxy's order; may stop at each to wait. */
final class RequestSteps {

    private static final int FRONT_BODY = 0;
    private static final int FRONT_CONTENT = 1;
    private static final int FRONT_RULES = 2;
    private static final int FRONT_REDIRECT = 3;
    private static final int SWITCH = 4;
    private static final int BACK_CONTENT = 5;
    private static final int BACK_BODY = 6;
    private static final int BACK_RULES = 7;
    private static final int BACK_REDIRECT = 8;
    private static final int DONE = 9;

    private static final int FORBIDDEN = 403;

    private final HttpStream stream;
    private int at;
    private int responseAt;
    private boolean inspecting;
    private boolean retryDisabled;
    private boolean timeOver;

    RequestSteps(final HttpStream stream) {
        this.stream = stream;
    }

    /** @return CONTINUE when all are passed; WAIT: call again when something came */
    Verdict run() {
        while (at < DONE) {
            final Verdict verdict = step();
            if (verdict == Verdict.WAIT) {
                return verdict;
            }
            if (verdict != Verdict.CONTINUE && verdict != Verdict.ACCEPT) {
                return verdict;
            }
            at++;
            timeOver = false;
        }
        return Verdict.CONTINUE;
    }

    private Verdict step() {
        final Frontend frontend = stream.session.frontend;
        final Backend backend = stream.backend();
        final boolean other = backend != null && !backend.name().equals(frontend.name());
        return switch (at) {
            case FRONT_BODY -> buffer(frontend.options());
            case FRONT_CONTENT -> content(frontend.options().tcpContent, frontend.options().requestInspectMs);
            case FRONT_RULES -> request(frontend.options());
            case FRONT_REDIRECT -> page(frontend.options());
            case SWITCH -> {
                final Backend chosen = frontend.choose(stream);
                if (chosen != null) {
                    stream.backend(chosen);
                    stream.counted().countBackendRequest(stream.loop.wallMs());
                }
                yield Verdict.CONTINUE;
            }
            case BACK_CONTENT -> other
                    ? content(backend.options().tcpContent, backend.options().requestInspectMs)
                    : Verdict.CONTINUE;
            case BACK_BODY -> other ? buffer(backend.options()) : Verdict.CONTINUE;
            case BACK_RULES -> other ? request(backend.options()) : Verdict.CONTINUE;
            case BACK_REDIRECT -> other ? page(backend.options()) : Verdict.CONTINUE;
            default -> throw new IllegalStateException("step " + at);
        };
    }

    private Verdict buffer(final ProxyOptions options) {
        if (!options.bufferRequest || stream.buffered()) {
            return Verdict.CONTINUE;
        }
        if (timeOver) {
            return Verdict.TIME_OVER;
        }
        stream.step(options.requestMs);
        return Verdict.WAIT;
    }

    private Verdict content(final RuleSet rules, final long inspectMs) {
        if (rules.isEmpty()) {
            return Verdict.CONTINUE;
        }
        final Verdict verdict = evaluate(rules);
        if (verdict == Verdict.WAIT && inspectMs > 0 && !inspecting) {
            inspecting = true;
            stream.step(inspectMs);
        }
        return verdict;
    }

    /** {@code http-request}, and the names of fields that are left after that. */
    private Verdict request(final ProxyOptions options) {
        final Verdict verdict = evaluate(options.httpRequest);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.ACCEPT) {
            return verdict;
        }
        return HttpHeads.restrictNames(stream.request(), options.restrictNames)
                ? Verdict.CONTINUE
                : new Verdict.Respond(stream.errorReply(FORBIDDEN), true);
    }

    /** The proxy's own page, then redirections. */
    private Verdict page(final ProxyOptions options) {
        if (!options.hasPage) {
            return evaluate(options.redirects);
        }
        final Verdict answered = stream.session.frontend.owner().page().answer(options.section(), stream);
        if (answered instanceof Verdict.Respond) {
            stream.session.frontend.counters().intercepted++;
        }
        return answered == Verdict.CONTINUE ? evaluate(options.redirects) : answered;
    }

    private Verdict evaluate(final RuleSet rules) {
        return rules.isEmpty() ? Verdict.CONTINUE : rules.evaluate(stream, stream.cursor);
    }

    boolean isInspecting() {
        return inspecting;
    }

    /** The time of what it waits for is over. */
    void timeOver() {
        timeOver = true;
    }

    /** Of the response: content, then http-response of backend and frontend. */
    Verdict runResponse() {
        final ProxyOptions back = stream.backend().options();
        final ProxyOptions front = stream.session.frontend.options();
        final boolean other = !stream.backend().name().equals(stream.session.frontend.name());
        while (responseAt < 3) {
            final RuleSet rules = switch (responseAt) {
                case 0 -> back.tcpResponse;
                case 1 -> back.httpResponse;
                default -> other ? front.httpResponse : RuleSet.EMPTY;
            };
            final Verdict verdict = evaluate(rules);
            if (verdict != Verdict.CONTINUE && verdict != Verdict.ACCEPT) {
                return verdict;
            }
            responseAt++;
        }
        return Verdict.CONTINUE;
    }

    /** Of any answer, a server's or the proxy's own. */
    Verdict runAfterResponse(final HttpStream of) {
        final Backend backend = of.backend();
        final ProxyOptions front = of.session.frontend.options();
        if (backend != null) {
            final Verdict verdict = evaluate(backend.options().httpAfterResponse);
            if (verdict != Verdict.CONTINUE && verdict != Verdict.ACCEPT) {
                return verdict;
            }
            if (backend.name().equals(of.session.frontend.name())) {
                return Verdict.CONTINUE;
            }
        }
        return evaluate(front.httpAfterResponse);
    }

    /** {@code use-server}; null: none holds, or its server is down. */
    Server ruledServer() {
        final Backend backend = stream.backend();
        for (final TrafficSettings.ServerRule rule : backend.options().serverRules) {
            if (rule.condition() == null || rule.condition().test(stream)) {
                final Server server = backend.server(rule.name().apply(stream));
                if (server != null && (server.isUp() || backend.options().persist || forcesPersistence())) {
                    return server;
                }
                break;
            }
        }
        return null;
    }

    boolean forcesPersistence() {
        return any(stream.backend().options().forcePersist);
    }

    boolean ignoresPersistence() {
        return any(stream.backend().options().ignorePersist);
    }

    private boolean any(final List<Predicate<SampleContext>> conditions) {
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).test(stream)) {
                return true;
            }
        }
        return false;
    }

    boolean isRetryDisabled() {
        return retryDisabled;
    }

    void disableRetry() {
        retryDisabled = true;
    }
}
