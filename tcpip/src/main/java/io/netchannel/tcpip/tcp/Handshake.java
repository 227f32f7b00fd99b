package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * The exchange of SYNs of one connection, and what it settles: sequence numbers, segment size, window scale,
 * timestamps.
 *
 * <p>Only an active open sends SYNs here; a passive one inherits what its {@link Embryo} has settled.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Handshake {

    // What every path takes: RFC 8200, 5; for IPv4 the bound of Linux, since who forges errors could ask for 68.
    private static final int MIN_PATH_MTU_IPV4 = 552;
    private static final int MIN_PATH_MTU_IPV6 = 1280;

    private final TcpConnection connection;
    private final TcpStack stack;
    private int initialSequence;
    private int peerMssBytes = TcpOptions.ABSENT;
    private int peerScale = TcpOptions.ABSENT;
    private boolean synDue;
    private int pathMtuBytes = Integer.MAX_VALUE;
    private int retransmits;
    private long sentAtNs;

    Handshake(final TcpConnection connection) {
        this.connection = connection;
        this.stack = connection.stack();
    }

    void open(final int sequence) {
        initialSequence = sequence;
        synDue = true;
    }

    void inherit(final Embryo embryo) {
        initialSequence = embryo.initialSequence();
        peerMssBytes = embryo.peerMssBytes();
        peerScale = embryo.peerScale();
        retransmits = embryo.retransmits();
        sentAtNs = embryo.sentAtNs();
    }

    /** The peer's SYN has come. */
    void onPeerSyn(final TcpSegment syn, final long nowNs) {
        final TcpOptions options = syn.options();
        peerMssBytes = options.mssBytes();
        peerScale = connection.config().is(TcpSetting.WINDOW_SCALING) ? options.windowScale() : TcpOptions.ABSENT;
        if (options.hasTimestamps() && connection.config().is(TcpSetting.TIMESTAMPS)) {
            connection.timestamps().enable(options.timestampValue(), nowNs);
        }
        // Without ACK it crossed ours: ours is sent again, and acknowledges it.
        synDue = !syn.has(ACK);
    }

    /** {@code segment} acknowledges our SYN; {@code withSyn} if it came with the peer's. */
    void complete(final TcpSegment segment, final boolean withSyn, final long nowNs) {
        final TcpSender sender = connection.sender();
        final boolean scaling = peerScale != TcpOptions.ABSENT;
        // The window of a segment with SYN is never scaled (RFC 7323, 2.2).
        final int window = withSyn || !scaling ? segment.window() : segment.window() << peerScale;
        connection.receiver().onEstablished(scaling ? stack.windowScale(connection.config()) : 0);
        sender.onEstablished(scaling ? peerScale : 0, sendMss(), retransmits > 0);
        sender.initialWindow(segment.sequence(), segment.acknowledgment(), window);
        if (retransmits == 0) {
            sender.onHandshakeRtt(nowNs - sentAtNs);
        }
        synDue = false;
    }

    /** A segment was too big for the path. @return whether the path is narrower than was known */
    boolean narrowPath(final int mtuBytes) {
        final int least = connection.path().isIpv6() ? MIN_PATH_MTU_IPV6 : MIN_PATH_MTU_IPV4;
        final int narrowedBytes = Math.max(mtuBytes, least);
        if (mtuBytes == 0 || narrowedBytes >= Math.min(pathMtuBytes, connection.path().mtuBytes())) {
            return false;
        }
        pathMtuBytes = narrowedBytes;
        return true;
    }

    /** Payload of a full segment, as the path is now. */
    int sendMss() {
        return MaxSegmentSize.toSend(connection.path(), pathMtuBytes, peerMssBytes, connection.timestamps().enabled());
    }

    /** Sends SYN or SYN,ACK if it is due. */
    int emit(final long nowNs) {
        if (!synDue) {
            return SegmentWriter.SENT;
        }
        final SegmentWriter writer = stack.writer();
        final boolean reply = connection.state() == TcpState.SYN_RECEIVED;
        final int begun = writer.begin(connection, initialSequence, reply ? connection.receiver().next() : 0,
                reply ? SYN | ACK : SYN);
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        writer.window(stack.synWindow(connection.config()));
        writer.mssOption(MaxSegmentSize.toReceive(connection.path()));
        if (connection.config().is(TcpSetting.WINDOW_SCALING) && (!reply || peerScale != TcpOptions.ABSENT)) {
            writer.windowScaleOption(stack.windowScale(connection.config()));
        }
        final TcpTimestamps timestamps = connection.timestamps();
        if (connection.config().is(TcpSetting.TIMESTAMPS) && (!reply || timestamps.enabled())) {
            writer.timestampsOption(timestamps.value(nowNs), reply ? timestamps.recent() : 0);
        }
        final int result = writer.send(nowNs);
        if (result == SegmentWriter.SENT) {
            synDue = false;
            sentAtNs = nowNs;
            connection.sender().armHandshake(nowNs);
        }
        return result;
    }

    /** @return false if the peer has left all SYNs unanswered */
    boolean onTimer(final long nowNs) {
        if (nowNs < connection.sender().nextDeadlineNs()) {
            return true;
        }
        if (retransmits == connection.config().getInt(TcpSetting.SYN_RETRIES)) {
            return false;
        }
        retransmits++;
        stack.counters().increment(TcpCounter.SYN_RETRANSMITS);
        connection.sender().rtt().backOff();
        connection.sender().armHandshake(nowNs);
        synDue = true;
        return true;
    }
}
