package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.expression.Value;

/** Looks at the sample only: patterns may stand there, and mean nothing. */
final class TruthIndex implements Index {

    private static final Entry TRUE = new Entry(null, 0, null);

    @Override
    public void add(final Entry entry) {
        // The method takes no patterns.
    }

    @Override
    public void clear() {
        // Holds none.
    }

    @Override
    public Entry find(final Value value) {
        return value instanceof Value.Int(long number) && number != 0 ? TRUE : null;
    }
}
