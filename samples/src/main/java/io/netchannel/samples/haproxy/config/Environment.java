package io.netchannel.samples.haproxy.config;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Environment variables: those of the process, as the configuration changed them. */
public final class Environment {

    private final Map<String, String> variables;

    public Environment(final Map<String, String> variables) {
        this.variables = new TreeMap<>(variables);
    }

    /** @return null if it is not set */
    public String get(final String name) {
        return variables.get(name);
    }

    public void set(final String name, final String value) {
        variables.put(name, value);
    }

    public void unset(final String name) {
        variables.remove(name);
    }

    public void retain(final Collection<String> names) {
        variables.keySet().retainAll(names);
    }

    /** Each {@code ${NAME}} replaced by its value; by nothing if it isn't set. */
    public String expand(final String text) {
        int from = text.indexOf("${");
        if (from < 0) {
            return text;
        }
        final StringBuilder expanded = new StringBuilder();
        int at = 0;
        while (from >= 0) {
            final int end = text.indexOf('}', from);
            if (end < 0) {
                break;
            }
            final String value = get(text.substring(from + 2, end));
            expanded.append(text, at, from).append(value == null ? "" : value);
            at = end + 1;
            from = text.indexOf("${", at);
        }
        return expanded.append(text, at, text.length()).toString();
    }

    public Map<String, String> asMap() {
        return Map.copyOf(variables);
    }
}
