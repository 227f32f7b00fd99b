package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.expression.StickLookup;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.http.HeadLimits;
import io.netchannel.samples.haproxy.log.Logs;
import io.netchannel.samples.haproxy.stick.StickSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** All proxies of a configuration at work. Threading: started outside the transport's loop, asked and stopped inside. */
public final class ProxyServer {

    private static final int MIN_MAX_CONNECTIONS = 100;
    /** {@code close-spread-time infinite}. */
    private static final long NEVER_CLOSE_MS = Integer.MAX_VALUE;

    private final Configuration configuration;
    private final Transport transport;
    private final ProxyLoop loop;
    private final Logs logs;
    private final ListeningSockets sockets;
    private final HeadLimits headLimits;
    private final int bufferBytes;
    private final int rewriteBytes;
    private final Map<String, String> fieldForms = new HashMap<>();
    private int maxConnections;
    private final Map<String, Frontend> frontends = new LinkedHashMap<>();
    private final Map<String, Backend> backends = new LinkedHashMap<>();
    private final Variables variables = new Variables();
    private final Map<Long, ClientConnection> clients = new LinkedHashMap<>();
    private final Rate connectionRate = new Rate();
    private final Rate compressionIn = new Rate();
    private final Rate compressionOut = new Rate();
    private final int hardMaxConnections;
    private final long closeSpreadMs;
    private final TlsLimits tlsLimits;
    private final LoopLoad load = new LoopLoad();
    private final int logUriBytes;
    private boolean stopping;
    private long stoppedMs;
    private ServerObserver observer = ServerObserver.NONE;
    private BuiltInPage page = BuiltInPage.NONE;
    private int connections;
    private long connectionsTotal;
    private long streams;
    private long invalidMessages;

    private ProxyServer(final Configuration configuration, final Transport transport, final ProxyLoop loop,
            final Logs logs, final ListeningSockets sockets) {
        this.sockets = sockets;
        this.configuration = configuration;
        this.transport = transport;
        this.loop = loop;
        this.logs = logs;
        this.bufferBytes = configuration.global().get(GlobalTraffic.BUFFER_BYTES);
        this.rewriteBytes = configuration.global().get(GlobalTraffic.REWRITE_BYTES);
        fieldForms.putAll(configuration.global().get(GlobalOptions.CASE_ADJUST));
        configuration.global().get(GlobalOptions.VARIABLES).forEach(variables::set);
        this.closeSpreadMs = configuration.global().get(GlobalOptions.CLOSE_SPREAD_MS);
        this.tlsLimits = new TlsLimits(configuration.global());
        this.logUriBytes = configuration.global().get(GlobalOptions.LOG_URI_BYTES);
        final int given = configuration.global().get(GlobalTraffic.MAXCONN);
        // As haproxy counts: each may have one to a server.
        this.hardMaxConnections = given == 0 ? Math.max(MIN_MAX_CONNECTIONS, transport.maxConnections() / 2) : given;
        this.maxConnections = hardMaxConnections;
        this.headLimits = new HeadLimits(bufferBytes - rewriteBytes, configuration.global().get(
                GlobalTraffic.MAX_FIELDS), configuration.global().get(GlobalOptions.PAYLOAD_WITH_ANY_METHOD));
    }

    /** Before the first connection can come: what has to be there for it. */
    @FunctionalInterface
    public interface Preparation {

        void prepare(ProxyServer server) throws IOException;
    }

