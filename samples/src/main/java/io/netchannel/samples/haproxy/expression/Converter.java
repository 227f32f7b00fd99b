package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;

/** A keyword that makes one sample of another; a sample of another type is cast to {@code input} before. */
public record Converter(String name, Signature signature, Type input, Type output, Binder binder) {

    /** Yields the new sample, or null if there is none. */
    public interface Conversion {
        Value convert(Value input, Evaluation evaluation);
    }

    /** Checks the arguments, and keeps what the conversion needs of them. */
    public interface Binder {
        Conversion bind(Args args, ParsePlace place) throws ConfigException;
    }
}
