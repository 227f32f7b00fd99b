package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;

/**
 * {@code scope.name} of a variable.
 *
 * @param scope {@code proc}, {@code sess}, {@code txn}, {@code req}, {@code res} or {@code check}
 */
public record VariableName(String scope, String name) {

    private static final String[] SCOPES = {"proc", "sess", "txn", "req", "res", "check"};

    public static VariableName parse(final String text) throws ConfigException {
        if (text.isEmpty()) {
            throw new ConfigException("Empty variable name cannot be accepted");
        }
        for (final String scope : SCOPES) {
            if (text.startsWith(scope + ".") && text.length() > scope.length() + 1) {
                final String name = text.substring(scope.length() + 1);
                for (int i = 0; i < name.length(); i++) {
                    final char c = name.charAt(i);
                    if (!(c < 128 && Character.isLetterOrDigit(c)) && c != '_' && c != '.') {
                        throw new ConfigException("invalid syntax at char '" + name.substring(i) + "'");
                    }
                }
                return new VariableName(scope, name);
            }
        }
        throw new ConfigException("invalid variable name '" + text + "'. A variable name must be start by its scope. "
                + "The scope can be 'proc', 'sess', 'txn', 'req', 'res' or 'check'");
    }

    /** @return null if it is no such name */
    public static VariableName orNull(final String text) {
        try {
            return parse(text);
        } catch (ConfigException e) {
            return null;
        }
    }

    /** @return null if it is not set, or its scope doesn't exist here */
    public Value get(final SampleContext context) {
        final Variables variables = context.variables(scope);
        return variables == null ? null : variables.get(name);
    }

    /** @return whether the scope exists here */
    public boolean set(final SampleContext context, final Value value) {
        final Variables variables = context.variables(scope);
        if (variables == null) {
            return false;
        }
        variables.set(name, value);
        return true;
    }
}
