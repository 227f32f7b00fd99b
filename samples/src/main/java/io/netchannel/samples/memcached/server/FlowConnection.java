package io.netchannel.samples.memcached.server;

import io.netchannel.node.LoopContext;
import io.netchannel.samples.memcached.protocol.Connection;
import io.netchannel.samples.memcached.protocol.Session;
import io.netchannel.samples.memcached.protocol.Worker;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;

/**
 * A connection on a flow: requests are parsed where the packet lies, answers go straight into the send buffer. What
 * can't be
 * answered yet stays unread, so the window closes.
 *
 * <p>Threading: on its loop, but for the names.
 */
final class FlowConnection implements TcpHandler, Connection {

    private final MemcachedServer server;
    private final LoopContext loop;
    private final TcpFlow flow;
    private final Session session;

    FlowConnection(final MemcachedServer server, final LoopContext loop, final Worker worker, final TcpFlow flow) {
        this.server = server;
        this.loop = loop;
        this.flow = flow;
        this.session = worker.open(this, server.newId(), false);
    }

    @Override
    public void onConnected(final TcpFlow connected) {
        flow.noDelay(true);
        flow.keepAlive(true);
        server.opened(session);
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        return session.receive(address, lengthBytes, loop.nowNs());
    }

    @Override
    public void onWritable(final TcpFlow writable) {
        if (session.writable(loop.nowNs()) && !session.isClosed()) {
            flow.resumeReceive();
        }
    }

    @Override
    public void onPeerFinished(final TcpFlow finished) {
        session.inputEnded();
    }

    @Override
    public void onClosed(final TcpFlow closed, final TcpCloseReason reason) {
        session.closed();
        server.closed(session, loop.nowNs());
    }

    @Override
    public int write(final long address, final int length) {
        return flow.write(address, length);
    }

    @Override
    public void close() {
        flow.close();
    }

    @Override
    public void execute(final Runnable task) {
        loop.execute(task);
    }

    @Override
    public String remote() {
        return name(flow.remoteHigh(), flow.remoteLow(), flow.remotePort());
    }

    @Override
    public String local() {
        return name(flow.localHigh(), flow.localLow(), flow.localPort());
    }

    private static String name(final long high, final long low, final int port) {
        final String address = IpAddress.format(high, low);
        return IpAddress.isIpv4(high, low) ? "tcp:" + address + ":" + port : "tcp6:[" + address + "]:" + port;
    }
}
