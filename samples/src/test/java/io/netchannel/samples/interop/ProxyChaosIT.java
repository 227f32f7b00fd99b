package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that are killed, freeze, lie and break off under load, and clients that are no better, around
 * {@code ./netchannel haproxy} over a TAP and on the kernel's sockets: no answer is wrong, no error is one that haproxy
 * wouldn't give, limits hold, and afterwards nothing is left.
 *
 * <p>{@code -Dnetchannel.haproxy.chaos.seconds=300} for a long run, {@code -Dnetchannel.seed=N} for another one, and
 * {@code -Dnetchannel.haproxy.command=/usr/sbin/haproxy} for the original on the kernel's sockets, from which the
 * expectations are.
 */
@Tag("long")
@Timeout(900)
final class ProxyChaosIT {

    private static final String TAP = "tap";
    private static final String NODE = "10.7.0.2";
    private static final String HOST = "10.7.0.1";
    private static final int SECONDS = Integer.getInteger("netchannel.haproxy.chaos.seconds", 20);
    private static final long SEED = Long.getLong("netchannel.seed", 1);
    /** Null: ours. */
    private static final String OTHER = System.getProperty("netchannel.haproxy.command");
    private static final int MAX_QUEUE = 6;
    private static final int SETTLE_MS = 20_000;
    private static final int POLL_MS = 100;

    @TempDir
    private Path directory;

