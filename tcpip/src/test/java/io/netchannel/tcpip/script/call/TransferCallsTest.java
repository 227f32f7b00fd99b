package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.CallNetwork.*;
import static io.netchannel.tcpip.script.call.CallSide.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransferCallsTest {

    private static final int WINDOW_BYTES = 60_000;
    private static final int SEND_BUFFER_BYTES = 100_000;
    private static final int SOL_TCP = 6;
    private static final int TCP_INQ = 36;

    private final CallNetwork network = new CallNetwork();
    private final CallSide server = network.server();
    private final CallSide client = network.client();

    @BeforeEach
    void establish() {
        server.config(TcpConfig.defaults().with(TcpSetting.RECEIVE_BUFFER_BYTES, WINDOW_BYTES)
                .with(TcpSetting.RECEIVE_BUFFER_MAX_BYTES, WINDOW_BYTES));
        client.config(TcpConfig.defaults().with(TcpSetting.SEND_BUFFER_BYTES, SEND_BUFFER_BYTES)
                .with(TcpSetting.SEND_BUFFER_MAX_BYTES, SEND_BUFFER_BYTES));
        network.establish();
    }

    @AfterEach
    void close() {
        network.close();
    }

    private long inputQueue() {
        final SystemCalls.Call call = server.call("ioctl", 0, SERVER, LinuxNumbers.FIONREAD, List.of(0));
        returns(0, call);
        return ((Value.Int) ((Value.Items) call.outputs().get(2)).items().getFirst()).value();
    }

    @Test
    void shouldCompleteBlockingReadWhenDataArrives() {
        final SystemCalls.Call read = server.call("read", 0, SERVER, ANY, 2000);
        network.run(100);
        assertFalse(read.isDone());
        returns(1500, client.call("write", 1500, CLIENT, ANY, 1500));
        network.settle();
        assertTrue(read.isDone());
        assertTrue(read.result() > 0);
    }

    @Test
    void shouldLeaveUnreadBytesInFlow() {
        returns(5000, client.call("write", 5000, CLIENT, ANY, 5000));
        network.settle();
        assertEquals(5000, inputQueue());
        returns(4000, server.call("recv", 4000, SERVER, ANY, 4000, LinuxNumbers.MSG_PEEK));
        returns(1000, server.call("read", 1000, SERVER, ANY, 1000));
        assertEquals(4000, inputQueue());
        returns(4000, server.call("read", 4000, SERVER, ANY, 9000));
        assertEquals(0, inputQueue());
        nonBlocking(server, SERVER);
        fails(Errno.EAGAIN, server.call("read", -1, SERVER, ANY, 1));
    }

    @Test
    void shouldCountUnreadBytesAgainstWindow() {
        final SystemCalls.Call write = client.call("write", 0, CLIENT, ANY, WINDOW_BYTES + 300_000);
        network.run(500);
        assertFalse(write.isDone());
        assertEquals(WINDOW_BYTES, inputQueue());
        returns(WINDOW_BYTES, server.call("read", WINDOW_BYTES, SERVER, ANY, WINDOW_BYTES));
        network.run(500);
        assertTrue(inputQueue() > WINDOW_BYTES - 1460 && inputQueue() <= WINDOW_BYTES,
                "the window has opened by what was read, to a segment: " + inputQueue());
        returns(0, server.call("close", 0, SERVER));
        network.settle();
        assertTrue(write.isDone(), "the reader has reset the connection");
        assertTrue(write.result() > 2 * WINDOW_BYTES && write.result() <= 2 * WINDOW_BYTES + SEND_BUFFER_BYTES,
                "written=" + write.result());
    }

    @Test
    void shouldCompleteBlockingWriteWhenThereIsRoom() {
        final int bytes = 400_000;
        final SystemCalls.Call write = client.call("write", 0, CLIENT, ANY, bytes);
        network.run(100);
        assertFalse(write.isDone(), "the reader doesn't read");
        for (int i = 0; i < 200 && !write.isDone(); i++) {
            server.call("recv", 0, SERVER, ANY, 1 << 20, LinuxNumbers.MSG_DONTWAIT);
            network.run(10);
        }
        returns(bytes, write);
    }

    @Test
    void shouldLetLoopSleepWhileWriteWaits() {
        final SystemCalls.Call write = client.call("write", 0, CLIENT, ANY, 400_000);
        network.run(500);
        assertFalse(write.isDone());
        assertTrue(client.stack().nextDeadlineNs() > client.nowNs(), "the stack wants to be polled without end");
    }

    @Test
    void shouldReadZeroAfterPeerHasFinished() {
        returns(10, client.call("write", 10, CLIENT, ANY, 10));
        returns(0, client.call("shutdown", 0, CLIENT, LinuxNumbers.SHUT_WR));
        network.settle();
        returns(10, server.call("read", 10, SERVER, ANY, 100));
        returns(0, server.call("read", 0, SERVER, ANY, 100));
        returns(0, server.call("read", 0, SERVER, ANY, 100));
        fails(Errno.EPIPE, client.call("write", -1, CLIENT, ANY, 1));
        returns(3, server.call("write", 3, SERVER, ANY, 3));
        network.settle();
        returns(3, client.call("read", 3, CLIENT, ANY, 100));
    }

    @Test
    void shouldTellOfResetOnceAndThenOfTheEnd() {
        returns(0, client.call("setsockopt", 0, CLIENT, 1, 13, struct("onoff", 1, "linger", 0), 8));
        returns(0, client.call("close", 0, CLIENT));
        network.settle();
        fails(Errno.ECONNRESET, server.call("read", -1, SERVER, ANY, 100));
        returns(0, server.call("read", 0, SERVER, ANY, 100));
        fails(Errno.EPIPE, server.call("write", -1, SERVER, ANY, 100));
    }

    @Test
    void shouldWakeBlockedReadOfReset() {
        final SystemCalls.Call read = server.call("read", 0, SERVER, ANY, 100);
        returns(0, client.call("setsockopt", 0, CLIENT, 1, 13, struct("onoff", 1, "linger", 0), 8));
        returns(0, client.call("close", 0, CLIENT));
        network.settle();
        fails(Errno.ECONNRESET, read);
    }

    @Test
    void shouldReadNothingMoreAfterShutdownOfReading() {
        returns(0, server.call("shutdown", 0, SERVER, LinuxNumbers.SHUT_RD));
        returns(0, server.call("read", 0, SERVER, ANY, 100));
        returns(50, client.call("write", 50, CLIENT, ANY, 50));
        network.settle();
        returns(50, server.call("read", 50, SERVER, ANY, 100));
    }

    @Test
    void shouldLingerUntilAcknowledgedOrTimeIsUp() {
        returns(0, client.call("setsockopt", 0, CLIENT, 1, 13, struct("onoff", 1, "linger", 2), 8));
        returns(10, client.call("write", 10, CLIENT, ANY, 10));
        network.settle();
        final SystemCalls.Call close = client.call("close", 0, CLIENT);
        final long startMs = network.nowMs();
        network.settle();
        assertFalse(close.isDone(), "the acknowledgment of the FIN is delayed");
        network.run(100);
        returns(0, close);
        assertEquals(startMs + 40, close.doneNs() / 1_000_000, 2);
    }

    @Test
    void shouldWaitForWholeBufferIfAsked() {
        final SystemCalls.Call read = server.call("recv", 0, SERVER, ANY, 200, LinuxNumbers.MSG_WAITALL);
        returns(150, client.call("write", 150, CLIENT, ANY, 150));
        network.run(500);
        assertFalse(read.isDone());
        returns(150, client.call("write", 150, CLIENT, ANY, 150));
        network.run(500);
        returns(200, read);
        assertEquals(100, inputQueue());
    }

    @Test
    void shouldSumBuffersOfMessage() {
        final Value buffers = CallSide.value(List.of(struct("", ANY, "", 0), struct("", ANY, "", 40),
                struct("", "abc", "", 20)));
        returns(60, client.call("sendmsg", 60, CLIENT, struct("msg_iov", buffers, "msg_flags", 0), 0));
        returns(60, client.call("writev", 60, CLIENT, buffers, 3));
        network.settle();
        returns(0, server.call("setsockopt", 0, SERVER, SOL_TCP, TCP_INQ, List.of(1), 4));
        final SystemCalls.Call read = server.call("recvmsg", 100, SERVER, struct("msg_iov",
                List.of(struct("", ANY, "", 100)), "msg_flags", 77, "msg_control", List.of()), 0);
        returns(100, read);
        final Value.Struct header = (Value.Struct) read.outputs().get(1);
        assertEquals(new Value.Int(0), header.field("msg_flags"));
        assertEquals(CallSide.value(List.of(struct("cmsg_level", SOL_TCP, "cmsg_type", TCP_INQ, "cmsg_data", 20))),
                header.field("msg_control"));
    }

    @Test
    void shouldRefuseNullBuffers() {
        fails(Errno.EFAULT, client.call("write", -1, CLIENT, 0, 1000));
        fails(Errno.EFAULT, client.call("send", -1, CLIENT, 0, 1000, 0));
        returns(10, client.call("write", 10, CLIENT, ANY, 10));
        network.settle();
        fails(Errno.EFAULT, server.call("read", -1, SERVER, 0, 1000));
        assertEquals(10, inputQueue());
    }

    @Test
    void shouldSendFileOfZeros() {
        returns(5, client.call("open", 5, "/tmp/testfile", 0));
        final SystemCalls.Call send = client.call("sendfile", 7, CLIENT, 5, List.of(0), 7);
        returns(7, send);
        assertEquals(Arguments.bracket(7), send.outputs().get(2));
        network.settle();
        assertEquals(7, inputQueue());
    }

    @Test
    void shouldNameFlagThatWeDoNotHave() {
        final UnsupportedCall unsupported = assertThrows(UnsupportedCall.class,
                () -> client.call("send", 10, CLIENT, ANY, 10, 0x4_0000));
        assertEquals("send: flags=0x40000", unsupported.getMessage());
    }

    @Test
    void shouldRefuseDataBeforeConnection() {
        network.clientSocket(8);
        fails(Errno.ENOTCONN, client.call("read", -1, 8, ANY, 10));
        fails(Errno.EPIPE, client.call("write", -1, 8, ANY, 10));
        fails(Errno.ENOTCONN, client.call("shutdown", -1, 8, LinuxNumbers.SHUT_WR));
        fails(Errno.EINVAL, client.call("shutdown", -1, 8, 3));
    }
}
