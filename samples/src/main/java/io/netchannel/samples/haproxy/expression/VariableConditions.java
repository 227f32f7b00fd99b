package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.util.List;

/** When {@code set-var(name,condition,…)} sets: all of them must hold. */
public final class VariableConditions {

    /** Always. */
    public static final VariableConditions NONE = new VariableConditions(0);

    private static final List<String> NAMES = List.of("ifexists", "ifnotexists", "ifempty", "ifnotempty", "ifset",
            "ifnotset", "ifgt", "iflt");

    private final int bits;

    private VariableConditions(final int bits) {
        this.bits = bits;
    }

    public static VariableConditions parse(final List<String> conditions) throws ConfigException {
        int bits = 0;
        for (final String condition : conditions) {
            final int index = NAMES.indexOf(condition);
            if (index < 0) {
                throw new ConfigException("unknown condition \"" + condition + "\"");
            }
            bits |= 1 << index;
        }
        return bits == 0 ? NONE : new VariableConditions(bits);
    }

    private boolean has(final String name) {
        return (bits >> NAMES.indexOf(name) & 1) != 0;
    }

    /**
     * @param scope variables of the process exist since the configuration named them, others while they have a value
     * @param old the variable's value, or null
     * @param value what it is to become
     */
    public boolean hold(final String scope, final Value old, final Value value) {
        if (bits == 0) {
            return true;
        }
        final boolean text = value instanceof Value.Str || value instanceof Value.Bin;
        final boolean empty = value instanceof Value.Str(String chars) && chars.isEmpty()
                || value instanceof Value.Bin(byte[] bytes) && bytes.length == 0;
        final boolean exists = old != null || "proc".equals(scope);
        if (exists ? has("ifnotexists") : has("ifexists")) {
            return false;
        }
        if (old == null ? has("ifset") : has("ifnotset")) {
            return false;
        }
        if (has("ifempty") && !empty || has("ifnotempty") && text && empty) {
            return false;
        }
        return !(old instanceof Value.Int(long before) && value instanceof Value.Int(long after))
                || (!has("ifgt") || before > after) && (!has("iflt") || before < after);
    }
}