    /**
     * Makes all proxies and opens their listeners. Called outside the loop, as it waits for the listeners.
     *
     * @param before whose listening sockets are taken over, where an address is the same; from when this returns its clients are
     *            those that it has. Null: none
     * @param preparation between the making of the proxies and the opening of their listeners
     * @throws IOException if a listener can't be opened; none is then, and {@code before} has its own still
     */
    public static ProxyServer start(final Configuration configuration, final Transport transport, final ProxyLoop loop,
            final Logs logs, final ProxyServer before, final Preparation preparation) throws IOException {
        final ProxyServer server = new ProxyServer(configuration, transport, loop, logs,
                new ListeningSockets(before == null
                        ? null
                        : before.sockets));
        server.build();
        try {
            preparation.prepare(server);
            server.listen();
            loop.executor().execute(() -> {
                server.frontends.values().forEach(Frontend::admit);
                server.sockets.takeOver();
            });
        } catch (final IOException | RuntimeException e) {
            server.frontends.values().forEach(Frontend::stop);
            throw e;
        }
        return server;
    }

    private void build() {
        int id = 1;
        for (final ProxySection section : configuration.proxies()) {
            if (section.get(TrafficSettings.DISABLED)) {
                continue;
            }
            final int given = section.get(TrafficSettings.ID);
            final int proxyId = given == 0 ? ++id : given;
            if (section.hasBackend()) {
                backends.put(section.name(), new Backend(this, section, proxyId));
            }
            if (section.hasFrontend()) {
                frontends.put(section.name(), new Frontend(this, section, proxyId));
            }
        }
        for (final Backend backend : backends.values()) {
            final long most = frontends.values().stream()
                    .filter(frontend -> frontend.targets().contains(backend.name()))
                    .mapToLong(Frontend::maxConnections).sum();
            backend.fullConnections((int) Math.min((most + 9) / 10, Integer.MAX_VALUE));
        }
    }

    private void listen() throws IOException {
        for (final Frontend frontend : frontends.values()) {
            for (final Listener listener : frontend.listeners()) {
                try {
                    listener.socket(sockets.open(transport, listener.address(), listener.settings(), listener.backlog(),
                            channel -> ClientConnection.accept(channel, listener)));
                } catch (final IOException e) {
                    throw new IOException("Starting " + (frontend.section().hasBackend() ? "proxy " : "frontend ")
                            + frontend.name() + ": " + e.getMessage() + " [" + listener.settings().addressText() + "]",
                            e);
                }
            }
        }
    }

    /** No new connections; those that are there end with the request that they work at, or at once if they wait for the next. */
    public void softStop() {
        stopping = true;
        stoppedMs = loop.nowMs();
        frontends.values().forEach(Frontend::stop);
        for (final ClientConnection client : new ArrayList<>(clients.values())) {
            final long delayMs = closeDelayMs();
            if (delayMs >= 0) {
                client.softStop(delayMs);
            }
        }
    }

    /** {@code close-spread-time}: idle connections end one by one, busy ones perhaps not with this answer. */
    boolean spreadsCloses() {
        return closeSpreadMs > 0;
    }

    /** More likely the nearer the end of the time is. */
    boolean closesNow() {
        final long leftMs = stopping ? stoppedMs + closeSpreadMs - loop.nowMs() : 0;
        return leftMs <= 0 || closeSpreadMs < NEVER_CLOSE_MS && leftMs <= ThreadLocalRandom.current().nextLong(
                closeSpreadMs);
    }

    /** Until an idle connection ends; negative: its client ends it. */
    private long closeDelayMs() {
        return closeSpreadMs == NEVER_CLOSE_MS
                ? -1
                : closeSpreadMs == 0 ? 0 : ThreadLocalRandom.current().nextLong(closeSpreadMs);
    }

    /** All sessions end at once. */
    public void hardStop() {
        new ArrayList<>(clients.values()).forEach(ClientConnection::kill);
        loop.flush();
    }

    /** The last connection has ended: those to servers that nobody will use end, too. */
    public void drained() {
        backends.values().forEach(backend -> backend.servers().forEach(server -> server.idle().clear()));
    }

    public Configuration configuration() {
        return configuration;
    }

    /** What it listens at, operators' sockets too. */
    public ListeningSockets sockets() {
        return sockets;
    }

    public ProxyLoop loop() {
        return loop;
    }

