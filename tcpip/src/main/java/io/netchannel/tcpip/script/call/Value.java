package io.netchannel.tcpip.script.call;

import java.util.List;

/** An argument or a result of a {@linkplain SystemCalls system call}, symbols resolved. */
public sealed interface Value {

    /** {@code ...}: whatever it is; as an argument, a buffer or a length that the script leaves to us. */
    record Any() implements Value {
    }

    /** A number, or flags. */
    record Int(long value) implements Value {
    }

    /** A string, as bytes of ISO 8859-1. */
    record Text(String value) implements Value {
    }

    /** {@code [a, b]}. */
    record Items(List<Value> items) implements Value {
    }

    /** {@code {name=value, …}}; a field without a name has "" for one. */
    record Struct(List<Field> fields) implements Value {

        /** The first field of this name, or null. */
        public Value field(final String name) {
            for (final Field field : fields) {
                if (field.name().equals(name)) {
                    return field.value();
                }
            }
            return null;
        }
    }

    record Field(String name, Value value) {
    }
}
