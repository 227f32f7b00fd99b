package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./netchannel haproxy} as a user runs it, over a TAP and on the kernel's sockets, with curl, wrk and socat. */
@Timeout(180)
final class HaproxyCommandIT {

    private static final String TAP = "tap";
    private static final String KERNEL = "kernel";
    private static final String NODE = "10.7.0.2";
    private static final String HOST = "10.7.0.1";
    private static final int PORT = 8080;
    private static final int TCP_PORT = 8081;
    private static final int A = 9001;
    private static final int B = 9002;

    @TempDir
    private Path directory;

    private final List<Command> others = new ArrayList<>();
    private NetworkNamespace namespace;
    private Command proxy;
    private String address;
    private String backend;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("curl", "wrk", "socat");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() throws InterruptedException {
        for (final Command other : others) {
            other.process().destroyForcibly().waitFor();
        }
        if (proxy != null) {
            proxy.process().destroyForcibly().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private Command webServer(final int port, final String name) {
        final Command server = namespace.start("", KernelWebServer.commandLine("0.0.0.0", port, name));
        others.add(server);
        server.awaitOutput("listening");
        return server;
    }

    private void configure(final String text) throws IOException {
        Files.writeString(configuration(), """
                defaults
                    mode http
                    timeout client 20s
                    timeout server 20s
                    timeout connect 2s
                """ + text.replace("$ADDRESS", address).replace("$BACKEND", backend));
    }

    private Path configuration() {
        return directory.resolve("haproxy.cfg");
    }

    private void place(final String where) {
        address = TAP.equals(where) ? NODE : "127.0.0.1";
        backend = TAP.equals(where) ? HOST : "127.0.0.1";
    }

    private void serve(final String where, final String text) throws IOException {
        place(where);
        configure(text);
        final Path pid = directory.resolve("pid");
        final List<String> line = new ArrayList<>(List.of("haproxy", "-W", "-p", pid.toString(), "-f", configuration()
                .toString()));
        line.addAll(TAP.equals(where)
                ? List.of("--tap", "nc0", "--address", NODE + "/24", "--host-address", HOST + "/24")
                : List.of("--kernel"));
        proxy = namespace.startNetchannel(line.toArray(String[]::new));
        // Written when it listens.
        while (!Files.exists(pid)) {
            assertThat(proxy.process().isAlive()).as("%s", proxy.errorsSoFar()).isTrue();
            Thread.yield();
        }
    }

    private String get(final int port) {
        return namespace.run("curl", "-sS", "--max-time", "30", "http://" + address + ":" + port + "/").expectSuccess()
                .out();
    }

    private void signal(final String name) {
        Command.run("kill", "-" + name, String.valueOf(proxy.process().pid())).expectSuccess();
    }

    private void awaitErrors(final String text, final int times) {
        while (proxy.errorsSoFar().split(text, -1).length <= times) {
            assertThat(proxy.process().isAlive()).as("%s", proxy.errorsSoFar()).isTrue();
            Thread.yield();
        }
    }

    private Command.Result end() {
        signal("TERM");
        final Command.Result ended = proxy.await(30);
        // Normal for a master.
        assertThat(ended.status()).isZero();
        assertThat(namespace.run("ip", "-br", "link").out()).doesNotContain("nc0");
        return ended;
    }

    private static final String TWO_SERVERS = """
            listen web
                bind $ADDRESS:8080
                option redispatch 1
                retries 2
                server a $BACKEND:9001
                server b $BACKEND:9002
            """;

    @ParameterizedTest
    @ValueSource(strings = {TAP, KERNEL})
    void shouldServeFromTheServersInTurnAndFromTheOneThatIsLeft(final String where) throws Exception {
        final Command first = webServer(A, "a");
        webServer(B, "b");
        serve(where, TWO_SERVERS);
        assertThat(List.of(get(PORT), get(PORT), get(PORT), get(PORT))).containsExactly("a", "b", "a", "b");
        first.process().destroyForcibly().waitFor();
        assertThat(List.of(get(PORT), get(PORT), get(PORT), get(PORT))).containsOnly("b");
        assertThat(end().err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {TAP, KERNEL})
    void shouldForwardConnectionsInModeTcp(final String where) throws Exception {
        others.add(namespace.start("", "socat", "TCP4-LISTEN:" + A + ",fork,reuseaddr", "EXEC:cat"));
        while (!namespace.run("ss", "-tln").out().contains(":" + A)) {
            Thread.yield();
        }
        serve(where, """
                listen echo
                    mode tcp
                    bind $ADDRESS:8081
                    server a $BACKEND:9001
                """);
        final String text = "0123456789".repeat(50_000);
        // Not shown whole if it fails: it is long.
        assertThat(namespace.start(text, "socat", "-t30", "-", "TCP4:" + address + ":" + TCP_PORT).await(60)
                .expectSuccess().out().equals(text)).isTrue();
        assertThat(end().err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {TAP, KERNEL})
    void shouldEndWithTheLastRequestOnUsr1(final String where) throws Exception {
        final Command server = webServer(A, "a");
        serve(where, """
                listen web
                    bind $ADDRESS:8080
                    server a $BACKEND:9001
                """);
        final Command client = namespace.start("", "curl", "-sS", "--max-time", "30", "http://" + address + ":" + PORT
                + "/slow?3000");
        server.awaitOutput("slow");
        signal("USR1");
        // The listener is closed at once.
        while (namespace.run("curl", "-s", "--max-time", "1", "http://" + address + ":" + PORT + "/").status() != 7) {
            assertThat(client.process().isAlive()).isTrue();
        }
        assertThat(client.await(30).expectSuccess().out()).isEqualTo("a");
        final Command.Result ended = proxy.await(30);
        assertThat(ended.status()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(namespace.run("ip", "-br", "link").out()).doesNotContain("nc0");
    }

    @ParameterizedTest
    @ValueSource(strings = {TAP, KERNEL})
    void shouldLoseNoRequestByReloads(final String where) throws Exception {
        webServer(A, "a");
        final String text = """
                listen web
                    bind $ADDRESS:8080
                    option idle-close-on-response
                    server a $BACKEND:9001
                """;
        serve(where, text);
        final String url = "http://" + address + ":" + PORT + "/";
        final Command keeping = namespace.start("", "wrk", "-t1", "-c4", "-d8s", url);
        final Command closing = namespace.start("", "wrk", "-t1", "-c4", "-d8s", "-H", "Connection: close", url);
        int reloads = 0;
        while (keeping.process().isAlive() && closing.process().isAlive() && reloads < 6) {
            reloads++;
            configure(text + "    http-response set-header x-reload " + reloads + "\n");
            signal(reloads % 2 == 0 ? "HUP" : "USR2");
            awaitErrors("Loading success\\.", reloads);
            assertThat(namespace.run("curl", "-sSi", "--max-time", "30", url).expectSuccess().out())
                    .contains("x-reload: " + reloads);
        }
        for (final Command client : List.of(keeping, closing)) {
            assertThat(client.await(60).expectSuccess().out()).contains("requests in").doesNotContain("Socket errors",
                    "Non-2xx");
        }
        assertThat(end().err().lines()).hasSize(2 * reloads).noneMatch(line -> line.contains("ALERT"));
    }

    @Test
    void shouldStayAsItIsWhenANewConfigurationIsBad() throws Exception {
        webServer(A, "a");
        serve(KERNEL, """
                listen web
                    bind $ADDRESS:8080
                    server a $BACKEND:9001
                """);
        configure("listen web\n    bind $ADDRESS:8080\n    nonsense\n");
        signal("USR2");
        awaitErrors("Loading failure!", 1);
        assertThat(get(PORT)).isEqualTo("a");
        configure("listen web\n    bind $ADDRESS:8080\nlisten elsewhere\n    bind 192.0.2.1:8082\n");
        signal("HUP");
        awaitErrors("Loading failure!", 2);
        assertThat(get(PORT)).isEqualTo("a");
        assertThat(end().err()).contains("Reloading HAProxy", "config : parsing [" + configuration()
                + ":8] : unknown keyword 'nonsense' in 'listen' section", "cannot bind socket");
    }

    @Test
    void shouldMoveTheOperatorsSocketToTheNewConfiguration() throws Exception {
        place(KERNEL);
        final Path socket = directory.resolve("admin.sock");
        final String text = "global\n    stats socket " + socket
                + " level admin\nlisten web%d\n    bind $ADDRESS:8080\n";
        serve(KERNEL, text.formatted(1));
        final String[] ask = {"socat", "-t10", "-", "UNIX-CONNECT:" + socket};
        assertThat(namespace.start("show stat\n", ask).await(30).expectSuccess().out()).contains("web1,FRONTEND");
        configure(text.formatted(2));
        signal("USR2");
        awaitErrors("Loading success\\.", 1);
        assertThat(namespace.start("show stat\n", ask).await(30).expectSuccess().out()).contains("web2,FRONTEND");
        end();
        assertThat(socket).doesNotExist();
    }

    @Test
    void shouldSayWhatIsWrongWithAConfiguration() throws Exception {
        place(KERNEL);
        configure("listen web\n    bind $ADDRESS:8080\n    server a\n    nonsense\n");
        for (final String[] words : new String[][]{{"haproxy", "-f", configuration().toString()},
            {"haproxy", "-c", "-f",
                configuration().toString()}}) {
            final Command.Result refused = namespace.startNetchannel(words).await(60);
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("[ALERT]", "unknown keyword 'nonsense' in 'listen' section",
                    "Error(s) found in configuration file : " + configuration(),
                    "Fatal errors found in configuration.");
        }
        configure("listen web\n    bind $ADDRESS:8080\n");
        final Command.Result valid = namespace.startNetchannel("haproxy", "-c", "-f", configuration().toString())
                .await(60).expectSuccess();
        assertThat(valid.out()).isEqualTo("Configuration file is valid\n");
    }
}
