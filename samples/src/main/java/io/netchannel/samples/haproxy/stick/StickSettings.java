package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.Setting;
import java.util.List;
import java.util.Map;

/** Tables and the rules that stick clients to servers. */
public final class StickSettings {

    /** Of all proxies, by their names, in the order of the files. */
    static final Setting<Map<String, StickTable>> TABLES = Setting.of("stick-table", Map.of());
    public static final Setting<List<StickRule>> REQUEST_RULES = Setting.list("stick on, match, store-request");
    public static final Setting<List<StickRule>> RESPONSE_RULES = Setting.list("stick store-response");

    private StickSettings() {
    }

    /** @return the table that the proxy of that name declares; null if it has none */
    public static StickTable table(final Configuration configuration, final String name) {
        return configuration.global().get(TABLES).get(name);
    }

    /** In the order of the files. */
    public static List<StickTable> tables(final Configuration configuration) {
        return List.copyOf(configuration.global().get(TABLES).values());
    }
}
