package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.CallNetwork.*;
import static io.netchannel.tcpip.script.call.CallSide.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitCallsTest {

    private static final int EPOLL = 9;
    private static final int IN = Descriptor.IN;
    private static final int OUT = Descriptor.OUT;
    private static final int SEND_BUFFER_BYTES = 100_000;

    private final CallNetwork network = new CallNetwork();
    private final CallSide server = network.server();
    private final CallSide client = network.client();

    @BeforeEach
    void establish() {
        client.config(TcpConfig.defaults().with(TcpSetting.SEND_BUFFER_BYTES, SEND_BUFFER_BYTES)
                .with(TcpSetting.SEND_BUFFER_MAX_BYTES, SEND_BUFFER_BYTES));
        network.establish();
        nonBlocking(server, SERVER);
        nonBlocking(client, CLIENT);
        returns(EPOLL, server.call("epoll_create", EPOLL, 1));
        returns(EPOLL, client.call("epoll_create", EPOLL, 1));
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static SystemCalls.Call poll(final CallSide side, final int fd, final int events, final int timeoutMs) {
        return side.call("poll", 1, List.of(struct("fd", fd, "events", events, "revents", 0)), 1, timeoutMs);
    }

    private static long revents(final SystemCalls.Call call) {
        final Value entry = ((Value.Items) call.outputs().getFirst()).items().getFirst();
        return ((Value.Int) ((Value.Struct) entry).field("revents")).value();
    }

    private static void add(final CallSide side, final int fd, final int events) {
        returns(0, side.call("epoll_ctl", 0, EPOLL, Epoll.ADD, fd, struct("events", events, "fd", fd)));
    }

    /** What epoll_wait() reports without waiting; 0 for nothing. */
    private static long events(final CallSide side) {
        final SystemCalls.Call call = side.call("epoll_wait", 1, EPOLL, struct("events", 0, "fd", 0), 1, 0);
        final Value.Struct event = (Value.Struct) call.outputs().get(1);
        final long events = ((Value.Int) event.field("events")).value();
        returns(events == 0 ? 0 : 1, call);
        return events;
    }

    private void clientWrites(final int bytes) {
        returns(bytes, client.call("write", bytes, CLIENT, ANY, bytes));
        network.settle();
    }

    // -- poll

    @Test
    void shouldPollUntilDataArrives() {
        final SystemCalls.Call poll = poll(server, SERVER, IN, 1000);
        network.run(300);
        assertFalse(poll.isDone());
        clientWrites(10);
        returns(1, poll);
        assertEquals(IN, revents(poll));
        assertEquals(network.nowMs(), poll.doneNs() / 1_000_000);
    }

    @Test
    void shouldPollNoLongerThanTimeout() {
        final SystemCalls.Call poll = poll(server, SERVER, IN, 250);
        network.run(1000);
        returns(0, poll);
        assertEquals(250, poll.doneNs() / 1_000_000);
        assertEquals(0, revents(poll));
    }

    @Test
    void shouldTellPollOfHangUpAndError() {
        returns(0, client.call("setsockopt", 0, CLIENT, 1, 13, struct("onoff", 1, "linger", 0), 8));
        returns(0, client.call("close", 0, CLIENT));
        network.settle();
        final SystemCalls.Call poll = poll(server, SERVER, IN | OUT, 0);
        returns(1, poll);
        assertEquals(IN | OUT | Descriptor.ERR | Descriptor.HUP, revents(poll));
        assertEquals(Descriptor.INVALID, revents(poll(server, 66, IN, 0)));
    }

    @Test
    void shouldPollListenerForConnections() {
        final SystemCalls.Call poll = poll(server, LISTENER, IN, -1);
        assertFalse(poll.isDone());
        network.clientSocket(5);
        nonBlocking(client, 5);
        fails(Errno.EINPROGRESS, client.call("connect", -1, 5, ANY, ANY));
        network.settle();
        returns(1, poll);
    }

    // -- epoll

    @Test
    void shouldReportLevelAsLongAsItHolds() {
        add(server, SERVER, IN);
        assertEquals(0, events(server));
        clientWrites(10);
        assertEquals(IN, events(server));
        assertEquals(IN, events(server));
        returns(10, server.call("read", 10, SERVER, ANY, 100));
        assertEquals(0, events(server));
    }

    @Test
    void shouldReportEdgeOncePerArrival() {
        add(server, SERVER, IN | OUT | Epoll.EDGE_TRIGGERED);
        assertEquals(OUT, events(server));
        assertEquals(0, events(server));
        clientWrites(4000);
        assertEquals(IN | OUT, events(server));
        assertEquals(0, events(server));
        clientWrites(6000);
        assertEquals(IN | OUT, events(server));
        returns(1000, server.call("read", 1000, SERVER, ANY, 1000));
        assertEquals(0, events(server), "draining is no edge");
        clientWrites(2000);
        assertEquals(IN | OUT, events(server));
    }

    @Test
    void shouldReportRoomAsEdgeAfterShortWrite() {
        add(client, CLIENT, OUT | Epoll.EDGE_TRIGGERED);
        assertEquals(OUT, events(client));
        final SystemCalls.Call write = client.call("write", 0, CLIENT, ANY, 3 * SEND_BUFFER_BYTES);
        assertTrue(write.result() > 0 && write.result() < 2 * SEND_BUFFER_BYTES, () -> "took " + write.result());
        assertEquals(0, events(client));
        network.run(500);
        returns(40_000, server.call("read", 40_000, SERVER, ANY, 40_000));
        network.run(500);
        assertEquals(OUT, events(client));
        assertEquals(0, events(client));
    }

    @Test
    void shouldReportOneShotOnceUntilModified() {
        add(server, SERVER, IN | Epoll.ONE_SHOT);
        clientWrites(10);
        assertEquals(IN, events(server));
        assertEquals(0, events(server));
        returns(0, server.call("epoll_ctl", 0, EPOLL, Epoll.MODIFY, SERVER, struct("events", IN, "fd", SERVER)));
        assertEquals(IN, events(server));
        returns(0, server.call("epoll_ctl", 0, EPOLL, Epoll.DELETE, SERVER, 0));
        assertEquals(0, events(server));
        fails(Errno.ENOENT, server.call("epoll_ctl", -1, EPOLL, Epoll.DELETE, SERVER, 0));
    }

    @Test
    void shouldWaitForEvents() {
        add(server, SERVER, IN);
        final SystemCalls.Call wait = server.call("epoll_wait", 1, EPOLL, struct("events", IN, "fd", SERVER), 1, -1);
        network.run(1000);
        assertFalse(wait.isDone());
        clientWrites(1);
        returns(1, wait);
        assertEquals(struct("events", IN, "fd", SERVER), wait.outputs().get(1));
    }

    @Test
    void shouldForgetClosedDescriptor() {
        add(server, SERVER, OUT);
        assertEquals(OUT, events(server));
        returns(0, server.call("close", 0, SERVER));
        assertEquals(0, events(server));
    }
}
