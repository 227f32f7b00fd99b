package io.netchannel.samples.haproxy.rule;

/** What a rule does when its condition holds. Made once from the configuration, shared by all streams: it keeps no state of its own. */
public interface Action {

    /**
     * An action that answered {@link Verdict#WAIT} is applied again, without its condition, when something came or a time is over.
     */
    Verdict apply(RuleContext context);

    /** Whether the evaluation never goes past this action; rules after it without a condition can't be reached. */
    default boolean isFinal() {
        return false;
    }
}
