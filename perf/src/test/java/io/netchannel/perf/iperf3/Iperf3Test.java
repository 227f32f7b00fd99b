package io.netchannel.perf.iperf3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.cpu.HostMemory;
import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.perf.loops.TwoNodes;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends against each other, and the server against who is none, in virtual time. */
final class Iperf3Test {

    private static final int BLOCK_BYTES = 16 << 10;

    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final List<String> serverOut = new ArrayList<>();
    private final List<String> serverErr = new ArrayList<>();

    private static TestParameters parameters(final boolean udp, final int seconds, final long bytes, final int parallel,
            final boolean reverse, final boolean bidirectional, final long rate) {
        return new TestParameters(udp, 0, seconds, bytes, 0, 0, false, parallel, reverse, bidirectional, 0,
                udp ? 1000 : BLOCK_BYTES, rate, 0, 0, "", true, false);
    }

    private Iperf3Server server() {
        return new Iperf3Server(Iperf3Server.DEFAULT_PORT, AddressFamily.ANY,
                new ReportOptions(false, true, 1, serverOut::add, serverErr::add), () -> {
                });
    }

    private JsonNode measure(final TestParameters parameters, final int serverLoops, final int clientLoops)
            throws Exception {
        final Iperf3Client client = new Iperf3Client(TwoNodes.SERVER, Iperf3Server.DEFAULT_PORT, parameters, true,
                new ReportOptions(true, false, 1, out::add, err::add));
        try (TwoNodes nodes = new TwoNodes(serverLoops, clientLoops, server(), client)) {
            nodes.runUntil(() -> client.result().isDone(), "the client's end");
            // Which the server hears of in a turn that follows.
            nodes.runFor(10_000_000);
        }
        assertThat(client.result().join()).as("%s %s", out, serverErr).isTrue();
        assertThat(serverErr).isEmpty();
        return new ObjectMapper().readTree(String.join("", out));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldParallelStreamsToTheirRate(final boolean reverse) throws Exception {
        final JsonNode json = measure(parameters(false, 2, 0, 3, reverse, false, 8_000_000), 2, 2);
        assertThat(json.at("/start/connected")).hasSize(3);
        assertThat(json.at("/end/sum_sent/bytes").asDouble()).isEqualTo(6_000_000, within(60_000.0));
        assertThat(json.at("/end/sum_received/bytes").asDouble()).isEqualTo(6_000_000, within(60_000.0));
        assertThat(json.at("/end/sum_sent/seconds").asDouble()).isEqualTo(2, within(0.01));
        assertThat(json.get("intervals")).hasSize(2);
        assertThat(json.get("server_output_text").asText()).contains("Accepted connection from 10.9.0.1",
                "[ ID] Interval           Transfer     Bitrate", "[SUM]");
    }

    @Test
    void shouldSendBothWaysAtOnce() throws Exception {
        final JsonNode json = measure(parameters(false, 1, 0, 2, false, true, 8_000_000), 1, 1);
        assertThat(json.at("/end/sum_sent/bytes").asDouble()).isEqualTo(2_000_000, within(60_000.0));
        assertThat(json.at("/end/sum_received_bidir_reverse/bytes").asDouble()).isEqualTo(2_000_000, within(60_000.0));
    }

    @Test
    void shouldEndByBytes() throws Exception {
        final JsonNode json = measure(parameters(false, 0, 20 * BLOCK_BYTES, 2, false, false, 0), 2, 1);
        assertThat(json.at("/end/sum_sent/bytes").asLong()).isGreaterThanOrEqualTo(20 * BLOCK_BYTES)
                .isLessThan(23 * BLOCK_BYTES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCountDatagrams(final boolean reverse) throws Exception {
        final JsonNode json = measure(parameters(true, 1, 0, 2, reverse, false, 800_000), 2, 2);
        assertThat(json.at("/end/sum/packets").asDouble()).isEqualTo(200, within(6.0));
        assertThat(json.at("/end/sum/lost_packets").asLong()).isZero();
        assertThat(json.at("/end/streams/0/udp/out_of_order").asLong()).isZero();
    }

    // -- what is wrong

    /** Writes lines to the server; keeps how the connection ended. */
    private static final class Stranger implements Application, TcpHandler {

        private byte[] words;
        private LoopContext loop;
        private final StringBuilder states = new StringBuilder();
        private TcpCloseReason closed;

        Stranger(final byte[] words) {
            this.words = words;
        }

        @Override
        public String name() {
            return "stranger";
        }

        @Override
        public void start(final LoopContext context) {
            loop = context;
            connect();
        }

        void say(final String next) {
            words = next.getBytes(StandardCharsets.ISO_8859_1);
            connect();
        }

        private void connect() {
            closed = null;
            loop.stack().tcp().connect(TwoNodes.SERVER.high(), TwoNodes.SERVER.low(), Iperf3Server.DEFAULT_PORT, this);
        }

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.write(words, 0, words.length);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            states.append(HostMemory.INSTANCE.getByte(address)).append(' ');
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            flow.close();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            closed = reason;
        }
    }

    private static final String COOKIE = "abcdefghijklmnopqrstuvwxyz2345678901\0";

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "abc", COOKIE, COOKIE + "\0\0\0\5[1,2]", COOKIE + "\0\0\0\5hello",
        COOKIE + "\177\177\177\177{", COOKIE + "\0\0\0\2{}", COOKIE + "\0\0\0\35{\"tcp\":true,\"parallel\":9999}",
        COOKIE + "\0\0\0\14{\"tcp\":true}", COOKIE + "\0\0\0\14{\"udp\":true}\4", COOKIE + "\0\0\0\14{\"tcp\":true}\4",
        COOKIE + "\0\0\0\14{\"tcp\":true}\20", COOKIE + "\0\0\0\14{\"tcp\":true}\77"})
    void shouldSurviveAPeerThatSpeaksSomethingElseAndServeTheNext(final String words) {
        final Stranger stranger = new Stranger(words.getBytes(StandardCharsets.ISO_8859_1));
        try (TwoNodes nodes = new TwoNodes(2, 1, server(), stranger)) {
            nodes.runUntil(() -> stranger.closed != null, "the end of who said " + words);
            nodes.runUntil(() -> nodes.serverFlows() == 0, "that the server has forgotten it");
            // The next one is asked for its parameters, not turned away.
            stranger.states.setLength(0);
            stranger.say(COOKIE);
            nodes.runUntil(() -> stranger.states.toString().equals(State.PARAM_EXCHANGE + " "),
                    "the next one is heard");
        }
        assertThat(serverErr).allSatisfy(line -> assertThat(line.lines()).hasSize(1));
    }
}
