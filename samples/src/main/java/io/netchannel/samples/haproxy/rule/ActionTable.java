package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.NearestWord;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which actions there are in each kind of rule. */
final class ActionTable {

    /** @param prefix more may stand behind the name: {@code set-var(…)} */
    private record Entry(ActionParser parser, boolean prefix) {
    }

    private final Map<RuleKind, Map<String, Entry>> entries = new EnumMap<>(RuleKind.class);

    private ActionTable() {
        for (final RuleKind kind : RuleKind.values()) {
            entries.put(kind, new LinkedHashMap<>());
        }
    }

    private static ActionTable create() {
        final ActionTable table = new ActionTable();
        FlowActions.register(table);
        HeaderActions.register(table);
        UriActions.register(table);
        VariableActions.register(table);
        CounterActions.register(table);
        ConnectionActions.register(table);
        StreamActions.register(table);
        CaptureActions.register(table);
        MapActions.register(table);
        MissingActions.register(table);
        return table;
    }

    void add(final Set<RuleKind> kinds, final String name, final ActionParser parser) {
        kinds.forEach(kind -> entries.get(kind).put(name, new Entry(parser, false)));
    }

    /** Of names with something in parentheses or a number behind them. */
    void addPrefix(final Set<RuleKind> kinds, final String name, final ActionParser parser) {
        kinds.forEach(kind -> entries.get(kind).put(name, new Entry(parser, true)));
    }

    static final Set<RuleKind> HTTP = EnumSet.of(RuleKind.HTTP_REQUEST, RuleKind.HTTP_RESPONSE,
            RuleKind.HTTP_AFTER_RESPONSE);
    static final Set<RuleKind> REQUEST_AND_RESPONSE = EnumSet.of(RuleKind.HTTP_REQUEST, RuleKind.HTTP_RESPONSE);
    static final Set<RuleKind> HTTP_REQUEST = EnumSet.of(RuleKind.HTTP_REQUEST);
    static final Set<RuleKind> STREAM = EnumSet.of(RuleKind.TCP_CONTENT, RuleKind.TCP_RESPONSE, RuleKind.HTTP_REQUEST,
            RuleKind.HTTP_RESPONSE);
    static final Set<RuleKind> REQUESTS = EnumSet.of(RuleKind.TCP_CONNECTION, RuleKind.TCP_SESSION,
            RuleKind.TCP_CONTENT, RuleKind.HTTP_REQUEST);
    static final Set<RuleKind> ALL_KINDS = EnumSet.allOf(RuleKind.class);
    static final Set<RuleKind> BEFORE_AFTER_RESPONSE = EnumSet.complementOf(EnumSet.of(RuleKind.HTTP_AFTER_RESPONSE));

    /** Behind the sets, which it is made of. */
    static final ActionTable ALL = create();

    /** @return null if there is none */
    ActionParser find(final RuleKind kind, final String action) {
        final Map<String, Entry> known = entries.get(kind);
        final Entry exact = known.get(action);
        if (exact != null) {
            return exact.parser;
        }
        for (final Map.Entry<String, Entry> entry : known.entrySet()) {
            if (entry.getValue().prefix && action.startsWith(entry.getKey())) {
                return entry.getValue().parser;
            }
        }
        return null;
    }

    /** {@code 'add-acl(*)', 'add-header'…}, as messages list them. */
    String list(final RuleKind kind) {
        return entries.get(kind).entrySet().stream()
                .map(entry -> "'" + entry.getKey() + (entry.getValue().prefix ? "(*)" : "") + "'")
                .collect(Collectors.joining(", "));
    }

    /** {@code  Did you mean 'x' maybe ?} with the leading space, or "". */
    String suggestion(final RuleKind kind, final String action) {
        final String nearest = action.isEmpty() ? null : NearestWord.of(action, entries.get(kind).keySet());
        return nearest == null ? "" : " Did you mean '" + nearest + "' maybe ?";
    }
}