    public Transport transport() {
        return transport;
    }

    public Logs logs() {
        return logs;
    }

    HeadLimits headLimits() {
        return headLimits;
    }

    /** {@code maxsslconn} and {@code maxsslrate}. */
    TlsLimits tlsLimits() {
        return tlsLimits;
    }

    LoopLoad load() {
        return load;
    }

    /** Of a request line, as logs show it. */
    int logUriBytes() {
        return logUriBytes;
    }

    public int bufferBytes() {
        return bufferBytes;
    }

    /** {@code h1-case-adjust}: names of fields, by their lower case. */
    Map<String, String> fieldForms() {
        return fieldForms;
    }

    int rewriteBytes() {
        return rewriteBytes;
    }

    /** {@code proc} scope. */
    public Variables variables() {
        return variables;
    }

    /** In the order of the configuration. */
    public List<Frontend> frontends() {
        return Collections.unmodifiableList(new ArrayList<>(frontends.values()));
    }

    public List<Backend> backends() {
        return Collections.unmodifiableList(new ArrayList<>(backends.values()));
    }

    /** @return null if there is none of that name */
    public Frontend frontend(final String name) {
        return frontends.get(name);
    }

    /** @return null if there is none of that name */
    public Backend backend(final String name) {
        return backends.get(name);
    }

    StickLookup table(final String name) {
        return StickSettings.table(configuration, name);
    }

    Value balanceExpression(final Backend backend, final Stream stream) {
        return backend.section().get(TrafficSettings.BALANCE_EXPRESSION) == null
                ? null
                : backend.section().get(TrafficSettings.BALANCE_EXPRESSION).apply(stream);
    }

    /** Who watches servers' behaviour: {@code observe}. */
    public void observe(final ServerObserver newObserver) {
        observer = newObserver;
    }

    /** Who answers requests for the proxy itself. */
    public void page(final BuiltInPage newPage) {
        page = newPage;
    }

    BuiltInPage page() {
        return page;
    }

    ServerObserver observer() {
        return observer;
    }

    /** @return its number */
    long opened(final ClientConnection client) {
        clients.put(connectionsTotal, client);
        return connectionsTotal;
    }

    void closed(final ClientConnection client) {
        clients.remove(client.number());
    }

    /** Those that are open now, the oldest first. */
    public List<SessionView> sessions() {
        return clients.values().stream().map(SessionView::new).toList();
    }

    public Rate connectionRate() {
        return connectionRate;
    }

    /** Bytes that go into compression. */
    public Rate compressionIn() {
        return compressionIn;
    }

    public Rate compressionOut() {
        return compressionOut;
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Connections of clients at once. */
    public int maxConnections() {
        return maxConnections;
    }

    public int hardMaxConnections() {
        return hardMaxConnections;
    }

    public void maxConnections(final int max) {
        maxConnections = max;
        frontends.values().forEach(Frontend::admit);
    }

    /** Sessions now. */
    public int connections() {
        return connections;
    }

    public long connectionsTotal() {
        return connectionsTotal;
    }

    boolean hasRoom() {
        return connections < maxConnections;
    }

    /** {@code maxconnrate} and {@code maxsessrate}: how long the next connection has to wait. */
    long rateDelayMs(final long nowMs) {
        return Math.max(connectionRate.delayMs(configuration.global().get(GlobalOptions.MAX_CONNECTION_RATE), nowMs),
                connectionRate.delayMs(configuration.global().get(GlobalOptions.MAX_SESSION_RATE), nowMs));
    }

    void begin() {
        connectionRate.add(loop.nowMs(), 1);
        connections++;
        connectionsTotal++;
    }

    void end() {
        connections--;
    }

    long nextInvalidMessage() {
        return invalidMessages++;
    }

    /** Requests and responses so far that could not be read. */
    public long invalidMessages() {
        return invalidMessages;
    }

    long nextStreamNumber() {
        return streams++;
    }
}
