package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.balance.BalanceSettings;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.CookieSettings;
import io.netchannel.samples.haproxy.proxy.Counters;
import io.netchannel.samples.haproxy.proxy.Frontend;
import io.netchannel.samples.haproxy.proxy.Listener;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Rows of frontends, listeners and backends, with the fields that haproxy has for each. */
final class ProxyRows {

    private static final int SECOND_MS = 1_000;

    private ProxyRows() {
    }

    static StatRow frontend(final Frontend frontend, final long nowMs) {
        final Counters counters = frontend.counters();
        final StatRow row = new StatRow(StatRow.Type.FRONTEND, frontend.name(), frontend.id(), "FRONTEND", 0);
        row.put(StatField.SCUR, Metric.gauge(frontend.sessions()));
        row.put(StatField.SMAX, Metric.max(counters.sessionsMax));
        row.put(StatField.SLIM, Metric.limit(frontend.maxConnections()));
        row.put(StatField.STOT, Metric.counter(counters.sessionsTotal));
        traffic(row, counters);
        row.put(StatField.EREQ, Metric.counter(counters.requestErrors));
        row.put(StatField.STATUS, Metric.str("SGP", frontend.isStopping() ? "STOP" : "OPEN"));
        row.put(StatField.RATE, Metric.rate(counters.sessionRate.get(nowMs)));
        row.put(StatField.RATE_LIM, Metric.limit(frontend.section().get(TrafficSettings.RATE_LIMIT)));
        row.put(StatField.RATE_MAX, Metric.max(counters.sessionRate.max()));
        row.put(StatField.REQ_RATE, Metric.rate(counters.requestRate.get(nowMs)));
        row.put(StatField.REQ_RATE_MAX, Metric.max(counters.requestRate.max()));
        row.put(StatField.REQ_TOT, Metric.counter(counters.requests));
        compression(row, counters);
        row.put(StatField.MODE, Metric.configured(mode(frontend.section())));
        row.put(StatField.CONN_RATE, Metric.rate(counters.connectionRate.get(nowMs)));
        row.put(StatField.CONN_RATE_MAX, Metric.max(counters.connectionRate.max()));
        row.put(StatField.CONN_TOT, Metric.counter(counters.connectionsTotal));
        row.put(StatField.DCON, Metric.counter(counters.deniedConnections));
        row.put(StatField.DSES, Metric.counter(counters.deniedSessions));
        row.put(StatField.WREW, Metric.counter(counters.failedRewrites));
        row.put(StatField.EINT, Metric.counter(counters.internalErrors));
        if (isHttp(frontend.section())) {
            responses(row, counters);
            row.put(StatField.INTERCEPTED, Metric.counter(counters.intercepted));
            // There is no cache.
            row.put(StatField.CACHE_LOOKUPS, Metric.counter(0));
            row.put(StatField.CACHE_HITS, Metric.counter(0));
            row.put(StatField.H1_OPEN_CONNECTIONS, Metric.gauge64(frontend.sessions()));
            row.put(StatField.H1_TOTAL_CONNECTIONS, Metric.counter(counters.sessionsTotal));
            row.put(StatField.H1_TOTAL_STREAMS, Metric.counter(counters.requests));
        }
        withoutH2(row);
        return row;
    }

    static StatRow listener(final Listener listener) {
        final Counters counters = listener.counters();
        final String name = listener.name() == null ? "sock-" + listener.id() : listener.name();
        final StatRow row = new StatRow(StatRow.Type.LISTENER, listener.frontend().name(), listener.frontend().id(),
                name,
                listener.id());
        row.put(StatField.SCUR, Metric.gauge(listener.sessions()));
        row.put(StatField.SMAX, Metric.max(counters.sessionsMax));
        row.put(StatField.SLIM, Metric.limit(listener.maxConnections()));
        row.put(StatField.STOT, Metric.counter(counters.connectionsTotal));
        traffic(row, counters);
        row.put(StatField.EREQ, Metric.counter(counters.requestErrors));
        final boolean open = listener.socket() != null && listener.socket().isOpen();
        row.put(StatField.STATUS, Metric.str("SGP", !open ? "WAITING" : listener.isFull() ? "FULL" : "OPEN"));
        row.put(StatField.ADDR, Metric.configured(address(listener)));
        row.put(StatField.MODE, Metric.configured(mode(listener.frontend().section())));
        row.put(StatField.DCON, Metric.counter(counters.deniedConnections));
        row.put(StatField.DSES, Metric.counter(counters.deniedSessions));
        row.put(StatField.WREW, Metric.counter(counters.failedRewrites));
        row.put(StatField.EINT, Metric.counter(counters.internalErrors));
        return row;
    }

