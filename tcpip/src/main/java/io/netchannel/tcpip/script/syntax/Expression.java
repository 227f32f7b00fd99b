package io.netchannel.tcpip.script.syntax;

import java.util.List;

/** An argument or a result of a call, as written. */
public sealed interface Expression {

    /** {@code ...} */
    record Any() implements Expression {
    }

    record Int(long value) implements Expression {
    }

    /** A symbol. */
    record Word(String name) implements Expression {
    }

    /** Adjacent strings are one. */
    record Text(String value) implements Expression {
    }

    /** One of {@code | & ^ << >> + - * /}. */
    record Binary(String operator, Expression left, Expression right) implements Expression {
    }

    record Negated(Expression operand) implements Expression {
    }

    /** {@code htons(8080)}, {@code inet_addr("…")}, {@code sizeof(…)}. */
    record Apply(String function, List<Expression> arguments) implements Expression {
    }

    /** {@code [a, b]}. */
    record Items(List<Expression> items) implements Expression {
    }

    /** {@code {name=value, …}}. */
    record Struct(List<Field> fields) implements Expression {
    }

    /**
     * @param name "" if there is none
     * @param count what stands in parentheses behind the name, as in {@code msg_iov(1)=}; or null
     */
    record Field(String name, Expression count, Expression value) {
    }

    /** Headers of tunnels, which we parse past. */
    record Unsupported(String what) implements Expression {
    }
}
