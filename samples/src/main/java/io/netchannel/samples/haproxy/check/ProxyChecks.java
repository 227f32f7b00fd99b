package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.ServerObserver;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.proxy.TimeoutSettings;
import java.util.IdentityHashMap;
import java.util.Map;

/** The checks of all servers of a running proxy. Threading: the proxy's loop. */
public final class ProxyChecks implements ServerObserver, AutoCloseable {

    private static final int FIRST_SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int VERSION_NOT_SUPPORTED = 505;

    private final ProxyServer proxies;
    private final Checks checks;
    private final Map<Server, ServerTarget> targets = new IdentityHashMap<>();
    private final Map<Server, ServerHealth> healths = new IdentityHashMap<>();

    private ProxyChecks(final ProxyServer proxies) {
        this.proxies = proxies;
        this.checks = new Checks(proxies.transport().loop(), () -> proxies.loop().clock().nowMs(),
                (address, handler) -> proxies.transport().connect(address, null, handler), proxies.variables(),
                proxies.logs(), proxies.configuration().global().get(GlobalOptions.SPREAD_CHECKS),
                proxies.configuration().global().get(GlobalOptions.MAX_SPREAD_CHECKS_MS));
    }

    /** Knows all servers, and doesn't check yet. Called on the loop. */
    public static ProxyChecks create(final ProxyServer proxies) {
        final ProxyChecks all = new ProxyChecks(proxies);
        for (final Backend backend : proxies.backends()) {
            for (final Server server : backend.servers()) {
                all.targets.put(server, new ServerTarget(proxies, server));
            }
        }
        for (final Backend backend : proxies.backends()) {
            for (final Server server : backend.servers()) {
                all.add(backend, server);
            }
        }
        proxies.observe(all);
        return all;
    }

    /** The first checks. Called on the loop. */
    public void start() {
        checks.start();
    }

    private void add(final Backend backend, final Server server) {
        final ServerTarget target = targets.get(server);
        final String tracked = server.settings().get(ServerTraffic.TRACK);
        if (tracked != null) {
            final int slash = tracked.indexOf('/');
            final Backend of = slash < 0 ? backend : proxies.backend(tracked.substring(0, slash));
            final Server followed = of == null ? null : of.server(tracked.substring(slash + 1));
            target.track(followed == null ? null : targets.get(followed));
        }
        healths.put(server, checks.add(target, backend.section().get(TimeoutSettings.CONNECT),
                backend.section().get(TimeoutSettings.CHECK)));
    }

    public ServerHealth of(final Server server) {
        return healths.get(server);
    }

    public CheckedServer target(final Server server) {
        return targets.get(server);
    }

    /** @return false if the server has no such check, too */
    public boolean isEnabled(final Server server, final boolean agent) {
        return checks.isEnabled(targets.get(server), agent);
    }

    /** @return false if the server has no such check */
    public boolean enable(final Server server, final boolean agent, final boolean on) {
        return checks.enable(targets.get(server), agent, on);
    }

    @Override
    public void connected(final Server server, final boolean success) {
        healths.get(server).observed(success ? ServerHealth.Observed.L4_OK : ServerHealth.Observed.L4_FAILED, now());
    }

    @Override
    public void answered(final Server server, final int status) {
        final boolean good = status >= 100 && status < FIRST_SERVER_ERROR || status == NOT_IMPLEMENTED
                || status == VERSION_NOT_SUPPORTED;
        healths.get(server).observed(status < 0
                ? ServerHealth.Observed.HTTP_HEADERS
                : good ? ServerHealth.Observed.HTTP_OK : ServerHealth.Observed.HTTP_STATUS, now());
    }

    private long now() {
        return proxies.loop().clock().nowMs();
    }

    @Override
    public void close() {
        checks.close();
    }
}
