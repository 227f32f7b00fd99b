package io.netchannel.samples.haproxy.config;

import java.util.List;

/**
 * What is checked as haproxy does and changes nothing here: it tunes haproxy's own inside, or a protocol that isn't spoken here, or
 * allows what is refused anyway. The README lists the same, and whatever else a line may say is acted on.
 */
final class TakenKeywords {

    static final List<String> GLOBAL = List.of(
            // Pollers, pipes, buffers, memory, threads, processes.
            "noepoll", "nokqueue", "noevports", "nopoll", "nosplice", "nogetaddrinfo", "busy-polling",
            "no-memory-trimming", "numa-cpu-mapping", "cpu-map", "thread-groups", "thread-group", "nbthread",
            "set-dumpable", "strict-limits", "fd-hard-limit", "mworker-max-reloads", "maxpipes", "maxzlibmem",
            "tune.maxaccept", "tune.pattern.cache-size", "tune.runqueue-depth", "tune.maxpollevents",
            "tune.recv_enough", "tune.buffers.limit", "tune.buffers.reserve", "tune.pipesize", "tune.idletimer",
            "tune.idle-pool.shared", "tune.pool-high-fd-ratio", "tune.pool-low-fd-ratio", "tune.sched.low-latency",
            "tune.listener.multi-queue", "tune.fd.edge-triggered", "tune.vars.global-max-size",
            "tune.vars.proc-max-size", "tune.vars.sess-max-size", "tune.vars.txn-max-size",
            "tune.vars.reqres-max-size", "tune.vars.check-max-size", "tune.zlib.memlevel", "tune.zlib.windowsize",
            "profiling.tasks", "profiling.memory",
            // A program that changes its user, experiments: each of them is refused where a line asks for it.
            "insecure-setuid-wanted", "expose-experimental-directives",
            // OpenSSL, HTTP/2, QUIC.
            "tune.ssl.force-private-cache", "tune.ssl.cachesize", "tune.ssl.lifetime", "tune.ssl.maxrecord",
            "tune.ssl.hard-maxrecord", "tune.ssl.ssl-ctx-cache-size", "tune.ssl.capture-buffer-size",
            "tune.ssl.capture-cipherlist-size", "tune.ssl.default-dh-param", "tune.ssl.keylog",
            "ssl-skip-self-issued-ca", "ssl-load-extra-files", "ssl-load-extra-del-ext",
            "h2-workaround-bogus-websocket-clients", "tune.h2.header-table-size", "tune.h2.initial-window-size",
            "tune.h2.max-concurrent-streams", "tune.h2.max-frame-size", "cluster-secret");

    static final List<String> PROXY = List.of("bind-process", "option disable-h2-upgrade", "option http-no-delay");

    static final List<String> BIND = List.of("process", "thread", "shards", "nice", "expose-fd listeners", "no-sslv3",
            "no-tlsv10", "no-tlsv11");

    /** {@code max-reuse} is of HTTP/2 and FastCGI in haproxy, too; {@code resolve-*} need a section that is refused. */
    static final List<String> SERVER = List.of("ws auto", "ws h1", "max-reuse", "log-proto", "resolve-opts",
            "resolve-prefer", "resolve-net", "no-sslv3", "no-tlsv10", "no-tlsv11");

    static final List<String> COMMAND_LINE = List.of("-de", "-dp", "-dk", "-dv", "-dS", "-dG", "-dM", "-dL",
            "-V", "-m");

    private TakenKeywords() {
    }
}
