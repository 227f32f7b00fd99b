package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.expression.Value;

/** An element as one pattern set holds it: with its map's value as the set's type. Threading: the proxy's loop. */
public final class Entry {

    private final PatternElement element;
    private final long order;
    private Value value;

    Entry(final PatternElement element, final long order, final Value value) {
        this.element = element;
        this.order = order;
        this.value = value;
    }

    public PatternElement element() {
        return element;
    }

    /** A map's value; null in an ACL. */
    public Value value() {
        return value;
    }

    void value(final Value newValue) {
        value = newValue;
    }

    /** Grows from entry to entry of a set: which of several came first. */
    long order() {
        return order;
    }
}
