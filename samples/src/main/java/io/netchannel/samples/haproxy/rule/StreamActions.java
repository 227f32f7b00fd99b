package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.log.Syslog;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjIntConsumer;

/** Actions on how a stream is treated: logged, queued, timed, waited for. */
final class StreamActions {

    private static final Set<RuleKind> REQUEST_STREAM = EnumSet.of(RuleKind.TCP_CONTENT, RuleKind.HTTP_REQUEST);
    private static final int MAX_CLASS = 2_047;
    private static final int MAX_OFFSET = 524_287;

    private StreamActions() {
    }

    static void register(final ActionTable table) {
        table.add(ActionTable.STREAM, "set-log-level", StreamActions::logLevel);
        table.add(ActionTable.STREAM, "set-nice", StreamActions::nice);
        table.add(REQUEST_STREAM, "set-priority-class",
                words -> priority(words, MAX_CLASS, RuleContext::priorityClass));
        table.add(REQUEST_STREAM, "set-priority-offset",
                words -> priority(words, MAX_OFFSET, RuleContext::priorityOffset));
        table.add(ActionTable.HTTP_REQUEST, "set-timeout", StreamActions::timeout);
        table.add(ActionTable.HTTP, "strict-mode", StreamActions::strictMode);
        table.add(EnumSet.of(RuleKind.HTTP_RESPONSE, RuleKind.HTTP_AFTER_RESPONSE), "set-status",
                StreamActions::status);
        table.add(ActionTable.REQUEST_AND_RESPONSE, "wait-for-body", StreamActions::waitForBody);
        table.add(ActionTable.HTTP_REQUEST, "disable-l7-retry", _ -> context -> {
            context.disableL7Retry();
            return Verdict.CONTINUE;
        });
    }

    private static Action logLevel(final RuleWords words) throws ConfigException {
        final String name = words.next();
        final int level = "silent".equals(name) ? RuleContext.SILENT : Syslog.level(name);
        if (level < 0 && !"silent".equals(name)) {
            throw new ConfigException("expects exactly 1 argument (log level name or 'silent')");
        }
        return context -> {
            context.logLevel(level);
            return Verdict.CONTINUE;
        };
    }

    /** Tasks of one loop take turns; there is nothing to weigh. */
    private static Action nice(final RuleWords words) throws ConfigException {
        words.next("expects exactly 1 argument (integer value)");
        return _ -> Verdict.CONTINUE;
    }

    private static Action priority(final RuleWords words, final int limit, final ObjIntConsumer<RuleContext> setter)
            throws ConfigException {
        final Expression expression = words.expression();
        return context -> {
            final Long value = Casts.number(expression.evaluate(context));
            if (value != null) {
                setter.accept(context, Math.clamp(value, -limit, limit));
            }
            return Verdict.CONTINUE;
        };
    }

    private static Action timeout(final RuleWords words) throws ConfigException {
        if (words.peek().isEmpty() || words.peek(1).isEmpty()) {
            throw new ConfigException("expects exactly 2 arguments");
        }
        if (!words.section().hasBackend()) {
            throw new ConfigException("proxy '" + words.section().name() + "' has no backend capability");
        }
        final String name = words.next();
        if (!"server".equals(name) && !"tunnel".equals(name)) {
            throw new ConfigException("'set-timeout' rule supports 'server'/'tunnel' (got '" + name + "')");
        }
        final boolean tunnel = "tunnel".equals(name);
        final Units.Parsed time = Units.time(words.peek(), Units.TimeUnit.MS);
        return switch (time.verdict()) {
            case OK -> {
                if (time.value() == 0) {
                    throw new ConfigException("null value is not valid for a 'set-timeout " + name + "' rule");
                }
                words.next();
                yield context -> timeout(context, tunnel, time.value());
            }
            case OVERFLOW -> throw new ConfigException("timer overflow in argument '" + words.peek()
                    + "' to rule 'set-timeout " + name + "' (maximum value is 2147483647 ms or ~24.8 days)");
            case UNDERFLOW -> throw new ConfigException("timer underflow in argument '" + words.peek()
                    + "' to rule 'set-timeout " + name + "' (minimum value is 1 ms)");
            case UNEXPECTED -> {
                final Expression expression = timeoutExpression(words, name, time.unexpected());
                yield context -> {
                    final Long value = Casts.number(expression.evaluate(context));
                    return value == null ? Verdict.CONTINUE : timeout(context, tunnel, value);
                };
            }
        };
    }

