package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.ProxyFacts;
import io.netchannel.samples.haproxy.expression.StickLookup;

/** What fetches ask about proxies, from where a session and perhaps a stream stand, or a check of a server. */
public final class ProxyView implements ProxyFacts {

    private final ProxyServer owner;
    /** Null of a check. */
    private final Session session;
    private final Stream stream;
    /** Null but of a check. */
    private final Server checked;

    private ProxyView(final ProxyServer owner, final Session session, final Stream stream, final Server checked) {
        this.owner = owner;
        this.session = session;
        this.stream = stream;
        this.checked = checked;
    }

    /** @param stream null before there is one */
    static ProxyView of(final Session session, final Stream stream) {
        return new ProxyView(session.frontend.owner(), session, stream, null);
    }

    /** Where no client is, there is no frontend. */
    public static ProxyView ofCheck(final ProxyServer owner, final Server checked) {
        return new ProxyView(owner, null, null, checked);
    }

    private Backend backend() {
        return checked != null ? checked.backend() : stream == null ? null : stream.backend();
    }

    private Server server() {
        return checked != null || stream == null ? checked : stream.server();
    }

    private Frontend frontend() {
        return session == null ? null : session.frontend;
    }

    private Backend backend(final String name) {
        return name == null ? backend() : owner.backend(name);
    }

    private Frontend frontend(final String name) {
        return name == null ? frontend() : owner.frontend(name);
    }

    private Server server(final String backend, final String server) {
        final Backend of = backend(backend);
        return of == null ? null : of.server(server);
    }

    @Override
    public String frontendName() {
        final Frontend of = frontend();
        return of == null ? null : of.name();
    }

    @Override
    public int frontendId() {
        final Frontend of = frontend();
        return of == null ? 0 : of.id();
    }

    @Override
    public String backendName() {
        final Backend of = backend();
        return of == null ? null : of.name();
    }

    @Override
    public int backendId() {
        final Backend of = backend();
        return of == null ? 0 : of.id();
    }

    @Override
    public String serverName() {
        final Server of = server();
        return of == null ? null : of.name();
    }

    @Override
    public int serverId() {
        final Server of = server();
        return of == null ? 0 : of.id();
    }

    @Override
    public String listenerName() {
        return session == null ? null : session.listener.name();
    }

    @Override
    public int listenerId() {
        return session == null ? 0 : session.listener.id();
    }

    @Override
    public String defaultBackendName() {
        final Backend backend = session == null ? null : session.frontend.defaultBackend();
        return backend == null ? null : backend.name();
    }

    @Override
    public int usableServers(final String backend) {
        final Backend of = backend(backend);
        return of == null ? 0 : of.usableServers();
    }

    @Override
    public long backendConnections(final String backend) {
        final Backend of = backend(backend);
        return of == null ? 0 : of.sessions();
    }

    @Override
    public long backendQueue(final String backend) {
        final Backend of = backend(backend);
        return of == null ? 0 : of.queued();
    }

    @Override
    public long backendSessionRate(final String backend) {
        final Backend of = backend(backend);
        return of == null ? 0 : of.counters().sessionRate.get(of.loop().nowMs());
    }

    @Override
    public long frontendConnections(final String frontend) {
        final Frontend of = frontend(frontend);
        return of == null ? 0 : of.sessions();
    }

    @Override
    public long frontendSessionRate(final String frontend) {
        final Frontend of = frontend(frontend);
        return of == null ? 0 : of.counters().sessionRate.get(of.loop().nowMs());
    }

    @Override
    public long frontendRequestRate(final String frontend) {
        final Frontend of = frontend(frontend);
        return of == null ? 0 : of.counters().requestRate.get(of.loop().nowMs());
    }

    @Override
    public boolean serverIsUp(final String backend, final String server) {
        final Server of = server(backend, server);
        return of != null && of.isUp();
    }

    @Override
    public long serverConnections(final String backend, final String server) {
        final Server of = server(backend, server);
        return of == null ? 0 : of.sessions();
    }

    @Override
    public long serverQueue(final String backend, final String server) {
        final Server of = server(backend, server);
        return of == null ? 0 : of.queued();
    }

    @Override
    public long serverWeight(final String backend, final String server) {
        final Server of = server(backend, server);
        return of == null ? 0 : of.weight();
    }

    @Override
    public long averageQueue(final String backend) {
        final Backend of = backend(backend);
        if (of == null) {
            return 0;
        }
        final int usable = of.usableServers();
        return usable == 0 ? (long) of.queued() * 0x1000 : (of.queued() + usable - 1) / usable;
    }

    @Override
    public long connectionSlots(final String backend) {
        final Backend of = backend(backend);
        if (of == null) {
            return 0;
        }
        long slots = 0;
        for (final Server server : of.servers()) {
            if (server.isUsable()) {
                if (server.maxConnections() == 0) {
                    return -1;
                }
                final int maxQueue = server.settings().get(ServerTraffic.MAXQUEUE);
                slots += server.maxConnections() - server.sessions() + (maxQueue == 0 ? 0 : maxQueue - server.queued());
            }
        }
        return slots;
    }

    @Override
    public long serverConnectionsFree(final String backend, final String server) {
        final Server of = server(backend, server);
        return of == null || of.maxConnections() == 0 ? -1 : Math.max(0, of.maxConnections() - of.sessions());
    }

    @Override
    public long serverSessionRate(final String backend, final String server) {
        final Server of = server(backend, server);
        return of == null ? 0 : of.counters().sessionRate.get(of.backend().loop().nowMs());
    }

    @Override
    public long serverInitialWeight(final String backend, final String server) {
        final Server of = server(backend, server);
        return of == null ? 0 : of.initialWeight();
    }

    @Override
    public long timeoutMs(final String name) {
        final Backend of = backend();
        return switch (name) {
            case "client" -> session == null ? 0 : session.frontend.options().clientMs;
            case "server" -> of == null ? 0 : of.options().serverMs;
            case "tunnel" -> of == null ? 0 : of.options().tunnelMs;
            default -> 0;
        };
    }

    @Override
    public boolean stopping() {
        return session != null && session.frontend.isStopping();
    }

    @Override
    public StickLookup table(final String name) {
        return owner.table(name);
    }
}
