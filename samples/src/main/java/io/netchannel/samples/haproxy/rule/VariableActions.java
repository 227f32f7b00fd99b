package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableConditions;
import io.netchannel.samples.haproxy.expression.VariableName;
import java.util.List;
import java.util.Set;

/** {@code set-var}, {@code set-var-fmt}, {@code unset-var}. */
final class VariableActions {

    private static final String EXPECTS = "Expects 'set-var(<var-name>)', 'set-var-fmt(<var-name>)' or "
            + "'unset-var(<var-name>)'";

    private VariableActions() {
    }

    static void register(final ActionTable table) {
        final Set<RuleKind> all = ActionTable.ALL_KINDS;
        table.addPrefix(all, "set-var-fmt", VariableActions::setFormat);
        table.addPrefix(all, "set-var", VariableActions::set);
        table.addPrefix(all, "unset-var", VariableActions::unset);
    }

    /** A variable that an action names, with what is in its parentheses. */
    private record Target(VariableName variable, VariableConditions conditions) {

        static Target parse(final RuleWords words, final String keyword) throws ConfigException {
            final String action = words.action();
            if (!action.startsWith(keyword + "(")) {
                throw new ConfigException("invalid or incomplete action '" + action + "'. " + EXPECTS);
            }
            if (!action.endsWith(")")) {
                throw new ConfigException("incomplete argument after action '" + action + "'. " + EXPECTS);
            }
            final String[] parts = words.inParentheses(keyword).split(",");
            if (parts.length > 1 && "unset-var".equals(keyword)) {
                throw new ConfigException("unset-var does not expect parameters after the variable name. "
                        + "Only \"set-var\" and \"set-var-fmt\" manage conditions");
            }
            return new Target(VariableName.parse(parts[0]),
                    VariableConditions.parse(List.of(parts).subList(1, parts.length)));
        }

        void set(final RuleContext context, final Value value) {
            if (conditions.hold(variable.scope(), variable.get(context), value)) {
                variable.set(context, value);
            }
        }
    }

    private static Action set(final RuleWords words) throws ConfigException {
        final Target target = Target.parse(words, "set-var");
        final Expression expression = words.expression();
        return context -> {
            final Value value = expression.evaluate(context);
            if (value != null) {
                target.set(context, value);
            }
            return Verdict.CONTINUE;
        };
    }

    private static Action setFormat(final RuleWords words) throws ConfigException {
        final Target target = Target.parse(words, "set-var-fmt");
        // Not as for HTTP: nothing is encoded.
        final LogFormat format = LogFormat.parse(words.next(), words.place(), 0,
                words.kind().points(words.section()));
        return context -> {
            target.set(context, new Value.Str(format.format(context)));
            return Verdict.CONTINUE;
        };
    }

    private static Action unset(final RuleWords words) throws ConfigException {
        final Target target = Target.parse(words, "unset-var");
        return context -> {
            target.variable.set(context, null);
            return Verdict.CONTINUE;
        };
    }
}
