package io.netchannel.samples.haproxy.expression;

import java.util.List;

/**
 * Which arguments a keyword takes.
 *
 * @param mandatory how many of {@code types}, from the first, must be given
 */
public record Signature(int mandatory, List<ArgType> types) {

    public static final Signature NONE = new Signature(0, List.of());

    public Signature {
        types = List.copyOf(types);
    }

    public static Signature of(final int mandatory, final ArgType... types) {
        return new Signature(mandatory, List.of(types));
    }
}
