package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.SampleContext.Direction;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableConditions;
import io.netchannel.samples.haproxy.expression.VariableName;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Converters that keep the sample somewhere and hand it on. */
final class VariableConverters {

    private static final int MAX_CONDITIONS = 4;

    private VariableConverters() {
    }

    static void addTo(final ConverterTable table) {
        table.add("set-var", Signature.of(1, ArgType.STR, ArgType.STR, ArgType.STR, ArgType.STR, ArgType.STR), Type.ANY,
                Type.ANY, (args, place) -> store(args));
        table.add("unset-var", ConverterTable.ONE_STRING, Type.ANY, Type.ANY, (args, place) -> {
            final VariableName variable = VariableName.parse(args.text(0));
            return (input, evaluation) -> variable.set(evaluation.context(), null) ? input : null;
        });
        capture(table, "capture-req", Direction.REQUEST);
        capture(table, "capture-res", Direction.RESPONSE);
        table.add("debug", Signature.of(0, ArgType.STR, ArgType.STR), Type.ANY, Type.ANY, (args, place) -> debug(args));
    }

    private static Converter.Conversion store(final Args args) throws ConfigException {
        final VariableName variable = VariableName.parse(args.text(0));
        final List<String> words = new ArrayList<>();
        for (int i = 1; i <= MAX_CONDITIONS && args.has(i); i++) {
            words.add(args.text(i));
        }
        final VariableConditions conditions = VariableConditions.parse(words);
        return (input, evaluation) -> {
            if (!conditions.hold(variable.scope(), variable.get(evaluation.context()), input)) {
                return null;
            }
            return variable.set(evaluation.context(), input) ? input : null;
        };
    }

    private static void capture(final ConverterTable table, final String name, final Direction direction) {
        table.add(name, Signature.of(1, ArgType.SINT), Type.STR, Type.STR, (args, place) -> {
            final int index = (int) args.number(0);
            return (input, evaluation) -> input instanceof Value.Str(String text)
                    && evaluation.context().capture(direction, index, text) ? input : null;
        });
    }

    /** Tells of the sample on standard output or error; haproxy's ring {@code buf0} isn't kept here, what goes there is lost. */
    private static Converter.Conversion debug(final Args args) throws ConfigException {
        final String prefix = args.text(0);
        final String sink = args.has(1) ? args.text(1) : "buf0";
        final PrintStream stream = switch (sink) {
            case "stdout" -> System.out;
            case "stderr" -> System.err;
            case "buf0" -> null;
            default -> throw new ConfigException("No such sink '" + sink + "'");
        };
        return (input, evaluation) -> {
            if (stream != null) {
                final String text = Casts.string(input);
                stream.println("[debug] " + prefix + ": type=" + Casts.typeOf(input).label() + " "
                        + (text == null ? "(undisplayable)" : "<" + text.replaceAll("[^ -~]", ".") + ">"));
            }
            return input;
        };
    }
}
