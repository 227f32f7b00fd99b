package io.netchannel.samples.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reloads and ends, over the kernel's sockets. */
class ProxyRunTest {

    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    private final int port = freePort();

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, LOCAL)) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Configuration configuration(final String answer, final String more) {
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", "global\nstats socket " + directory.resolve("stats.sock")
                + "\nfrontend f\nmode http\ntimeout client 10s\nbind 127.0.0.1:" + port
                + "\nbind " + directory.resolve("f.sock")
                + "\nhttp-request return status 200 content-type text/plain string " + answer + "\n" + more);
        final Configuration configuration = reader.finish();
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        return configuration;
    }

    private Socket connect() throws IOException {
        final Socket socket = new Socket(LOCAL, port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(final Socket socket, final String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String get() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.0\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void shouldAnswerAsTheConfigurationThatWasReadLastSays() throws IOException {
        try (ProxyRun run = ProxyRun.onKernel(configuration("one", ""))) {
            assertThat(get()).endsWith("one");
            for (final String next : new String[]{"two", "three"}) {
                run.reload(configuration(next, ""));
                // Both may take a connection for a moment.
                String answer = get();
                for (int i = 0; i < 100 && !answer.endsWith(next); i++) {
                    answer = get();
                }
                assertThat(answer).endsWith(next);
            }
        }
        assertThat(directory.toFile().list()).isEmpty();
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    @Test
    void shouldGoOnAsBeforeWhenTheNextCantListen() throws IOException {
        try (ServerSocket occupied = new ServerSocket(0, 1, LOCAL);
                ProxyRun run = ProxyRun.onKernel(configuration("one", ""))) {
            final Configuration bad = configuration("two", "frontend g\nmode http\ntimeout client 1s\n"
                    + "bind 127.0.0.1:" + occupied.getLocalPort() + "\n");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> run.reload(bad)).isInstanceOf(IOException.class)
                        .hasMessageStartingWith("Starting frontend g: cannot bind socket (")
                        .hasMessageEndingWith("[127.0.0.1:" + occupied.getLocalPort() + "]");
                assertThat(get()).endsWith("one");
            }
            assertThat(directory.toFile().list()).containsExactlyInAnyOrder("stats.sock", "f.sock");
        }
    }

    @Test
    void shouldLetRequestsUnderWayFinishThroughReloadAndStop() throws Exception {
        try (ProxyRun run = ProxyRun.onKernel(configuration("one", ""));
                Socket underWay = connect()) {
            send(underWay, "GET / HTTP/1.1\r\nHost:");
            // Until it is taken: the next one behind it is answered.
            assertThat(get()).endsWith("one");
            run.reload(configuration("two", ""));
            run.softStop();
            final CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
                try {
                    run.await();
                } catch (final InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(ended).isNotDone();
            send(underWay, " x\r\n\r\n");
            assertThat(new String(underWay.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 200 OK\r\n").endsWith("one");
            ended.get(10, TimeUnit.SECONDS);
        }
    }
}
