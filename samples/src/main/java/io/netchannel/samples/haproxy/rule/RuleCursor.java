package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.http.HttpMessage;

/** Where the evaluation of a {@link RuleSet} stands while it waits; one for each stream, as only one of its sets can wait. */
public final class RuleCursor {

    /** Index of the rule that is evaluated next. */
    int rule;
    /** Its condition held already: its action goes on. */
    boolean inAction;
    /** When the action that waits began, wall clock; 0 if none does. */
    long waitingSinceMs;

    /** Of early-hint rules so far that stand together; null if the last rule was none. */
    HttpMessage hints;

    private Line last;

    /** File of the last rule that ended a set: {@code last_rule_file}; null if none did. */
    public String lastRuleFile() {
        return last == null ? null : last.file();
    }

    public int lastRuleLine() {
        return last == null ? 0 : last.number();
    }

    void ended(final Line line) {
        last = line;
        begin();
    }

    /** The next set begins with its first rule. */
    void begin() {
        rule = 0;
        inAction = false;
    }
}
