package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values of settings, of which those that nobody gave have their default. */
public abstract sealed class Settings permits GlobalSettings, ProxySection, BindSettings, ServerSettings {

    private final Map<Setting<?>, Object> values;

    /** @param inherited whose values it starts with; null for none */
    Settings(final Settings inherited) {
        values = inherited == null ? new HashMap<>() : new HashMap<>(inherited.values);
    }

    // Only set() puts values in, under a key of their type.
    @SuppressWarnings("unchecked")
    public final <T> T get(final Setting<T> setting) {
        final T given = (T) values.get(setting);
        return given != null || values.containsKey(setting) ? given : setting.defaultValue();
    }

    public final <T> void set(final Setting<T> setting, final T value) {
        values.put(setting, value);
    }

    /** Back to the setting's own default, not to what was inherited. */
    public final void unset(final Setting<?> setting) {
        values.remove(setting);
    }

    /** Whether a line of its own gave a value, or one that it inherited from. */
    public final boolean isSet(final Setting<?> setting) {
        return values.containsKey(setting);
    }

    /** Behind those that are there, inherited ones too. */
    public final <T> void append(final Setting<List<T>> setting, final T element) {
        final List<T> longer = new ArrayList<>(get(setting));
        longer.add(element);
        set(setting, List.copyOf(longer));
    }
}
