package io.netchannel.samples.haproxy.config;

import java.util.List;
import java.util.Map;

/** Keywords of old versions: what to write instead. And those that other builds have. */
final class RemovedKeywords {

    private static final String SINCE_2_1 = "The '%s' directive is not supported anymore since HAProxy 2.1. ";
    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("block", "Use 'http-request deny' which uses the exact same syntax."),
            Map.entry("cliexp", "Use 'http-request replace-path', 'http-request replace-uri' or 'http-request "
                    + "replace-header' instead."),
            Map.entry("reqrep", "Use 'http-request replace-path', 'http-request replace-uri' or 'http-request "
                    + "replace-header' instead."),
            Map.entry("reqirep", "Use 'http-request replace-header' instead."),
            Map.entry("reqdel", "Use 'http-request del-header' instead."),
            Map.entry("reqidel", "Use 'http-request del-header' instead."),
            Map.entry("reqideny", "Use 'http-request deny' instead."),
            Map.entry("reqallow", "Use 'http-request allow' instead."),
            Map.entry("reqiallow", "Use 'http-request allow' instead."),
            Map.entry("reqtarpit", "Use 'http-request tarpit' instead."),
            Map.entry("reqitarpit", "Use 'http-request tarpit' instead."),
            Map.entry("reqadd", "Use 'http-request add-header' instead."),
            Map.entry("srvexp", "Use 'http-response replace-header' instead."),
            Map.entry("rsprep", "Use 'http-response replace-header' instead."),
            Map.entry("rspirep", "Use 'http-response replace-header' instead."),
            Map.entry("rspdel", "Use 'http-response del-header' ."), Map.entry("rspidel",
                    "Use 'http-response del-header' instead."),
            Map.entry("rspdeny", "Use 'http-response deny' instead."), Map.entry("rspideny",
                    "Use 'http-response deny' instead."),
            Map.entry("rspadd", "Use 'http-response add-header' instead."), Map.entry("reqipass", ""));

    private RemovedKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        INSTEAD.forEach((name, instead) -> refuse(builder, name, SINCE_2_1.formatted(name).concat(instead).strip()));
        refuse(builder, "reqdeny", "The 'reqdeny' not supported anymore since HAProxy 2.1. Use 'http-request deny' "
                + "instead.");
        refuse(builder, "reqpass", "The 'reqpass' not supported anymore since HAProxy 2.1.");
        for (final String name : List.of("redispatch", "redisp")) {
            refuse(builder, name, "keyword '" + name + "' directive is not supported anymore since HAProxy 2.1. Use "
                    + "'option redispatch'.");
        }
        refuse(builder, "usesrc", "'usesrc' only allowed after a 'source' statement.");
        builder.proxy("grace", (line, section, context) -> {
            throw ConfigException.tight("the 'grace' keyword is not supported any more since HAProxy version 2.5.");
        });
        builder.proxy("monitor-net", (line, section, context) -> {
            throw new ConfigException("'monitor-net' doesn't exist anymore. Please use 'http-request return status 200 "
                    + "if { src " + line.word(1) + " }' instead.");
        });
    }

    private static void refuse(final Keywords.Builder builder, final String name, final String message) {
        builder.proxy(name, (line, section, context) -> {
            throw new ConfigException(message);
        });
    }
}
