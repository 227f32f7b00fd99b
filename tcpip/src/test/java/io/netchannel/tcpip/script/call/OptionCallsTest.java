package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.CallNetwork.*;
import static io.netchannel.tcpip.script.call.CallSide.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionCallsTest {

    private final CallNetwork network = new CallNetwork();
    private final CallSide client = network.client();

    @AfterEach
    void close() {
        network.close();
    }

    private SystemCalls.Call set(final int level, final int option, final long value) {
        return client.call("setsockopt", 0, CLIENT, level, option, List.of(value), 4);
    }

    private long get(final int level, final int option) {
        final SystemCalls.Call call = client.call("getsockopt", 0, CLIENT, level, option, List.of(0), List.of(4));
        returns(0, call);
        assertEquals(Arguments.bracket(4), call.outputs().get(4));
        return ((Value.Int) ((Value.Items) call.outputs().get(3)).items().getFirst()).value();
    }

    @ParameterizedTest
    @CsvSource({"1,2,1,1", "1,7,21000,42000", "1,8,30000,60000", "1,8,1000000,425984", "1,9,1,1", "1,18,100,100",
        "6,1,1,1", "6,2,1000,1000", "6,3,1,1", "6,4,33,33", "6,5,44,44", "6,6,5,5", "6,7,3,3", "6,18,3000,3000",
        "6,25,4294967295,4294967295", "6,36,1,1", "41,26,1,1"})
    void shouldGiveBackWhatWasSet(final int level, final int option, final long value, final long read) {
        network.clientSocket(CLIENT);
        returns(0, set(level, option, value));
        assertEquals(read, get(level, option));
        returns(0, client.call("close", 0, CLIENT));
        network.establish();
        returns(0, set(level, option, value));
        if (level != 6 || option != 2) {
            assertEquals(read, get(level, option));
        }
    }

    @ParameterizedTest
    @CsvSource({"6,2,87", "6,2,32768", "6,4,0", "6,5,32768", "6,6,128", "6,7,0", "6,18,-1"})
    void shouldRefuseValueThatLinuxRefuses(final int level, final int option, final long value) {
        network.clientSocket(CLIENT);
        fails(Errno.EINVAL, set(level, option, value));
    }

    @Test
    void shouldGiveSettingsOfSocketToItsFlow() {
        network.clientSocket(CLIENT);
        returns(0, set(6, 2, 700));
        network.listen(1);
        final SystemCalls.Call connect = client.call("connect", 0, CLIENT, ANY, ANY);
        network.settle();
        returns(0, connect);
        returns(0, set(6, 1, 1));
        assertEquals(1, get(6, 1));
        assertTrue(client.calls().tcpInfo(CLIENT).containsKey("tcpi_snd_cwnd"));
        assertEquals(CLIENT, client.calls().latestConnection());
    }

    @Test
    void shouldNameOptionOrValueThatWeDoNotHave() {
        network.clientSocket(CLIENT);
        assertEquals("setsockopt: TCP_MD5SIG", assertThrows(UnsupportedCall.class, () -> set(6, 14, 1)).getMessage());
        assertEquals("TCP Fast Open",
                assertThrows(UnsupportedCall.class, () -> set(6, 23, 5)).getMessage());
        assertEquals("setsockopt: level=6 option=999",
                assertThrows(UnsupportedCall.class, () -> set(6, 999, 1)).getMessage());
    }

    @Test
    void shouldChooseCongestionControlByName() {
        network.clientSocket(CLIENT);
        returns(0, client.call("setsockopt", 0, CLIENT, 6, 13, "reno", 4));
        final SystemCalls.Call call = client.call("getsockopt", 0, CLIENT, 6, 13, "reno", List.of(16));
        returns(0, call);
        assertEquals(new Value.Text("reno"), call.outputs().get(3));
    }

    @Test
    void shouldRoundFreeBsdBuffersToSegmentsOnceConnected() {
        try (CallNetwork freeBsd = new CallNetwork(Dialect.FREEBSD)) {
            freeBsd.client().config(TcpConfig.defaults().with(TcpSetting.RECEIVE_BUFFER_BYTES, 65_536)
                    .with(TcpSetting.TIMESTAMPS, false));
            freeBsd.establish();
            final SystemCalls.Call call = freeBsd.client().call("getsockopt", 0, CLIENT, 1, 8, List.of(0), List.of(4));
            final long size = ((Value.Int) ((Value.Items) call.outputs().get(3)).items().getFirst()).value();
            assertEquals(65_700, size);
        }
    }
}
