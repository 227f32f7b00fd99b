package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.HostName;
import io.netchannel.samples.haproxy.config.Version;
import io.netchannel.samples.haproxy.proxy.Frontend;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import java.util.ArrayList;
import java.util.List;

/** What {@code show info} tells of the process, by haproxy's names and positions; what has no like here is left out. */
public final class ProcessInfo {

    private static final int SECOND_MS = 1_000;
    private static final int MEGABYTE = 1 << 20;

    /** @param position haproxy's number of the field */
    public record Field(int position, String name, Metric value, String description) {
    }

    private final Statistics statistics;
    private final List<Field> fields = new ArrayList<>();

    private ProcessInfo(final Statistics statistics) {
        this.statistics = statistics;
    }

    public static List<Field> of(final Statistics statistics) {
        final ProcessInfo info = new ProcessInfo(statistics);
        info.identity();
        info.memory();
        info.limits();
        info.load();
        info.fields.sort((one, other) -> Integer.compare(one.position, other.position));
        return info.fields;
    }

    private void add(final int position, final String name, final Metric value, final String description) {
        fields.add(new Field(position, name, value, description));
    }

    private void identity() {
        final long uptime = statistics.uptimeMs() / SECOND_MS;
        add(0, "Name", Metric.str("POS", "HAProxy"), "name of the product whose behaviour this is");
        add(1, "Version", Metric.str("POS", Version.TEXT), "version");
        add(2, "Release_date", Metric.str("POS", Version.DATE), "date of that version");
        add(3, "Nbthread", Metric.configured(1), "threads that work");
        add(4, "Nbproc", Metric.configured(1), "processes that work, always 1");
        add(5, "Process_num", Metric.u32("KGP", 1), "number of this process, always 1");
        add(6, "Pid", Metric.u32("SGP", ProcessHandle.current().pid()), "the system's number of this process");
        add(7, "Uptime", Metric.str("MDP", uptimeText(uptime)), "time since the start");
        add(8, "Uptime_sec", Metric.u32("MDP", uptime), "seconds since the start");
        add(50, "node", Metric.str("COS", HostName.node(global())), "name of the node");
        final String description = global().get(GlobalOptions.DESCRIPTION);
        if (description != null) {
            add(51, "description", Metric.str("COS", description), "description of the node");
        }
        add(66, "Build info", Metric.str("POS", Version.TEXT), "version");
        add(70, "Start_time_sec", Metric.u32("MDP", statistics.startWallMs() / SECOND_MS),
                "when it started, seconds since 1970");
    }

    private void memory() {
        final Runtime runtime = Runtime.getRuntime();
        final long max = runtime.maxMemory();
        final long allocated = runtime.totalMemory();
        final long used = allocated - runtime.freeMemory();
        add(9, "Memmax_MB", Metric.limit(max / MEGABYTE), "limit of the heap, megabytes");
        add(10, "PoolAlloc_MB", Metric.gauge(allocated / MEGABYTE), "memory of the heap, megabytes");
        add(11, "PoolUsed_MB", Metric.gauge(used / MEGABYTE), "memory in use, megabytes");
        add(67, "Memmax_bytes", Metric.u64("CLP", max), "limit of the heap, bytes");
        add(68, "PoolAlloc_bytes", Metric.gauge64(allocated), "memory of the heap, bytes");
        add(69, "PoolUsed_bytes", Metric.gauge64(used), "memory in use, bytes");
    }

    private void limits() {
        final ProxyServer proxies = statistics.proxies();
        add(13, "Ulimit-n", Metric.limit(global().get(GlobalOptions.OPEN_FILES)),
                "limit of descriptors, if one is given");
        add(15, "Maxconn", Metric.limit(proxies.maxConnections()), "limit of connections");
        add(16, "Hard_maxconn", Metric.limit(proxies.hardMaxConnections()), "limit of connections at the start");
        add(27, "ConnRateLimit", Metric.limit(global().get(GlobalOptions.MAX_CONNECTION_RATE)),
                "limit of connections in a second");
        add(30, "SessRateLimit", Metric.limit(global().get(GlobalOptions.MAX_SESSION_RATE)),
                "limit of sessions in a second");
        add(44, "CompressBpsRateLim", Metric.limit(global().get(GlobalOptions.MAX_COMPRESSION_RATE)),
                "limit of compressed bytes in a second");
    }

