package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.check.CheckStatus;
import io.netchannel.samples.haproxy.check.Health;
import io.netchannel.samples.haproxy.check.ServerHealth;
import io.netchannel.samples.haproxy.proxy.Counters;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;

/** The row of one server. */
final class ServerRow {

    private static final int SECOND_MS = 1_000;

    private final Statistics statistics;
    private final Server server;
    private final Server tracked;
    private final ServerHealth own;
    /** Whose checks count: of the server that it follows, or its own. */
    private final Server checked;
    private final ServerHealth reference;
    private final StatRow row;

    ServerRow(final Statistics statistics, final Server server) {
        this.statistics = statistics;
        this.server = server;
        this.tracked = statistics.tracked(server);
        this.own = statistics.health(server);
        this.checked = statistics.checked(server);
        this.reference = statistics.health(checked);
        this.row = new StatRow(StatRow.Type.SERVER, server.backend().name(), server.backend().id(), server.name(),
                server.id());
    }

    StatRow row() {
        final Counters counters = server.counters();
        final long nowMs = statistics.nowMs();
        row.put(StatField.QCUR, Metric.gauge(server.queued()));
        row.put(StatField.QMAX, Metric.max(counters.queueMax));
        row.put(StatField.SCUR, Metric.gauge(server.sessions()));
        row.put(StatField.SMAX, Metric.max(counters.sessionsMax));
        if (server.maxConnections() > 0) {
            row.put(StatField.SLIM, Metric.limit(server.maxConnections()));
        }
        row.put(StatField.STOT, Metric.counter(counters.sessionsTotal));
        row.put(StatField.BIN, Metric.counter(counters.bytesIn));
        row.put(StatField.BOUT, Metric.counter(counters.bytesOut));
        row.put(StatField.DRESP, Metric.counter(counters.deniedResponses));
        ProxyRows.toServers(row, counters);
        row.put(StatField.STATUS, Metric.str("SGP", status()));
        row.put(StatField.WEIGHT, Metric.average(server.admin() == Server.Admin.DRAIN ? 0 : server.weight()));
        row.put(StatField.UWEIGHT, Metric.average(server.weight()));
        row.put(StatField.ACT, Metric.u32("SGP", server.isBackup() ? 0 : 1));
        row.put(StatField.BCK, Metric.u32("SGP", server.isBackup() ? 1 : 0));
        row.put(StatField.LASTCHG, Metric.age((nowMs - server.changedMs()) / SECOND_MS));
        final int maxQueue = server.settings().get(ServerTraffic.MAXQUEUE);
        if (maxQueue > 0) {
            row.put(StatField.QLIMIT, Metric.configured(maxQueue));
        }
        if (server.state() == Server.State.STARTING) {
            row.put(StatField.THROTTLE, Metric.average(server.rampPercent()));
        }
        row.put(StatField.LBTOT, Metric.counter(counters.chosen));
        if (tracked != null) {
            row.put(StatField.TRACKED, Metric.named(tracked.backend().name() + "/" + tracked.name()));
        }
        row.put(StatField.RATE, Metric.rate(counters.sessionRate.get(nowMs)));
        row.put(StatField.RATE_MAX, Metric.max(counters.sessionRate.max()));
        ProxyRows.ends(row, counters, nowMs);
        row.put(StatField.MODE, Metric.configured(ProxyRows.mode(server.backend().section())));
        row.put(StatField.ADDR, Metric.configured(ProxyRows.text(server.address())));
        if (server.cookie() != null) {
            row.put(StatField.COOKIE, Metric.named(server.cookie()));
        }
        if (ProxyRows.isHttp(server.backend().section())) {
            row.put(StatField.REQ_TOT, Metric.counter(counters.requests));
            ProxyRows.responses(row, counters);
        }
        connections();
        checks(nowMs);
        return row;
    }

