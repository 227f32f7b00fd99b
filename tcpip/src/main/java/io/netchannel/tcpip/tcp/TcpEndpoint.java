package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.ip.Path;

/**
 * What the flow table of a stack points at: a four-tuple in one of four forms, each as heavy as its state needs.
 *
 * <p>Threading: confined to the thread of its stack.
 */
abstract sealed class TcpEndpoint permits TcpConnection, RestingConnection, Embryo, TimeWait {

    private final Path path;
    private final int localPort;
    private final int remotePort;
    private int flowId = FlowMap.NO_FLOW;

    // ReplyLimits: the last answer to a segment that was not acceptable.
    boolean replied;
    long lastReplyNs;

    TcpEndpoint(final Path path, final int localPort, final int remotePort) {
        this.path = path;
        this.localPort = localPort;
        this.remotePort = remotePort;
    }

    /**
     * RFC 9293, 3.10.7: a segment of this flow arrived. @return whether the packet was kept and must not be released
     */
    abstract boolean process(TcpSegment segment, long nowNs);

    /** The stack or the listener closes: gives everything back, and resets the peer. */
    abstract void destroy();

    final Path path() {
        return path;
    }

    // Public because the connection implements TcpFlow with them.

    public final long localHigh() {
        return path.localHigh();
    }

    public final long localLow() {
        return path.localLow();
    }

    public final long remoteHigh() {
        return path.remoteHigh();
    }

    public final long remoteLow() {
        return path.remoteLow();
    }

    public final int localPort() {
        return localPort;
    }

    public final int remotePort() {
        return remotePort;
    }

    final int flowId() {
        return flowId;
    }

    final void flowId(final int id) {
        this.flowId = id;
    }

    /** Whether {@code segment} has this four-tuple. */
    final boolean matches(final TcpSegment segment) {
        return segment.sourcePort() == remotePort && segment.destinationPort() == localPort
                && segment.sourceLow() == path.remoteLow() && segment.destinationLow() == path.localLow()
                && segment.sourceHigh() == path.remoteHigh() && segment.destinationHigh() == path.localHigh();
    }

    /** Takes over what was answered in another form. */
    final void inheritReplies(final TcpEndpoint before) {
        replied = before.replied;
        lastReplyNs = before.lastReplyNs;
    }
}
