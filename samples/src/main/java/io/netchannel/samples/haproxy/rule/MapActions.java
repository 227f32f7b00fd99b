package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.pattern.PatternReference;
import io.netchannel.samples.haproxy.expression.pattern.PatternReferences;
import java.util.Set;

/** Actions on lists of patterns and maps, by the name of their file. */
final class MapActions {

    /** What is done with the entry. */
    private enum Change {
        ADD, SET, DELETE
    }

    private MapActions() {
    }

    static void register(final ActionTable table) {
        final Set<RuleKind> kinds = ActionTable.REQUEST_AND_RESPONSE;
        table.addPrefix(kinds, "add-acl", words -> parse(words, "add-acl", Change.ADD));
        table.addPrefix(kinds, "del-acl", words -> parse(words, "del-acl", Change.DELETE));
        table.addPrefix(kinds, "set-map", words -> parse(words, "set-map", Change.SET));
        table.addPrefix(kinds, "del-map", words -> parse(words, "del-map", Change.DELETE));
    }

    private static Action parse(final RuleWords words, final String keyword, final Change change)
            throws ConfigException {
        if (words.peek().isEmpty() || change == Change.SET && words.peek(1).isEmpty()) {
            throw new ConfigException("expects exactly " + (change == Change.SET ? "2" : "1") + " arguments");
        }
        final String name = words.inParentheses(keyword);
        if (name == null) {
            throw new ConfigException("expects a file name in parentheses");
        }
        final LogFormat key = words.format(words.next());
        final LogFormat value = change == Change.SET ? words.format(words.next()) : null;
        final PatternReferences references = PatternReferences.of(words.context().configuration());
        return context -> {
            final PatternReference reference = references.find(name);
            if (reference != null) {
                change(reference, change, key.format(context), value == null ? null : value.format(context));
            }
            return Verdict.CONTINUE;
        };
    }

    private static void change(final PatternReference reference, final Change change, final String key,
            final String value) {
        try {
            switch (change) {
                case ADD -> {
                    if (!reference.contains(key)) {
                        reference.add(key, null);
                    }
                }
                case SET -> {
                    if (!reference.set(key, value)) {
                        reference.add(key, value);
                    }
                }
                case DELETE -> reference.delete(key);
            }
        } catch (final ConfigException e) {
            // A key of traffic that is no pattern of this list's kind: as haproxy, it is not added.
            return;
        }
    }
}
