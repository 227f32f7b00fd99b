package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./netchannel memcached} as a user runs it, with clients of the original's. */
@Timeout(180)
final class MemcachedIT {

    private static final String TAP = "nc0";
    private static final String NODE = "10.7.0.2";
    private static final int PORT = 11211;

    private NetworkNamespace namespace;

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private Command onTap(final String... more) {
        Requirements.rootAndTap();
        namespace = new NetworkNamespace();
        final List<String> line = new ArrayList<>(List.of("memcached", "-v", "--tap", TAP, "--address", NODE + "/24",
                "--host-address", "10.7.0.1/24"));
        line.addAll(List.of(more));
        final Command command = namespace.startNetchannel(line.toArray(String[]::new));
        command.awaitOutput("serving memcached");
        return command;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void shouldPassMemccapableOverATap(final String loops) throws Exception {
        Requirements.programs("memccapable");
        final Command server = onTap("-t", loops);
        final String out = namespace.start("", "memccapable", "-h", NODE, "-p", String.valueOf(PORT)).await(60)
                .expectSuccess().out();
        assertThat(out.lines().filter(line -> line.contains("[pass]"))).hasSize(54);
        end(server);
    }

    @Test
    void shouldServeLargeValuesOverATap() throws Exception {
        Requirements.programs("socat");
        final Command server = onTap();
        final String value = "0123456789".repeat(90_000);
        final String answer = namespace.start("set big 0 0 " + value.length() + "\r\n" + value
                + "\r\nget big big big big\r\nquit\r\n", "socat", "-t10", "-", "TCP4:" + NODE + ":" + PORT).await(60)
                .expectSuccess().out();
        final String one = "VALUE big 0 " + value.length() + "\r\n" + value + "\r\n";
        // Not shown whole if it fails: it is long.
        assertThat(answer.equals("STORED\r\n" + one.repeat(4) + "END\r\n")).isTrue();
        end(server);
    }

    @Test
    void shouldServeLibmemcachedsToolsOverATap(@TempDir final Path directory) throws Exception {
        Requirements.programs("memccp", "memccat", "memctouch", "memcexist", "memcstat", "memcrm", "memcslap");
        final Command server = onTap();
        final Path file = Files.writeString(directory.resolve("key"), "what the file says");
        tool("memccp", file.toString()).expectSuccess();
        assertThat(tool("memccat", "key").expectSuccess().out().strip()).isEqualTo("what the file says");
        tool("memctouch", "--expire=100", "key").expectSuccess();
        tool("memcexist", "key").expectSuccess();
        tool("memcrm", "key").expectSuccess();
        assertThat(tool("memcexist", "key").status()).isNotZero();
        for (final String protocol : new String[]{"--test=set", "--binary"}) {
            tool("memcslap", protocol, "--concurrency=4", "--execute-number=500").expectSuccess();
        }
        assertThat(tool("memcstat").expectSuccess().out()).contains("version: 1.6.18").containsPattern(
                "cmd_set: [1-9][0-9]{3}");
        end(server);
    }

    private Command.Result tool(final String name, final String... arguments) {
        final List<String> line = new ArrayList<>(List.of(name, "--servers=" + NODE + ":" + PORT));
        line.addAll(List.of(arguments));
        return namespace.run(line.toArray(String[]::new));
    }

    @Test
    void shouldServeTenThousandConnectionsAtOnceOverATap() throws Exception {
        final Command server = onTap("-c", "12000");
        final List<String> line = new ArrayList<>(List.of("bash", "-c", "ulimit -n 12000 && exec \"$@\"", "clients"));
        line.addAll(List.of(KernelClient.commandLine("memcached", NODE, String.valueOf(PORT), "10000")));
        assertThat(namespace.start("", line.toArray(String[]::new)).await(120).expectSuccess().out().strip())
                .isEqualTo("memcached 10000, curr_connections 10001 then 1");
        end(server);
    }

    private static void end(final Command server) throws Exception {
        server.process().destroy();
        final Command.Result ended = server.await(30);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void shouldPassMemccapableOnTheKernelsSockets() throws Exception {
        Requirements.programs("memccapable");
        final int port = freePort();
        final Command server = Command.start(List.of(NetworkNamespace.launcher(), "memcached", "--kernel", "-v", "-l",
                "127.0.0.1", "-p", String.valueOf(port)), "");
        server.awaitOutput("serving memcached");
        final String out = Command.start(List.of("memccapable", "-h", "127.0.0.1", "-p", String.valueOf(port)), "")
                .await(60)
                .expectSuccess().out();
        assertThat(out.lines().filter(line -> line.contains("[pass]"))).hasSize(54);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("version\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(16), StandardCharsets.US_ASCII))
                    .isEqualTo("VERSION 1.6.18\r\n");
        }
        end(server);
    }
}
