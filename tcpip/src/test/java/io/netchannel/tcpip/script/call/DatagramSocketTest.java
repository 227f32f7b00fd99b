package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.CallNetwork.*;
import static io.netchannel.tcpip.script.call.CallSide.*;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netchannel.kernel.linux.Errno;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatagramSocketTest {

    private final CallNetwork network = new CallNetwork();
    private final CallSide server = network.server();
    private final CallSide client = network.client();

    @AfterEach
    void close() {
        network.close();
    }

    private static void open(final CallSide side) {
        returns(3, side.call("socket", 3, ANY, LinuxNumbers.SOCK_DGRAM, LinuxNumbers.IPPROTO_UDP));
    }

    @Test
    void shouldExchangeDatagrams() {
        open(server);
        returns(0, server.call("bind", 0, 3, ANY, ANY));
        final SystemCalls.Call receive = server.call("recvfrom", 0, 3, ANY, 100, 0, ANY, ANY);
        assertFalse(receive.isDone());
        open(client);
        returns(50, client.call("sendto", 50, 3, ANY, 50, 0, ANY, ANY));
        returns(200, client.call("sendto", 200, 3, ANY, 200, 0, ANY, ANY));
        network.settle();
        returns(50, receive);
        returns(200, server.call("recv", 200, 3, ANY, 100, LinuxNumbers.MSG_PEEK | LinuxNumbers.MSG_TRUNC));
        returns(100, server.call("recv", 100, 3, ANY, 100, 0));
        fails(Errno.EAGAIN, server.call("recv", -1, 3, ANY, 100, LinuxNumbers.MSG_DONTWAIT));
    }

    @Test
    void shouldTellConnectedSocketOfClosedPort() {
        open(client);
        returns(0, client.call("connect", 0, 3, ANY, ANY));
        returns(5, client.call("write", 5, 3, ANY, 5));
        network.settle();
        fails(Errno.ECONNREFUSED, client.call("write", -1, 3, ANY, 5));
        returns(5, client.call("write", 5, 3, ANY, 5));
    }

    @Test
    void shouldRefuseWhatBelongsToStreams() {
        open(client);
        fails(Errno.EOPNOTSUPP, client.call("listen", -1, 3, 1));
        fails(Errno.ENOPROTOOPT, client.call("setsockopt", -1, 3, 6, 1, List.of(1), 4));
        fails(Errno.EMSGSIZE, client.call("sendto", -1, 3, ANY, 60_000, 0, ANY, ANY));
    }
}
