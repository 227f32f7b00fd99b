package io.netchannel.perf.iperf3;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;

/**
 * A connection to the server's port: its first {@value State#COOKIE_BYTES} bytes tell whether it is a new client's control
 * connection, a stream of the present test, or neither.
 *
 * <p>Threading: on the loop of its flow.
 */
final class IncomingConnection implements TcpHandler {

    private static final long COOKIE_TIMEOUT_NS = 10_000_000_000L;

    private final Iperf3Server server;
    private final LoopContext loop;
    private final TcpFlow flow;
    private final byte[] cookie = new byte[State.COOKIE_BYTES];
    private final Timer timeout = new CookieTimeout();
    private int filledBytes;
    private boolean known;
    private TcpHandler role;

    IncomingConnection(final Iperf3Server server, final LoopContext loop, final TcpFlow flow) {
        this.server = server;
        this.loop = loop;
        this.flow = flow;
    }

    @Override
    public void onConnected(final TcpFlow connected) {
        final ServerSession present = server.session();
        if (present != null && !present.wantsStreams()) {
            deny();
        } else {
            loop.timers().schedule(timeout, loop.nowNs() + COOKIE_TIMEOUT_NS);
        }
    }

    private void deny() {
        server.refuse();
        flow.write(new byte[]{State.ACCESS_DENIED}, 0, 1);
        flow.close();
    }

    private void nowKnown() {
        if (!known) {
            known = true;
            server.known();
            loop.timers().cancel(timeout);
        }
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        if (role != null) {
            return role.onReceive(from, address, lengthBytes);
        }
        final int taken = Math.min(lengthBytes, State.COOKIE_BYTES - filledBytes);
        HostMemory.INSTANCE.copyToArray(address, cookie, filledBytes, taken);
        for (int i = filledBytes; i < filledBytes + taken; i++) {
            // Letters, digits, and a zero at the end.
            if (i < State.COOKIE_BYTES - 1 ? !Character.isLetterOrDigit(cookie[i]) : cookie[i] != 0) {
                server.stranger(flow, "begins with no cookie of iperf3; closed");
                flow.abort();
                return lengthBytes;
            }
        }
        filledBytes += taken;
        if (filledBytes < State.COOKIE_BYTES) {
            return lengthBytes;
        }
        nowKnown();
        assign();
        if (role == null || taken == lengthBytes || !flow.isOpen()) {
            return lengthBytes;
        }
        return taken + role.onReceive(from, address + taken, lengthBytes - taken);
    }

    private void assign() {
        final ServerSession present = server.session();
        if (present == null) {
            final ServerSession session = new ServerSession(server, loop, cookie);
            if (server.claim(session)) {
                role = session.channel();
                role.onConnected(flow);
                return;
            }
        } else if (present.wantsStreams() && present.hasCookie(cookie)) {
            final TcpStream stream = new TcpStream(loop, present.run(), flow);
            role = stream;
            server.loops().execute(present.home(), () -> present.join(stream));
            return;
        }
        deny();
    }

    @Override
    public void onWritable(final TcpFlow to) {
        if (role != null) {
            role.onWritable(to);
        }
    }

    @Override
    public void onPeerFinished(final TcpFlow from) {
        if (role != null) {
            role.onPeerFinished(from);
        } else {
            flow.close();
        }
    }

    @Override
    public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
        nowKnown();
        if (role != null) {
            role.onClosed(from, reason);
        }
    }

    private final class CookieTimeout extends Timer {

        @Override
        protected void expire(final long nowNs) {
            server.stranger(flow, "sent " + filledBytes + " bytes of a cookie and no more; closed");
            flow.abort();
        }
    }
}
