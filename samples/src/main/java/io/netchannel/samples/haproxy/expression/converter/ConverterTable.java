package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableName;
import java.util.Map;
import java.util.function.Function;

/** What the groups put their converters into. */
final class ConverterTable {

    static final Signature ONE_STRING = Signature.of(1, ArgType.STR);

    /** Something said in the configuration, or looked up in a variable when it is needed. */
    @FunctionalInterface
    interface Operand {

        /** @return null if the variable isn't set */
        Value get(Evaluation evaluation);
    }

    private final Map<String, Converter> converters;

    ConverterTable(final Map<String, Converter> converters) {
        this.converters = converters;
    }

    void add(final String name, final Signature signature, final Type input, final Type output,
            final Converter.Binder binder) {
        if (converters.put(name, new Converter(name, signature, input, output, binder)) != null) {
            throw new IllegalStateException("converter " + name + " is there twice");
        }
    }

    /** Of text, to text, without arguments. */
    void text(final String name, final Function<String, String> function) {
        add(name, Signature.NONE, Type.STR, Type.STR, (args, place) -> textual(function));
    }

    static Converter.Conversion textual(final Function<String, String> function) {
        return (input, evaluation) -> {
            final String result = input instanceof Value.Str(String text) ? function.apply(text) : null;
            return result == null ? null : new Value.Str(result);
        };
    }

    static Converter.Conversion bytewise(final Function<byte[], Value> function) {
        return (input, evaluation) -> input instanceof Value.Bin(byte[] bytes) ? function.apply(bytes) : null;
    }

    /** A variable if the text is the name of one, else the text. */
    static Operand operand(final String text) {
        final VariableName variable = VariableName.orNull(text);
        if (variable != null) {
            return evaluation -> variable.get(evaluation.context());
        }
        final Value constant = new Value.Str(text);
        return _ -> constant;
    }

    /** The name of a variable, which must be one. */
    static VariableName variable(final Args args, final int index) throws ConfigException {
        final VariableName variable = VariableName.orNull(args.text(index));
        if (variable == null) {
            throw new ConfigException("failed to register variable name '" + args.text(index) + "'");
        }
        return variable;
    }
}
