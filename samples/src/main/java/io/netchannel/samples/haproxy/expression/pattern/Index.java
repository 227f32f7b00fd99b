package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Value;

/** Patterns of one method, arranged for lookup. */
interface Index {

    /** @throws ConfigException if the pattern's text is none of the method's */
    void add(Entry entry) throws ConfigException;

    void clear();

    /** From now on names are known, or no patterns. */
    default void resolveNoMore() {
        // Few have names.
    }

    /** @param value of the method's expected type; null when none matches */
    Entry find(Value value);

    /** Whether the patterns are in a tree or a table: what {@code get map} tells as {@code idx}. */
    default boolean isTree() {
        return false;
    }

    static Index of(final MatchMethod method, final boolean ignoreCase, final boolean resolveNames) {
        return switch (method) {
            case FOUND, BOOL -> new TruthIndex();
            case INT, LEN, VERSION -> new RangeIndex(method);
            case IP -> new AddressIndex(resolveNames);
            case BIN -> new BinaryIndex();
            case STR -> new StringIndex(ignoreCase);
            case METHOD -> new MethodIndex(ignoreCase);
            case BEG -> ignoreCase ? new TextIndex(method, true) : new PrefixIndex();
            case SUB, DIR, DOM, END, GROUP -> new TextIndex(method, ignoreCase);
            case REG, REGM -> new RegexIndex(ignoreCase, method == MatchMethod.REGM);
        };
    }
}
