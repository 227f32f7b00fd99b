package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Use;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.log.Logs;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** All checks of all servers. Threading: the proxy's loop. */
public final class Checks implements AutoCloseable {

    /** Shorter intervals don't decide how checks are spread at the start. */
    private static final long SPREAD_FROM_MS = 1_000;

    private final EventExecutor executor;
    private final LongSupplier nowMs;
    private final Connector connector;
    private final Variables process;
    private final Logs logs;
    private final int spreadPercent;
    private final long maxSpreadMs;
    private final Map<CheckedServer, ServerHealth> healths = new IdentityHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Checker checker, Health health, ServerHealth server, Schedule schedule) {
    }

    /**
     * @param nowMs only grows
     * @param process variables of the process
     * @param spreadPercent {@code spread-checks}
     * @param maxSpreadMs {@code max-spread-checks}, of the first ones; 0: their interval
     */
    public Checks(final EventExecutor executor, final LongSupplier nowMs, final Connector connector,
            final Variables process, final Logs logs, final int spreadPercent, final long maxSpreadMs) {
        this.executor = executor;
        this.nowMs = nowMs;
        this.connector = connector;
        this.process = process;
        this.logs = logs;
        this.spreadPercent = spreadPercent;
        this.maxSpreadMs = maxSpreadMs;
    }

    /** Where connections of checks come from. */
    @FunctionalInterface
    public interface Connector {

        /** @param handler the channel's only one */
        ChannelFuture connect(Address address, ChannelHandler handler);
    }

    /** A server of the proxy, checked or not. @param connectTimeoutMs of the backend; 0: none */
    public ServerHealth add(final CheckedServer server, final long connectTimeoutMs, final long checkTimeoutMs) {
        final ProxySection backend = server.backend();
        final ServerHealth health = new ServerHealth(server, logs, backend.get(ProxySettings.LOG_HEALTH_CHECKS));
        healths.put(server, health);
        final Checker.Environment environment = new Checker.Environment(executor, nowMs, connector, process,
                connectTimeoutMs, checkTimeoutMs);
        if (health.health() != null) {
            add(health, health.health(), backend.get(CheckSettings.SCRIPT), environment);
        }
        if (health.agent() != null) {
            add(health, health.agent(), agentScript(health), environment);
        }
        return health;
    }

    private void add(final ServerHealth server, final Health health, final CheckScript script,
            final Checker.Environment environment) {
        final ServerSettings settings = server.server().settings();
        final Schedule schedule = new Schedule(settings, health.isAgent(), spreadPercent,
                () -> ThreadLocalRandom.current().nextDouble());
        entries.add(new Entry(new Checker(server, health, script, schedule, environment), health, server, schedule));
    }

    private static CheckScript agentScript(final ServerHealth health) {
        final CheckedServer server = health.server();
        final ParsePlace place = new ParsePlace(new Line(server.settings().file(), server.settings().line(), List.of()),
                server.backend(), null, Use.TCP_CHECK);
        try {
            return ProtocolChecks.agent(place, server.settings().get(ServerOptions.AGENT_SEND) != null,
                    (data, last) -> AgentAnswer.read(health, data, last));
        } catch (final ConfigException e) {
            throw new IllegalStateException("our own words", e);
        }
    }

    /** When all servers are added: who tracks whom, and the first checks, spread over the shortest interval. */
    public void start() {
        for (final ServerHealth health : healths.values()) {
            final ServerHealth tracked = health.server().tracked() == null
                    ? null
                    : healths.get(health.server().tracked());
            if (tracked != null) {
                tracked.addFollower(health);
            }
        }
        long shortest = 0;
        for (final Entry entry : entries) {
            final long interval = entry.schedule.intervalMs(entry.health);
            if (interval >= SPREAD_FROM_MS && (shortest == 0 || interval < shortest)) {
                shortest = interval;
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            final Entry entry = entries.get(i);
            final long interval = Math.max(shortest, entry.schedule.intervalMs(entry.health));
            final long spread = maxSpreadMs > 0 ? Math.min(interval, maxSpreadMs) : interval;
            entry.checker.start(spread * i / entries.size());
        }
    }

    /** Of a server that was added. */
    public ServerHealth of(final CheckedServer server) {
        return healths.get(server);
    }

    /** Whether it is checked, or its agent asked, from time to time; false if it has no such check. */
    public boolean isEnabled(final CheckedServer server, final boolean agent) {
        for (final Entry entry : entries) {
            if (entry.server.server() == server && entry.health.isAgent() == agent) {
                return entry.checker.isEnabled();
            }
        }
        return false;
    }

    /** {@code enable} and {@code disable health} or {@code agent}; @return false if the server has none */
    public boolean enable(final CheckedServer server, final boolean agent, final boolean on) {
        for (final Entry entry : entries) {
            if (entry.server.server() == server && entry.health.isAgent() == agent) {
                entry.checker.enabled(on);
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        entries.forEach(entry -> entry.checker.stop());
    }
}
