package io.netchannel.tcpip.script.call;

import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import java.util.List;

/** A call's arguments, as what they are to be. */
final class Arguments {

    private final String call;
    private final List<Value> values;

    Arguments(final String call, final List<Value> values) {
        this.call = call;
        this.values = values;
    }

    int count() {
        return values.size();
    }

    /** @throws UnsupportedCall if there are fewer or more */
    void require(final int min, final int max) {
        if (count() < min || count() > max) {
            throw new UnsupportedCall(call + " with " + count() + " arguments");
        }
    }

    Value value(final int index) {
        return values.get(index);
    }

    boolean isAny(final int index) {
        return value(index) instanceof Value.Any;
    }

    /** As a buffer or an address: NULL. */
    boolean isNull(final int index) {
        return value(index) instanceof Value.Int(final long number) && number == 0;
    }

    long number(final int index) {
        if (value(index) instanceof Value.Int(final long number)) {
            return number;
        }
        throw unsupported(index, "no number");
    }

    int integer(final int index) {
        return (int) number(index);
    }

    /** A length that may be left to us. */
    int length(final int index, final int ifAny) {
        return isAny(index) ? ifAny : (int) Math.min(Math.max(0, number(index)), Integer.MAX_VALUE);
    }

    /** The n of {@code [n]}. */
    long bracketed(final int index) {
        if (value(index) instanceof Value.Items(final List<Value> items) && items.size() == 1
                && items.getFirst() instanceof Value.Int(final long number)) {
            return number;
        }
        if (value(index) instanceof Value.Int(final long number)) {
            return number;
        }
        throw unsupported(index, "no [number]");
    }

    Value.Struct struct(final int index) {
        if (value(index) instanceof final Value.Struct struct) {
            return struct;
        }
        throw unsupported(index, "no {struct}");
    }

    /** Bytes of a string, or null for others: zeros then. */
    String text(final int index) {
        return value(index) instanceof Value.Text(final String text) ? text : null;
    }

    UnsupportedCall unsupported(final int index, final String why) {
        return new UnsupportedCall(call + ": argument " + (index + 1) + " is " + why + ": " + value(index));
    }

    UnsupportedCall unsupported(final String what) {
        return new UnsupportedCall(call + ": " + what);
    }

    static Value bracket(final long number) {
        return new Value.Items(List.of(new Value.Int(number)));
    }
}