    private void connections() {
        final int idle = server.idleConnections();
        final int safe = server.safeConnections();
        row.put(StatField.SRV_ICUR, Metric.gauge(idle));
        final int limit = server.settings().get(ServerTraffic.POOL_MAX);
        if (limit >= 0) {
            row.put(StatField.SRC_ILIM, Metric.limit(limit));
        }
        row.put(StatField.IDLE_CONN_CUR, Metric.gauge(idle - safe));
        row.put(StatField.SAFE_CONN_CUR, Metric.gauge(safe));
        row.put(StatField.USED_CONN_CUR, Metric.gauge(server.sessions()));
        row.put(StatField.NEED_CONN_EST, Metric.gauge(server.sessions()));
    }

    private void checks(final long nowMs) {
        final Health health = own == null ? null : own.health();
        if (health != null) {
            row.put(StatField.CHKFAIL, Metric.counter(health.failures()));
            row.put(StatField.CHKDOWN, Metric.counter(statistics.downs(server)));
            row.put(StatField.DOWNTIME, Metric.u32("MCP", server.downMs(nowMs) / SECOND_MS));
            row.put(StatField.HANAFAIL, Metric.counter(own.observedFailures()));
        }
        if (server.admin() == Server.Admin.MAINT) {
            // Nothing is checked then.
            return;
        }
        if (statistics.isChecked(server, false)) {
            check(health, StatField.CHECK_STATUS, StatField.CHECK_CODE, StatField.CHECK_DURATION, StatField.CHECK_DESC,
                    StatField.LAST_CHK, StatField.CHECK_RISE, StatField.CHECK_FALL, StatField.CHECK_HEALTH);
        }
        if (statistics.isChecked(server, true)) {
            check(own.agent(), StatField.AGENT_STATUS, StatField.AGENT_CODE, StatField.AGENT_DURATION,
                    StatField.AGENT_DESC, StatField.LAST_AGT, StatField.AGENT_RISE, StatField.AGENT_FALL,
                    StatField.AGENT_HEALTH);
        }
    }

    private void check(final Health health, final StatField status, final StatField code, final StatField duration,
            final StatField description, final StatField last, final StatField rise, final StatField fall,
            final StatField value) {
        row.put(status, Metric.output(health.status().text()));
        if (health.status().hasCode()) {
            row.put(code, Metric.u32("MOP", health.code()));
        }
        if (health.status().compareTo(CheckStatus.CHECKED) >= 0) {
            row.put(duration, Metric.u64("MDP", Math.max(0, health.durationMs())));
        }
        row.put(description, Metric.output(health.status().description()));
        row.put(last, Metric.output(health.description()));
        row.put(rise, Metric.configured(health.rise()));
        row.put(fall, Metric.configured(health.fall()));
        row.put(value, Metric.configured(health.value()));
    }

    private String status() {
        if (server.admin() == Server.Admin.MAINT) {
            return tracked != null && tracked.admin() == Server.Admin.MAINT
                    ? "MAINT (via " + tracked.backend().name() + "/" + tracked.name() + ")"
                    : server.isUnresolved() ? "MAINT (resolution)" : "MAINT";
        }
        final Health check = statistics.isChecked(checked, false) ? reference.health() : null;
        final Health agent = statistics.isChecked(checked, true) ? reference.agent() : null;
        return switch (server.state()) {
            case RUNNING, STARTING -> running(check, agent);
            case STOPPING -> check == null || isFull(check) ? "NOLB" : "NOLB " + upSteps(check);
            case STOPPED -> {
                if (agent != null && agent.value() == 0) {
                    yield "DOWN (agent)";
                }
                if (check != null ? check.value() == 0 : agent == null) {
                    yield "DOWN";
                }
                yield check == null ? "DOWN" : "DOWN " + check.value() + "/" + check.rise();
            }
        };
    }

    private String running(final Health check, final Health agent) {
        final boolean sinking = check != null && !isFull(check);
        if (server.admin() == Server.Admin.DRAIN) {
            return agent != null ? "DRAIN (agent)" : sinking ? "DRAIN " + upSteps(check) : "DRAIN";
        }
        if (sinking) {
            return "UP " + upSteps(check);
        }
        return check == null ? "no check" : "UP";
    }

    private static boolean isFull(final Health health) {
        return health.value() >= health.rise() + health.fall() - 1;
    }

    private static String upSteps(final Health health) {
        return (health.value() - health.rise() + 1) + "/" + health.fall();
    }
}
