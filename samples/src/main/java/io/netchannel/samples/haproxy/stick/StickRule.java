package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.expression.Condition;
import io.netchannel.samples.haproxy.expression.Expression;

/** A {@code stick} line. */
public final class StickRule {

    final Expression key;
    final Condition condition;
    final boolean match;
    final boolean store;
    /** Looked up when all files are read. */
    StickTable table;

    /** @param condition null: always */
    StickRule(final Expression key, final Condition condition, final boolean match, final boolean store) {
        this.key = key;
        this.condition = condition;
        this.match = match;
        this.store = store;
    }
}