    private static Expression timeoutExpression(final RuleWords words, final String name, final char unexpected)
            throws ConfigException {
        try {
            return words.expression();
        } catch (final ConfigException e) {
            throw new ConfigException("unexpected character '" + unexpected + "' in rule 'set-timeout " + name + "'",
                    e);
        }
    }

    private static Verdict timeout(final RuleContext context, final boolean tunnel, final long timeoutMs) {
        if (tunnel) {
            context.tunnelTimeout(timeoutMs);
        } else {
            context.serverTimeout(timeoutMs);
        }
        return Verdict.CONTINUE;
    }

    private static Action strictMode(final RuleWords words) throws ConfigException {
        final String word = words.next("expects exactly 1 arguments");
        if (!"on".equalsIgnoreCase(word) && !"off".equalsIgnoreCase(word)) {
            throw new ConfigException("Unexpected value '" + word + "'. Only 'on' and 'off' are supported");
        }
        final boolean on = "on".equalsIgnoreCase(word);
        return context -> {
            context.strictRewriting(on);
            return Verdict.CONTINUE;
        };
    }

    private static Action status(final RuleWords words) throws ConfigException {
        final String text = words.next("expects 1 argument: <status>; or 3 arguments: <status> reason <fmt>");
        if (!text.matches("[1-9][0-9]{2}")) {
            throw new ConfigException("expects an integer status code between 100 and 999");
        }
        final int status = Integer.parseInt(text);
        final String reason;
        if ("reason".equals(words.peek()) && !words.endsAt(1)) {
            words.next();
            reason = words.next();
        } else {
            reason = Reasons.of(status);
        }
        return context -> {
            if (!Rewriting.fits(context, reason.length() - context.response().reason().length())) {
                return Rewriting.failed(context);
            }
            context.response().status(status, reason);
            return Verdict.CONTINUE;
        };
    }

    private static Action waitForBody(final RuleWords words) throws ConfigException {
        final String usage = "expects time <time> [ at-least <bytes> ]";
        long timeMs = -1;
        long bytes = 0;
        while ("time".equals(words.peek()) || "at-least".equals(words.peek())) {
            final String name = words.next();
            final String text = words.next("missing argument for '" + name + "'");
            if ("time".equals(name)) {
                timeMs = RuleWords.time(text, "time overflow (maximum value is 2147483647 ms or ~24.8 days)",
                        "time underflow (minimum non-null value is 1 ms)");
            } else {
                final Units.Parsed size = Units.size(text);
                if (!size.isOk()) {
                    throw new ConfigException("unexpected character '" + size.unexpected() + "'");
                }
                bytes = size.value();
            }
        }
        if (timeMs < 0) {
            throw new ConfigException(usage);
        }
        return new WaitForBody(timeMs, bytes);
    }

    /** @param bytes 0: all of the body */
    record WaitForBody(long timeMs, long bytes) implements Action {

        Verdict apply(final RuleContext context, final RuleCursor cursor) {
            if (context.bodyComplete() || bytes > 0 && context.bodyBytesBuffered() >= bytes) {
                return Verdict.CONTINUE;
            }
            if (context.bodyInvalid()) {
                return Verdict.INVALID;
            }
            final long now = context.nowMs();
            if (cursor.waitingSinceMs == 0) {
                cursor.waitingSinceMs = now;
            }
            if (now - cursor.waitingSinceMs >= timeMs) {
                return Verdict.TIME_OVER;
            }
            context.wakeAt(cursor.waitingSinceMs + timeMs);
            return Verdict.WAIT;
        }

        @Override
        public Verdict apply(final RuleContext context) {
            throw new IllegalStateException("it waits with a cursor");
        }
    }
}
