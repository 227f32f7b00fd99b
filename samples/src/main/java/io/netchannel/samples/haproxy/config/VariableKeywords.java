package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.ProxyFacts;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.Use;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableName;
import io.netchannel.samples.haproxy.expression.Variables;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code set-var} and {@code set-var-fmt} of {@code global}: evaluated where they stand. */
public final class VariableKeywords {

    private VariableKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.global("set-var", VariableKeywords::set).global("set-var-fmt", VariableKeywords::set);
    }

    private static void set(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        final String keyword = line.word(0);
        final boolean format = "set-var-fmt".equals(keyword);
        if (line.size() < 3) {
            throw new ConfigException("'" + keyword + "' requires a process-wide variable name ('proc.<name>') and a "
                    + (format ? "format string." : "sample expression."));
        }
        final VariableName name = VariableName.parse(line.word(1));
        if (!"proc".equals(name.scope())) {
            throw new ConfigException("'" + keyword + "': cannot set variable '" + line.word(1)
                    + "', only scope 'proc' is permitted in the global section.");
        }
        final Map<String, Value> values = new HashMap<>(global.get(GlobalOptions.VARIABLES));
        final Variables process = new Variables();
        values.forEach(process::set);
        final ParsePlace place = new ParsePlace(line, null, context, Use.CONFIGURATION);
        final SampleContext nowhere = new Nowhere(process);
        final Value value;
        if (format) {
            value = new Value.Str(LogFormat.parse(line.word(2), place, 0, Point.CONFIGURATION.bit()).format(nowhere));
        } else {
            final Expression expression = Expression.parse(line.words(), 2, place);
            if ((expression.points() & Point.CONFIGURATION.bit()) == 0) {
                throw new ConfigException("fetch method '" + line.word(2) + "' extracts information from '"
                        + expression.originNames() + "', none of which is available here");
            }
            value = expression.evaluate(nowhere);
        }
        if (value != null) {
            values.put(name.name(), value);
            global.set(GlobalOptions.VARIABLES, Map.copyOf(values));
        }
    }

    /**
     * {@code set var} of the stats socket.
     *
     * @param text a format, or an expression
     * @param process whose variables it sees and changes
     */
    public static void assign(final String variable, final String text, final boolean format, final Variables process)
            throws ConfigException {
        final VariableName name = VariableName.parse(variable);
        if (!"proc".equals(name.scope())) {
            throw new ConfigException("'set var': cannot set variable '" + variable
                    + "', only scope 'proc' is permitted here.");
        }
        final ParsePlace place = new ParsePlace(new Line("CLI", 0, List.of(text)), null, null, Use.CONFIGURATION);
        final SampleContext nowhere = new Nowhere(process);
        final Value value = format
                ? new Value.Str(LogFormat.parse(text, place, 0, Point.CONFIGURATION.bit()).format(nowhere))
                : Expression.parse(List.of(text), 0, place).evaluate(nowhere);
        if (value != null) {
            process.set(name.name(), value);
        }
    }

    /** While a configuration is read there is neither connection nor message. */
    private record Nowhere(Variables process) implements SampleContext {

        @Override
        public Variables variables(final String scope) {
            return "proc".equals(scope) ? process : null;
        }

        @Override
        public ProxyFacts facts() {
            throw new IllegalStateException("no fetch that the configuration's parser accepts asks for proxies");
        }

        @Override
        public long nowMs() {
            return Instant.now().toEpochMilli();
        }
    }
}
