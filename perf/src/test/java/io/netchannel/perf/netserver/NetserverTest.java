package io.netchannel.perf.netserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netchannel.perf.loops.TwoNodes;
import io.netchannel.perf.netserver.Netserver.Family;
import io.netchannel.perf.netserver.WireClient.Connection;
import io.netchannel.tcpip.udp.UdpSocket;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** netperf's control messages and data, byte by byte as its sources have them, in virtual time. */
final class NetserverTest {

    private static final int TCP_STREAM_RESULTS = 12;
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<String> log = new ArrayList<>();
    private final WireClient client = new WireClient();
    private TwoNodes nodes;

    private Connection control(final int serverLoops) {
        nodes = new TwoNodes(serverLoops, 1, new Netserver(Netserver.DEFAULT_PORT, Family.ANY, log::add), client);
        return client.connect(nodes, Netserver.DEFAULT_PORT);
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private static ControlMessage omni(final int direction, final int flags, final int length) {
        return new ControlMessage().reset(OmniLayout.DO_OMNI, -1).word(0, -1).word(5, -1).word(6, -1).word(11, -1)
                .word(12, flags).word(14, length).word(21, 4).word(22, 1).word(23, TestRequest.TCP)
                .word(24, direction);
    }

    private static long receivedBytes(final ControlMessage results) {
        return (long) results.word(0) << Integer.SIZE | Integer.toUnsignedLong(results.word(1));
    }

    private static long sentBytes(final ControlMessage results) {
        return (long) results.word(4) << Integer.SIZE | Integer.toUnsignedLong(results.word(5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldCountAStreamUntilItsEnd(final int loops) {
        final Connection control = control(loops);
        final ControlMessage response = WireClient.ask(nodes, control,
                omni(OmniLayout.RECV, OmniLayout.FLAG_MEASURE_CPU, 10));
        assertThat(response.type()).isEqualTo(OmniLayout.OMNI_RESPONSE);
        assertThat(response.errno()).isZero();
        final Connection data = client.connect(nodes, response.word(11));
        data.flow().write(new byte[100_000], 0, 100_000);
        data.flow().shutdownOutput();
        nodes.runUntil(() -> data.finished, "the server's FIN");
        final ControlMessage results = WireClient.answer(nodes, control);
        assertThat(results.type()).isEqualTo(OmniLayout.OMNI_RESULTS);
        assertThat(receivedBytes(results)).isEqualTo(100_000);
        assertThat(results.real(10)).isGreaterThan(0).isLessThan(10);
        assertThat(results.word(18)).isEqualTo(HostCpu.METHOD_PROC_STAT);
        assertThat(log).isEmpty();
    }

    @Test
    void shouldSendForTheTimeAsked() {
        final Connection control = control(1);
        final ControlMessage response = WireClient.ask(nodes, control, omni(OmniLayout.XMIT, 0, 1));
        final Connection data = client.connect(nodes, response.word(11));
        final ControlMessage results = WireClient.answer(nodes, control);
        assertThat(results.real(10)).isEqualTo(1, within(0.01f));
        nodes.runUntil(() -> data.finished, "the server's FIN");
        assertThat(sentBytes(results)).isEqualTo(data.receivedBytes()).isPositive();
    }

    @Test
    void shouldSendTheBytesAsked() {
        final Connection control = control(1);
        final ControlMessage response = WireClient.ask(nodes, control, omni(OmniLayout.XMIT, 0, -70_000));
        final Connection data = client.connect(nodes, response.word(11));
        nodes.runUntil(() -> data.finished, "the server's FIN");
        assertThat(data.receivedBytes()).isEqualTo(70_000);
        assertThat(sentBytes(WireClient.answer(nodes, control))).isEqualTo(70_000);
    }

    @Test
    void shouldAnswerEachRequestOfTwoTestsInTurn() {
        final Connection control = control(2);
        for (int test = 0; test < 2; test++) {
            final ControlMessage response = WireClient.ask(nodes, control,
                    omni(OmniLayout.XMIT | OmniLayout.RECV, OmniLayout.FLAG_NO_DELAY, 10).word(5, 100).word(11, 7));
            final Connection data = client.connect(nodes, response.word(11));
            // Two and a half; the half is no transaction.
            data.flow().write(new byte[250], 0, 250);
            nodes.runUntil(() -> data.receivedBytes() == 14, "two responses");
            data.flow().close();
            final ControlMessage results = WireClient.answer(nodes, control);
            assertThat(results.word(9)).isEqualTo(2);
            assertThat(receivedBytes(results)).isEqualTo(250);
        }
        assertThat(log).isEmpty();
    }

    @Test
    void shouldCloseEachConnectionAfterItsTransactionAndEndSoonAfterTheTime() {
        final Connection control = control(3);
        final ControlMessage response = WireClient.ask(nodes, control, omni(OmniLayout.XMIT | OmniLayout.RECV,
                OmniLayout.FLAG_CONNECT_TEST, 1).word(5, 1).word(11, 1));
        for (int i = 0; i < 20; i++) {
            final Connection data = client.connect(nodes, response.word(11));
            data.flow().write(new byte[1], 0, 1);
            nodes.runUntil(() -> data.finished, "the server's FIN");
            assertThat(data.receivedBytes()).isEqualTo(1);
            data.flow().close();
        }
        final ControlMessage results = WireClient.answer(nodes, control);
        assertThat(results.word(9)).isEqualTo(20);
        assertThat(nodes.elapsedNs()).isLessThan(2 * SECOND_NS);
    }

    @Test
    void shouldRunTheClassicTestsInTheirOwnLayouts() {
        final Connection control = control(1);
        final ControlMessage response = WireClient.ask(nodes, control,
                new ControlMessage().reset(ClassicLayout.DO_TCP_STREAM, -1).word(8, 10).word(14, 4));
        assertThat(response.type()).isEqualTo(ClassicLayout.DO_TCP_STREAM + 1);
        final Connection data = client.connect(nodes, response.word(6));
        data.flow().write(new byte[1234], 0, 1234);
        data.flow().shutdownOutput();
        final ControlMessage results = WireClient.answer(nodes, control);
        assertThat(results.type()).isEqualTo(TCP_STREAM_RESULTS);
        assertThat(results.doubleReal(0)).isEqualTo(1234);
        final ControlMessage connects = WireClient.ask(nodes, control,
                new ControlMessage().reset(ClassicLayout.DO_TCP_CC, -1).word(11, -3).word(15, 4));
        for (int i = 0; i < 3; i++) {
            final Connection one = client.connect(nodes, connects.word(5));
            nodes.runUntil(() -> one.finished, "the server's FIN");
            one.flow().close();
        }
        assertThat(WireClient.answer(nodes, control).word(2)).isEqualTo(3);
    }

    @Test
    void shouldExchangeDatagramsUntilAnEmptyOne() {
        final Connection control = control(2);
        final ControlMessage response = WireClient.ask(nodes, control,
                omni(OmniLayout.XMIT | OmniLayout.RECV, 0, 10).word(23, TestRequest.UDP).word(5, 9).word(11, 33));
        final int[] answers = new int[1];
        final UdpSocket socket = nodes.clientLoop().stack().udp().connect(0, 0, 0, TwoNodes.SERVER.high(),
                TwoNodes.SERVER.low(), response.word(11), (from, high, low, port, address, length) -> {
                    assertThat(length).isEqualTo(33);
                    answers[0]++;
                });
        try (Arena arena = Arena.ofConfined()) {
            final long bytes = arena.allocate(9).address();
            for (int i = 1; i <= 5; i++) {
                final int wanted = i;
                socket.send(bytes, 9);
                nodes.runUntil(() -> answers[0] == wanted, "answer " + i);
            }
            socket.send(bytes, 0);
            final ControlMessage results = WireClient.answer(nodes, control);
            assertThat(results.word(9)).isEqualTo(5);
            assertThat(receivedBytes(results)).isEqualTo(45);
            assertThat(sentBytes(results)).isEqualTo(165);
        }
    }

    // -- what is wrong

    @Test
    void shouldCloseOnAPeerOfAnotherProtocolAndGoOn() {
        final Connection stranger = control(1);
        stranger.flow().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0, 18);
        nodes.runUntil(() -> stranger.closed != null, "the end of the stranger");
        assertThat(log).singleElement().asString().contains("no message of netperf");
        shouldStillServe();
    }

    @Test
    void shouldNotWaitForTheRestOfAMessage() {
        final Connection slow = control(1);
        slow.flow().write(new byte[]{0, 0, 0, OmniLayout.DO_OMNI}, 0, 4);
        nodes.runUntil(() -> slow.closed != null, "the end of the slow one");
        assertThat(log).singleElement().asString().contains("4 bytes of a message of 656");
        shouldStillServe();
    }

    @Test
    void shouldStopSendingToAClientThatDiesInTheMiddle() {
        final Connection control = control(2);
        final ControlMessage response = WireClient.ask(nodes, control, omni(OmniLayout.XMIT, 0, 3600));
        client.connect(nodes, response.word(11));
        nodes.runFor(SECOND_NS / 100);
        control.flow().abort();
        nodes.runUntil(() -> !log.isEmpty(), "the server's word");
        assertThat(log).singleElement().asString().contains("left in the middle of a test (RESET)");
        nodes.runUntil(() -> nodes.serverFlows() == 0, "the end of the data connection");
        shouldStillServe();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23=132", "23=17 5=1 24=6", "20=70000", "23=17 24=2 25=0", "23=17 24=2 25=9 1=70000"})
    void shouldAnswerAnImpossibleTestWithAnErrno(final String words) {
        final Connection control = control(1);
        final ControlMessage request = omni(OmniLayout.RECV, OmniLayout.FLAG_CONNECT_TEST, 1);
        for (final String word : words.split(" ")) {
            request.word(Integer.parseInt(word.split("=")[0]), Integer.parseInt(word.split("=")[1]));
        }
        assertThat(WireClient.ask(nodes, control, request).errno()).isPositive();
        assertThat(log).hasSize(1);
        shouldStillServe();
    }

    @Test
    void shouldSayThatItDoesNotKnowATest() {
        final Connection control = control(1);
        assertThat(WireClient.ask(nodes, control, new ControlMessage().reset(500, -1)).errno()).isEqualTo(998);
        shouldStillServe();
    }

    private void shouldStillServe() {
        final Connection control = client.connect(nodes, Netserver.DEFAULT_PORT);
        final ControlMessage response = WireClient.ask(nodes, control, omni(OmniLayout.RECV, 0, 1));
        assertThat(response.errno()).isZero();
        final Connection data = client.connect(nodes, response.word(11));
        data.flow().close();
        assertThat(WireClient.answer(nodes, control).type()).isEqualTo(OmniLayout.OMNI_RESULTS);
    }
}
