package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./netchannel http} under the load of wrk and h2load, over a TAP and on the kernel's sockets. */
@Timeout(180)
final class HttpLoadIT {

    private static final String CONNECTIONS = "100";

    private NetworkNamespace namespace;
    private Command server;
    private String url;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() throws InterruptedException {
        if (server != null) {
            server.process().destroyForcibly().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void serve(final boolean kernel) {
        server = kernel
                ? namespace.startNetchannel("http", "--kernel", "-p", "8080")
                : namespace.startNetchannel("http", "--tap", "nc0", "--address", "10.7.0.2/24", "--host-address",
                        "10.7.0.1/24");
        url = "http://" + (kernel ? "127.0.0.1" : "10.7.0.2") + ":8080/";
        server.awaitOutput("serving http");
    }

    private void end() {
        server.process().destroy();
        final Command.Result ended = server.await(30);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
    }

    private Command wrk(final int seconds, final String... more) {
        final List<String> line = new ArrayList<>(List.of("wrk", "-t1", "-c", CONNECTIONS, "-d", seconds + "s"));
        line.addAll(List.of(more));
        line.add(url);
        return namespace.start("", line.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerEveryRequestOfWrk(final boolean kernel) {
        Requirements.programs("wrk");
        serve(kernel);
        for (final String[] header : new String[][]{{}, {"-H", "Connection: close"}}) {
            assertThat(wrk(2, header).await(30).expectSuccess().out()).contains("Requests/sec")
                    .doesNotContain("Non-2xx", "Socket errors", "Requests/sec:      0.00");
        }
        end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerEveryStreamOfH2load(final boolean kernel) {
        Requirements.programs("h2load");
        serve(kernel);
        assertThat(namespace.run("h2load", "-n", "20000", "-c", CONNECTIONS, "-m", "10", url).expectSuccess().out())
                .contains("20000 succeeded, 0 failed, 0 errored, 0 timeout", "20000 2xx")
                // "Hello, World!" and a line feed of each, no byte more or less.
                .contains("(" + 20000 * 14 + ") data");
        end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndUnderLoad(final boolean kernel) {
        Requirements.programs("wrk", "ss");
        serve(kernel);
        final Command load = wrk(30);
        try {
            while (!namespace.run("ss", "-tn", "state", "established").out().contains(":8080")) {
                Thread.yield();
            }
            end();
        } finally {
            load.process().destroy();
        }
    }
}
