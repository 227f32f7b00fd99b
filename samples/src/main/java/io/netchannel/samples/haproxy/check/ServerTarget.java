package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.HostName;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.expression.ProxyFacts;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.ProxyView;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;

/** A server of the proxy, as checks see it. */
final class ServerTarget implements CheckedServer {

    private static final int MAX_WEIGHT = 256;
    private static final int MAX_PERCENT = 25_600;
    private static final int PERCENT = 100;

    static final String V1_UNKNOWN = "PROXY UNKNOWN\r\n";
    private static final String V2_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String V2_LOCAL = V2_SIGNATURE + "\u0020\0\0\0";
    private static final String V2_PROXY = V2_SIGNATURE + "\u0021\0\0\0";

    private final Server server;
    private final boolean neverLocal;
    private final ProxyFacts facts;
    private final String node;
    /** Set when all targets are there. */
    private CheckedServer tracked;

    ServerTarget(final ProxyServer proxies, final Server server) {
        this.server = server;
        this.neverLocal = proxies.configuration().global().get(GlobalOptions.NEVER_SEND_LOCAL);
        this.facts = ProxyView.ofCheck(proxies, server);
        this.node = HostName.node(proxies.configuration().global());
    }

    void track(final CheckedServer other) {
        tracked = other;
    }

    @Override
    public ProxySection backend() {
        return server.backend().section();
    }

    @Override
    public ServerSettings settings() {
        return server.settings();
    }

    @Override
    public Address address() {
        return server.address();
    }

    @Override
    public String proxyHeader() {
        final ServerTraffic.ProxyHeader version = settings().get(ServerTraffic.PROXY_HEADER);
        // A check of a place of its own isn't sent what the server's traffic is.
        final boolean asTraffic = version != ServerTraffic.ProxyHeader.NONE && settings().get(
                ServerOptions.CHECK_PORT) == 0 && settings().get(ServerOptions.CHECK_ADDRESS) == null && !settings()
                        .get(ServerOptions.CHECK_SSL);
        if (!asTraffic && !settings().get(ServerOptions.CHECK_SEND_PROXY)) {
            return null;
        }
        return version != ServerTraffic.ProxyHeader.V2 ? V1_UNKNOWN : neverLocal ? V2_PROXY : V2_LOCAL;
    }

    @Override
    public boolean isBackup() {
        return server.isBackup();
    }

    @Override
    public State state() {
        return switch (server.state()) {
            case STOPPED -> State.STOPPED;
            case STOPPING -> State.STOPPING;
            case STARTING, RUNNING -> State.RUNNING;
        };
    }

    @Override
    public Admin admin() {
        return Admin.valueOf(server.admin().name());
    }

    @Override
    public int change(final State next) {
        final int waiting = server.queued();
        server.state(Server.State.valueOf(next.name()));
        return Math.abs(waiting - server.queued());
    }

    @Override
    public void admin(final Admin next) {
        server.admin(Server.Admin.valueOf(next.name()));
    }

    @Override
    public int weight() {
        return server.weight();
    }

    @Override
    public String changeWeight(final String request) {
        if (request.isEmpty()) {
            return "Require <weight> or <weight%>.\n";
        }
        if (!Character.isDigit(request.charAt(0)) && !request.matches("-[0-9].*")) {
            return "Empty weight string empty or preceded by garbage";
        }
        final boolean relative = request.endsWith("%");
        final String digits = relative ? request.substring(0, request.length() - 1) : request;
        if (!digits.matches("-?[0-9]{1,9}")) {
            return "Trailing garbage in weight string";
        }
        long weight = Long.parseLong(digits);
        if (relative) {
            if (weight < 0) {
                return "Relative weight must be positive.\n";
            }
            weight = Math.min(MAX_WEIGHT, server.initialWeight() * Math.min(weight, MAX_PERCENT) / PERCENT);
        } else if (weight < 0 || weight > MAX_WEIGHT) {
            return "Absolute weight can only be between 0 and 256 inclusive.\n";
        }
        server.weight((int) weight);
        return null;
    }

    @Override
    public String changeMaxConnections(final String request) {
        if (request.isEmpty()) {
            return "Require <maxconn>.\n";
        }
        if (!Character.isDigit(request.charAt(0))) {
            return "maxconn string empty or preceded by garbage";
        }
        if (!request.matches("[0-9]{1,9}")) {
            return "Trailing garbage in maxconn string";
        }
        server.maxConnections(Integer.parseInt(request));
        return null;
    }

    private int usable(final boolean backup) {
        int usable = 0;
        for (final Server other : server.backend().servers()) {
            usable += other.isBackup() == backup && other.isUsable() ? 1 : 0;
        }
        return usable;
    }

    @Override
    public int activeServers() {
        return usable(false);
    }

    @Override
    public int backupServers() {
        return usable(true);
    }

    @Override
    public int sessions() {
        return server.sessions();
    }

    @Override
    public int totalWeight() {
        final boolean backups = usable(false) == 0;
        int total = 0;
        for (final Server other : server.backend().servers()) {
            total += other.isBackup() == backups && other.isUsable() ? other.weight() : 0;
        }
        return total;
    }

    @Override
    public int backendSessions() {
        return server.backend().sessions() - server.backend().queued();
    }

    @Override
    public int rampPercent() {
        return server.rampPercent();
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public int queued() {
        return server.queued();
    }

    @Override
    public void shutdownSessions() {
        server.cutSessions();
    }

    @Override
    public void shutdownBackupSessions() {
        for (final Server other : server.backend().servers()) {
            if (other.isBackup()) {
                other.cutSessions();
            }
        }
    }

    @Override
    public CheckedServer tracked() {
        return tracked;
    }

    @Override
    public ProxyFacts facts() {
        return facts;
    }
}
