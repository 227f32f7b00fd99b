package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.CallSide.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.TestNetwork;
import java.util.List;

/** Two hosts face to face in virtual time, a server's and a client's. */
final class CallNetwork implements AutoCloseable {

    static final int LISTENER = 3;
    static final int SERVER = 4;
    static final int CLIENT = 3;

    /** Time goes on, even if a stack always wants to be polled. */
    private static final long STEP_NS = 100_000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;

    private final CallSide server;
    private final CallSide client;
    private final TestNetwork network;
    private long nowNs;

    CallNetwork() {
        this(Dialect.LINUX);
    }

    CallNetwork(final Dialect dialect) {
        server = new CallSide("02:00:00:00:00:01", "10.7.0.1", "10.7.0.2", dialect);
        client = new CallSide("02:00:00:00:00:02", "10.7.0.2", "10.7.0.1", dialect);
        network = new TestNetwork(server.host(), client.host());
        settle();
    }

    CallSide server() {
        return server;
    }

    CallSide client() {
        return client;
    }

    long nowMs() {
        return nowNs / 1_000_000;
    }

    /** Carries frames, and lets calls go on, until nothing moves. */
    void settle() {
        for (int i = 0; i < 4; i++) {
            network.settle();
            server.calls().poll(nowNs);
            client.calls().poll(nowNs);
        }
    }

    /** Lets time pass, deadline by deadline. */
    void run(final long ms) {
        final long untilNs = nowNs + ms * 1_000_000;
        settle();
        for (long next = nextNs(); next <= untilNs; next = nextNs()) {
            to(Math.max(next, nowNs + STEP_NS));
        }
        to(untilNs);
    }

    private long nextNs() {
        return Math.min(server.stack().nextDeadlineNs(), client.stack().nextDeadlineNs());
    }

    private void to(final long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
        server.host().time(nowNs);
        client.host().time(nowNs);
        settle();
    }

    // -- calls that many tests begin with

    void listen(final int backlog) {
        returns(LISTENER, server.call("socket", LISTENER, ANY, LinuxNumbers.SOCK_STREAM, LinuxNumbers.IPPROTO_TCP));
        returns(0, server.call("setsockopt", 0, LISTENER, SOL_SOCKET, SO_REUSEADDR, List.of(1), 4));
        returns(0, server.call("bind", 0, LISTENER, ANY, ANY));
        returns(0, server.call("listen", 0, LISTENER, backlog));
    }

    void clientSocket(final int number) {
        returns(number, client.call("socket", number, ANY, LinuxNumbers.SOCK_STREAM, LinuxNumbers.IPPROTO_TCP));
    }

    /** A connection between {@link #CLIENT} and {@link #SERVER}. */
    void establish() {
        listen(1);
        clientSocket(CLIENT);
        final SystemCalls.Call connect = client.call("connect", 0, CLIENT, ANY, ANY);
        settle();
        returns(0, connect);
        returns(SERVER, server.call("accept", SERVER, LISTENER, ANY, ANY));
    }

    static void nonBlocking(final CallSide side, final int descriptor) {
        returns(0, side.call("fcntl", 0, descriptor, LinuxNumbers.F_SETFL,
                LinuxNumbers.O_RDWR | LinuxNumbers.O_NONBLOCK));
    }

    static void returns(final long result, final SystemCalls.Call call) {
        assertTrue(call.isDone(), "the call waits");
        assertEquals("", call.errno() == 0 ? "" : Errno.name(call.errno()));
        assertEquals(result, call.result());
    }

    static void fails(final int errno, final SystemCalls.Call call) {
        assertTrue(call.isDone(), "the call waits");
        assertEquals(-1, call.result());
        assertEquals(Errno.name(errno), Errno.name(call.errno()));
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