    private void load() {
        final ProxyServer proxies = statistics.proxies();
        final long nowMs = statistics.nowMs();
        long requests = 0;
        long bytesOut = 0;
        int listeners = 0;
        for (final Frontend frontend : proxies.frontends()) {
            requests += frontend.counters().requests;
            bytesOut += frontend.counters().bytesOut;
            listeners += (int) frontend.listeners().stream().filter(each -> each.socket() != null).count();
        }
        add(17, "CurrConns", Metric.gauge(proxies.connections()), "connections now");
        add(18, "CumConns", Metric.u32("MCP", proxies.connectionsTotal()), "connections since the start");
        add(19, "CumReq", Metric.u32("MCP", requests), "requests since the start");
        add(26, "ConnRate", Metric.rate(proxies.connectionRate().get(nowMs)), "connections in the last second");
        add(28, "MaxConnRate", Metric.max(proxies.connectionRate().max()), "most connections in a second");
        add(29, "SessRate", Metric.rate(proxies.connectionRate().get(nowMs)), "sessions in the last second");
        add(31, "MaxSessRate", Metric.rate(proxies.connectionRate().max()), "most sessions in a second");
        add(42, "CompressBpsIn", Metric.rate(proxies.compressionIn().get(nowMs)), "bytes into compression in a second");
        add(43, "CompressBpsOut", Metric.rate(proxies.compressionOut().get(nowMs)),
                "bytes out of compression in a second");
        add(47, "Tasks", Metric.gauge(proxies.loop().timers().size()), "deadlines of sessions and of idle connections");
        add(52, "Stopping", Metric.gauge(proxies.isStopping() ? 1 : 0), "1 while it stops");
        add(53, "Jobs", Metric.gauge(proxies.connections() + listeners), "connections and listeners");
        add(55, "Listeners", Metric.gauge(listeners), "listening sockets");
        add(58, "DroppedLogs", Metric.gauge(proxies.logs().dropped()), "log lines that could not be sent");
        add(61, "TotalBytesOut", Metric.gauge64(bytesOut), "bytes to clients");
    }

    private GlobalSettings global() {
        return statistics.proxies().configuration().global();
    }

    public static String uptimeText(final long seconds) {
        return String.format("%dd %dh%02dm%02ds", seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60,
                seconds % 60);
    }

    public static String text(final List<Field> fields, final boolean withDescriptions) {
        final StringBuilder out = new StringBuilder();
        for (final Field field : fields) {
            out.append(field.name).append(": ").append(field.value.plain());
            describe(out, field, withDescriptions);
        }
        return out.toString();
    }

    public static String typed(final List<Field> fields, final boolean withDescriptions) {
        final StringBuilder out = new StringBuilder();
        for (final Field field : fields) {
            out.append(field.position).append('.').append(field.name).append(".1:");
            StatFormats.typed(out, field.value);
            describe(out, field, withDescriptions);
        }
        return out.toString();
    }

    private static void describe(final StringBuilder out, final Field field, final boolean withDescriptions) {
        if (withDescriptions) {
            out.append(":\"").append(field.description).append('"');
        }
        out.append('\n');
    }

    public static String json(final List<Field> fields) {
        final StringBuilder out = new StringBuilder("[");
        for (final Field field : fields) {
            out.append(out.length() == 1 ? "{" : ",{");
            StatFormats.json(out, field.position, field.name, field.value);
        }
        return out.append("]\n").toString();
    }
}
