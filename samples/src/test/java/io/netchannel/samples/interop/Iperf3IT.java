package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian's iperf3 at one end, {@code ./netchannel iperf3} as a user runs it at the other, in either role. */
@Timeout(240)
final class Iperf3IT {

    private static final String TAP = "nc0";
    private static final String NODE = "10.7.0.2";
    private static final String NODE6 = "fd00:7::2";
    private static final String HOST = "10.7.0.1";

    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("iperf3", "ncat");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private Command netchannel(final String... options) {
        final List<String> line = new ArrayList<>(List.of("iperf3", "--tap", TAP, "--address", NODE + "/24",
                "--address", NODE6 + "/64", "--host-address", HOST + "/24", "--host-address", "fd00:7::1/64",
                "--loops", "2"));
        line.addAll(List.of(options));
        return namespace.startNetchannel(line.toArray(String[]::new));
    }

    private JsonNode iperf3(final String... options) throws Exception {
        final List<String> line = new ArrayList<>(List.of("iperf3", "-J", "-c"));
        line.addAll(List.of(options));
        final Command.Result result = namespace.run(line.toArray(String[]::new)).expectSuccess();
        final JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(json.has("error")).as(result.out()).isFalse();
        return json;
    }

    private static void assertReceived(final JsonNode json, final int streams) {
        assertThat(json.at("/end/streams")).hasSize(streams);
        assertThat(json.at("/end/sum_sent/bytes").asLong()).as(json.toString()).isPositive();
        assertThat(json.at("/end/sum_received/bytes").asLong()).as(json.toString()).isPositive();
    }

    @Test
    void shouldServeIperf3() throws Exception {
        final Command server = netchannel("-s");
        server.awaitOutput("Server listening on 5201");
        // Speaks something else; the server goes on.
        namespace.start("GET / HTTP/1.1\r\n\r\n", "ncat", "--recv-only", "-w", "5", NODE, "5201").await(30);
        assertReceived(iperf3(NODE, "-t", "1"), 1);
        assertReceived(iperf3(NODE6, "-n", "10M", "-R", "-C", "cubic"), 1);
        assertReceived(iperf3(NODE, "-t", "1", "-P", "4", "-w", "256K", "-M", "1000", "-N"), 4);
        final JsonNode both = iperf3(NODE, "-t", "1", "--bidir", "--get-server-output");
        assertReceived(both, 2);
        assertThat(both.at("/end/sum_received_bidir_reverse/bytes").asLong()).isPositive();
        assertThat(both.at("/server_output_text").asText()).contains("[TX-S]", "[RX-S]", "Bitrate");
        for (final String direction : new String[]{"--udp-counters-64bit", "-R"}) {
            final JsonNode datagrams = iperf3(NODE, "-u", "-t", "1", "-b", "2M", "-P", "2", direction);
            assertReceived(datagrams, 2);
            assertThat(datagrams.at("/end/sum/lost_percent").asDouble()).isLessThan(50);
        }
        assertReceived(iperf3(NODE, "-t", "1", "-O", "1", "-b", "10M"), 1);
        server.process().destroy();
        final Command.Result ended = server.await(30);
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("Accepted connection from " + HOST, "(test #8)");
        assertThat(ended.err().lines()).as(ended.err()).allMatch(line -> line.contains("cookie"));
        assertThat(namespace.run("ip", "-o", "link").out()).doesNotContain(TAP + ":");
    }

    private JsonNode measure(final String... options) throws Exception {
        final List<String> line = new ArrayList<>(List.of("-c", HOST, "-J"));
        line.addAll(List.of(options));
        final Command.Result result = netchannel(line.toArray(String[]::new)).await(60).expectSuccess();
        assertThat(result.err()).isEmpty();
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    void shouldMeasureAgainstIperf3() throws Exception {
        final Command server = namespace.start("", "iperf3", "-s", "--forceflush");
        try {
            server.awaitOutput("listening");
            assertReceived(measure("-t", "1", "-P", "3"), 3);
            assertReceived(measure("-n", "10M", "-R", "--get-server-output"), 1);
            assertReceived(measure("-t", "1", "--bidir"), 2);
            assertReceived(measure("-u", "-t", "1", "-b", "2M", "-P", "2"), 2);
            assertReceived(measure("-u", "-t", "1", "-b", "2M", "-R"), 1);
        } finally {
            server.process().destroy();
            server.await(30);
        }
    }

    @Test
    void shouldSayInALineThatThereIsNoServer() {
        final Command.Result result = netchannel("-c", HOST, "-t", "1").await(60);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err().strip()).isEqualTo(
                "iperf3: error - unable to connect to server: Connection refused");
    }
}
