package io.netchannel.samples.memcached.stats;

/** Takes names and values, for either protocol. */
@FunctionalInterface
public interface StatSink {

    void add(String name, String value);

    default void add(final String name, final long value) {
        add(name, Long.toUnsignedString(value));
    }
}
