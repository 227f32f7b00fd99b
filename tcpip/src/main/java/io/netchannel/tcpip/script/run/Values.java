package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.call.Value;
import io.netchannel.tcpip.script.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Evaluates expressions, and compares what a call wrote with what the script expects. */
final class Values {

    private Values() {
    }

    // -- evaluation

    static List<Value> of(final List<Expression> expressions) {
        final List<Value> values = new ArrayList<>(expressions.size());
        for (final Expression expression : expressions) {
            values.add(of(expression));
        }
        return values;
    }

    static Value of(final Expression expression) {
        return switch (expression) {
            case final Expression.Any _ -> new Value.Any();
            case final Expression.Int number -> new Value.Int(number.value());
            case final Expression.Word word -> symbol(word.name());
            case final Expression.Text text -> new Value.Text(text.value());
            case final Expression.Binary binary -> binary(binary);
            case final Expression.Negated negated -> new Value.Int(-number(negated.operand()));
            case final Expression.Apply apply -> apply(apply);
            case final Expression.Items items -> new Value.Items(of(items.items()));
            case final Expression.Struct struct -> struct(struct);
            case final Expression.Unsupported unsupported -> throw ScriptStop.skip(unsupported.what());
        };
    }

    private static Value symbol(final String name) {
        final Long number = Symbols.number(name);
        if (number == null) {
            throw ScriptStop.skip("symbol " + name);
        }
        return new Value.Int(number);
    }

    private static long number(final Expression expression) {
        if (of(expression) instanceof Value.Int(final long number)) {
            return number;
        }
        throw ScriptStop.failure("syntax", "expected a number, not " + expression);
    }

    private static Value binary(final Expression.Binary binary) {
        final long left = number(binary.left());
        final long right = number(binary.right());
        if (binary.operator().equals("/") && right == 0) {
            throw ScriptStop.failure("syntax", "division by zero");
        }
        return new Value.Int(switch (binary.operator()) {
            case "|" -> left | right;
            case "^" -> left ^ right;
            case "&" -> left & right;
            case "<<" -> left << right;
            case ">>" -> left >> right;
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            default -> left / right;
        });
    }

    /** Ports and addresses stay as they are read: no byte order is left in a struct with named fields. */
    private static Value apply(final Expression.Apply apply) {
        final List<Value> arguments = of(apply.arguments());
        final Value only = arguments.size() == 1 ? arguments.getFirst() : null;
        final String function = apply.function();
        if (function.matches("htons|htonl|ntohs|ntohl") && only instanceof Value.Int
                || function.matches("inet6?_addr") && only instanceof Value.Text) {
            return only;
        }
        if (function.equals("sizeof") && only != null) {
            return new Value.Any();
        }
        throw ScriptStop.skip("expression " + function + "()");
    }

    private static Value struct(final Expression.Struct struct) {
        final List<Value.Field> fields = new ArrayList<>();
        for (final Expression.Field field : struct.fields()) {
            fields.add(new Value.Field(field.name(), of(field.value())));
            if (field.count() != null) {
                // msg_iov(1)=[…]: the count is a field of its own.
                fields.add(new Value.Field(field.name() + "len", of(field.count())));
            }
        }
        return new Value.Struct(fields);
    }

    // -- comparison

    /** Whether {@code actual}, which a call wrote, is what the script has there. */
    static boolean matches(final Value expected, final Value actual) {
        return switch (expected) {
            case final Value.Any _ -> true;
            case Value.Int(final long number) -> actual instanceof Value.Any
                    || actual instanceof Value.Int(final long other) && number == other;
            case Value.Text(final String text) -> actual instanceof Value.Any
                    || actual instanceof Value.Text(final String other) && text.equals(other);
            case Value.Items(final List<Value> items) ->
                actual instanceof Value.Items(final List<Value> others) && allMatch(items, others);
            case final Value.Struct struct -> actual instanceof final Value.Struct other && fieldsMatch(struct, other);
        };
    }

    private static boolean allMatch(final List<Value> expected, final List<Value> actual) {
        if (expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!matches(expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A field that the call didn't write is as it was. */
    private static boolean fieldsMatch(final Value.Struct expected, final Value.Struct actual) {
        for (final Value.Field field : expected.fields()) {
            final Value written = actual.field(field.name());
            if (written != null && !matches(field.value(), written)) {
                return false;
            }
        }
        return true;
    }

    // -- text

    static String text(final Value value) {
        return switch (value) {
            case final Value.Any _ -> "...";
            case Value.Int(final long number) -> Long.toString(number);
            case Value.Text(final String text) -> '"' + text + '"';
            case Value.Items(final List<Value> items) -> {
                final StringJoiner text = new StringJoiner(", ", "[", "]");
                items.forEach(item -> text.add(text(item)));
                yield text.toString();
            }
            case final Value.Struct struct -> {
                final StringJoiner text = new StringJoiner(", ", "{", "}");
                struct.fields().forEach(field -> text.add((field.name().isEmpty() ? "" : field.name() + "=")
                        + text(field.value())));
                yield text.toString();
            }
        };
    }
}
