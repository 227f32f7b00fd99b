package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableName;
import java.nio.ByteBuffer;
import java.util.function.LongBinaryOperator;
import java.util.function.LongFunction;

/** Converters of integers. What doesn't fit is the greatest or the least that does. */
final class ArithmeticConverters {

    private ArithmeticConverters() {
    }

    static void addTo(final ConverterTable table) {
        binary(table, "and", (a, b) -> a & b);
        binary(table, "or", (a, b) -> a | b);
        binary(table, "xor", (a, b) -> a ^ b);
        binary(table, "add", ArithmeticConverters::add);
        binary(table, "sub", ArithmeticConverters::subtract);
        binary(table, "mul", ArithmeticConverters::multiply);
        binary(table, "div", (a, b) -> b == 0 || a == Long.MIN_VALUE && b == -1 ? Long.MAX_VALUE : a / b);
        binary(table, "mod", (a, b) -> b == 0 || b == -1 ? 0 : a % b);
        unary(table, "cpl", Type.SINT, a -> new Value.Int(~a));
        unary(table, "neg", Type.SINT, a -> new Value.Int(a == Long.MIN_VALUE ? Long.MAX_VALUE : -a));
        unary(table, "bool", Type.BOOL, a -> Casts.bool(a != 0));
        unary(table, "not", Type.BOOL, a -> Casts.bool(a == 0));
        unary(table, "odd", Type.BOOL, a -> Casts.bool((a & 1) != 0));
        unary(table, "even", Type.BOOL, a -> Casts.bool((a & 1) == 0));
        unary(table, "htonl", Type.BIN, a -> new Value.Bin(ByteBuffer.allocate(4).putInt((int) a).array()));
    }

    private static void unary(final ConverterTable table, final String name, final Type output,
            final LongFunction<Value> function) {
        table.add(name, Signature.NONE, Type.SINT, output, (args, place) -> (input,
                evaluation) -> input instanceof Value.Int(long number) ? function.apply(number) : null);
    }

    private static void binary(final ConverterTable table, final String name, final LongBinaryOperator operator) {
        table.add(name, ConverterTable.ONE_STRING, Type.SINT, Type.SINT, (args, place) -> bind(args, operator));
    }

    private static Converter.Conversion bind(final Args args, final LongBinaryOperator operator)
            throws ConfigException {
        final String text = args.text(0);
        final VariableName variable = VariableName.orNull(text);
        if (variable != null) {
            return (input, evaluation) -> {
                final Long other = Casts.number(variable.get(evaluation.context()));
                return other == null || !(input instanceof Value.Int(long number))
                        ? null
                        : new Value.Int(operator.applyAsLong(number, other));
            };
        }
        if (!Numbers.isWhole(text)) {
            throw new ConfigException("expects an integer or a variable name");
        }
        final long other = Numbers.leading(text);
        return (input, evaluation) -> input instanceof Value.Int(long number)
                ? new Value.Int(operator.applyAsLong(number, other))
                : null;
    }

    static long add(final long a, final long b) {
        final long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) >= 0 ? sum : a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static long subtract(final long a, final long b) {
        if (b == Long.MIN_VALUE) {
            final long sum = add(a, Long.MAX_VALUE);
            return sum < Long.MAX_VALUE ? sum + 1 : sum;
        }
        return add(a, -b);
    }

    private static long multiply(final long a, final long b) {
        final long high = Math.multiplyHigh(a, b);
        final long low = a * b;
        return high == low >> 63 ? low : (a < 0) == (b < 0) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
