package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;

/**
 * A keyword that yields a sample.
 *
 * @param output the type that it yields most often; {@link Type#ANY} if only the sample tells
 * @param origins mask of {@link Origin}
 */
public record Fetch(String name, Signature signature, Type output, int origins, Binder binder) {

    /** Yields the sample, or null if there is none. */
    public interface Sampler {
        Value sample(Evaluation evaluation);
    }

    /** Checks the arguments, and keeps what the sampler needs of them. */
    public interface Binder {
        Sampler bind(Args args, ParsePlace place) throws ConfigException;
    }

    int points() {
        return Origin.points(origins);
    }
}
