package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.check.CheckedServer;
import io.netchannel.samples.haproxy.check.ProxyChecks;
import io.netchannel.samples.haproxy.check.ServerHealth;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Frontend;
import io.netchannel.samples.haproxy.proxy.Listener;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Looks at all proxies, and remembers what they themselves don't: how often servers went down. Threading: the proxy's loop. */
public final class Statistics {

    private final ProxyServer proxies;
    private final ProxyChecks checks;
    private final Map<Server, Downs> downs = new IdentityHashMap<>();
    private final Map<Backend, Downs> backendDowns = new IdentityHashMap<>();
    private final long startMs;
    private final long startWallMs;

    /** Changes from up to down. */
    private static final class Downs {

        private boolean up;
        private long count;

        Downs(final boolean up) {
            this.up = up;
        }

        void see(final boolean now) {
            if (up && !now) {
                count++;
            }
            up = now;
        }
    }

    public Statistics(final ProxyServer proxies, final ProxyChecks checks) {
        this.proxies = proxies;
        this.checks = checks;
        this.startMs = proxies.loop().clock().nowMs();
        this.startWallMs = proxies.loop().clock().wallMs();
        for (final Backend backend : proxies.backends()) {
            backendDowns.put(backend, new Downs(backend.isUp()));
            for (final Server server : backend.servers()) {
                downs.put(server, new Downs(server.isUp()));
                server.watch(this::changed);
            }
        }
    }

    private void changed(final Server server) {
        downs.get(server).see(server.isUp());
        backendDowns.get(server.backend()).see(server.backend().isUp());
    }

    public ProxyServer proxies() {
        return proxies;
    }

    /** @return null if it isn't checked */
    public ServerHealth health(final Server server) {
        return checks.of(server);
    }

    /** @param agent its agent, else its own checks; false if it has none, or an operator switched them off */
    boolean isChecked(final Server server, final boolean agent) {
        return checks.isEnabled(server, agent);
    }

    /** @param agent its agent, else its own checks; @return false if it has none */
    public boolean enableChecks(final Server server, final boolean agent, final boolean on) {
        return checks.enable(server, agent, on);
    }

    /** The server with what only checks and operators do to it. */
    public CheckedServer target(final Server server) {
        return checks.target(server);
    }

    public long nowMs() {
        return proxies.loop().clock().nowMs();
    }

    public long wallMs() {
        return proxies.loop().clock().wallMs();
    }

    long startWallMs() {
        return startWallMs;
    }

    public long uptimeMs() {
        return nowMs() - startMs;
    }

    long downs(final Server server) {
        return downs.get(server).count;
    }

    long downs(final Backend backend) {
        return backendDowns.get(backend).count;
    }

    /** An operator's wish; with what the log tells of it. */
    public void admin(final Server server, final Server.Admin next, final String cause) {
        final ServerHealth health = health(server);
        if (health == null) {
            server.admin(next);
        } else {
            health.admin(CheckedServer.Admin.valueOf(next.name()), cause);
        }
    }

    /** An operator knows better than the checks. @param next STOPPED, RUNNING or STOPPING */
    public void force(final Server server, final Server.State next) {
        force(server, next, "changed from CLI");
    }

    /** @param reason as the log tells it */
    void force(final Server server, final Server.State next, final String reason) {
        final ServerHealth health = health(server);
        if (health == null) {
            server.state(next);
        } else {
            health.force(CheckedServer.State.valueOf(next.name()), reason);
        }
    }

    /** @param all else only what was greatest */
    public void clearCounters(final boolean all) {
        for (final Frontend frontend : proxies.frontends()) {
            frontend.counters().clear(all);
            frontend.listeners().forEach(listener -> listener.counters().clear(all));
        }
        for (final Backend backend : proxies.backends()) {
            backend.counters().clear(all);
            backend.servers().forEach(server -> server.counters().clear(all));
        }
        proxies.connectionRate().clearMax();
        if (all) {
            clearDowns();
        }
    }

    private void clearDowns() {
        downs.values().forEach(each -> each.count = 0);
        backendDowns.values().forEach(each -> each.count = 0);
    }

    /** Whose state it follows; null: none. */
    public Server tracked(final Server server) {
        final String name = server.settings().get(ServerTraffic.TRACK);
        if (name == null) {
            return null;
        }
        final int slash = name.indexOf('/');
        final Backend backend = slash < 0 ? server.backend() : proxies.backend(name.substring(0, slash));
        return backend == null ? null : backend.server(name.substring(slash + 1));
    }

    /** The server at the end of those that are followed: itself, if it follows none. */
    public Server checked(final Server server) {
        Server last = server;
        for (Server next = tracked(last); next != null && next != server; next = tracked(last)) {
            last = next;
        }
        return last;
    }

    /** In the order of the configuration: of each proxy the frontend, its listeners, the servers, the backend. */
    public List<StatRow> rows(final StatFilter filter) {
        final List<StatRow> rows = new ArrayList<>();
        for (final ProxySection section : proxies.configuration().proxies()) {
            final Frontend frontend = section.hasFrontend() ? proxies.frontend(section.name()) : null;
            final Backend backend = section.hasBackend() ? proxies.backend(section.name()) : null;
            final int id = frontend != null ? frontend.id() : backend != null ? backend.id() : 0;
            if (id == 0 || !filter.names().test(section.name()) || filter.proxyId() != -1 && filter.proxyId() != id) {
                continue;
            }
            if (frontend != null) {
                addFrontend(rows, frontend, filter);
            }
            if (backend != null) {
                addBackend(rows, backend, filter);
            }
        }
        return rows;
    }

    private void addFrontend(final List<StatRow> rows, final Frontend frontend, final StatFilter filter) {
        if (filter.takes(StatRow.Type.FRONTEND) && (filter.id() <= 0)) {
            rows.add(ProxyRows.frontend(frontend, nowMs()));
        }
        if (filter.takes(StatRow.Type.LISTENER) && frontend.section().get(ProxySettings.SOCKET_STATS)) {
            for (final Listener listener : frontend.listeners()) {
                if (filter.id() == -1 || filter.id() == listener.id()) {
                    rows.add(ProxyRows.listener(listener));
                }
            }
        }
    }

    private void addBackend(final List<StatRow> rows, final Backend backend, final StatFilter filter) {
        if (filter.takes(StatRow.Type.SERVER)) {
            for (final Server server : backend.servers()) {
                if ((filter.id() == -1 || filter.id() == server.id()) && !hides(filter, server)) {
                    rows.add(new ServerRow(this, server).row());
                }
            }
        }
        if (filter.takes(StatRow.Type.BACKEND) && filter.id() <= 0) {
            rows.add(ProxyRows.backend(this, backend, filter.counts()));
        }
    }

    private boolean hides(final StatFilter filter, final Server server) {
        if (server.admin() == Server.Admin.MAINT) {
            return filter.counts();
        }
        if (!filter.up() || server.state() != Server.State.STOPPED) {
            return false;
        }
        // One that is coming up is shown.
        final ServerHealth health = health(checked(server));
        return health == null || health.health() == null || health.health().value() == 0;
    }
}
