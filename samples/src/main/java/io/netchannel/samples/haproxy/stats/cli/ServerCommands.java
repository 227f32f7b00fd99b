package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.log.Syslog;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.stats.ServerState;
import java.util.List;

/** Commands on servers. */
final class ServerCommands {

    private static final BindOptions.Level ADMIN = BindOptions.Level.ADMIN;
    private static final BindOptions.Level OPERATOR = BindOptions.Level.OPERATOR;

    private ServerCommands() {
    }

    static void register(final Commands commands) {
        commands.add("set server", ADMIN, "<bk>/<srv> [opts] : state, weight, address, checks of a server",
                SetServer::run)
                .add("set weight", ADMIN,
                        "<bk>/<srv>  (DEPRECATED) : weight of a server (rather: set server)",
                        call -> weight(call, 2, 3))
                .add("get weight", "<bk>/<srv> : weight of a server, now and at first", ServerCommands::showWeight)
                .add("set maxconn server", ADMIN, "<bk>/<srv> : connections that a server takes",
                        ServerCommands::maxConnections)
                .add("enable server", ADMIN, " (DEPRECATED) : a server works (rather: set server)",
                        call -> admin(call, Server.Admin.READY))
                .add("disable server", ADMIN,
                        "(DEPRECATED) : a server pauses (rather: set server)",
                        call -> admin(call, Server.Admin.MAINT))
                .add("enable health", ADMIN, ": a server is checked", call -> checks(call, false, true))
                .add("disable health", ADMIN, ": a server isn't checked", call -> checks(call, false, false))
                .add("enable agent", ADMIN, ": a server's agent is asked", call -> checks(call, true, true))
                .add("disable agent", ADMIN, ": a server's agent isn't asked", call -> checks(call, true, false))
                .add("shutdown sessions server", ADMIN, "<bk>/<srv> : cuts what goes to a server",
                        ServerCommands::shutdownSessions)
                .add("show servers state", OPERATOR,
                        "[<backend>] : states of servers, as their file has them",
                        ServerCommands::state)
                .add("show servers conn", OPERATOR,
                        "[<backend>] : connections of servers, used and idle",
                        ServerCommands::connections);
    }

    static void weight(final Call call, final int serverWord, final int weightWord) {
        final Server server = call.control().server(call, serverWord);
        if (server == null) {
            return;
        }
        if (call.word(weightWord).isEmpty()) {
            call.error("Require <weight> or <weight%>.");
            return;
        }
        final String wrong = call.control().statistics().target(server).changeWeight(call.word(weightWord));
        if (wrong != null) {
            call.message(Syslog.ERR, wrong);
        }
    }

    private static void showWeight(final Call call) {
        final Server server = call.control().server(call, 2);
        if (server != null) {
            call.print(server.weight() + " (initial " + server.initialWeight() + ")\n");
        }
    }

    private static void maxConnections(final Call call) {
        final Server server = call.control().server(call, 3);
        if (server == null) {
            return;
        }
        if (call.word(4).isEmpty()) {
            call.error("Require <maxconn>.");
            return;
        }
        final String wrong = call.control().statistics().target(server).changeMaxConnections(call.word(4));
        if (wrong != null) {
            call.message(Syslog.ERR, wrong);
        }
    }

    private static void admin(final Call call, final Server.Admin next) {
        final Server server = call.control().server(call, 2);
        if (server != null && !(next == Server.Admin.READY && server.admin() == Server.Admin.DRAIN)) {
            call.control().statistics().admin(server, next, "");
        }
    }

    private static void checks(final Call call, final boolean agent, final boolean on) {
        final Server server = call.control().server(call, 2);
        if (server != null && !call.control().statistics().enableChecks(server, agent, on) && on) {
            call.error((agent ? "Agent" : "Health check") + " was not configured on this server, cannot enable.");
        }
    }

    private static void shutdownSessions(final Call call) {
        final Server server = call.control().server(call, 3);
        if (server != null) {
            call.control().statistics().target(server).shutdownSessions();
        }
    }

    private static List<Backend> backends(final Call call) {
        if (call.word(3).isEmpty()) {
            return call.control().proxies().backends();
        }
        final Backend backend = call.control().proxies().backend(call.word(3));
        if (backend == null) {
            call.error("Can't find backend.");
            return List.of();
        }
        return List.of(backend);
    }

    private static void state(final Call call) {
        final List<Backend> backends = backends(call);
        if (!backends.isEmpty()) {
            call.print(ServerState.text(call.control().statistics(), backends));
        }
    }

    private static void connections(final Call call) {
        final List<Backend> backends = backends(call);
        if (backends.isEmpty()) {
            return;
        }
        call.print("# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb safe_nb "
                + "idle_lim idle_cur idle_per_thr[1]\n");
        for (final Backend backend : backends) {
            for (final Server server : backend.servers()) {
                final int idle = server.idleConnections();
                final int safe = server.safeConnections();
                call.print(backend.name() + "/" + server.name() + " " + backend.id() + "/" + server.id() + " "
                        + ServerState.host(server.address()) + " " + ServerState.port(server.address()) + " - "
                        + server.settings().get(ServerTraffic.POOL_PURGE_MS) + " "
                        + server.sessions() + " " + server.counters().sessionsMax + " " + server.sessions() + " "
                        + (idle - safe) + " " + safe + " "
                        + server.settings().get(ServerTraffic.POOL_MAX) + " " + idle
                        + " " + idle + "\n");
            }
        }
    }
}
