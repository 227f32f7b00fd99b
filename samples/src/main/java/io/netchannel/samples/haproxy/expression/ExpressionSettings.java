package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.Setting;
import java.util.List;
import java.util.Map;

/** What expressions keep with a proxy, and what they look up in the global settings. */
public final class ExpressionSettings {

    /** A proxy's named ACLs; those that stand in its defaults section are of that section only. */
    public static final Setting<List<Acl>> ACLS = Setting.list("acl");

    /** In the global settings: the names of all stick tables. Whoever reads {@code stick-table} adds to it. */
    public static final Setting<List<String>> TABLES = Setting.list("stick tables");

    /** In the global settings: the {@code userlist} sections by name. */
    public static final Setting<Map<String, UserList>> USER_LISTS = Setting.of("userlist", Map.of());

    private ExpressionSettings() {
    }
}
