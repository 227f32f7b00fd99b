package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 20,000 connections with half a request each to {@code ./netchannel haproxy}, over a TAP and on the kernel's sockets: others are
 * served, memory is bounded, and {@code timeout http-request} ends them as in haproxy.
 */
@Tag("long")
@Timeout(300)
final class SlowLorisIT {

    private static final String TAP = "tap";
    private static final String NODE = "10.7.0.2";
    private static final String HOST = "10.7.0.1";
    private static final String SECOND_HOST = "10.7.0.3";
    private static final int PORT = 8080;
    private static final int OTHER_PORT = 8081;
    private static final int BACK_PORT = 9001;
    private static final int CONNECTIONS = 20_000;
    /** Of a process, for what isn't a connection. */
    private static final int SPARE_DESCRIPTORS = 400;
    private static final int HEAP_MB = 256;
    /** With the node's own buffers, which are outside of the heap, and the JVM itself. */
    private static final long MAX_RESIDENT_KB = 900_000;
    /** With a node's TCP, which puts a connection away only once it is idle; these never are. */
    private static final int MAX_BYTES_PER_CONNECTION = 8 * 1024;

    @TempDir
    private Path directory;

    private final List<Command> started = new ArrayList<>();
    private NetworkNamespace namespace;
    private ProxyProcess proxy;
    private String address;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("curl");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() throws InterruptedException {
        for (final Command each : started) {
            each.process().destroyForcibly().waitFor();
        }
        if (proxy != null) {
            proxy.command().process().destroyForcibly().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void serve(final String where, final int maxConnections, final int requestSeconds) throws Exception {
        final boolean tap = TAP.equals(where);
        address = tap ? NODE : "127.0.0.1";
        final Command server = namespace.start("", KernelWebServer.commandLine("0.0.0.0", BACK_PORT, "served"));
        started.add(server);
        server.awaitOutput("listening");
        final Path configuration = Files.writeString(directory.resolve("haproxy.cfg"), """
                global
                    maxconn 30000
                    stats socket $SOCKET level admin
                    log stdout format raw local0
                defaults
                    mode http
                    log global
                    log-format "%f %ST %tsc"
                    timeout client 60s
                    timeout server 10s
                    timeout connect 5s
                    timeout http-request $SECONDSs
                    default_backend servers
                frontend slow
                    bind $ADDRESS:8080
                    maxconn $MAX
                    backlog 4096
                frontend other
                    bind $ADDRESS:8081
                backend servers
                    server s $BACKEND:9001
                """.replace("$SOCKET", directory.resolve("admin.sock").toString()).replace("$SECONDS", Integer
                .toString(requestSeconds)).replace("$MAX", Integer.toString(maxConnections)).replace("$ADDRESS",
                        address)
                .replace("$BACKEND", tap ? HOST : "127.0.0.1"));
        final List<String> node = tap
                ? List.of("--tap", "nc0", "--address", NODE + "/24", "--host-address", HOST + "/24")
                : List.of("--kernel");
        proxy = ProxyProcess.start(namespace, configuration, directory, "-Xmx" + HEAP_MB + "m", node);
    }

    /** Waits on the proxy's own progress, not on the clock; the test's time-out ends a wait that is in vain. */
    private void awaitInfo(final String name, final long value) throws Exception {
        while (proxy.info(name) != value) {
            Thread.onSpinWait();
        }
    }

    private Command attack(final String source, final int count) {
        final Command clients = namespace.start("", SlowLoris.commandLine(source, address, PORT, count));
        started.add(clients);
        return clients;
    }

    private void assertOthersAreServed() {
        assertThat(namespace.run("curl", "-sS", "--max-time", "30", "http://" + address + ":" + OTHER_PORT + "/")
                .expectSuccess().out()).isEqualTo("served");
    }

    /** Waits for the clients' end, which is a 408 for each, whatever it was about to send. */
    private void end(final List<Command> attacks, final int count) throws Exception {
        int ended = 0;
        for (final Command attack : attacks) {
            while (attack.process().isAlive()) {
                assertOthersAreServed();
            }
            final String out = attack.await(60).expectSuccess().out();
            assertThat(out).contains(", reset: 0, other: 0\n");
            ended += number(out, "408: ");
        }
        assertThat(ended).isEqualTo(count);
    }

    private static int number(final String out, final String name) {
        final int from = out.indexOf(name) + name.length();
        return Integer.parseInt(out.substring(from, out.indexOf(',', from)));
    }

    private void assertAllAreLoggedAndGone(final int count) throws Exception {
        // Also the server's connection that waits for its next request goes.
        awaitInfo("CurrConns", 0);
        awaitInfo("Tasks", 0);
        Command.run("kill", "-USR1", String.valueOf(proxy.command().process().pid())).expectSuccess();
        final Command.Result last = proxy.command().await(60);
        assertThat(last.status()).isZero();
        assertThat(last.err()).doesNotContain("Exception", "LEAK");
        final List<String> lines = Files.readAllLines(proxy.log());
        assertThat(lines.stream().filter("slow 408 cR--"::equals)).hasSize(count);
        assertThat(lines.stream().filter(line -> !"slow 408 cR--".equals(line))).containsOnly("other 200 ----");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", TAP})
    void shouldServeOthersBesideTwentyThousandHalfRequests(final String where) throws Exception {
        // A node's connections take no descriptors, its clients' do.
        final int limit = Integer.parseInt(Command.run("bash", "-c", "ulimit -Hn").expectSuccess().out().strip()
                .replace("unlimited", "1000000"));
        final int count = TAP.equals(where) ? CONNECTIONS : Math.min(CONNECTIONS, limit - SPARE_DESCRIPTORS);
        serve(where, 25_000, 25);
        assertOthersAreServed();
        proxy.collect();
        final long before = proxy.info("PoolUsed_bytes");
        final long residentBefore = proxy.residentKb();
        if (TAP.equals(where)) {
            namespace.run("ip", "addr", "add", SECOND_HOST + "/24", "dev", "nc0").expectSuccess();
        }
        // Of one address a bind finds half of the ports at once, and the others slowly.
        final List<Command> attacks = List.of(attack(TAP.equals(where) ? HOST : "127.0.0.2", count / 2), attack(
                TAP.equals(where) ? SECOND_HOST : "127.0.0.3", count - count / 2));
        for (final Command each : attacks) {
            each.awaitOutput("connected");
            assertOthersAreServed();
        }
        // Some that are connected for themselves wait in the listener's queue.
        awaitInfo("CurrConns", count);
        proxy.collect();
        final long perConnection = (proxy.info("PoolUsed_bytes") - before) / count;
        final long residentKb = proxy.residentKb();
        System.out.println(where + ": " + count + " half requests, " + perConnection
                + " bytes of the heap for each, resident " + residentBefore + " KiB before, " + residentKb
                + " KiB now");
        assertThat(perConnection).isLessThan(MAX_BYTES_PER_CONNECTION);
        assertThat(residentKb).isLessThan(MAX_RESIDENT_KB);
        assertOthersAreServed();
        end(attacks, count);
        assertAllAreLoggedAndGone(count);
    }

    @Test
    void shouldKeepToMaxconnWhileOthersWaitOutside() throws Exception {
        final int max = 500;
        final int count = 1_200;
        serve("kernel", max, 3);
        final Command attack = attack("127.0.0.2", count);
        while (attack.process().isAlive()) {
            // Those of the other frontend are counted, too; this one asks on the operators' socket, which isn't.
            assertThat(StatTable.parse(proxy.ask("show stat")).stream().filter(row -> "slow".equals(row.get("pxname")))
                    .mapToLong(row -> StatTable.number(row, "scur")).max().orElseThrow()).isLessThanOrEqualTo(max);
            assertOthersAreServed();
        }
        end(List.of(attack), count);
        assertAllAreLoggedAndGone(count);
    }
}
