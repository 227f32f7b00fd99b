package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Regular expressions, tried in the order in which they were given. */
final class RegexIndex implements Index {

    private record Compiled(Regex regex, Entry entry) {
    }

    private final boolean ignoreCase;
    private final boolean capturing;
    private final List<Compiled> entries = new ArrayList<>();
    /** Those before {@link #clear}: when a list changes, all but one of its expressions are added again. */
    private final Map<String, Regex> spare = new HashMap<>();
    private Regex last;

    RegexIndex(final boolean ignoreCase, final boolean capturing) {
        this.ignoreCase = ignoreCase;
        this.capturing = capturing;
    }

    @Override
    public void add(final Entry entry) throws ConfigException {
        final String pattern = entry.element().pattern();
        final Regex compiled = spare.remove(pattern);
        entries.add(new Compiled(compiled != null ? compiled : Regex.compile(pattern, ignoreCase, capturing), entry));
    }

    @Override
    public void clear() {
        spare.clear();
        entries.forEach(compiled -> spare.put(compiled.regex.source(), compiled.regex));
        entries.clear();
    }

    @Override
    public Entry find(final Value value) {
        spare.clear();
        if (value instanceof Value.Str(String text)) {
            for (int i = 0; i < entries.size(); i++) {
                final Compiled compiled = entries.get(i);
                if (compiled.regex.matches(text)) {
                    last = compiled.regex;
                    return compiled.entry;
                }
            }
        }
        return null;
    }

    /** The expression that matched last, whose groups {@code map_regm} puts into its value. */
    Regex last() {
        return last;
    }
}
