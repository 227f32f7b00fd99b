package io.netchannel.samples.haproxy.config;

import java.util.List;

/**
 * Key of a typed setting, defined by the part that owns it. Compared by identity.
 *
 * @param name as errors and tests show it
 * @param defaultValue what a section has that doesn't say; may be null
 * @param <T> immutable, as a defaults section and its proxies share the value
 */
public final class Setting<T> {

    private final String name;
    private final T defaultValue;

    private Setting(final String name, final T defaultValue) {
        this.name = name;
        this.defaultValue = defaultValue;
    }

    public static <T> Setting<T> of(final String name, final T defaultValue) {
        return new Setting<>(name, defaultValue);
    }

    /** Of values that lines add one by one; empty by default. */
    public static <T> Setting<List<T>> list(final String name) {
        return new Setting<>(name, List.of());
    }

    public T defaultValue() {
        return defaultValue;
    }

    @Override
    public String toString() {
        return name;
    }
}