    private NetworkNamespace namespace;
    private ProxyProcess proxy;
    private Command load;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("ss");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() throws InterruptedException {
        if (load != null) {
            load.process().destroyForcibly().waitFor();
        }
        if (proxy != null) {
            proxy.command().process().destroyForcibly().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void configure(final String address, final String backend) throws IOException {
        final StringBuilder text = new StringBuilder("""
                global
                    nbthread 1
                    maxconn 500
                    stats socket $SOCKET level admin
                    log stdout format raw local0
                defaults
                    mode http
                    log global
                    log-format "%s"
                    timeout client 2s
                    timeout server %dms
                    timeout connect %dms
                    timeout queue %dms
                    timeout http-request 1500ms
                    timeout http-keep-alive 2s
                    timeout check 300ms
                    retries %d
                    option redispatch 1
                    option httpchk GET /check
                    default-server inter 200ms fall 2 rise 2 pool-purge-delay 400ms maxconn %d maxqueue %d
                """.formatted(ChaosJudge.LOG_FORMAT, ChaosJudge.TIMEOUT_SERVER_MS, ChaosJudge.TIMEOUT_CONNECT_MS,
                ChaosJudge.TIMEOUT_QUEUE_MS, ChaosJudge.RETRIES, ChaosRun.MAX_CONNECTIONS, MAX_QUEUE));
        for (int i = 0; i < ChaosRun.PROXIES.size(); i++) {
            final String name = ChaosRun.PROXIES.get(i);
            text.append("listen ").append(name).append("\n    bind $ADDRESS:").append(ChaosRun.FIRST_PROXY_PORT + i)
                    .append("""

                                capture request header X-Id len 20
                                http-request set-header X-Proxy $NAME
                            """.replace("$NAME", name)).append(i == 0 ? "    http-reuse safe\n" : """
                                http-reuse always
                                balance leastconn
                                retry-on all-retryable-errors
                                default-server observe layer7 error-limit 20 on-error mark-down
                            """);
            for (int server = 0; server < ChaosRun.SERVERS; server++) {
                text.append("    server s").append(server).append(" $BACKEND:").append(ChaosRun.FIRST_PORT + server)
                        .append(" check\n");
            }
        }
        Files.writeString(directory.resolve("haproxy.cfg"),
                text.toString().replace("$SOCKET", directory.resolve("admin.sock").toString())
                        .replace("$ADDRESS", address).replace("$BACKEND", backend));
    }

    private void serve(final String where) throws Exception {
        final Path configuration = directory.resolve("haproxy.cfg");
        if (OTHER != null) {
            proxy = ProxyProcess.start(namespace, directory, List.of(OTHER, "-db", "-f", configuration.toString()));
            return;
        }
        // Exact: what isn't given back counts, and is told where it was taken.
        proxy = ProxyProcess.start(namespace, configuration, directory,
                "-Xmx256m -Dio.netty.leakDetection.level=paranoid -Dio.netty.allocator.type=unpooled",
                TAP.equals(where)
                        ? List.of("--tap", "nc0", "--address", NODE + "/24", "--host-address", HOST + "/24")
                        : List.of("--kernel"));
    }

    private List<Map<String, String>> statistics() throws IOException {
        return StatTable.parse(proxy.ask("show stat"));
    }

    /** Queues and connections of servers are within their limits, now and at their highest. */
    private void assertLimits() throws IOException {
        for (final Map<String, String> row : statistics()) {
            if (row.get("svname").startsWith("s")) {
                final String as = "seed " + SEED + ": " + row;
                // Sessions (scur) are more: a connection that waits for its next request is one. The original counts
                // those as used, too, that it hasn't closed yet: there the servers' own count has to do.
                if (OTHER == null) {
                    assertThat(StatTable.number(row, "used_conn_cur")).as(as).isLessThanOrEqualTo(
                            ChaosRun.MAX_CONNECTIONS);
                }
                assertThat(StatTable.number(row, "qcur")).as(as).isLessThanOrEqualTo(MAX_QUEUE);
                assertThat(StatTable.number(row, "qmax")).as(as).isLessThanOrEqualTo(MAX_QUEUE);
                assertThat(StatTable.number(row, "slim")).as(as).isEqualTo(ChaosRun.MAX_CONNECTIONS);
            }
        }
    }

    /** What is left when nothing is to be done: null, or the first that isn't as at the start. */
    private String left(final long tasks, final String buffers) throws IOException {
        for (final Map<String, String> row : statistics()) {
            if (StatTable.number(row, "scur") > 0 || StatTable.number(row, "qcur") > 0) {
                return row.toString();
            }
        }
        if (proxy.info("CurrConns") > 0) {
            return proxy.ask("show sess");
        }
        final String sockets = namespace.run("ss", "-Htn", "state", "connected", "exclude", "time-wait").out();
        final String ours = sockets.lines().filter(line -> line.matches(".*:808[01]\\s.*")).findAny().orElse(null);
        if (ours != null) {
            return ours;
        }
        if (OTHER == null) {
            if (proxy.info("Tasks") > tasks) {
                return "tasks " + proxy.info("Tasks") + " > " + tasks;
            }
            final String now = buffers();
            if (!now.equals(buffers)) {
                return "buffers " + now + ", at the start " + buffers;
            }
        }
        return null;
    }

    private String buffers() throws IOException {
        return proxy.ask("show pools").lines().filter(line -> line.contains("buffers")).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", TAP})
    void shouldGiveNoWrongAnswerAndLeaveNothingBehind(final String where) throws Exception {
        Assumptions.assumeTrue(OTHER == null || !TAP.equals(where), "the original has no node");
        configure(TAP.equals(where) ? NODE : "127.0.0.1", TAP.equals(where) ? HOST : "127.0.0.1");
        serve(where);
        final long tasks = OTHER == null ? proxy.info("Tasks") : 0;
        final String buffers = OTHER == null ? buffers() : "";
        load = namespace.start("",
                ChaosRun.commandLine(TAP.equals(where) ? NODE : "127.0.0.1", SEED, SECONDS, proxy.log(),
                        OTHER == null));
        while (!load.process().waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
            assertThat(proxy.command().process().isAlive()).as("%s", proxy.command().errorsSoFar()).isTrue();
            assertLimits();
        }
        final Command.Result ended = load.await(60).expectSuccess();
        System.out.println(where + ", seed " + SEED + ", " + SECONDS + " s\n" + ended.out());
        final String as = "seed " + SEED + "\n" + ended.out() + ended.err();
        assertThat(ended.out()).as(as).contains("\nviolations 0\n");
        String left = left(tasks, buffers);
        for (final long endMs = System.currentTimeMillis() + SETTLE_MS; left != null
                && System.currentTimeMillis() < endMs;) {
            left = left(tasks, buffers);
        }
        if (OTHER == null) {
            proxy.collect();
            proxy.ask("show info");
        }
        assertThat(left).as("seed %d\n%s", SEED, proxy.command().errorsSoFar()).isNull();
        Command.run("kill", "-USR1", String.valueOf(proxy.command().process().pid())).expectSuccess();
        final Command.Result last = proxy.command().await(30);
        assertThat(last.status()).isZero();
        assertThat(last.err()).doesNotContain("LEAK", "Exception");
    }
}
