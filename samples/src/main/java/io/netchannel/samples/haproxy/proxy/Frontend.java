package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.HeadLimits;
import io.netchannel.samples.haproxy.log.StreamLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where connections come in, and by which rules they go on to a backend. */
public final class Frontend {

    private final ProxyServer owner;
    private final ProxyOptions options;
    private final int id;
    private final List<Listener> listeners = new ArrayList<>();
    private final Counters counters = new Counters();
    private final StreamLog log;
    private final String monitorUri;
    private Backend defaultBackend;
    private int maxConnections;
    private int sessions;
    private boolean stopping;
    private boolean paused;
    private InvalidMessage invalidRequest;

    private final Timeout withinRate = new Timeout() {
        @Override
        void expired(final long nowMs) {
            admit();
        }
    };

    Frontend(final ProxyServer owner, final ProxySection section, final int id) {
        this.owner = owner;
        this.options = new ProxyOptions(section);
        this.id = id;
        this.log = new StreamLog(owner.logs(), section);
        this.monitorUri = section.get(TrafficSettings.MONITOR_URI);
        final int max = section.get(TrafficSettings.MAXCONN);
        final int ofCommandLine = owner.configuration().global().get(GlobalOptions.DEFAULT_PROXY_CONNECTIONS);
        this.maxConnections = max > 0 ? max : ofCommandLine > 0 ? ofCommandLine : owner.maxConnections();
        int next = 1;
        for (final BindSettings bind : section.get(ProxySettings.BINDS)) {
            for (final Address address : bind.addresses()) {
                final int given = bind.get(ListenerTraffic.ID);
                listeners.add(new Listener(this, bind, address, given == 0 ? next : given));
                next++;
            }
        }
    }

    ProxyServer owner() {
        return owner;
    }

    public ProxyLoop loop() {
        return owner.loop();
    }

    public ProxyOptions options() {
        return options;
    }

    public ProxySection section() {
        return options.section();
    }

    public String name() {
        return options.section().name();
    }

    public int id() {
        return id;
    }

    public List<Listener> listeners() {
        return Collections.unmodifiableList(listeners);
    }

    public Counters counters() {
        return counters;
    }

    public StreamLog log() {
        return log;
    }

    String monitorUri() {
        return monitorUri;
    }

    HeadLimits headLimits() {
        return owner.headLimits();
    }

    /** The last one; null: there was none. */
    public InvalidMessage invalidRequest() {
        return invalidRequest;
    }

    void invalidRequest(final InvalidMessage request) {
        invalidRequest = request;
    }

    public int sessions() {
        return sessions;
    }

    /** Backends that its configuration names: those of rules that depend on the request are unknown. */
    Set<String> targets() {
        final Set<String> names = new HashSet<>();
        final String usual = section().get(TrafficSettings.DEFAULT_BACKEND);
        if (usual != null) {
            names.add(usual);
        } else if (section().hasBackend()) {
            names.add(name());
        }
        for (final TrafficSettings.BackendRule rule : section().get(TrafficSettings.BACKEND_RULES)) {
            if (rule.name().constant() != null) {
                names.add(rule.name().constant());
            }
        }
        return names;
    }

    public int maxConnections() {
        return maxConnections;
    }

    public void maxConnections(final int max) {
        maxConnections = max;
        listeners.forEach(Listener::admit);
    }

    boolean hasRoom() {
        return !paused && sessions < maxConnections && owner.hasRoom() && isWithinRate();
    }

    /** {@code rate-limit sessions}, and the limits of all; when it isn't, listeners are asked again when it is. */
    private boolean isWithinRate() {
        final long nowMs = loop().nowMs();
        final long delayMs = Math.max(counters.sessionRate.delayMs(section().get(TrafficSettings.RATE_LIMIT), nowMs),
                owner.rateDelayMs(nowMs));
        if (delayMs > 0) {
            loop().timers().armAtLatest(withinRate, nowMs + delayMs);
        }
        return delayMs == 0;
    }

    boolean isWithinTlsRate() {
        final long nowMs = loop().nowMs();
        final long delayMs = owner.tlsLimits().delayMs(nowMs);
        if (delayMs > 0) {
            loop().timers().armAtLatest(withinRate, nowMs + delayMs);
        }
        return delayMs == 0;
    }

    /** No new connections until {@link #resume}; who comes waits in the kernel's backlog. */
    public void pause() {
        paused = true;
        admit();
    }

    public void resume() {
        paused = false;
        admit();
    }

    public boolean isPaused() {
        return paused;
    }

    /** Takes connections, as many as there is room for. */
    void admit() {
        listeners.forEach(Listener::admit);
    }

    /** No new connections, and those that are there close after their request. */
    public void stop() {
        stopping = true;
        listeners.forEach(Listener::close);
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Whether an answer is to be a connection's last one: asked once for each. */
    boolean closesClients() {
        return stopping && owner.closesNow();
    }

    /** Null: there is none. */
    Backend defaultBackend() {
        if (defaultBackend == null) {
            // Backends are made beside their frontends, so not all are there before the first connection.
            final String name = section().get(TrafficSettings.DEFAULT_BACKEND);
            if (name != null) {
                defaultBackend = owner.backend(name);
            } else if (section().hasBackend()) {
                defaultBackend = owner.backend(name());
            }
        }
        return defaultBackend;
    }

    /** {@code use_backend}, then {@code default_backend}, then a listen section's own; null: none. */
    Backend choose(final SampleContext context) {
        for (final TrafficSettings.BackendRule rule : options.backendRules) {
            if (rule.condition() == null || rule.condition().test(context)) {
                final Backend chosen = owner.backend(rule.name().apply(context));
                if (chosen != null) {
                    return chosen;
                }
                break;
            }
        }
        return defaultBackend();
    }

    void begin(final Listener listener, final long nowMs) {
        sessions++;
        counters.connectionsTotal++;
        counters.connectionRate.add(nowMs, 1);
        counters.sessionsTotal++;
        counters.sessionRate.add(nowMs, 1);
        counters.sessionsMax = Math.max(counters.sessionsMax, sessions);
        owner.begin();
        listener.begin(nowMs);
    }

    void end(final Listener listener) {
        sessions--;
        owner.end();
        listener.end();
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).admit();
        }
    }
}
