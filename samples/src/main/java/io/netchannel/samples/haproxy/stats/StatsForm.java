package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.check.ServerHealth;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Server;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A form of the page: an action on servers of one backend. */
final class StatsForm {

    private final Statistics statistics;

    StatsForm(final Statistics statistics) {
        this.statistics = statistics;
    }

    /** @param body {@code s=NAME&s=NAME&action=NAME&b=BACKEND}; @return how it went: DONE, PART, NONE or ERRP */
    String process(final String body) {
        final List<String> names = new ArrayList<>();
        String action = null;
        Backend backend = null;
        for (final String pair : body.strip().split("&")) {
            final int equals = pair.indexOf('=');
            final String key = decode(equals < 0 ? pair : pair.substring(0, equals));
            final String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (key == null || value == null) {
                return "ERRP";
            }
            switch (key) {
                case "s" -> names.add(value);
                // The last counts.
                case "action" -> action = value;
                case "b" -> {
                    backend = backend(value);
                    if (backend == null) {
                        return "ERRP";
                    }
                }
                default -> {
                    // As haproxy, which passes over what it doesn't know.
                }
            }
        }
        if (action != null && !isAction(action)) {
            return "ERRP";
        }
        return backend == null || action == null ? "NONE" : apply(backend, action, names);
    }

    private static String decode(final String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    private Backend backend(final String name) {
        return name.startsWith("#")
                ? statistics.proxies().backends().stream().filter(each -> name.equals("#" + each.id())).findFirst()
                        .orElse(null)
                : statistics.proxies().backend(name);
    }

    private String apply(final Backend backend, final String action, final List<String> names) {
        int all = 0;
        int altered = 0;
        for (final String name : names) {
            final Server server = backend.server(name);
            if (server == null) {
                all++;
            } else if (apply(server, action)) {
                all++;
                altered++;
            }
        }
        return all == 0 ? "NONE" : altered == 0 ? "ERRP" : altered == all ? "DONE" : "PART";
    }

    private static boolean isAction(final String action) {
        return List.of("ready", "drain", "maint", "shutdown", "dhlth", "ehlth", "hrunn", "hnolb", "hdown", "dagent",
                "eagent", "arunn", "adown", "disable", "enable", "stop", "start").contains(action);
    }

    /** @return whether it applies to that server */
    private boolean apply(final Server server, final String action) {
        final ServerHealth health = statistics.health(server);
        final boolean agent = health != null && health.agent() != null;
        return switch (action) {
            case "ready" -> admin(server, Server.Admin.READY, true);
            case "drain" -> admin(server, Server.Admin.DRAIN, true);
            case "maint" -> admin(server, Server.Admin.MAINT, true);
            case "disable" -> admin(server, Server.Admin.MAINT, server.admin() != Server.Admin.MAINT);
            case "enable" -> admin(server, Server.Admin.READY, server.admin() == Server.Admin.MAINT);
            case "stop" -> admin(server, Server.Admin.DRAIN, server.admin() == Server.Admin.READY);
            case "start" -> admin(server, Server.Admin.READY, server.admin() == Server.Admin.DRAIN);
            case "dhlth" -> statistics.enableChecks(server, false, false);
            case "ehlth" -> statistics.enableChecks(server, false, true);
            case "dagent" -> statistics.enableChecks(server, true, false);
            case "eagent" -> statistics.enableChecks(server, true, true);
            case "hrunn" -> force(server, Server.State.RUNNING, statistics.tracked(server) == null);
            case "hnolb" -> force(server, Server.State.STOPPING, statistics.tracked(server) == null);
            case "hdown" -> force(server, Server.State.STOPPED, statistics.tracked(server) == null);
            case "arunn" -> force(server, Server.State.RUNNING, agent);
            case "adown" -> force(server, Server.State.STOPPED, agent);
            default -> {
                statistics.target(server).shutdownSessions();
                yield true;
            }
        };
    }

    private boolean admin(final Server server, final Server.Admin next, final boolean applies) {
        if (applies) {
            statistics.admin(server, next, "");
        }
        return applies;
    }

    private boolean force(final Server server, final Server.State next, final boolean applies) {
        if (applies) {
            statistics.force(server, next);
        }
        return applies;
    }
}
