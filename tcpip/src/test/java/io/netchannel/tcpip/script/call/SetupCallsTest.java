package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.CallNetwork.*;
import static io.netchannel.tcpip.script.call.CallSide.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SetupCallsTest {

    private final CallNetwork network = new CallNetwork();
    private final CallSide server = network.server();
    private final CallSide client = network.client();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void shouldCompleteBlockingAcceptWhenHandshakeIsOver() {
        network.listen(1);
        final SystemCalls.Call accept = server.call("accept", SERVER, LISTENER, ANY, ANY);
        network.run(100);
        assertFalse(accept.isDone());
        network.clientSocket(CLIENT);
        final SystemCalls.Call connect = client.call("connect", 0, CLIENT, ANY, ANY);
        assertFalse(connect.isDone());
        network.settle();
        returns(0, connect);
        returns(SERVER, accept);
        assertEquals(network.nowMs(), accept.doneNs() / 1_000_000);
        assertEquals(SERVER, server.calls().latestConnection());
    }

    @Test
    void shouldTellNonBlockingAcceptToTryAgain() {
        network.listen(1);
        nonBlocking(server, LISTENER);
        fails(Errno.EAGAIN, server.call("accept", -1, LISTENER, ANY, ANY));
    }

    @Test
    void shouldAcceptOneMoreThanBacklog() {
        network.listen(1);
        nonBlocking(server, LISTENER);
        for (int fd = 3; fd < 6; fd++) {
            network.clientSocket(fd);
            nonBlocking(client, fd);
            fails(Errno.EINPROGRESS, client.call("connect", -1, fd, ANY, ANY));
            network.settle();
        }
        returns(4, server.call("accept", 4, LISTENER, ANY, ANY));
        returns(5, server.call("accept", 5, LISTENER, ANY, ANY));
        fails(Errno.EAGAIN, server.call("accept", -1, LISTENER, ANY, ANY));
        network.run(3_000);
        returns(6, server.call("accept", 6, LISTENER, ANY, ANY));
    }

    @Test
    void shouldWalkThroughNonBlockingConnectAsLinuxDoes() {
        network.listen(1);
        network.clientSocket(CLIENT);
        nonBlocking(client, CLIENT);
        fails(Errno.EINPROGRESS, client.call("connect", -1, CLIENT, ANY, ANY));
        fails(Errno.EALREADY, client.call("connect", -1, CLIENT, ANY, ANY));
        fails(Errno.EAGAIN, client.call("write", -1, CLIENT, ANY, 10));
        network.settle();
        returns(0, client.call("connect", 0, CLIENT, ANY, ANY));
        fails(Errno.EISCONN, client.call("connect", -1, CLIENT, ANY, ANY));
    }

    @Test
    void shouldTellFreeBsdThatItIsConnectedAtOnce() {
        try (CallNetwork freeBsd = new CallNetwork(Dialect.FREEBSD)) {
            freeBsd.listen(1);
            freeBsd.clientSocket(CLIENT);
            nonBlocking(freeBsd.client(), CLIENT);
            fails(Errno.EINPROGRESS, freeBsd.client().call("connect", -1, CLIENT, ANY, ANY));
            freeBsd.settle();
            fails(Errno.EISCONN, freeBsd.client().call("connect", -1, CLIENT, ANY, ANY));
        }
    }

    @Test
    void shouldTellOfRefusal() {
        network.clientSocket(CLIENT);
        final SystemCalls.Call connect = client.call("connect", 0, CLIENT, ANY, ANY);
        network.settle();
        fails(Errno.ECONNREFUSED, connect);
    }

    @Test
    void shouldTellOfRefusalBySocketError() {
        network.clientSocket(CLIENT);
        nonBlocking(client, CLIENT);
        fails(Errno.EINPROGRESS, client.call("connect", -1, CLIENT, ANY, ANY));
        network.settle();
        final SystemCalls.Call error = client.call("getsockopt", 0, CLIENT, 1, 4, java.util.List.of(0),
                java.util.List.of(4));
        returns(0, error);
        assertEquals(Arguments.bracket(Errno.ECONNREFUSED), error.outputs().get(3));
        fails(Errno.ECONNABORTED, client.call("connect", -1, CLIENT, ANY, ANY));
    }

    @Test
    void shouldRefuseWrongDescriptors() {
        returns(5, server.call("epoll_create", 5, 1));
        fails(Errno.EBADF, server.call("listen", -1, 77, 1));
        fails(Errno.EBADF, server.call("close", -1, 77));
        fails(Errno.ENOTSOCK, server.call("bind", -1, 5, ANY, ANY));
        fails(Errno.EPROTONOSUPPORT, server.call("socket", -1, ANY, LinuxNumbers.SOCK_STREAM,
                LinuxNumbers.IPPROTO_UDP));
    }

    @Test
    void shouldRefuseSecondBinderOfPort() {
        network.listen(1);
        returns(9, server.call("socket", 9, ANY, LinuxNumbers.SOCK_STREAM, LinuxNumbers.IPPROTO_TCP));
        fails(Errno.EADDRINUSE, server.call("bind", -1, 9, ANY, ANY));
        fails(Errno.EINVAL, server.call("accept", -1, 9, ANY, ANY));
    }

    @Test
    void shouldNameCallThatWeDoNotHave() {
        final UnsupportedCall unsupported = assertThrows(UnsupportedCall.class,
                () -> server.call("splice", 0, 3, 0, 4, 0, 10, 0));
        assertEquals("splice()", unsupported.getMessage());
    }
}