    private static String address(final Listener listener) {
        if (listener.socket() != null && listener.socket().localAddress() instanceof final InetSocketAddress inet) {
            return text(inet);
        }
        return text(listener.address());
    }

    static StatRow backend(final Statistics statistics, final Backend backend, final boolean counting) {
        final Counters counters = backend.counters();
        final long nowMs = statistics.nowMs();
        final StatRow row = new StatRow(StatRow.Type.BACKEND, backend.name(), backend.id(), "BACKEND", 0);
        row.put(StatField.QCUR, Metric.gauge(backend.queued()));
        row.put(StatField.QMAX, Metric.max(counters.queueMax));
        row.put(StatField.SCUR, Metric.gauge(backend.sessions()));
        row.put(StatField.SMAX, Metric.max(counters.sessionsMax));
        row.put(StatField.SLIM, Metric.limit(backend.fullConnections()));
        row.put(StatField.STOT, Metric.counter(counters.sessionsTotal));
        traffic(row, counters);
        toServers(row, counters);
        states(row, statistics, backend, counting);
        row.put(StatField.LBTOT, Metric.counter(counters.chosen));
        row.put(StatField.RATE, Metric.gauge(counters.sessionRate.get(nowMs)));
        row.put(StatField.RATE_MAX, Metric.gauge(counters.sessionRate.max()));
        compression(row, counters);
        ends(row, counters, nowMs);
        final CookieSettings cookie = backend.section().get(TrafficSettings.COOKIE);
        if (cookie != null) {
            row.put(StatField.COOKIE, Metric.named(cookie.name()));
        }
        row.put(StatField.MODE, Metric.configured(mode(backend.section())));
        row.put(StatField.ALGO, Metric.configured(backend.section().get(BalanceSettings.ALGORITHM).kind().text()));
        if (isHttp(backend.section())) {
            row.put(StatField.REQ_TOT, Metric.counter(counters.requests));
            responses(row, counters);
            row.put(StatField.CACHE_LOOKUPS, Metric.counter(0));
            row.put(StatField.CACHE_HITS, Metric.counter(0));
        }
        row.put(StatField.AGG_SERVER_STATUS, Metric.gauge(0));
        row.put(StatField.AGG_SERVER_CHECK_STATUS, Metric.gauge(0));
        row.put(StatField.AGG_CHECK_STATUS, Metric.gauge(0));
        withoutH2(row);
        return row;
    }

    private static void states(final StatRow row, final Statistics statistics, final Backend backend,
            final boolean counting) {
        int active = 0;
        int backups = 0;
        int up = 0;
        long activeWeight = 0;
        long backupWeight = 0;
        for (final Server server : backend.servers()) {
            up += server.isUp() ? 1 : 0;
            if (server.isUsable() && server.isBackup()) {
                backups++;
                backupWeight += server.weight();
            } else if (server.isUsable()) {
                active++;
                activeWeight += server.weight();
            }
        }
        final long weight = active > 0 ? activeWeight : backupWeight;
        final String status = backend.isUp() ? "UP" : "DOWN";
        row.put(StatField.STATUS, Metric.str("SGP", counting
                ? status + " (" + up + "/" + backend.servers().size() + ")"
                : status));
        row.put(StatField.WEIGHT, Metric.average(weight));
        row.put(StatField.UWEIGHT, Metric.average(weight));
        row.put(StatField.ACT, Metric.gauge(active));
        row.put(StatField.BCK, Metric.gauge(backups));
        row.put(StatField.CHKDOWN, Metric.counter(statistics.downs(backend)));
        row.put(StatField.LASTCHG, Metric.age((statistics.nowMs() - backend.changedMs()) / SECOND_MS));
        if (!backend.servers().isEmpty()) {
            row.put(StatField.DOWNTIME, Metric.u32("MCP", backend.downMs(statistics.nowMs()) / SECOND_MS));
        }
    }

