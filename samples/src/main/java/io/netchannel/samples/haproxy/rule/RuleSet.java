package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.expression.Condition;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules of one kind of one proxy ({@code http-request}, {@code tcp-response content}…) in their order. Immutable; those of a
 * named defaults section stand before the proxy's own.
 */
public final class RuleSet {

    public static final RuleSet EMPTY = new RuleSet(List.of());

    private final Rule[] rules;

    /**
     * One line.
     *
     * @param condition null: always
     * @param line where it stands
     * @param waits the condition may be answered later, when more bytes are there: of rules about a connection's content
     */
    record Rule(Condition condition, Action action, boolean waits, Line line) {
    }

    private RuleSet(final List<Rule> rules) {
        this.rules = rules.toArray(Rule[]::new);
    }

    /** This set with one more rule at its end. */
    RuleSet with(final Rule rule) {
        final List<Rule> longer = new ArrayList<>(List.of(rules));
        longer.add(rule);
        return new RuleSet(longer);
    }

    public boolean isEmpty() {
        return rules.length == 0;
    }

    /** Whether nothing passes the last rule. */
    boolean endsFinally() {
        return rules.length > 0 && rules[rules.length - 1].condition == null
                && rules[rules.length - 1].action.isFinal();
    }

    /**
     * Evaluates from where {@code cursor} stands. {@link Verdict#WAIT}: call again with the same cursor when data came, the
     * input closed, or the time of {@link RuleContext#wakeAt} (or inspect-delay, of which the context says that
     * {@link RuleContext#payloadComplete}) is over. Whatever else it answers, the cursor is at the start again.
     */
    public Verdict evaluate(final RuleContext context, final RuleCursor cursor) {
        for (int i = cursor.rule; i < rules.length; i++) {
            final Rule rule = rules[i];
            cursor.rule = i;
            Verdict verdict = cursor.inAction ? Verdict.ACCEPT : asked(rule, context);
            if (verdict == Verdict.ACCEPT) {
                cursor.inAction = true;
                verdict = apply(rule.action, context, cursor);
            }
            if (verdict == Verdict.WAIT) {
                return verdict;
            }
            cursor.inAction = false;
            cursor.waitingSinceMs = 0;
            sendHints(i, context, cursor);
            if (verdict != Verdict.CONTINUE) {
                cursor.ended(rule.line);
                return verdict;
            }
        }
        cursor.begin();
        return Verdict.CONTINUE;
    }

    /** @return ACCEPT if the condition holds, CONTINUE if it doesn't, WAIT if it isn't known yet */
    private static Verdict asked(final Rule rule, final RuleContext context) {
        if (rule.condition == null) {
            return Verdict.ACCEPT;
        }
        return switch (rule.condition.test(context, !rule.waits || context.payloadComplete())) {
            case PASS -> Verdict.ACCEPT;
            case FAIL -> Verdict.CONTINUE;
            case MISS -> Verdict.WAIT;
        };
    }

    private static Verdict apply(final Action action, final RuleContext context, final RuleCursor cursor) {
        return switch (action) {
            case HeaderActions.EarlyHint hint -> {
                if (context.request().minorVersion() == 1) {
                    cursor.hints = hint.addTo(cursor.hints, context);
                }
                yield Verdict.CONTINUE;
            }
            case StreamActions.WaitForBody wait -> wait.apply(context, cursor);
            default -> action.apply(context);
        };
    }

    /** One response for all early-hint rules that stand together. */
    private void sendHints(final int index, final RuleContext context, final RuleCursor cursor) {
        final boolean more = index + 1 < rules.length && rules[index + 1].action instanceof HeaderActions.EarlyHint;
        if (cursor.hints != null && !more) {
            context.sendInformational(cursor.hints);
            cursor.hints = null;
        }
    }
}
