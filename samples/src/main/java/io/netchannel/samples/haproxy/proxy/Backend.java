package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.balance.Algorithm;
import io.netchannel.samples.haproxy.balance.BalanceSettings;
import io.netchannel.samples.haproxy.balance.Balancer;
import io.netchannel.samples.haproxy.balance.HashKey;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.stick.Sticking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The servers that a proxy's requests go to, and the rules and limits on the way to them. */
public final class Backend {

    private final ProxyServer owner;
    private final ProxyOptions options;
    private final int id;
    private final SocketOptions socketOptions;
    private final List<Server> servers = new ArrayList<>();
    private final Balancer<Server> balancer;
    private final Counters counters = new Counters();
    private final PendingQueue queue = new PendingQueue();
    private final CookiePersistence persistence;
    private int fullConnections;
    private int sessions;
    private int served;
    private long changedMs;
    private long downMs;
    private boolean up = true;
    private InvalidMessage invalidResponse;

    Backend(final ProxyServer owner, final ProxySection section, final int id) {
        this.owner = owner;
        this.options = new ProxyOptions(section);
        this.id = id;
        this.socketOptions = SocketOptions.ofServer(null, section, owner.configuration().global());
        int next = 1;
        for (final ServerSettings server : section.get(ProxySettings.SERVERS)) {
            final int given = server.get(ServerTraffic.ID);
            servers.add(new Server(this, server, given == 0 ? next : given));
            next++;
        }
        this.fullConnections = section.get(TrafficSettings.FULLCONN);
        this.balancer = new Balancer<>(section.get(BalanceSettings.ALGORITHM), section.get(BalanceSettings.HASH_TYPE),
                section.get(BalanceSettings.ALL_BACKUPS), section.get(ProxySettings.HASH_BALANCE_FACTOR), servers,
                () -> ThreadLocalRandom.current().nextInt());
        this.changedMs = loop().nowMs();
        this.up = balancer.hasServers();
        final CookieSettings cookie = section.get(TrafficSettings.COOKIE);
        this.persistence = cookie == null ? null : new CookiePersistence(cookie, this);
    }

    public ProxyLoop loop() {
        return owner.loop();
    }

    ProxyServer owner() {
        return owner;
    }

    public ProxyOptions options() {
        return options;
    }

    public ProxySection section() {
        return options.section();
    }

    /** Of connections that go to none of its servers. */
    SocketOptions socketOptions() {
        return socketOptions;
    }

    public String name() {
        return options.section().name();
    }

    public int id() {
        return id;
    }

    public List<Server> servers() {
        return Collections.unmodifiableList(servers);
    }

    /** @return null if there is none of that name */
    public Server server(final String name) {
        for (final Server server : servers) {
            if (server.name().equals(name)) {
                return server;
            }
        }
        return null;
    }

    public Counters counters() {
        return counters;
    }

    /** Null: no cookie is configured. */
    CookiePersistence persistence() {
        return persistence;
    }

    Balancer<Server> balancer() {
        return balancer;
    }

    Algorithm algorithm() {
        return balancer.algorithm();
    }

    /** The last one; null: there was none. */
    public InvalidMessage invalidResponse() {
        return invalidResponse;
    }

    void invalidResponse(final InvalidMessage response) {
        invalidResponse = response;
    }

    /** Whether any server could take a request. */
    public boolean isUp() {
        return balancer.hasServers() || servers.isEmpty();
    }

    public long changedMs() {
        return changedMs;
    }

    public long downMs(final long nowMs) {
        return downMs + (up ? 0 : nowMs - changedMs);
    }

    public int usableServers() {
        int usable = 0;
        for (final Server server : servers) {
            usable += server.isUsable() ? 1 : 0;
        }
        return usable;
    }

    /** Waiting for any server, and for one of them. */
    public int queued() {
        int all = queue.size();
        for (final Server server : servers) {
            all += server.queued();
        }
        return all;
    }

    PendingQueue queue() {
        return queue;
    }

    public int sessions() {
        return sessions;
    }

    public int served() {
        return served;
    }

    void served(final int change) {
        served += change;
    }

    /** {@code fullconn}; haproxy's own guess where it isn't given. */
    public int fullConnections() {
        return fullConnections;
    }

    void fullConnections(final int guess) {
        if (fullConnections == 0) {
            fullConnections = Math.max(1, guess);
        }
    }

    boolean mayRedispatch() {
        return options.redispatch != 0;
    }

    void begin(final long nowMs) {
        sessions++;
        counters.sessionsTotal++;
        counters.sessionsMax = Math.max(counters.sessionsMax, sessions);
        counters.sessionRate.add(nowMs, 1);
        counters.lastSessionMs = nowMs;
    }

    void end() {
        sessions--;
    }

    /** A server's state or weight changed. */
    void changed() {
        balancer.changed();
        if (up != isUp()) {
            final long nowMs = loop().nowMs();
            if (!up) {
                downMs += nowMs - changedMs;
            }
            up = !up;
            changedMs = nowMs;
        }
    }

    /** A server that starts slowly may take more. */
    void ramped() {
        balancer.ramped();
    }

    Server choose(final HashKey key, final Server avoid) {
        return balancer.choose(key, avoid);
    }

    /** The server that a table's entry names: by name or address, or by id. */
    Server stuck(final String key, final int serverId) {
        for (final Server server : servers) {
            if (key == null ? server.id() == serverId : key.equals(server.name()) || key.equals(addressOf(server))) {
                return server;
            }
        }
        return null;
    }

    /** As tables keep it; null: nothing to keep. */
    Sticking.StuckServer stuck(final Server server) {
        return server == null || server.settings().get(ServerOptions.NON_STICK)
                ? null
                : new Sticking.StuckServer(server.name(), addressOf(server), server.id());
    }

    private static String addressOf(final Server server) {
        return server.address() instanceof final Address.Ip ip && ip.ip() != null
                ? ip.ip().getHostAddress() + ":" + ip
                        .port()
                : server.address().toString();
    }

    /** A server may have room: gives it the streams that wait longest, its own or the backend's. */
    void dispatchPending(final Server server) {
        while (server.isUp() && (server.limit() == 0 || server.served() < server.limit())) {
            final PendingQueue.Entry own = server.queue().first();
            final PendingQueue.Entry common = server.isUsable() ? queue.first() : null;
            final PendingQueue.Entry next = own == null || common != null && PendingQueue.isBefore(common, own)
                    ? common
                    : own;
            if (next == null) {
                return;
            }
            next.queue.remove(next);
            next.dispatch.granted(server);
        }
    }
}