    private static void traffic(final StatRow row, final Counters counters) {
        row.put(StatField.BIN, Metric.counter(counters.bytesIn));
        row.put(StatField.BOUT, Metric.counter(counters.bytesOut));
        row.put(StatField.DREQ, Metric.counter(counters.deniedRequests));
        row.put(StatField.DRESP, Metric.counter(counters.deniedResponses));
    }

    static void toServers(final StatRow row, final Counters counters) {
        row.put(StatField.ECON, Metric.counter(counters.connectionErrors));
        row.put(StatField.ERESP, Metric.counter(counters.responseErrors));
        row.put(StatField.WRETR, Metric.counter(counters.retries));
        row.put(StatField.WREDIS, Metric.counter(counters.redispatches));
        row.put(StatField.WREW, Metric.counter(counters.failedRewrites));
        row.put(StatField.EINT, Metric.counter(counters.internalErrors));
        row.put(StatField.CONNECT, Metric.counter(counters.connectionAttempts));
        row.put(StatField.REUSE, Metric.counter(counters.connectionReuses));
    }

    static void responses(final StatRow row, final Counters counters) {
        row.put(StatField.HRSP_1XX, Metric.counter(counters.responses[1]));
        row.put(StatField.HRSP_2XX, Metric.counter(counters.responses[2]));
        row.put(StatField.HRSP_3XX, Metric.counter(counters.responses[3]));
        row.put(StatField.HRSP_4XX, Metric.counter(counters.responses[4]));
        row.put(StatField.HRSP_5XX, Metric.counter(counters.responses[5]));
        row.put(StatField.HRSP_OTHER, Metric.counter(counters.responses[0]));
    }

    private static void compression(final StatRow row, final Counters counters) {
        row.put(StatField.COMP_IN, Metric.counter(counters.compressedIn));
        row.put(StatField.COMP_OUT, Metric.counter(counters.compressedOut));
        row.put(StatField.COMP_BYP, Metric.counter(counters.compressedBypassed));
        row.put(StatField.COMP_RSP, Metric.counter(counters.compressedResponses));
    }

    /** Of a backend and its servers: how streams end, when the last began, and what they took. */
    static void ends(final StatRow row, final Counters counters, final long nowMs) {
        row.put(StatField.CLI_ABRT, Metric.counter(counters.clientAborts));
        row.put(StatField.SRV_ABRT, Metric.counter(counters.serverAborts));
        row.put(StatField.LASTSESS, Metric.s32("MAP", counters.lastSessionMs < 0
                ? -1
                : (nowMs - counters.lastSessionMs) / SECOND_MS));
        row.put(StatField.QTIME, Metric.average(counters.queueTime.mean()));
        row.put(StatField.CTIME, Metric.average(counters.connectTime.mean()));
        row.put(StatField.RTIME, Metric.average(counters.dataTime.mean()));
        row.put(StatField.TTIME, Metric.average(counters.totalTime.mean()));
        row.put(StatField.QTIME_MAX, Metric.max(counters.queueTime.max()));
        row.put(StatField.CTIME_MAX, Metric.max(counters.connectTime.max()));
        row.put(StatField.RTIME_MAX, Metric.max(counters.dataTime.max()));
        row.put(StatField.TTIME_MAX, Metric.max(counters.totalTime.max()));
    }

    /** No connection is HTTP/2. */
    private static void withoutH2(final StatRow row) {
        for (StatField field : StatField.values()) {
            if (field.compareTo(StatField.H2_HEADERS_RCVD) >= 0 && field.compareTo(StatField.H1_OPEN_CONNECTIONS) < 0) {
                row.put(field, field.text().contains("_open_") ? Metric.gauge64(0) : Metric.counter(0));
            }
        }
    }

    static boolean isHttp(final ProxySection section) {
        return section.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP;
    }

    static String mode(final ProxySection section) {
        return isHttp(section) ? "http" : "tcp";
    }

    static String text(final InetSocketAddress address) {
        final String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    static String text(final Address address) {
        return switch (address) {
            case final Address.Ip ip when ip.ip() != null -> text(new InetSocketAddress(ip.ip(), ip.port()));
            case final Address.Ip ip -> ip.host() + ":" + ip.port();
            case final Address.Unix _ -> "unix";
            case final Address.Abstract _ -> "unix";
            case final Address.Descriptor descriptor -> "fd@" + descriptor.fd();
            case null -> "";
        };
    }
}
