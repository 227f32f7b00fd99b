package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.tcp.congestion.CongestionControl;

/**
 * A connection in ESTABLISHED that has nothing to do and was silent for a while ({@link TcpSetting#REST_NS}): it stands in
 * the place of its {@link TcpConnection}, of which it keeps a {@link ConnectionImage} and no object. The next segment, the
 * application's next call or a keepalive makes the connection anew from it; nobody can tell.
 *
 * <p>So a server's many idle connections take some hundred bytes each, and those that work have all they need at hand.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class RestingConnection extends TcpEndpoint {

    private final TcpStack stack;
    private final TcpConfig config;
    private final ApplicationFlow flow;
    private final TcpHandler handler;
    private final CongestionAlgorithm algorithm;
    // null if it is in the image.
    private final CongestionControl congestion;
    private final byte[] image;
    // null without keepalives.
    private final Timer timer;

    /** @param writer that of the stack */
    RestingConnection(final TcpConnection connection, final ConnectionImage writer) {
        super(connection.path(), connection.localPort(), connection.remotePort());
        inheritReplies(connection);
        this.stack = connection.stack();
        this.config = connection.config();
        this.flow = connection.flow();
        this.handler = connection.application().handler();
        this.algorithm = connection.settings().congestionAlgorithm;
        writer.beginWriting();
        this.congestion = keep(connection, writer) ? null : connection.sender().flight().congestion();
        this.image = writer.written();
        this.timer = schedule(connection.keepAlive().nextDeadlineNs());
    }

    private Timer schedule(final long deadlineNs) {
        if (deadlineNs == Poller.NO_DEADLINE) {
            return null;
        }
        final Timer alarm = new KeepAliveTimer();
        stack.timers().schedule(alarm, deadlineNs);
        return alarm;
    }

    /** Whether nothing of a connection is needed but the memory of it. */
    static boolean canReplace(final TcpConnection connection) {
        return connection.isOpen() && connection.state() == TcpState.ESTABLISHED && !connection.dirty
                && connection.transportError() == null && !connection.isOrphan()
                && connection.application().isAtRest() && connection.sender().isAtRest()
                && connection.receiver().isAtRest();
    }

    // See ConnectionImage.
    private static boolean keep(final TcpConnection connection, final ConnectionImage image) {
        connection.emission().keep(image);
        connection.settings().keep(image);
        connection.timestamps().keep(image);
        connection.keepAlive().keep(image);
        connection.handshake().keep(image);
        connection.closing().keep(image);
        connection.receiver().keep(image);
        return connection.sender().keep(image);
    }

    /** The connection as it was, in its place again. */
    TcpConnection wake() {
        if (timer != null) {
            stack.timers().cancel(timer);
        }
        final TcpConnection connection = restored();
        connection.timer().onWake(stack.nowNs());
        stack.wake(this, connection);
        flow.wake(connection);
        return connection;
    }

    /** The connection as it was, for a look at it. */
    TcpConnection restored() {
        final FlowSettings settings = new FlowSettings(config);
        settings.congestionAlgorithm = algorithm;
        final TcpConnection connection = new TcpConnection(stack, settings, path(), localPort(), remotePort(), flow);
        connection.inheritReplies(this);
        connection.application().wake(handler);
        connection.moveTo(TcpState.ESTABLISHED);
        keep(connection, ConnectionImage.reading(image));
        if (congestion != null) {
            connection.sender().flight().congestion(congestion);
        }
        return connection;
    }

    @Override
    boolean process(final TcpSegment segment, final long nowNs) {
        return wake().process(segment, nowNs);
    }

    @Override
    void destroy() {
        wake().destroy();
    }

    private final class KeepAliveTimer extends Timer {

        @Override
        protected void expire(final long nowNs) {
            wake().timer().expire(nowNs);
        }
    }
}
